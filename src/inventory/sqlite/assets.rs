//! Assets as a scan saw them and as people judged them, read a page at a time.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::{AssetRecord, Standing};
use super::fault::Fault;
use super::reviews::{self, Reviews};
use super::tallies::counted;
use super::{results, stores};
use crate::model::{
    Asset, AssetId, Classification, Examined, Finding, Level, Locator, Measure, Proposal, PublicName, Reason, Sample,
    ScanId, Score, Sketch, Stat, Status,
};

/// Assets read at a time: a few megabytes at most, and few enough questions.
const PAGE_LENGTH: i64 = 512;

/// How much of an asset is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Everything that is known.
    Whole,
    /// What sums are made of.
    Figures,
}

/// Where the next page begins: behind this asset.
pub(super) struct Place {
    pub(super) locator: String,
    pub(super) number: i64,
}

impl Default for Place {
    fn default() -> Self {
        Self { locator: String::new(), number: -1 }
    }
}

/// The next assets of a store in a scan, sorted by locator; none at the end.
pub(super) async fn read_page(
    connection: &mut SqliteConnection,
    scan: ScanId,
    (store_number, store): (i64, &str),
    place: &mut Place,
    (detail, reviews): (Detail, &Reviews),
) -> Result<Vec<AssetRecord>, Fault> {
    let question = match detail {
        Detail::Whole => include_str!("../queries/assets_of_scan.sql"),
        Detail::Figures => include_str!("../queries/figures_of_scan.sql"),
    };
    let rows = sqlx::query(question)
        .bind(scan)
        .bind(store_number)
        .bind(place.locator.as_str())
        .bind(place.number)
        .bind(PAGE_LENGTH)
        .fetch_all(&mut *connection)
        .await?;
    if let Some(last) = rows.last() {
        *place = Place { locator: last.try_get("locator")?, number: last.try_get("number")? };
    }
    let mut findings = findings_of(connection, &rows).await?;
    let read = |row| match detail {
        Detail::Whole => read_asset(row, store, &mut findings, reviews),
        Detail::Figures => read_figures(row, store, &mut findings, reviews),
    };
    rows.iter().map(read).collect()
}

/// One asset as the latest usable scan of its store saw it.
pub(super) async fn now(connection: &mut SqliteConnection, id: &str) -> Result<Option<AssetRecord>, Fault> {
    let row = sqlx::query(include_str!("../queries/asset_now.sql")).bind(id).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let reviews = reviews::by_asset(connection).await?;
    let mut findings = findings_of(connection, std::slice::from_ref(&row)).await?;
    read_asset(&row, row.try_get("store_name")?, &mut findings, &reviews).map(Some)
}

type Findings = BTreeMap<i64, Vec<Finding>>;

async fn findings_of(connection: &mut SqliteConnection, assets: &[SqliteRow]) -> Result<Findings, Fault> {
    let ids = assets.iter().map(|row| row.try_get("id")).collect::<Result<Vec<i64>, _>>()?;
    let ids = serde_json::to_string(&ids).map_err(|_| Fault::Damaged("result.id"))?;
    let rows = sqlx::query(include_str!("../queries/findings_of.sql")).bind(ids).fetch_all(connection).await?;
    let mut findings = Findings::new();
    for row in rows {
        findings.entry(row.try_get("result")?).or_default().push(read_finding(&row)?);
    }
    Ok(findings)
}

fn read_finding(row: &SqliteRow) -> Result<Finding, Fault> {
    let rows: Option<i64> = row.try_get("sample_rows")?;
    let sample = match rows {
        Some(rows) => Some(Sample {
            rows: counted(rows),
            of: counted(row.try_get("sample_of")?),
            matched: row.try_get::<Option<i64>, _>("sample_matched")?.map_or(0, counted),
            share: [row.try_get("share_low")?, row.try_get("share_high")?],
        }),
        None => None,
    };
    Ok(Finding {
        detector: row.try_get("detector")?,
        matches: counted(row.try_get("matches")?),
        sample,
        sketch: Sketch::from_bytes(row.try_get("sketch")?).ok_or(Fault::Damaged("finding.sketch"))?,
        columns: parse::<Vec<PublicName>>(row.try_get("columns")?, "finding.columns")?,
        confidence: row.try_get("confidence")?,
        decimals: row.try_get("decimals")?,
        passed: row.try_get("passed")?,
    })
}

fn read_asset(row: &SqliteRow, store: &str, findings: &mut Findings, reviews: &Reviews) -> Result<AssetRecord, Fault> {
    let id = AssetId(row.try_get("asset_id")?);
    let examined = Examined {
        asset: Asset {
            store: store.to_owned(),
            locator: Locator::stored(row.try_get("locator")?),
            kind: results::read_kind(row.try_get("kind")?)?,
            parent: row.try_get::<Option<String>, _>("parent")?.map(Locator::stored),
            stat: read_stat(row)?,
        },
        status: Status::from_id(row.try_get("status")?).ok_or(Fault::Damaged("result.status"))?,
        reason: stores::read_reason(row.try_get("reason")?)?,
        format: row.try_get("format")?,
        encoding: row.try_get("encoding")?,
        bytes: read_measure(row, "bytes", "bytes_exact")?,
        records: read_measure(row, "records", "records_exact")?,
        modified: row.try_get("modified")?,
        content_hash: row.try_get("content_hash")?,
        findings: findings.remove(&row.try_get("id")?).unwrap_or_default(),
        classification: parse_optional(row.try_get("classification")?, "result.classification")?,
        proposal: parse_optional(row.try_get("proposal")?, "result.proposal")?,
        markers: parse(row.try_get("markers")?, "result.markers")?,
        table: parse_optional(row.try_get("table_summary")?, "result.table_summary")?,
    };
    judged(row, id, examined, reviews)
}

/// What a classification is counted by.
#[derive(Deserialize)]
struct Counted {
    best: Option<Score>,
    fields: Vec<(String, u64)>,
}

/// The level of a proposal, without its reasons.
#[derive(Deserialize)]
struct Proposed {
    level: Level,
}

fn read_figures(
    row: &SqliteRow,
    store: &str,
    findings: &mut Findings,
    reviews: &Reviews,
) -> Result<AssetRecord, Fault> {
    let asset = Asset {
        store: store.to_owned(),
        locator: Locator::stored(row.try_get("locator")?),
        kind: results::read_kind(row.try_get("kind")?)?,
        parent: row.try_get::<Option<String>, _>("parent")?.map(Locator::stored),
        stat: None,
    };
    let counted: Option<Counted> = parse_optional(row.try_get("classification")?, "result.classification")?;
    let proposed: Option<Proposed> = parse_optional(row.try_get("proposal")?, "result.proposal")?;
    let examined = Examined {
        status: Status::from_id(row.try_get("status")?).ok_or(Fault::Damaged("result.status"))?,
        reason: stores::read_reason(row.try_get("reason")?)?,
        bytes: read_measure(row, "bytes", "bytes_exact")?,
        records: read_measure(row, "records", "records_exact")?,
        content_hash: row.try_get("content_hash")?,
        findings: findings.remove(&row.try_get("id")?).unwrap_or_default(),
        classification: counted.map(|counted| Classification {
            best: counted.best,
            fields: counted.fields,
            ..Classification::default()
        }),
        proposal: proposed.map(|proposed| Proposal { level: proposed.level, bases: Vec::new(), open: Vec::new() }),
        markers: parse(row.try_get("markers")?, "result.markers")?,
        table: parse_optional(row.try_get("table_summary")?, "result.table_summary")?,
        ..Examined::unread(asset, Reason::Empty)
    };
    judged(row, AssetId(row.try_get("asset_id")?), examined, reviews)
}

/// An examined asset with what people have said of it.
fn judged(row: &SqliteRow, id: AssetId, examined: Examined, reviews: &Reviews) -> Result<AssetRecord, Fault> {
    let classified = examined.classification.as_ref().and_then(|it| it.best.as_ref()).map(|best| &best.id);
    let proposed = examined.proposal.as_ref().map(|proposal| proposal.level);
    let asset = &examined.asset;
    let standing = Standing::of(classified, proposed, reviews.of(&id.0, &asset.store, &asset.locator));
    Ok(AssetRecord {
        id,
        examined,
        decision: standing.level,
        category: standing.category,
        rejected_detectors: standing.rejected_detectors,
        contradicted: standing.contradicted,
        rules_version: row.try_get("rules")?,
        regime_version: row.try_get("regime")?,
    })
}

fn read_stat(row: &SqliteRow) -> Result<Option<Stat>, Fault> {
    let size: Option<i64> = row.try_get("size")?;
    let Some(size) = size else { return Ok(None) };
    let inode: i64 = row.try_get("inode")?;
    Ok(Some(Stat { size: counted(size), modified_ns: row.try_get("modified_ns")?, inode: inode.cast_unsigned() }))
}

/// Reads a measure from its two columns.
pub(super) fn read_measure(row: &SqliteRow, value: &str, exact: &str) -> Result<Option<Measure>, Fault> {
    let counted_value: Option<i64> = row.try_get(value)?;
    match counted_value {
        Some(value) => Ok(Some(Measure { value: counted(value), exact: row.try_get(exact)? })),
        None => Ok(None),
    }
}

/// Reads JSON that we wrote.
pub(super) fn parse<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Damaged(what))
}

fn parse_optional<T: DeserializeOwned>(text: Option<&str>, what: &'static str) -> Result<Option<T>, Fault> {
    text.map(|text| parse(text, what)).transpose()
}
