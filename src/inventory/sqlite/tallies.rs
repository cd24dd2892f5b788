//! Counting, from the rows that are there.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::fault::Fault;
use crate::model::{Status, Tally};

/// The counts of the observations of one shard.
pub(super) async fn of_shard(connection: &mut SqliteConnection, shard: i64) -> Result<Tally, Fault> {
    let query = sqlx::query(include_str!("../queries/tally_of_shard.sql")).bind(shard);
    sum(&query.fetch_all(connection).await?)
}

/// The counts of all observations of a scan.
pub(super) async fn of_scan(connection: &mut SqliteConnection, scan: i64) -> Result<Tally, Fault> {
    let query = sqlx::query(include_str!("../queries/tally_of_scan.sql")).bind(scan);
    sum(&query.fetch_all(connection).await?)
}

fn sum(groups: &[SqliteRow]) -> Result<Tally, Fault> {
    let mut tally = Tally::default();
    for group in groups {
        let status = Status::from_id(group.try_get("status")?).ok_or(Fault::Damaged("result.status"))?;
        let found = counted(group.try_get("found")?);
        let upper = u128::from(counted(group.try_get("upper")?));
        let lower = u128::from(counted(group.try_get("lower")?));
        let bytes = u64::try_from((upper << 32) + lower).unwrap_or(u64::MAX);
        add(
            &mut tally,
            &Group {
                status,
                has_reason: group.try_get("has_reason")?,
                is_top: group.try_get("is_top")?,
                is_unchanged: group.try_get("is_unchanged")?,
                found,
                bytes,
            },
        );
    }
    Ok(tally)
}

/// Assets that are counted alike.
pub(super) struct Group {
    pub(super) status: Status,
    pub(super) has_reason: bool,
    pub(super) is_top: bool,
    pub(super) is_unchanged: bool,
    pub(super) found: u64,
    pub(super) bytes: u64,
}

/// Counts a group, by the same rules as [`Tally::count`].
pub(super) fn add(tally: &mut Tally, group: &Group) {
    tally.found += group.found;
    match group.status {
        Status::Classified => tally.classified += group.found,
        Status::Unclassified => tally.unclassified += group.found,
        Status::Skipped => tally.skipped += group.found,
        Status::Failed => tally.failed += group.found,
    }
    if group.has_reason && matches!(group.status, Status::Classified | Status::Unclassified) {
        tally.partial += group.found;
    }
    if group.is_unchanged {
        tally.unchanged += group.found;
    }
    if group.is_top {
        tally.bytes = tally.bytes.saturating_add(group.bytes);
    }
}

/// Counts are written as signed numbers that are never negative.
pub(super) fn counted(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

/// The other way round: what does not fit is kept as the largest number that does.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Counts as they are kept.
pub(super) fn write(tally: &Tally) -> Result<String, Fault> {
    serde_json::to_string(tally).map_err(|_| Fault::Damaged("tally"))
}

/// Reads kept counts.
pub(super) fn read(text: &str) -> Result<Tally, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Damaged("tally"))
}
