//! Tables of databases that a person leaves out: nobody looks, so nobody can say that they are gone.

use crate::inventory::Inventory;
use crate::model::{AssetKind, Examined, Reason};

use super::Error;

/// What the latest scan of a store saw in databases that are now left out, given by what stands in front of their tables
/// (`erp.`): each as excluded, so that it is neither gone nor counted.
pub(super) fn seen_before(
    inventory: &mut dyn Inventory,
    store: &str,
    databases: &[String],
) -> Result<Vec<Examined>, Error> {
    let now = inventory.stores_now()?;
    let latest = now.iter().find(|now| now.store.name == store).and_then(|now| now.scan);
    let Some(latest) = latest.filter(|_| !databases.is_empty()) else { return Ok(Vec::new()) };
    let mut seen = Vec::new();
    inventory.figures_at(latest, store, &mut |record| {
        let asset = record.examined.asset;
        let is_of = |prefix: &String| asset.locator.as_str().starts_with(prefix.as_str());
        if matches!(asset.kind, AssetKind::Table | AssetKind::View) && databases.iter().any(is_of) {
            seen.push(Examined::unread(asset, Reason::Excluded));
        }
    })?;
    Ok(seen)
}
