//! What is not the same in two scans of a store, read a page at a time.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::{Difference, Glimpse, Left, Standing};
use super::assets::{Place, read_measure};
use super::fault::Fault;
use super::reviews::{self, Reviews};
use super::tallies::counted;
use super::{access, results, stores};
use crate::model::{Access, AssetId, CategoryId, Level, Locator, ScanId, Status};

/// Assets read at a time: a few megabytes at most, and few enough questions.
const PAGE_LENGTH: i64 = 1_024;

/// A comparison under way.
pub(super) struct Question {
    between: [ScanId; 2],
    /// The civil dates of the two scans, in the same order.
    dates: [String; 2],
    store: i64,
    store_name: String,
    place: Place,
    reviews: Reviews,
}

impl Question {
    pub(super) async fn of(
        connection: &mut SqliteConnection,
        between: [ScanId; 2],
        store: &str,
    ) -> Result<Self, Fault> {
        let [first, second] = between;
        let dates = [finished(connection, first).await?, finished(connection, second).await?];
        let store_name = store.to_owned();
        let store = stores::number(connection, store).await?;
        let reviews = reviews::by_asset(connection).await?;
        Ok(Self { between, dates, store, store_name, place: Place::default(), reviews })
    }
}

/// The civil date on which a scan was finished.
async fn finished(connection: &mut SqliteConnection, scan: ScanId) -> Result<String, Fault> {
    let finished: Option<Option<String>> =
        sqlx::query_scalar("SELECT finished FROM scan WHERE id = ?1").bind(scan).fetch_optional(connection).await?;
    finished.flatten().map(stores::civil_date).ok_or(Fault::UnknownScan(scan))
}

/// The next differences; none at the end.
pub(super) async fn read_page(
    connection: &mut SqliteConnection,
    question: &mut Question,
) -> Result<Vec<Difference>, Fault> {
    let ([first, second], [first_date, second_date]) = (question.between, &question.dates);
    let rows = sqlx::query(include_str!("../queries/differences.sql"))
        .bind(first)
        .bind(second)
        .bind(question.store)
        .bind(question.place.locator.as_str())
        .bind(question.place.number)
        .bind(PAGE_LENGTH)
        .bind(first_date.min(second_date).as_str())
        .bind(first_date.max(second_date).as_str())
        .fetch_all(&mut *connection)
        .await?;
    if let Some(last) = rows.last() {
        question.place = Place { locator: last.try_get("locator")?, number: last.try_get("number")? };
    }
    let mut ids: Vec<i64> = Vec::new();
    let mut locators: Vec<String> = Vec::new();
    for row in &rows {
        ids.extend(row.try_get::<Option<i64>, _>("before_result")?);
        ids.extend(row.try_get::<Option<i64>, _>("after_result")?);
        locators.push(row.try_get("locator")?);
    }
    let examined = examined(connection, &ids).await?;
    let accesses = [
        access::at(connection, first, question.store, &locators).await?,
        access::at(connection, second, question.store, &locators).await?,
    ];
    rows.iter().map(|row| read(row, &examined, &accesses, question)).collect()
}

/// The next places that have left a content; none at the end.
pub(super) async fn left(
    connection: &mut SqliteConnection,
    [first, second]: [ScanId; 2],
    store: i64,
    place: &mut Place,
) -> Result<Vec<Left>, Fault> {
    let rows = sqlx::query(include_str!("../queries/left.sql"))
        .bind(first)
        .bind(second)
        .bind(store)
        .bind(place.locator.as_str())
        .bind(place.number)
        .bind(PAGE_LENGTH)
        .fetch_all(connection)
        .await?;
    if let Some(last) = rows.last() {
        *place = Place { locator: last.try_get("locator")?, number: last.try_get("number")? };
    }
    let read = |row: &SqliteRow| {
        let content = u128::from_str_radix(row.try_get("content_hash")?, 16);
        Ok(Left {
            locator: Locator::stored(row.try_get("locator")?),
            content: content.map_err(|_| Fault::Damaged("result.content_hash"))?,
            stands: row.try_get("stands")?,
        })
    };
    rows.iter().map(read).collect()
}

/// What an examination gave, before people had their say.
struct Examination {
    glimpse: Glimpse,
    proposed: Option<Level>,
}

/// The examinations of a page, each with what its detectors found.
async fn examined(connection: &mut SqliteConnection, ids: &[i64]) -> Result<BTreeMap<i64, Examination>, Fault> {
    let wanted = serde_json::to_string(ids).map_err(|_| Fault::Damaged("result.id"))?;
    let rows =
        sqlx::query(include_str!("../queries/glimpses.sql")).bind(wanted.as_str()).fetch_all(&mut *connection).await?;
    let mut examined = BTreeMap::new();
    for row in &rows {
        let one = read_examination(row)?;
        examined.insert(one.glimpse.examination, one);
    }
    let rows = sqlx::query(
        "SELECT finding.result, finding.detector, finding.matches
         FROM json_each(?1) AS wanted CROSS JOIN finding ON finding.result = wanted.value
         GROUP BY finding.result, finding.detector ORDER BY finding.result, finding.detector",
    )
    .bind(wanted)
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(one) = examined.get_mut(&row.try_get("result")?) {
            one.glimpse.identifiers.push((row.try_get("detector")?, counted(row.try_get("matches")?)));
        }
    }
    Ok(examined)
}

fn read_examination(row: &SqliteRow) -> Result<Examination, Fault> {
    let level: Option<&str> = row.try_get("level")?;
    let proposed = level.map(|id| Level::from_id(id).ok_or(Fault::Damaged("result.proposal"))).transpose()?;
    let glimpse = Glimpse {
        kind: results::read_kind(row.try_get("kind")?)?,
        status: Status::from_id(row.try_get("status")?).ok_or(Fault::Damaged("result.status"))?,
        reason: stores::read_reason(row.try_get("reason")?)?,
        bytes: read_measure(row, "bytes", "bytes_exact")?,
        records: read_measure(row, "records", "records_exact")?,
        category: row.try_get::<Option<String>, _>("category")?.map(CategoryId::new),
        level: crate::model::LevelDecision::default(),
        identifiers: Vec::new(),
        access: None,
        versions: [row.try_get("rules")?, row.try_get("regime")?],
        examination: row.try_get("id")?,
        content_hash: row.try_get("content_hash")?,
    };
    Ok(Examination { glimpse, proposed })
}

fn read(
    row: &SqliteRow,
    examined: &BTreeMap<i64, Examination>,
    accesses: &[BTreeMap<String, Access>; 2],
    question: &Question,
) -> Result<Difference, Fault> {
    let id: String = row.try_get("asset_id")?;
    let locator: String = row.try_get("locator")?;
    let place = Locator::stored(locator.clone());
    let results: [Option<i64>; 2] = [row.try_get("before_result")?, row.try_get("after_result")?];
    let glimpse = |side: usize| {
        let one = examined.get(&results[side]?)?;
        let decided = question.reviews.of(&id, &question.store_name, &place);
        let decided = decided.filter(|decision| decision.date <= question.dates[side]);
        let standing = Standing::of(one.glimpse.category.as_ref(), one.proposed, decided);
        let mut glimpse = one.glimpse.clone();
        glimpse.identifiers.retain(|(detector, _)| !standing.rejected_detectors.contains(detector));
        let access = accesses[side].get(&locator).copied();
        Some(Glimpse { category: standing.category, level: standing.level, access, ..glimpse })
    };
    let (before, after) = (glimpse(0), glimpse(1));
    Ok(Difference { id: AssetId(id), locator: Locator::stored(locator), before, after })
}
