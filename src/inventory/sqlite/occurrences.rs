//! What starts and discharges duties: appended, never changed.

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use super::audit::{self, Table};
use super::fault::Fault;
use crate::model::{Occurrence, Signature};

/// Appends a row, with its line in the audit log, and gives its id.
pub(super) async fn record(connection: &mut SqliteConnection, occurrence: &Occurrence) -> Result<i64, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let id = sqlx::query_scalar(include_str!("../queries/insert_occurrence.sql"))
        .bind(occurrence.event.as_str())
        .bind(occurrence.date.as_str())
        .bind(occurrence.time.as_deref())
        .bind(occurrence.subject.as_deref())
        .bind(occurrence.by.as_str())
        .bind(occurrence.note.as_deref())
        .bind(occurrence.recorded.as_str())
        .bind(occurrence.voids)
        .fetch_one(&mut *transaction)
        .await?;
    let (act, from) = match occurrence.voids {
        Some(void) => ("duty.void", audit::picture(&mut transaction, Table::Occurrence, void).await?),
        None => ("duty.record", None),
    };
    let signature = Signature { by: occurrence.by.clone(), why: occurrence.note.clone() };
    let said = (act.to_owned(), occurrence.event.clone());
    audit::append_row(&mut transaction, (Table::Occurrence, id), said, from, &signature).await?;
    transaction.commit().await?;
    Ok(id)
}

/// All rows, in the order in which they were recorded.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Occurrence>, Fault> {
    let rows = sqlx::query("SELECT * FROM occurrence ORDER BY id").fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Occurrence, Fault> {
    Ok(Occurrence {
        id: row.try_get("id")?,
        event: row.try_get("event")?,
        date: row.try_get("date")?,
        time: row.try_get("time")?,
        subject: row.try_get("subject")?,
        by: row.try_get("recorder")?,
        note: row.try_get("note")?,
        recorded: row.try_get("recorded")?,
        voids: row.try_get("voids")?,
    })
}
