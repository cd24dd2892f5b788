//! Decisions of people and of the authority: appended, never changed.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::audit::{self, Table};
use super::fault::Fault;
use crate::model::{Act, CategoryId, Decision, Level, Locator, Saw, Signature, Under};

/// Decisions by what they speak of, each list in the order in which they were taken.
#[derive(Default)]
pub(super) struct Reviews {
    by_target: BTreeMap<String, Vec<Decision>>,
    /// Those on places, the outermost first.
    on_places: Vec<Decision>,
}

impl Reviews {
    /// What was decided on an asset: on the places around it from the outermost to the innermost, then on itself.
    pub(super) fn of(&self, id: &str, store: &str, locator: &Locator) -> impl Iterator<Item = &Decision> {
        let around = |decision: &&Decision| decision.under.as_ref().is_some_and(|under| under.holds(store, locator));
        let around: Vec<&Decision> = self.on_places.iter().filter(around).collect();
        around.into_iter().chain(self.by_target.get(id).into_iter().flatten())
    }
}

/// Appends a decision, with its line in the audit log.
pub(super) async fn record(connection: &mut SqliteConnection, decision: &Decision) -> Result<(), Fault> {
    let earlier: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM decision WHERE target = ?1")
        .bind(decision.target.as_str())
        .fetch_one(&mut *connection)
        .await?;
    let from = match earlier {
        Some(id) => audit::picture(connection, Table::Decision, id).await?,
        None => None,
    };
    let saw = decision.saw.as_ref();
    let id: i64 = sqlx::query_scalar(include_str!("../queries/insert_decision.sql"))
        .bind(decision.target.as_str())
        .bind(decision.act.id())
        .bind(decision.category.as_ref().map(CategoryId::as_str))
        .bind(decision.level.map(Level::id))
        .bind(decision.detector.as_deref())
        .bind(decision.by.as_str())
        .bind(decision.date.as_str())
        .bind(decision.reason.as_str())
        .bind(decision.document.as_deref())
        .bind(decision.under.as_ref().map(|under| under.store.as_str()))
        .bind(decision.under.as_ref().map(|under| under.prefix.as_str()))
        .bind(saw.and_then(|saw| saw.level).map(Level::id))
        .bind(saw.and_then(|saw| saw.category.as_ref()).map(CategoryId::as_str))
        .bind(saw.map(|_| 1))
        .fetch_one(&mut *connection)
        .await?;
    let said = (format!("review.{}", decision.act.id()), decision.target.clone());
    let signature = Signature { by: decision.by.clone(), why: Some(decision.reason.clone()) };
    audit::append_row(connection, (Table::Decision, id), said, from, &signature).await
}

/// All decisions.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Decision>, Fault> {
    let rows = sqlx::query("SELECT * FROM decision ORDER BY id").fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// All decisions on assets. There are as many as people have taken, so they fit in memory.
pub(super) async fn by_asset(connection: &mut SqliteConnection) -> Result<Reviews, Fault> {
    let mut reviews = Reviews::default();
    for decision in all(connection).await? {
        match &decision.under {
            Some(_) => reviews.on_places.push(decision),
            None => reviews.by_target.entry(decision.target.clone()).or_default().push(decision),
        }
    }
    // Stable: of one place the older stay first. Of two that hold an asset the longer prefix lies further in.
    reviews.on_places.sort_by_key(|decision| decision.under.as_ref().map_or(0, |under| under.prefix.len()));
    Ok(reviews)
}

fn read(row: &SqliteRow) -> Result<Decision, Fault> {
    let level = |column| {
        let id: Option<&str> = row.try_get(column)?;
        id.map(|id| Level::from_id(id).ok_or(Fault::Damaged("decision.level"))).transpose()
    };
    let category = |column| Ok::<_, Fault>(row.try_get::<Option<String>, _>(column)?.map(CategoryId::new));
    let store: Option<String> = row.try_get("under_store")?;
    let prefix: Option<String> = row.try_get("under_prefix")?;
    let saw: Option<i64> = row.try_get("saw")?;
    Ok(Decision {
        target: row.try_get("target")?,
        act: Act::from_id(row.try_get("act")?).ok_or(Fault::Damaged("decision.act"))?,
        category: category("category")?,
        level: level("level")?,
        detector: row.try_get("detector")?,
        by: row.try_get("decider")?,
        date: row.try_get("date")?,
        reason: row.try_get("reason")?,
        document: row.try_get("document")?,
        under: store.map(|store| Under { store, prefix: prefix.unwrap_or_default() }),
        saw: match saw {
            Some(_) => Some(Saw { level: level("saw_level")?, category: category("saw_category")? }),
            None => None,
        },
    })
}
