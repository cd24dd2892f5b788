//! Filings with their entries.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use super::assets::{parse, read_measure};
use super::audit::{self, Table};
use super::fault::Fault;
use super::tallies::stored;
use crate::model::{FiledEntry, Filing, FilingKind, FilingState, Level, Method, Signature};

/// Adds filings (id 0), or replaces those with their ids, all of them or none; with their lines in the audit log.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    filings: &[Filing],
    signature: &Signature,
) -> Result<Vec<i64>, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut ids = Vec::new();
    for filing in filings {
        let from = audit::picture(&mut transaction, Table::Filing, filing.id).await?;
        let id = save_one(&mut transaction, filing).await?;
        // What comes accepted into the inventory was accepted before mulu was there.
        let is_import = filing.id == 0 && filing.accepted.is_some();
        let act = if is_import { "import" } else { filing.state.id() };
        let said = (format!("filing.{act}"), format!("filing {id}"));
        audit::append_row(&mut transaction, (Table::Filing, id), said, from, signature).await?;
        ids.push(id);
    }
    transaction.commit().await?;
    Ok(ids)
}

async fn save_one(connection: &mut SqliteConnection, filing: &Filing) -> Result<i64, Fault> {
    if filing.id != 0 {
        let dropped = sqlx::query("DELETE FROM filing_entry WHERE filing = ?1");
        dropped.bind(filing.id).execute(&mut *connection).await?;
        let known: Option<i64> = sqlx::query_scalar("SELECT id FROM filing WHERE id = ?1")
            .bind(filing.id)
            .fetch_optional(&mut *connection)
            .await?;
        known.ok_or(Fault::UnknownFiling(filing.id))?;
    }
    let rejected = filing.rejected.as_ref();
    let id: i64 = sqlx::query_scalar(include_str!("../queries/save_filing.sql"))
        .bind((filing.id != 0).then_some(filing.id))
        .bind(filing.state.id())
        .bind(filing.by.as_str())
        .bind(filing.authority.as_str())
        .bind(filing.submitted.as_str())
        .bind(filing.accepted.as_deref())
        .bind(rejected.map(|(date, _)| date.as_str()))
        .bind(rejected.map(|(_, reason)| reason.as_str()))
        .bind(filing.number.as_deref())
        .bind(filing.as_of.as_str())
        .bind(filing.kind.id())
        .bind(filing.resubmits)
        .bind(serde_json::to_string(&filing.cancelled).map_err(|_| Fault::Damaged("filing.cancelled"))?)
        .fetch_one(&mut *connection)
        .await?;
    for (position, entry) in (0i64..).zip(&filing.entries) {
        insert_entry(connection, id, position, entry).await?;
    }
    Ok(id)
}

async fn insert_entry(
    connection: &mut SqliteConnection,
    filing: i64,
    position: i64,
    entry: &FiledEntry,
) -> Result<(), Fault> {
    let mut query = sqlx::query(include_str!("../queries/insert_filing_entry.sql"))
        .bind(filing)
        .bind(position)
        .bind(entry.id.as_str())
        .bind(entry.category.as_str())
        .bind(entry.store.as_str())
        .bind(entry.level.id());
    for measure in [entry.records, entry.bytes, entry.subjects] {
        query = query.bind(measure.map(|it| stored(it.value))).bind(measure.map(|it| it.exact));
    }
    query
        .bind(serde_json::to_string(&entry.fields).map_err(|_| Fault::Damaged("filing_entry.fields"))?)
        .bind(entry.rules_version.as_str())
        .bind(entry.regime_version.as_str())
        .bind(serde_json::to_string(&entry.method).map_err(|_| Fault::Damaged("filing_entry.method"))?)
        .execute(connection)
        .await?;
    Ok(())
}

/// All filings, oldest first.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Filing>, Fault> {
    let rows = sqlx::query("SELECT * FROM filing_entry ORDER BY filing, position").fetch_all(&mut *connection).await?;
    let mut entries: BTreeMap<i64, Vec<FiledEntry>> = BTreeMap::new();
    for row in rows {
        entries.entry(row.try_get("filing")?).or_default().push(read_entry(&row)?);
    }
    let rows = sqlx::query("SELECT * FROM filing ORDER BY id").fetch_all(connection).await?;
    rows.iter().map(|row| read(row, entries.remove(&row.try_get("id")?).unwrap_or_default())).collect()
}

fn read(row: &SqliteRow, entries: Vec<FiledEntry>) -> Result<Filing, Fault> {
    let rejected: Option<String> = row.try_get("rejected")?;
    let rejected_reason: Option<String> = row.try_get("rejected_reason")?;
    Ok(Filing {
        id: row.try_get("id")?,
        kind: FilingKind::from_id(row.try_get("kind")?).ok_or(Fault::Damaged("filing.kind"))?,
        state: FilingState::from_id(row.try_get("state")?).ok_or(Fault::Damaged("filing.state"))?,
        by: row.try_get("submitter")?,
        authority: row.try_get("authority")?,
        submitted: row.try_get("submitted")?,
        accepted: row.try_get("accepted")?,
        rejected: rejected.map(|date| (date, rejected_reason.unwrap_or_default())),
        resubmits: row.try_get("resubmits")?,
        number: row.try_get("document")?,
        as_of: row.try_get("as_of")?,
        cancelled: parse(row.try_get("cancelled")?, "filing.cancelled")?,
        entries,
    })
}

fn read_entry(row: &SqliteRow) -> Result<FiledEntry, Fault> {
    let method: Option<&str> = row.try_get("method")?;
    Ok(FiledEntry {
        id: row.try_get("class")?,
        category: row.try_get("category")?,
        store: row.try_get("store")?,
        level: Level::from_id(row.try_get("level")?).ok_or(Fault::Damaged("filing_entry.level"))?,
        records: read_measure(row, "records", "records_exact")?,
        bytes: read_measure(row, "bytes", "bytes_exact")?,
        subjects: read_measure(row, "subjects", "subjects_exact")?,
        fields: parse(row.try_get("fields")?, "filing_entry.fields")?,
        rules_version: row.try_get("rules")?,
        regime_version: row.try_get("regime")?,
        method: method.map_or(Ok(Method::default()), |method| parse(method, "filing_entry.method"))?,
    })
}
