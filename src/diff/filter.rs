//! Which differences are asked for.

use std::str::FromStr;

use super::{Kind, Row};
use crate::model::Level;

/// What a row has to be; an empty list asks nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One of these.
    pub kinds: Vec<Kind>,
    /// In one of these stores.
    pub stores: Vec<String>,
    /// Of one of these categories or below it.
    pub categories: Vec<String>,
    /// Of this level or above.
    pub least_level: Option<Level>,
    /// Below one of these places.
    pub places: Vec<String>,
    /// Grown or shrunk by so much of what was there.
    pub min_ratio: Ratio,
}

impl Filter {
    /// Whether a row of one of these kinds may be asked for.
    #[must_use]
    pub fn takes_any(&self, kinds: &[Kind]) -> bool {
        self.kinds.is_empty() || kinds.iter().any(|kind| self.kinds.contains(kind))
    }

    /// Whether a row is asked for.
    #[must_use]
    pub fn takes(&self, row: &Row) -> bool {
        let below = |id: &str, branch: &str| {
            id.strip_prefix(branch).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let category = row.category.as_deref().unwrap_or_default();
        (self.kinds.is_empty() || self.kinds.contains(&row.kind))
            && (self.stores.is_empty() || self.stores.contains(&row.store))
            && (self.categories.is_empty() || self.categories.iter().any(|branch| below(category, branch)))
            && (self.places.is_empty() || self.places.iter().any(|place| row.locator.as_str().starts_with(place)))
            && self.least_level.is_none_or(|least| row.level.is_some_and(|level| level >= least))
            && self.min_ratio.takes(row)
    }
}

/// A share of what was there, in thousandths, so that no float decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio(u32);

impl Ratio {
    fn takes(self, row: &Row) -> bool {
        let (super::Value::Number(before), super::Value::Number(after)) = (&row.before, &row.after) else {
            return true;
        };
        let moved = u128::from(before.abs_diff(*after));
        1_000 * moved >= u128::from(self.0) * u128::from(*before)
    }
}

/// Not a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a share from 0 to 1000 with at most three decimals, as in 0.3")]
pub struct NotARatio;

impl FromStr for Ratio {
    type Err = NotARatio;

    fn from_str(text: &str) -> Result<Self, NotARatio> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(decimals) || decimals.len() > 3 || text.ends_with('.')
        {
            return Err(NotARatio);
        }
        let whole: u32 = whole.parse().map_err(|_| NotARatio)?;
        let thousandths: u32 = format!("{decimals:0<3}").parse().map_err(|_| NotARatio)?;
        if whole > 1_000 { Err(NotARatio) } else { Ok(Self(whole * 1_000 + thousandths)) }
    }
}
