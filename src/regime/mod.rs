//! `catalogs/**/*.toml` → the taxonomy, the level criteria, the filing form, the calendar and the duties. Regulation as data:
//! each entry cites its article, and a correction needs no Rust.

pub mod calendar;
mod calibration;
pub mod change_form;
pub mod criteria;
pub mod duties;
mod error;
pub mod form;
pub mod form_remarks;
mod source;
pub mod taxonomy;
mod weighing;

use std::io::Read as _;
use std::path::Path;

use include_dir::{Dir, include_dir};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::escape_name;
pub use calendar::Calendar;
pub use calibration::{Calibration, Signals};
pub use change_form::ChangeForm;
pub use criteria::Criteria;
pub use duties::Duties;
pub use error::{Error, Problem};
pub use form::Form;
pub use source::parse;
pub use taxonomy::Taxonomy;
pub use weighing::{FileWeights, PlaceWeight, SurveyWeights, Weighing};

static CATALOGS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/catalogs");

/// The largest tree that is read: ours is a hundredth of it.
const MOST_TREE_BYTES: u64 = 4 << 20;

/// The folder of 工信部网安〔2022〕166号 among the catalogs.
const MIIT_166: &str = "miit-166";

/// Everything that a regulation fixes, read from its folder of `catalogs/`.
#[derive(Clone, Debug)]
pub struct Regime {
    /// The tree of categories, and how evidence is weighed in it.
    pub taxonomy: Taxonomy,
    /// What raises a level.
    pub criteria: Criteria,
    /// The columns of the filing.
    pub form: Form,
    /// The columns of a change filing.
    pub change_form: ChangeForm,
    /// Working days and holidays, by year.
    pub calendar: Calendar,
    /// What has to be done when.
    pub duties: Duties,
    version: String,
}

impl Regime {
    /// The regime that is built in: 工信部网安〔2022〕166号.
    pub fn builtin() -> Result<Self, Error> {
        let taxonomy_file = format!("{MIIT_166}/taxonomy.toml");
        let weighing_file = format!("{MIIT_166}/weighing.toml");
        let levels_file = format!("{MIIT_166}/levels.toml");
        let form_file = format!("{MIIT_166}/filing.toml");
        let duties_file = format!("{MIIT_166}/duties.toml");
        let calibration_file = format!("{MIIT_166}/calibration.toml");
        let files = [&taxonomy_file, &weighing_file, &calibration_file, &levels_file];
        let [taxonomy_text, weighing_text, calibration_text, levels_text] = files.map(|file| text_of(file));
        let texts = [taxonomy_text?, weighing_text?, calibration_text?, levels_text?];
        let [taxonomy_text, weighing_text, calibration_text, levels_text] = texts;
        let weighing = Weighing::parse(weighing_text, &weighing_file)?;
        let calibration = Calibration::parse(calibration_text, &calibration_file)?;
        let taxonomy = Taxonomy::parse(taxonomy_text, &taxonomy_file)?.weighed_by(weighing).calibrated_by(calibration);
        let criteria = Criteria::parse(levels_text, &levels_file, &taxonomy)?;
        let form = Form::parse(text_of(&form_file)?, &form_file)?;
        let change_file = format!("{MIIT_166}/changes.toml");
        let change_form = ChangeForm::parse(text_of(&change_file)?, &change_file, &form)?;
        let calendar = Calendar::parse(&texts_in("calendar"))?;
        let duties = Duties::parse(text_of(&duties_file)?, &duties_file)?;
        Ok(Self { taxonomy, criteria, form, change_form, calendar, duties, version: version_of(&texts) })
    }

    /// The regime with holiday tables of the user's, each given as (path, text).
    pub fn with_calendar(self, tables: &[(String, &str)]) -> Result<Self, Error> {
        let calendar = self.calendar.with_tables(tables).map_err(Error::of_user)?;
        Ok(Self { calendar, ..self })
    }

    /// The regime with a form of the user's, as a province hands it out; `file` is its path, for messages.
    pub fn with_form(self, text: &str, file: &str) -> Result<Self, Error> {
        let form = Form::parse(text, file).map_err(Error::of_user)?;
        Ok(Self { form, ..self })
    }

    /// The regime with categories of a user's file below those of the tree. Its version is another one: results say
    /// which tree they were made with.
    pub fn with_tree(self, path: &Path) -> Result<Self, Error> {
        let file = escape_name(path.as_os_str().as_encoded_bytes());
        let mut text = String::new();
        let read = std::fs::File::open(path).and_then(|opened| opened.take(MOST_TREE_BYTES).read_to_string(&mut text));
        read.map_err(|_| Error::new(&file, Problem::MissingFile).of_user())?;
        let taxonomy = self.taxonomy.grown_by(&text, &file).map_err(Error::of_user)?;
        Ok(Self { taxonomy, version: version_of(&[&self.version, &text]), ..self })
    }

    /// 16 hexadecimal digits: xxh3-64 over the texts that a scan's results depend on: taxonomy, weighing, calibration,
    /// criteria.
    /// Form, calendar and duties are left out: a new year of holidays makes nobody read a store again.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}

fn version_of(texts: &[&str]) -> String {
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    }
    format!("{:016x}", xxh3_64(&bytes))
}

fn text_of(file: &str) -> Result<&'static str, Error> {
    CATALOGS
        .get_file(file)
        .and_then(include_dir::File::contents_utf8)
        .ok_or_else(|| Error::new(file, Problem::MissingFile))
}

/// The `.toml` files below a folder of `catalogs/`, by name.
fn texts_in(folder: &str) -> Vec<(String, &'static str)> {
    CATALOGS.get_dir(folder).map(texts_below).unwrap_or_default()
}

fn texts_below(folder: &Dir<'static>) -> Vec<(String, &'static str)> {
    let mut texts = Vec::new();
    for file in folder.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        if let (true, Some(text)) =
            (file.path().extension().is_some_and(|extension| extension == "toml"), file.contents_utf8())
        {
            texts.push((name, text));
        }
    }
    for inner in folder.dirs() {
        texts.extend(texts_below(inner));
    }
    texts.sort();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_regime_loads_and_names_its_version() {
        let regime = Regime::builtin().unwrap();
        assert_eq!(regime.version().len(), 16);
        assert_eq!(regime.taxonomy.tops().count(), 5);
    }

    #[test]
    fn one_changed_letter_changes_the_version() {
        let before = version_of(&["x = 1", "y = 1"]);
        assert_ne!(before, version_of(&["x = 1", "y = 2"]));
        assert_ne!(before, version_of(&["x = 1y = 1", ""]));
    }
}
