//! Tables as a file describes them: one JSON object a line, so that rules can be tried without a server.

use serde::Deserialize;

use super::Error;
use crate::classify::survey::Described;
use crate::model::Column;

/// A line: what the catalog of a database says of a table.
#[derive(Clone, Debug, Deserialize)]
struct Line {
    #[serde(default)]
    system: String,
    #[serde(default)]
    schema: String,
    table: String,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    columns: Vec<LineColumn>,
    #[serde(default)]
    foreign_keys: Vec<ForeignKey>,
}

#[derive(Clone, Debug, Deserialize)]
struct LineColumn {
    name: String,
    #[serde(default, rename = "type")]
    declared_type: Option<String>,
    #[serde(default)]
    comment: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct ForeignKey {
    table: String,
}

/// A table of such a file.
#[derive(Clone, Debug)]
pub struct TableLine {
    /// The system that it belongs to: all tables of one are surveyed together.
    pub system: String,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub table: String,
    comment: Option<String>,
    columns: Vec<Column>,
    references: Vec<String>,
}

impl TableLine {
    /// The table, as a survey wants it.
    #[must_use]
    pub fn described(&self) -> Described<'_> {
        Described {
            location: self.schema.clone(),
            name: &self.table,
            comment: self.comment.as_deref(),
            columns: &self.columns,
            references: self.references.iter().map(String::as_str).collect(),
            shown: self.table.clone(),
        }
    }
}

/// Reads descriptions, one a line.
pub fn read(text: &str, file: &str) -> Result<Vec<TableLine>, Error> {
    let lines = (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty());
    lines
        .map(|(line, text)| {
            let read: Line =
                serde_json::from_str(text).map_err(|_| Error::Malformed { file: file.to_owned(), line })?;
            Ok(TableLine {
                system: read.system,
                schema: read.schema,
                table: read.table,
                comment: read.comment.filter(|comment| !comment.is_empty()),
                columns: read.columns.into_iter().map(LineColumn::into_column).collect(),
                references: read.foreign_keys.into_iter().map(|key| key.table).collect(),
            })
        })
        .collect()
}

impl LineColumn {
    fn into_column(self) -> Column {
        Column {
            name: Some(self.name),
            comment: self.comment.filter(|comment| !comment.is_empty()),
            declared_type: self.declared_type,
            from_schema: true,
        }
    }
}
