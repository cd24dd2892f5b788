//! Results and findings: written once for each examination, and found again for files that did not change.

use std::collections::{BTreeMap, HashMap};

use futures_util::TryStreamExt;
use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::super::KnownFile;
use super::fault::Fault;
use super::tallies::{self, Group, counted, stored};
use super::{scans, stores};
use crate::model::{AssetKind, Examined, Finding, Locator, Reason, ScanId, Stat, Status, Tally, Versions};

/// What all results of a shard have in common.
pub(super) struct Origin {
    pub(super) scan: ScanId,
    pub(super) store: i64,
    pub(super) versions: i64,
}

/// Writes results with their findings and gives their ids.
pub(super) async fn insert_all(
    connection: &mut SqliteConnection,
    origin: &Origin,
    fresh: &[Examined],
) -> Result<Vec<i64>, Fault> {
    add_assets(connection, origin.store, fresh).await?;
    let last: Option<i64> = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'result'")
        .fetch_optional(&mut *connection)
        .await?;
    let first = last.unwrap_or(0) + 1;
    let ids: Vec<i64> = (first..).take(fresh.len()).collect();
    let roots = roots(fresh, &ids);
    for ((examined, id), root) in fresh.iter().zip(&ids).zip(roots) {
        insert(connection, origin, examined, *id, root).await?;
        for finding in &examined.findings {
            insert_finding(connection, *id, finding).await?;
        }
    }
    Ok(ids)
}

/// Gives each place of the batch its row, in one statement.
async fn add_assets(connection: &mut SqliteConnection, store: i64, fresh: &[Examined]) -> Result<(), Fault> {
    let places: Vec<(String, &str)> =
        fresh.iter().map(|examined| (examined.asset.id().0, examined.asset.locator.as_str())).collect();
    sqlx::query(
        "INSERT INTO asset (id, store, locator) SELECT value ->> 0, ?1, value ->> 1 FROM json_each(?2) WHERE true
         ON CONFLICT (store, locator) DO NOTHING",
    )
    .bind(store)
    .bind(json(&places, "asset")?)
    .execute(connection)
    .await?;
    Ok(())
}

/// For each result the id of that of its outermost container, found by walking up the parents within the batch.
fn roots(fresh: &[Examined], ids: &[i64]) -> Vec<i64> {
    let by_place: HashMap<&Locator, (i64, Option<&Locator>)> =
        fresh.iter().zip(ids).map(|(one, id)| (&one.asset.locator, (*id, one.asset.parent.as_ref()))).collect();
    let climb = |one: &Examined, own: i64| {
        let (mut root, mut parent) = (own, one.asset.parent.as_ref());
        // A chain of parents is shorter than the batch, unless it bites its own tail.
        for _ in 0..fresh.len() {
            let Some((id, next)) = parent.and_then(|place| by_place.get(place)) else { break };
            (root, parent) = (*id, *next);
        }
        root
    };
    fresh.iter().zip(ids).map(|(one, id)| climb(one, *id)).collect()
}

async fn insert(
    connection: &mut SqliteConnection,
    origin: &Origin,
    examined: &Examined,
    id: i64,
    root: i64,
) -> Result<(), Fault> {
    let asset = &examined.asset;
    sqlx::query(include_str!("../queries/insert_result.sql"))
        .bind(id)
        .bind(origin.store)
        .bind(asset.locator.as_str())
        .bind(origin.scan)
        .bind(root)
        .bind(origin.versions)
        .bind(asset.kind.id())
        .bind(asset.parent.as_ref().map(Locator::as_str))
        .bind(asset.stat.map(|stat| stored(stat.size)))
        .bind(asset.stat.map(|stat| stat.modified_ns))
        .bind(asset.stat.map(|stat| stat.inode.cast_signed()))
        .bind(examined.status.id())
        .bind(examined.reason.map(Reason::id))
        .bind(examined.format.as_deref())
        .bind(examined.encoding.as_deref())
        .bind(examined.bytes.map(|bytes| stored(bytes.value)))
        .bind(examined.bytes.map(|bytes| bytes.exact))
        .bind(examined.records.map(|records| stored(records.value)))
        .bind(examined.records.map(|records| records.exact))
        .bind(examined.modified.as_deref())
        .bind(examined.content_hash.as_deref())
        .bind(examined.classification.as_ref().map(|it| json(it, "result.classification")).transpose()?)
        .bind(examined.proposal.as_ref().map(|it| json(it, "result.proposal")).transpose()?)
        .bind(json(&examined.markers, "result.markers")?)
        .bind(examined.table.as_ref().map(|it| json(it, "result.table_summary")).transpose()?)
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_finding(connection: &mut SqliteConnection, result: i64, finding: &Finding) -> Result<(), Fault> {
    let sample = finding.sample;
    sqlx::query(include_str!("../queries/insert_finding.sql"))
        .bind(result)
        .bind(finding.detector.as_str())
        .bind(stored(finding.matches))
        .bind(sample.map(|sample| stored(sample.rows)))
        .bind(sample.map(|sample| stored(sample.of)))
        .bind(sample.map(|sample| sample.share[0]))
        .bind(sample.map(|sample| sample.share[1]))
        .bind(finding.sketch.to_bytes())
        .bind(json(&finding.columns, "finding.columns")?)
        .bind(finding.confidence)
        .bind(finding.decimals)
        .bind(finding.passed)
        .bind(sample.map(|sample| stored(sample.matched)))
        .execute(connection)
        .await?;
    Ok(())
}

fn json<T: Serialize>(value: &T, what: &'static str) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::Damaged(what))
}

/// The newest results of the files of a store, streamed.
pub(super) async fn known_files(
    connection: &mut SqliteConnection,
    store: &str,
    versions: &Versions,
) -> Result<BTreeMap<Locator, KnownFile>, Fault> {
    let store = stores::number(connection, store).await?;
    let Some(versions) = scans::known_versions(connection, versions).await? else { return Ok(BTreeMap::new()) };
    let mut rows = sqlx::query(include_str!("../queries/known_files.sql")).bind(store).bind(versions).fetch(connection);
    let mut known: BTreeMap<Locator, KnownFile> = BTreeMap::new();
    let mut to_read_again: Vec<Locator> = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let locator = Locator::stored(row.try_get("locator")?);
        let status = Status::from_id(row.try_get("status")?).ok_or(Fault::Damaged("result.status"))?;
        let reason = stores::read_reason(row.try_get("reason")?)?;
        if reason.is_some_and(|reason| !reason.is_lasting()) {
            to_read_again.push(locator.clone());
        }
        let stat = Stat {
            size: counted(row.try_get("size")?),
            modified_ns: row.try_get("modified_ns")?,
            inode: row.try_get::<i64, _>("inode")?.cast_unsigned(),
        };
        let file =
            known.entry(locator).or_insert_with(|| KnownFile { stat, results: Vec::new(), tally: Tally::default() });
        let (id, is_top): (i64, bool) = (row.try_get("id")?, row.try_get("is_top")?);
        if is_top {
            file.results.insert(0, id);
        } else {
            file.results.push(id);
        }
        let bytes = row.try_get::<Option<i64>, _>("bytes")?.map_or(0, counted);
        let group = Group { status, has_reason: reason.is_some(), is_top, is_unchanged: true, found: 1, bytes };
        tallies::add(&mut file.tally, &group);
    }
    for locator in to_read_again {
        known.remove(&locator);
    }
    Ok(known)
}

/// Reads the kind of an asset.
pub(super) fn read_kind(id: &str) -> Result<AssetKind, Fault> {
    AssetKind::from_id(id).ok_or(Fault::Damaged("result.kind"))
}
