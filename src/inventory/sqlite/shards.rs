//! Shards: written in one transaction each, idempotent by (scan, key).

use std::collections::BTreeMap;

use sqlx::{Connection, Row, SqliteConnection};

use super::super::ShardBatch;
use super::fault::Fault;
use super::{access, results, scans, stores, tallies};
use crate::model::{ScanId, Tally};

/// The shards of a scan that are written.
pub(super) async fn done(
    connection: &mut SqliteConnection,
    scan: ScanId,
) -> Result<BTreeMap<String, (String, Tally)>, Fault> {
    let rows = sqlx::query("SELECT key, fingerprint, tally FROM shard WHERE scan = ?1")
        .bind(scan)
        .fetch_all(connection)
        .await?;
    let mut done = BTreeMap::new();
    for row in rows {
        done.insert(row.try_get("key")?, (row.try_get("fingerprint")?, tallies::read(row.try_get("tally")?)?));
    }
    Ok(done)
}

/// Writes a shard in place of an earlier one with its key.
///
/// Results that lose their last observation here are left until the scan is finished: a later shard may still speak
/// of them, when what a resumed scan finds is cut into shards in another way.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    scan: ScanId,
    batch: &ShardBatch,
) -> Result<Tally, Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let versions = scans::running_versions(&mut transaction, scan).await?;
    let store = stores::number(&mut transaction, &batch.store).await?;
    sqlx::query("DELETE FROM shard WHERE scan = ?1 AND key = ?2")
        .bind(scan)
        .bind(batch.key.as_str())
        .execute(&mut *transaction)
        .await?;
    let shard: i64 = sqlx::query_scalar(
        "INSERT INTO shard (scan, key, store, fingerprint, tally) VALUES (?1, ?2, ?3, ?4, '') RETURNING number",
    )
    .bind(scan)
    .bind(batch.key.as_str())
    .bind(store)
    .bind(batch.fingerprint.as_str())
    .fetch_one(&mut *transaction)
    .await?;

    let origin = results::Origin { scan, store, versions };
    let mut held = batch.unchanged.clone();
    held.extend(results::insert_all(&mut transaction, &origin, &batch.fresh).await?);
    let held_json = serde_json::to_string(&held).map_err(|_| Fault::Damaged("observation.result"))?;
    sqlx::query(include_str!("../queries/reopen_shards.sql"))
        .bind(scan)
        .bind(held_json.as_str())
        .execute(&mut *transaction)
        .await?;
    let observed = sqlx::query(include_str!("../queries/observe.sql"))
        .bind(scan)
        .bind(shard)
        .bind(held_json)
        .bind(store)
        .execute(&mut *transaction)
        .await?;
    if observed.rows_affected() != held.len() as u64 {
        return Err(Fault::UnknownResults(batch.key.clone()));
    }

    access::record(&mut transaction, scan, store, &batch.access).await?;

    let tally = tallies::of_shard(&mut transaction, shard).await?;
    sqlx::query("UPDATE shard SET tally = ?2 WHERE number = ?1")
        .bind(shard)
        .bind(tallies::write(&tally)?)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(tally)
}
