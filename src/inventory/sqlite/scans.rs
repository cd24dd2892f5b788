//! Scans: begun, resumed, finished.

use std::collections::BTreeMap;

use sqlx::{Connection, Row, SqliteConnection};

use super::super::{BegunScan, ScanPlan, ScanRecord};
use super::fault::Fault;
use super::{stores, tallies};
use crate::model::{ScanId, ScanState, StoreResult, Tally, Versions};

/// Begins a scan, or resumes the latest unfinished one like it.
pub(super) async fn begin(connection: &mut SqliteConnection, plan: &ScanPlan) -> Result<BegunScan, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let versions = versions_number(&mut transaction, &plan.versions).await?;
    let unfinished: Option<ScanId> =
        sqlx::query_scalar("SELECT max(id) FROM scan WHERE finished IS NULL AND fingerprint = ?1 AND versions = ?2")
            .bind(plan.fingerprint.as_str())
            .bind(versions)
            .fetch_one(&mut *transaction)
            .await?;
    let begun = if let Some(id) = unfinished {
        BegunScan { id, resumed: true }
    } else {
        let id =
            sqlx::query_scalar("INSERT INTO scan (fingerprint, versions, started) VALUES (?1, ?2, ?3) RETURNING id")
                .bind(plan.fingerprint.as_str())
                .bind(versions)
                .bind(plan.started.as_str())
                .fetch_one(&mut *transaction)
                .await?;
        BegunScan { id, resumed: false }
    };
    for store in &plan.stores {
        let number = stores::number(&mut transaction, &store.name).await?;
        sqlx::query("INSERT OR IGNORE INTO scan_store (scan, store) VALUES (?1, ?2)")
            .bind(begun.id)
            .bind(number)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(begun)
}

/// The number of a set of versions inside this file, added where it is new.
pub(super) async fn versions_number(connection: &mut SqliteConnection, versions: &Versions) -> Result<i64, Fault> {
    let known = known_versions(connection, versions).await?;
    if let Some(number) = known {
        return Ok(number);
    }
    let added = sqlx::query_scalar(
        "INSERT INTO versions (rules, regime, extractor, limits) VALUES (?1, ?2, ?3, ?4) RETURNING number",
    )
    .bind(versions.rules.as_str())
    .bind(versions.regime.as_str())
    .bind(versions.extractor.as_str())
    .bind(versions.limits.as_str())
    .fetch_one(connection)
    .await?;
    Ok(added)
}

/// The number of a set of versions, where there are results made with it.
pub(super) async fn known_versions(
    connection: &mut SqliteConnection,
    versions: &Versions,
) -> Result<Option<i64>, Fault> {
    let number = sqlx::query_scalar(
        "SELECT number FROM versions WHERE rules = ?1 AND regime = ?2 AND extractor = ?3 AND limits = ?4",
    )
    .bind(versions.rules.as_str())
    .bind(versions.regime.as_str())
    .bind(versions.extractor.as_str())
    .bind(versions.limits.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(number)
}

/// The versions of a scan that may still be written to.
pub(super) async fn running_versions(connection: &mut SqliteConnection, scan: ScanId) -> Result<i64, Fault> {
    let row = sqlx::query("SELECT versions, finished IS NULL AS running FROM scan WHERE id = ?1")
        .bind(scan)
        .fetch_optional(connection)
        .await?
        .ok_or(Fault::UnknownScan(scan))?;
    if row.try_get("running")? { Ok(row.try_get("versions")?) } else { Err(Fault::ScanFinished(scan)) }
}

/// Fails where there is no such scan.
pub(super) async fn require(connection: &mut SqliteConnection, scan: ScanId) -> Result<(), Fault> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT id FROM scan WHERE id = ?1").bind(scan).fetch_optional(connection).await?;
    found.map(|_| ()).ok_or(Fault::UnknownScan(scan))
}

/// Finishes a scan, in one transaction.
pub(super) async fn finish(
    connection: &mut SqliteConnection,
    scan: ScanId,
    planned: &[String],
    results: &[StoreResult],
    finished: &str,
) -> Result<Tally, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    running_versions(&mut transaction, scan).await?;
    let planned = serde_json::to_string(planned).map_err(|_| Fault::Damaged("shard.key"))?;
    sqlx::query("DELETE FROM shard WHERE scan = ?1 AND key NOT IN (SELECT value FROM json_each(?2))")
        .bind(scan)
        .bind(planned)
        .execute(&mut *transaction)
        .await?;
    for result in results {
        let store = stores::number(&mut transaction, &result.store).await?;
        sqlx::query(
            "INSERT OR REPLACE INTO scan_store (scan, store, state, reason, connection) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .bind(scan)
        .bind(store)
        .bind(result.state.id())
        .bind(result.reason.map(crate::model::Reason::id))
        .bind(connection_text(result)?)
        .execute(&mut *transaction)
        .await?;
    }
    let tally = tallies::of_scan(&mut transaction, scan).await?;
    sqlx::query("UPDATE scan SET finished = ?2, tally = ?3 WHERE id = ?1")
        .bind(scan)
        .bind(finished)
        .bind(tallies::write(&tally)?)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(include_str!("../queries/drop_covered_scans.sql")).bind(scan).execute(&mut *transaction).await?;
    sqlx::query(include_str!("../queries/drop_orphans.sql")).execute(&mut *transaction).await?;
    sqlx::query(include_str!("../queries/drop_orphan_assets.sql")).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(tally)
}

/// All scans, oldest first.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<ScanRecord>, Fault> {
    let mut planned = stores_by_scan(connection).await?;
    let rows =
        sqlx::query("SELECT scan.*, versions.* FROM scan JOIN versions ON versions.number = scan.versions ORDER BY id")
            .fetch_all(&mut *connection)
            .await?;
    let mut scans = Vec::with_capacity(rows.len());
    for row in rows {
        let id: ScanId = row.try_get("id")?;
        let finished: Option<String> = row.try_get("finished")?;
        let tally: Option<String> = row.try_get("tally")?;
        let tally = match tally {
            Some(text) => tallies::read(&text)?,
            None => tallies::of_scan(connection, id).await?,
        };
        let (planned, stores) = planned.remove(&id).unwrap_or_default();
        scans.push(ScanRecord {
            id,
            state: if finished.is_some() { ScanState::Complete } else { ScanState::Running },
            started: row.try_get("started")?,
            finished,
            versions: Versions {
                rules: row.try_get("rules")?,
                regime: row.try_get("regime")?,
                extractor: row.try_get("extractor")?,
                limits: row.try_get("limits")?,
            },
            planned,
            stores,
            tally,
        });
    }
    Ok(scans)
}

fn connection_text(result: &StoreResult) -> Result<Option<String>, Fault> {
    let text = result.connection.as_ref().map(serde_json::to_string).transpose();
    text.map_err(|_| Fault::Damaged("scan_store.connection"))
}

type StoresOfScan = (Vec<String>, Vec<StoreResult>);

async fn stores_by_scan(connection: &mut SqliteConnection) -> Result<BTreeMap<ScanId, StoresOfScan>, Fault> {
    let rows = sqlx::query(
        "SELECT scan, name, state, reason, connection FROM scan_store JOIN store ON store.number = scan_store.store ORDER BY scan, name",
    )
    .fetch_all(connection)
    .await?;
    let mut by_scan: BTreeMap<ScanId, StoresOfScan> = BTreeMap::new();
    for row in rows {
        let (planned, results) = by_scan.entry(row.try_get("scan")?).or_default();
        let store: String = row.try_get("name")?;
        planned.push(store.clone());
        if let Some(state) = stores::read_state(row.try_get("state")?)? {
            let reason = stores::read_reason(row.try_get("reason")?)?;
            let connection: Option<&str> = row.try_get("connection")?;
            let connection = connection.map(serde_json::from_str).transpose();
            let connection = connection.map_err(|_| Fault::Damaged("scan_store.connection"))?;
            results.push(StoreResult { store, state, reason, connection });
        }
    }
    Ok(by_scan)
}
