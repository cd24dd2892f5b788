//! Stores and what is known of them.

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use super::super::StoreNow;
use super::fault::Fault;
use crate::model::{Reason, ScanId, Store, StoreKind, StoreState};

/// The store with this kind and identity, added under a free name where it is new.
pub(super) async fn find_or_add(
    connection: &mut SqliteConnection,
    proposed_name: &str,
    kind: StoreKind,
    identity: &str,
) -> Result<Store, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let known: Option<String> = sqlx::query_scalar("SELECT name FROM store WHERE kind = ?1 AND identity = ?2")
        .bind(kind.id())
        .bind(identity)
        .fetch_optional(&mut *transaction)
        .await?;
    let name = if let Some(name) = known {
        name
    } else {
        let name = free_name(&mut transaction, proposed_name).await?;
        sqlx::query("INSERT INTO store (name, kind, identity) VALUES (?1, ?2, ?3)")
            .bind(name.as_str())
            .bind(kind.id())
            .bind(identity)
            .execute(&mut *transaction)
            .await?;
        name
    };
    transaction.commit().await?;
    Ok(Store { name, kind, identity: identity.to_owned() })
}

async fn free_name(connection: &mut SqliteConnection, proposed: &str) -> Result<String, Fault> {
    // A carrier that a person named stands beside the stores: an entry is known by its category and its carrier's name.
    let taken: Vec<String> = sqlx::query_scalar("SELECT name FROM store UNION SELECT carrier FROM manual_class")
        .fetch_all(connection)
        .await?;
    let numbered = (2u64..).map(|number| format!("{proposed}-{number}"));
    let mut names = std::iter::once(proposed.to_owned()).chain(numbered);
    Ok(names.find(|name| !taken.contains(name)).unwrap_or_default())
}

/// The number of a store inside this file.
pub(super) async fn number(connection: &mut SqliteConnection, name: &str) -> Result<i64, Fault> {
    let number: Option<i64> =
        sqlx::query_scalar("SELECT number FROM store WHERE name = ?1").bind(name).fetch_optional(connection).await?;
    number.ok_or_else(|| Fault::UnknownStore(name.to_owned()))
}

/// All stores with their latest usable result and their latest attempt.
pub(super) async fn now(connection: &mut SqliteConnection) -> Result<Vec<StoreNow>, Fault> {
    let rows = sqlx::query(include_str!("../queries/stores_now.sql")).fetch_all(connection).await?;
    rows.iter().map(read_store_now).collect()
}

fn read_store_now(row: &SqliteRow) -> Result<StoreNow, Fault> {
    let kind = StoreKind::from_id(row.try_get("kind")?).ok_or(Fault::Damaged("store.kind"))?;
    let store = Store { name: row.try_get("name")?, kind, identity: row.try_get("identity")? };
    let scan: Option<ScanId> = row.try_get("usable_scan")?;
    let attempt: Option<ScanId> = row.try_get("attempt_scan")?;
    let last_attempt = match attempt {
        Some(scan) => {
            let state = read_state(row.try_get("attempt_state")?)?.ok_or(Fault::Damaged("scan_store.state"))?;
            let reason = read_reason(row.try_get("attempt_reason")?)?;
            Some((scan, state, reason, civil_date(row.try_get("attempt_finished")?)))
        }
        None => None,
    };
    let usable = read_state(row.try_get("usable_state")?)?;
    let attempted = last_attempt.as_ref().map(|(_, state, _, _)| *state);
    let complete: Option<ScanId> = row.try_get("complete_scan")?;
    let complete = match complete {
        Some(scan) => Some((scan, civil_date(row.try_get("complete_finished")?))),
        None => None,
    };
    Ok(StoreNow {
        store,
        scan,
        scanned: row.try_get::<Option<String>, _>("usable_finished")?.map(civil_date),
        state: usable.or(attempted).unwrap_or(StoreState::Unreachable),
        complete,
        last_attempt,
    })
}

/// Reads the state of a store in a scan.
pub(super) fn read_state(id: Option<&str>) -> Result<Option<StoreState>, Fault> {
    id.map(|id| StoreState::from_id(id).ok_or(Fault::Damaged("scan_store.state"))).transpose()
}

/// Reads a reason.
pub(super) fn read_reason(id: Option<&str>) -> Result<Option<Reason>, Fault> {
    id.map(|id| Reason::from_id(id).ok_or(Fault::Damaged("reason"))).transpose()
}

/// The day of a time stamp that begins with it (RFC 3339), or the whole where it is a civil date already.
pub(super) fn civil_date(mut stamp: String) -> String {
    if stamp.is_char_boundary(10) && stamp.as_bytes().get(10) == Some(&b'T') {
        stamp.truncate(10);
    }
    stamp
}
