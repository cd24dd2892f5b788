//! Who may do what with the files and folders of a share, scan by scan: only what changed is written.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::{AccessSeen, FolderAccess};
use super::fault::Fault;
use super::stores;
use crate::model::{Access, Locator, ScanId};

/// Writes what is not as it was.
pub(super) async fn record(
    connection: &mut SqliteConnection,
    scan: ScanId,
    store: i64,
    seen: &[AccessSeen],
) -> Result<(), Fault> {
    if seen.is_empty() {
        return Ok(());
    }
    let rows: Vec<(&str, bool, u32, u32, u32)> = seen
        .iter()
        .map(|AccessSeen { locator, is_folder, access }| {
            (locator.as_str(), *is_folder, access.mode, access.owner, access.group)
        })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|_| Fault::Damaged("access"))?;
    sqlx::query(include_str!("../queries/observe_access.sql"))
        .bind(store)
        .bind(scan)
        .bind(rows)
        .execute(connection)
        .await?;
    Ok(())
}

/// What holds for these places at a scan; those that nobody looked at yet are missing.
pub(super) async fn at(
    connection: &mut SqliteConnection,
    scan: ScanId,
    store: i64,
    locators: &[String],
) -> Result<BTreeMap<String, Access>, Fault> {
    let wanted = serde_json::to_string(locators).map_err(|_| Fault::Damaged("access.locator"))?;
    let rows = sqlx::query(include_str!("../queries/access_of.sql"))
        .bind(wanted)
        .bind(store)
        .bind(scan)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get("locator")?, read(row)?))).collect()
}

/// The folders whose mode or owner differ between two scans.
pub(super) async fn folder_changes(
    connection: &mut SqliteConnection,
    [first, second]: [ScanId; 2],
    store: &str,
) -> Result<Vec<FolderAccess>, Fault> {
    let store = stores::number(connection, store).await?;
    let touched: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT locator FROM access
         WHERE store = ?1 AND is_folder = 1 AND scan > ?2 AND scan <= ?3 ORDER BY locator",
    )
    .bind(store)
    .bind(first.min(second))
    .bind(first.max(second))
    .fetch_all(&mut *connection)
    .await?;
    let before = at(connection, first, store, &touched).await?;
    let mut after = at(connection, second, store, &touched).await?;
    let changed = before.into_iter().filter_map(|(locator, before)| {
        let after = after.remove(&locator)?;
        (before != after).then(|| FolderAccess { locator: Locator::stored(locator), before, after })
    });
    Ok(changed.collect())
}

fn read(row: &SqliteRow) -> Result<Access, Fault> {
    Ok(Access { mode: row.try_get("mode")?, owner: row.try_get("owner")?, group: row.try_get("group_owner")? })
}
