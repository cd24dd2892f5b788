//! What starts and discharges duties: appended, never changed.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::fault::Fault;
use crate::model::Occurrence;

/// Appends a row and gives its id.
pub(super) async fn record(connection: &mut SqliteConnection, occurrence: &Occurrence) -> Result<i64, Fault> {
    let id = sqlx::query_scalar(include_str!("../queries/insert_occurrence.sql"))
        .bind(occurrence.event.as_str())
        .bind(occurrence.date.as_str())
        .bind(occurrence.time.as_deref())
        .bind(occurrence.subject.as_deref())
        .bind(occurrence.by.as_str())
        .bind(occurrence.note.as_deref())
        .bind(occurrence.recorded.as_str())
        .bind(occurrence.voids)
        .fetch_one(connection)
        .await?;
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
