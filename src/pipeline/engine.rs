//! What it takes to examine an asset: rules, regime, key and limits. One for a scan, and one in each guarded child.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::extract;
use crate::model::{Enterprise, SketchKey, Versions};
use crate::open::Limits;
use crate::regime::Regime;
use crate::rules::{self, RulePack};

use super::Error;

/// What a person may choose about how things are examined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineOptions {
    /// A folder of rule packs beside the built-in ones.
    pub rules: Option<PathBuf>,
    /// Look for vocabulary in all bytes, not in an evenly spread part.
    pub thorough: bool,
    /// Read every row of a table, not a sample.
    pub full: bool,
    /// Rows of a table that are read when not all are.
    pub sample_rows: u64,
}

/// Rules, regime, key and limits.
pub struct Engine {
    /// What to look for.
    pub pack: RulePack,
    /// What it means.
    pub regime: Regime,
    /// The key of the inventory's sketches.
    pub key: SketchKey,
    /// Facts that level criteria look at.
    pub enterprise: Enterprise,
    /// Caps on what is read.
    pub limits: Limits,
    options: EngineOptions,
}

impl Engine {
    /// Loads rules and regime.
    pub fn new(key: SketchKey, options: EngineOptions, enterprise: Enterprise) -> Result<Self, Error> {
        let pack = match &options.rules {
            Some(folder) => RulePack::with_folder(folder)?,
            None => RulePack::builtin()?,
        };
        let regime = Regime::builtin()?;
        if options.rules.is_some() {
            // A rule that the linter refuses would be passed over in silence, or find what it is not meant to.
            let categories: Vec<&str> = regime.taxonomy.nodes().map(|node| node.id.as_str()).collect();
            if let Some(fault) = rules::lint(&pack, &categories).into_iter().next() {
                return Err(fault.into());
            }
        }
        Ok(Self { pack, regime, key, enterprise, limits: Limits::default(), options })
    }

    /// What a person chose.
    #[must_use]
    pub fn options(&self) -> &EngineOptions {
        &self.options
    }

    /// The versions of everything that a result depends on.
    #[must_use]
    pub fn versions(&self) -> Versions {
        // Criteria look at these facts of the enterprise, so a stored proposal rests on them, and on no name or address.
        let Enterprise { domains, industry, provinces, .. } = &self.enterprise;
        let enterprise =
            serde_json::to_vec(&(domains, industry, provinces, self.enterprise.standings())).unwrap_or_default();
        let options = &self.options;
        Versions {
            rules: self.pack.version().to_owned(),
            regime: format!("{}-{:016x}", self.regime.version(), xxh3_64(&enterprise)),
            extractor: extract::VERSION.to_owned(),
            limits: format!("{}-{}-{}-{}", self.limits.version(), options.thorough, options.full, options.sample_rows),
        }
    }
}
