//! The filing form as data (`miit-166/12`): sheets, columns, what each asks for, and what a change in it means.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::taxonomy::{Label, Schema};
use super::{Error, Problem, parse};
use crate::model::{Level, Mark};

/// The form of a regime. No national template is public, so it is a file that an administrator can edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The regime's id, e.g. `miit-166`.
    pub id: String,
    /// The data processor itself (数据处理者基本情况).
    pub entity: Sheet,
    /// One row a class of important or core data (目录).
    pub catalog: Sheet,
}

/// One sheet of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// `entity` or `catalog`; of a change form `header`, `changes` or `cancellations`.
    pub id: String,
    /// Its title.
    pub label: Label,
    /// Its columns, in the order of the form.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// One column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The id used in JSON, in `mulu.toml` and in filed entries.
    pub id: String,
    /// The header.
    pub label: Label,
    /// What may stand in it.
    pub kind: Kind,
    /// The values that a choice may take.
    #[serde(default)]
    pub choices: Vec<String>,
    /// When it has to be filled.
    #[serde(default)]
    pub required: Required,
    /// Who fills it.
    pub from: From,
    /// What a change in it means.
    #[serde(default)]
    pub on_change: OnChange,
    /// Months after the latest date in it from which it is stale; `None` where it does not grow old.
    #[serde(default)]
    pub stale_after_months: Option<u16>,
    /// The article or document that asks for it.
    pub basis: String,
    /// How sure that basis is.
    pub mark: Mark,
}

/// What may stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Free text.
    Text,
    /// A whole number, not negative.
    Integer,
    /// A whole number of bytes.
    Bytes,
    /// A civil date, `YYYY-MM-DD`.
    Date,
    /// One of `choices`.
    Choice,
    /// One or more of `choices`, parted by `、`, `;` or `,`.
    Choices,
    /// 是 or 否.
    Boolean,
}

/// When a column has to be filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "RequiredFile")]
pub enum Required {
    /// It may stay empty.
    #[default]
    Never,
    /// In every entry.
    Always,
    /// In entries of this level or above.
    Level(Level),
    /// Where another column of the entry holds this value.
    If {
        /// The id of the other column.
        column: String,
        /// The value.
        is: String,
    },
    /// Something else stood in the file; `Form::parse` refuses it.
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RequiredFile {
    Word(String),
    If {
        #[serde(rename = "if")]
        condition: String,
    },
}

impl std::convert::From<RequiredFile> for Required {
    fn from(file: RequiredFile) -> Self {
        match file {
            RequiredFile::Word(word) => match word.as_str() {
                "never" => Self::Never,
                "always" => Self::Always,
                "important" => Self::Level(Level::Important),
                "core" => Self::Level(Level::Core),
                _ => Self::Unknown(word),
            },
            RequiredFile::If { condition } => match condition.split_once('=') {
                Some((column, is)) => Self::If { column: column.trim().to_owned(), is: is.trim().to_owned() },
                None => Self::Unknown(condition),
            },
        }
    }
}

impl Required {
    /// Whether a row of this level has to fill it; `value` gives the other columns of the row.
    #[must_use]
    pub fn holds<'a>(&self, level: Option<Level>, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::Never | Self::Unknown(_) => false,
            Self::Always => true,
            Self::Level(least) => level.is_some_and(|level| level >= *least),
            Self::If { column, is } => value(column).is_some_and(|given| given.trim() == is),
        }
    }
}

/// Who fills a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// The scan knows it.
    Scan,
    /// A person says it in `mulu.toml`; a scan may propose a value that the person's outranks.
    Register,
}

/// What a change in a column means for the filing (`miit-166/12`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnChange {
    /// 规模: re-file from thirty per cent on.
    Ratio,
    /// Other filed content: re-file on any change.
    Any,
    /// Description and evidence: never.
    #[default]
    Note,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    #[serde(rename = "schema")]
    _schema: Schema,
    id: String,
    sheet: Vec<Sheet>,
}

impl Form {
    /// Reads and checks a form. `file` is its name for messages.
    pub fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let read: FormFile = parse(text, file)?;
        let mut form = Self { id: read.id, ..Self::default() };
        for sheet in read.sheet {
            check_sheet(&sheet, file)?;
            match sheet.id.as_str() {
                "entity" => form.entity = sheet,
                "catalog" => form.catalog = sheet,
                _ => {
                    let rule = ("表应为 entity 或 catalog", "a sheet is entity or catalog");
                    return Err(Error::new(file, Problem::Unfit { entry: sheet.id, rule }));
                }
            }
        }
        if form.catalog.columns.is_empty() {
            let rule = ("必须有 catalog 表", "a form has the sheet catalog");
            return Err(Error::new(file, Problem::Unfit { entry: form.id, rule }));
        }
        Ok(form)
    }
}

impl Sheet {
    /// The column of an id.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }
}

impl Column {
    /// The parts of a value with several choices, trimmed.
    pub fn parts(value: &str) -> impl Iterator<Item = &str> {
        value.split(['、', ';', '；', ',', '，']).map(str::trim).filter(|part| !part.is_empty())
    }

    /// Whether a value may stand in this column.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        let listed = |part: &str| self.choices.iter().any(|choice| choice == part);
        match self.kind {
            Kind::Text => true,
            Kind::Integer | Kind::Bytes => value.trim().parse::<u64>().is_ok(),
            Kind::Date => value.trim().parse::<jiff::civil::Date>().is_ok(),
            Kind::Choice => listed(value.trim()),
            Kind::Choices => Self::parts(value).next().is_some() && Self::parts(value).all(listed),
            Kind::Boolean => matches!(value.trim(), "是" | "否"),
        }
    }
}

/// Checks that a sheet does not contradict itself.
pub(super) fn check_sheet(sheet: &Sheet, file: &str) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for column in &sheet.columns {
        let id = column.id.clone();
        if !seen.insert(column.id.as_str()) {
            return Err(Error::new(file, Problem::Duplicate { id }));
        }
        let chooses = matches!(column.kind, Kind::Choice | Kind::Choices);
        if chooses == column.choices.is_empty() {
            let rule = (
                "choices 与类型 choice、choices 同用，且必须同用",
                "choices belong to the kinds choice and choices, and to them always",
            );
            return Err(Error::new(file, Problem::Unfit { entry: id, rule }));
        }
    }
    for column in &sheet.columns {
        let entry = column.id.clone();
        let problem = match &column.required {
            Required::Unknown(word) => Problem::Unknown { entry, name: word.clone(), kind: "required" },
            Required::If { column: other, .. } if !seen.contains(other.as_str()) => {
                Problem::Unknown { entry, name: other.clone(), kind: "column" }
            }
            _ => continue,
        };
        return Err(Error::new(file, problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILTIN: &str = include_str!("../../catalogs/miit-166/filing.toml");

    #[test]
    fn the_builtin_form_asks_for_the_eleven_facts_of_article_12_in_every_entry() {
        let form = Form::parse(BUILTIN, "filing.toml").unwrap();
        for id in super::super::form_remarks::ARTICLE_12 {
            let column = form.catalog.column(id).unwrap_or_else(|| panic!("no column {id}"));
            assert_eq!((&column.required, column.basis.as_str()), (&Required::Always, "miit-166/12"), "{id}");
            assert_eq!(column.mark, Mark::Law, "{id}");
            assert_ne!(column.on_change, OnChange::Note, "{id}");
        }
    }

    #[test]
    fn every_number_of_the_builtin_catalog_sheet_fires_by_ratio() {
        let form = Form::parse(BUILTIN, "filing.toml").unwrap();
        for column in &form.catalog.columns {
            if matches!(column.kind, Kind::Integer | Kind::Bytes) {
                assert_eq!(column.on_change, OnChange::Ratio, "{}", column.id);
            }
        }
    }

    #[test]
    fn every_column_of_the_builtin_form_cites_law_only_where_it_names_an_article() {
        let form = Form::parse(BUILTIN, "filing.toml").unwrap();
        for column in form.entity.columns.iter().chain(&form.catalog.columns) {
            assert!(!column.label.zh.is_empty() && !column.label.en.is_empty(), "{}", column.id);
            if column.mark == Mark::Law {
                assert!(column.basis.starts_with("miit-166/"), "{}", column.id);
            }
        }
    }

    fn one_column(rest: &str) -> Result<Form, Error> {
        let text = format!(
            "schema=1\nid=\"x\"\n[[sheet]]\nid=\"catalog\"\nlabel={{zh=\"表\",en=\"sheet\"}}\n[[sheet.column]]\nid=\"a\"\n\
             label={{zh=\"列\",en=\"column\"}}\nfrom=\"scan\"\nbasis=\"design\"\nmark=\"design\"\n{rest}"
        );
        Form::parse(&text, "filing.toml")
    }

    #[test]
    fn a_form_that_contradicts_itself_is_refused() {
        assert!(one_column("kind=\"text\"").is_ok());
        assert!(one_column("kind=\"choice\"").is_err());
        assert!(one_column("kind=\"text\"\nchoices=[\"是\"]").is_err());
        assert!(one_column("kind=\"text\"\nrequired=\"sometimes\"").is_err());
        assert!(one_column("kind=\"text\"\nrequired={ if = \"b = 是\" }").is_err());
        assert!(one_column("kind=\"text\"\nsurplus=1").is_err());
    }

    #[test]
    fn an_error_names_file_and_line_and_not_the_text() {
        let error = one_column("kind=\"nonsense\"").unwrap_err().to_string();
        assert!(error.contains("filing.toml") && error.contains("line 12"), "{error}");
        assert!(!error.contains("nonsense"), "{error}");
    }

    #[test]
    fn a_condition_asks_only_where_the_other_column_holds_its_value() {
        let condition = Required::If { column: "cross_border".to_owned(), is: "是".to_owned() };
        assert!(condition.holds(None, |_| Some("是")));
        assert!(!condition.holds(None, |_| Some("否")));
        assert!(!condition.holds(None, |_| None));
        assert!(!Required::Level(Level::Core).holds(Some(Level::Important), |_| None));
    }
}
