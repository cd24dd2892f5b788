use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::diff::{Kind, Ratio};
use crate::model::Level;

use super::review::level;

/// Which scans to compare, and what to show of it.
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The first scan [default: the one before the second]
    #[arg(value_name = "SCAN", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) before: Option<i64>,
    /// The second scan [default: the latest]
    #[arg(value_name = "SCAN", value_parser = clap::value_parser!(i64).range(1..), requires = "before")]
    pub(crate) after: Option<i64>,
    /// Only this kind of difference; may be given again
    #[arg(long, value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,
    /// Only this store; may be given again
    #[arg(long, value_name = "STORE")]
    pub(crate) store: Vec<String>,
    /// Only this category or what is below it; may be given again
    #[arg(long, value_name = "CATEGORY")]
    pub(crate) category: Vec<String>,
    /// Only this level or above
    #[arg(long, value_name = "LEVEL", value_parser = level())]
    pub(crate) level: Option<Level>,
    /// Only places that begin like this; may be given again
    #[arg(long, value_name = "PREFIX")]
    pub(crate) below: Vec<String>,
    /// Only what grew or shrank by this share of what was there, as in 0.3
    #[arg(long, value_name = "SHARE", default_value = "0")]
    pub(crate) min_ratio: Ratio,
    /// Rows of the table; all of them are in the other formats
    #[arg(long, value_name = "ROWS", default_value_t = 200)]
    pub(crate) limit: usize,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::id))
        // The words above are the only ones that get here.
        .map(|word| Kind::ALL.into_iter().find(|kind| kind.id() == word).unwrap_or(Kind::New))
}
