//! Decisions of people and of the authority: appended, never changed.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::fault::Fault;
use crate::model::{Act, CategoryId, Decision, Level};

/// Decisions on assets by asset id, each list in the order in which they were taken.
pub(super) type Reviews = BTreeMap<String, Vec<Decision>>;

/// Appends a decision.
pub(super) async fn record(connection: &mut SqliteConnection, decision: &Decision) -> Result<(), Fault> {
    sqlx::query(include_str!("../queries/insert_decision.sql"))
        .bind(decision.target.as_str())
        .bind(decision.act.id())
        .bind(decision.category.as_ref().map(CategoryId::as_str))
        .bind(decision.level.map(Level::id))
        .bind(decision.detector.as_deref())
        .bind(decision.by.as_str())
        .bind(decision.date.as_str())
        .bind(decision.reason.as_str())
        .bind(decision.document.as_deref())
        .execute(connection)
        .await?;
    Ok(())
}

/// All decisions.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Decision>, Fault> {
    let rows = sqlx::query("SELECT * FROM decision ORDER BY id").fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// All decisions on assets. There are as many as people have taken, so they fit in memory.
pub(super) async fn by_asset(connection: &mut SqliteConnection) -> Result<Reviews, Fault> {
    let mut reviews = Reviews::new();
    for decision in all(connection).await? {
        reviews.entry(decision.target.clone()).or_default().push(decision);
    }
    Ok(reviews)
}

fn read(row: &SqliteRow) -> Result<Decision, Fault> {
    let level: Option<&str> = row.try_get("level")?;
    Ok(Decision {
        target: row.try_get("target")?,
        act: Act::from_id(row.try_get("act")?).ok_or(Fault::Damaged("decision.act"))?,
        category: row.try_get::<Option<String>, _>("category")?.map(CategoryId::new),
        level: level.map(|id| Level::from_id(id).ok_or(Fault::Damaged("decision.level"))).transpose()?,
        detector: row.try_get("detector")?,
        by: row.try_get("decider")?,
        date: row.try_get("date")?,
        reason: row.try_get("reason")?,
        document: row.try_get("document")?,
    })
}
