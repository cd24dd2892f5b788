//! Letting go of old scans.

use sqlx::{Connection, SqliteConnection};

use super::fault::Fault;
use crate::model::ScanId;

/// Drops finished scans, and then what no remaining one points to, in one transaction.
pub(super) async fn forget(connection: &mut SqliteConnection, scans: &[ScanId]) -> Result<(), Fault> {
    let scans = serde_json::to_string(scans).map_err(|_| Fault::Damaged("scan.id"))?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(include_str!("../queries/forget_scans.sql")).bind(scans).execute(&mut *transaction).await?;
    sqlx::query(include_str!("../queries/drop_orphans.sql")).execute(&mut *transaction).await?;
    sqlx::query(include_str!("../queries/drop_orphan_assets.sql")).execute(&mut *transaction).await?;
    sqlx::query(include_str!("../queries/drop_stale_access.sql")).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}
