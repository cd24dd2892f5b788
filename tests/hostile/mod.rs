//! Shares that were made to hurt: each object is accounted for, nothing hangs, and nothing is written or followed.

mod broken;
mod names;
mod objects;

use serde_json::Value;

use crate::support::ScanEnv;

/// What the last scan made of each object: its locator, its status and why.
fn outcomes(env: &ScanEnv) -> Vec<(String, String, Option<String>)> {
    let text = |asset: &Value, key: &str| asset[key].as_str().map(str::to_owned);
    let all = env.assets();
    let mut outcomes: Vec<_> = all
        .iter()
        .map(|asset| {
            let (locator, status) = (text(asset, "locator"), text(asset, "status"));
            (locator.expect("a locator"), status.expect("a status"), text(asset, "reason"))
        })
        .collect();
    outcomes.sort();
    outcomes
}
