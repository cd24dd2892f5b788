//! How evidence is weighed when a category is chosen: what a place is worth, and when evidence is enough.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::taxonomy::Schema;
use super::{Error, Problem, parse};
use crate::model::{Mark, Place};

/// The figures of `weighing.toml`.
#[derive(Clone, Debug, Default)]
pub struct Weighing {
    places: BTreeMap<Place, PlaceWeight>,
    /// Weights below this sum carry no category.
    pub threshold: f64,
    /// Doubt that stands against every category when a score is made: score = weight / (all weights + doubt).
    pub doubt: f64,
    /// What the other leaves of a branch add to its strongest leaf.
    pub kinship: f64,
    /// What each mark of plumbing weighs, before its place is looked at.
    pub plumbing: f64,
    /// Alternatives below this score are not worth a look.
    pub least_alternative: f64,
    /// How all tables of a listing are read together.
    pub survey: SurveyWeights,
    /// What is different for files.
    pub files: FileWeights,
}

/// What is different for files.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileWeights {
    /// What is left of a mark of plumbing in the name of a file.
    pub plumbing: f64,
    /// What each further folder above a file leaves of its words.
    pub further: f64,
}

/// How all tables of a listing are read together.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyWeights {
    /// What each doubling of the tables with a word adds, as a share of the first.
    pub doubling: f64,
    /// Doubt that stands against every kind.
    pub doubt: f64,
    /// The share that the whole database has in the kind of each of its modules.
    pub whole: f64,
    /// Doubt against what the tables of a module are, in tables.
    pub module_doubt: f64,
    /// What is left of a word of a name or comment that stands before another: the last one is what the others describe.
    pub early: f64,
    /// What is left of a word that names the module.
    pub prefix: f64,
    /// A column that more than this share of a schema's tables has says nothing of any of them.
    pub everywhere: f64,
    /// What is left of a column that points to something else (`customer_id`).
    pub key: f64,
}

impl SurveyWeights {
    fn figures(self) -> [f64; 8] {
        let Self { doubling, doubt, whole, module_doubt, early, prefix, everywhere, key } = self;
        [doubling, doubt, whole, module_doubt, early, prefix, everywhere, key]
    }
}

/// What evidence in one place is worth.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWeight {
    /// Times the weight of a term.
    pub factor: f64,
    /// What each doubling of the count adds, as a share of the first.
    pub doubling: f64,
    /// The most that all terms of a category can add up to in this place.
    pub most: f64,
    /// How many mentions one mark of a field in this place is worth: a name speaks for all that it names.
    pub mentions: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    #[serde(rename = "mark")]
    _mark: Mark,
    threshold: f64,
    doubt: f64,
    kinship: f64,
    plumbing: f64,
    least_alternative: f64,
    place: BTreeMap<Place, PlaceWeight>,
    survey: SurveyWeights,
    files: FileWeights,
}

impl Weighing {
    /// Reads `weighing.toml`. No figure is negative, so that more evidence never weighs less.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let read: File = parse(text, file)?;
        let figures = [read.threshold, read.doubt, read.kinship, read.plumbing, read.least_alternative];
        let of_places = read.place.values().flat_map(|place| [place.factor, place.doubling, place.most]);
        if figures
            .into_iter()
            .chain(read.survey.figures())
            .chain([read.files.plumbing, read.files.further])
            .chain(of_places)
            .any(|figure| !figure.is_finite() || figure < 0.0)
        {
            let rule = ("数值不得为负", "no figure is negative");
            return Err(Error::new(file, Problem::Unfit { entry: "weighing".to_owned(), rule }));
        }
        Ok(Self {
            places: read.place,
            threshold: read.threshold,
            doubt: read.doubt,
            kinship: read.kinship,
            plumbing: read.plumbing,
            least_alternative: read.least_alternative,
            survey: read.survey,
            files: read.files,
        })
    }

    /// What evidence in a place is worth; nothing where the file does not speak of it.
    #[must_use]
    pub fn place(&self, place: Place) -> PlaceWeight {
        self.places.get(&place).copied().unwrap_or_default()
    }
}
