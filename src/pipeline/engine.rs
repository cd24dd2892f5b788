//! What it takes to examine an asset: rules, regime, key and limits. One for a scan, and one in each guarded child.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::extract;
use crate::model::{Enterprise, Finding, SketchKey, Versions};
use crate::open::Limits;
use crate::regime::Regime;
use crate::rules::{self, RulePack};

use super::Error;

/// What a person may choose about how things are examined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineOptions {
    /// A folder of rule packs beside the built-in ones.
    pub rules: Option<PathBuf>,
    /// Categories of one's own, below those of the tree.
    pub taxonomy: Option<PathBuf>,
    /// Look for vocabulary in all bytes, not in an evenly spread part.
    pub thorough: bool,
    /// Read every row of a table, not a sample.
    pub full: bool,
    /// Rows of a table that are read when not all are.
    pub sample_rows: u64,
    /// Read no row of a table: its names, types and comments are all that is looked at.
    pub metadata_only: bool,
    /// Which detectors count.
    pub detectors: DetectorChoice,
    /// Caps on what is read.
    pub limits: Limits,
}

/// Which detectors count, and how sure each has to be: a choice for every asset, where a rejection speaks of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorChoice {
    /// Those that are switched off, by id.
    pub off: BTreeSet<String>,
    /// The least confidence in hundredths, by id; findings less sure are left out.
    pub least_percent: BTreeMap<String, u8>,
}

impl DetectorChoice {
    /// Whether a finding counts.
    #[must_use]
    pub fn keeps(&self, finding: &Finding) -> bool {
        let least = self.least_percent.get(&finding.detector).copied().unwrap_or(0);
        !self.off.contains(&finding.detector) && finding.confidence * 100.0 >= f64::from(least)
    }

    /// The detectors that are named and that there are not.
    #[must_use]
    pub fn unknown<'c>(&'c self, pack: &RulePack) -> Vec<&'c str> {
        let named = self.off.iter().chain(self.least_percent.keys()).map(String::as_str);
        named.filter(|id| pack.detector(id).is_none()).collect()
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
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
        let regime = match &options.taxonomy {
            Some(path) => Regime::builtin()?.with_tree(path)?,
            None => Regime::builtin()?,
        };
        if options.rules.is_some() {
            // A rule that the linter refuses would be passed over in silence, or find what it is not meant to.
            let categories: Vec<&str> = regime.taxonomy.nodes().map(|node| node.id.as_str()).collect();
            if let Some(fault) = rules::lint(&pack, &categories).into_iter().next() {
                return Err(fault.into());
            }
        }
        Ok(Self { pack, regime, key, enterprise, limits: options.limits.clone(), options })
    }

    /// What a person chose.
    #[must_use]
    pub fn options(&self) -> &EngineOptions {
        &self.options
    }

    /// What the choice of detectors adds to the versions; nothing where nobody chose.
    fn chosen(&self) -> String {
        let choice = &self.options.detectors;
        if choice.is_default() {
            return String::new();
        }
        format!("-{:016x}", xxh3_64(&serde_json::to_vec(choice).unwrap_or_default()))
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
            limits: format!(
                "{}-{}-{}-{}{}",
                self.limits.version(),
                options.thorough,
                if options.metadata_only { "metadata".to_owned() } else { options.full.to_string() },
                options.sample_rows,
                self.chosen()
            ),
        }
    }
}
