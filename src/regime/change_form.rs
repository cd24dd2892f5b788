//! The form of a change filing as data (`miit-166/12`, `miit-166/20`, `miit-166/22`): its sheets, and what each kind of change is called in
//! it.

use serde::Deserialize;

use super::form::{Sheet, check_sheet};
use super::taxonomy::{Label, Schema};
use super::{Error, Form, Problem, parse};

/// The kinds of change that a type may be for, as `mulu changes` names them.
const KINDS: [&str; 6] = ["scale", "added", "removed", "level", "category", "field"];

/// The form of a change filing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeForm {
    /// What is said once.
    pub header: Sheet,
    /// One row a change.
    pub changes: Sheet,
    /// One row an entry that is gone.
    pub cancellations: Sheet,
    types: Vec<ChangeType>,
}

/// What a change is called in the form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeType {
    /// Its id.
    pub id: String,
    /// Its name; `None` where only a person can tell.
    #[serde(default)]
    pub label: Option<Label>,
    /// The kinds of change that it is for.
    pub kinds: Vec<String>,
    /// For fields: the columns of the filing form that it is for; empty: all others.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The articles that ask for it.
    pub basis: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    #[serde(rename = "id")]
    _id: String,
    sheet: Vec<Sheet>,
    #[serde(rename = "type")]
    types: Vec<ChangeType>,
}

impl ChangeForm {
    /// Reads and checks a form; `form` is the filing form whose columns its types name.
    pub fn parse(text: &str, file: &str, form: &Form) -> Result<Self, Error> {
        let read: File = parse(text, file)?;
        let mut found = Self { types: read.types, ..Self::default() };
        for sheet in read.sheet {
            check_sheet(&sheet, file)?;
            match sheet.id.as_str() {
                "header" => found.header = sheet,
                "changes" => found.changes = sheet,
                "cancellations" => found.cancellations = sheet,
                _ => {
                    let rule =
                        ("表应为 header、changes 或 cancellations", "a sheet is header, changes or cancellations");
                    return Err(Error::new(file, Problem::Unfit { entry: sheet.id, rule }));
                }
            }
        }
        if found.changes.columns.is_empty() {
            let rule = ("必须有 changes 表", "a form of changes has the sheet changes");
            return Err(Error::new(file, Problem::Unfit { entry: "sheet".to_owned(), rule }));
        }
        for one in &found.types {
            let entry = || one.id.clone();
            if let Some(kind) = one.kinds.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
                return Err(Error::new(file, Problem::Unknown { entry: entry(), name: kind.clone(), kind: "kind" }));
            }
            if let Some(column) = one.columns.iter().find(|column| form.catalog.column(column).is_none()) {
                let name = column.clone();
                return Err(Error::new(file, Problem::Unknown { entry: entry(), name, kind: "column" }));
            }
        }
        let untyped = KINDS.iter().find(|kind| found.change_type(kind, None).is_none());
        match untyped {
            Some(kind) => {
                let rule = ("每种变化都要有一个类型", "each kind of change has a type");
                Err(Error::new(file, Problem::Unfit { entry: (*kind).to_owned(), rule }))
            }
            None => Ok(found),
        }
    }

    /// The first type that is for a kind of change, and for a column of the filing form where it is a field.
    #[must_use]
    pub fn change_type(&self, kind: &str, column: Option<&str>) -> Option<&ChangeType> {
        let is_for = |one: &&ChangeType| {
            let columns = &one.columns;
            let fits = columns.is_empty() || column.is_some_and(|column| columns.iter().any(|one| one == column));
            one.kinds.iter().any(|one| one == kind) && fits
        };
        self.types.iter().find(is_for)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;
    use crate::regime::Regime;

    const BUILTIN: &str = include_str!("../../catalogs/miit-166/changes.toml");

    fn read(text: &str) -> Result<ChangeForm, Error> {
        ChangeForm::parse(text, "changes.toml", &Regime::builtin().unwrap().form)
    }

    #[test]
    fn every_column_of_the_filing_form_that_fires_on_any_change_has_a_type() {
        let (regime, form) = (Regime::builtin().unwrap(), read(BUILTIN).unwrap());
        for column in &regime.form.catalog.columns {
            assert!(form.change_type("field", Some(&column.id)).is_some(), "{}", column.id);
        }
        let label = |kind, column| form.change_type(kind, column).and_then(|one| one.label.clone()).map(|one| one.zh);
        assert_eq!(label("field", Some("cross_border_country")).as_deref(), Some("跨境变更"));
        assert_eq!(label("field", Some("precision")).as_deref(), Some("其他备案内容变更"));
        assert_eq!(label("scale", None).as_deref(), Some("规模变化≥30%"));
        assert_eq!(label("removed", None), None, "destroyed or transferred: a person tells");
        assert_eq!(form.changes.label.say(Lang::Zh), "变更内容");
    }

    #[test]
    fn a_form_that_names_what_there_is_not_is_refused() {
        for (from, to) in [
            ("kinds = [\"scale\"]", "kinds = [\"scales\"]"),
            ("\"purpose\", \"manner\"", "\"purpose\", \"manners\""),
            ("id = \"cancellations\"", "id = \"cancelled\""),
            ("kinds = [\"level\"]", "kinds = [\"added\"]"),
        ] {
            assert!(BUILTIN.contains(from), "{from}");
            assert!(read(&BUILTIN.replace(from, to)).is_err(), "{to}");
        }
    }
}
