//! Shapes of tables: kinds of columns that stand together.

use super::Error;
use super::schema::{Label, ShapeEntry};
use super::words::{Name, NameWord};
use crate::model::{ColumnStatistics, Holds, Mark};

/// A shape that a table may have.
#[derive(Debug)]
pub struct TableShape {
    /// Its id, the rule of its evidence.
    pub id: String,
    /// What a person reads; the term of its evidence.
    pub name: Label,
    /// The file that it stands in.
    pub file: String,
    /// What it speaks for.
    pub category: String,
    /// How strongly, where names say it.
    pub weight: f64,
    /// How strongly, where only what the columns hold says it.
    pub held_weight: f64,
    /// How sure the source is.
    pub basis: Mark,
    parts: Vec<Part>,
    fewest_named: usize,
    most_columns: usize,
    most_held_columns: usize,
}

#[derive(Debug)]
struct Part {
    names: Vec<NameWord>,
    holds: Option<Holds>,
}

impl TableShape {
    pub(super) fn new(entry: ShapeEntry, file: &str) -> Result<Self, Error> {
        let refuse = |field| Err(Error::Value { file: file.to_owned(), rule: entry.id.clone(), field });
        if !(0.0..=1.0).contains(&entry.weight) {
            return refuse("weight");
        }
        if !(0.0..=entry.weight).contains(&entry.held_weight) {
            return refuse("held_weight");
        }
        if entry.fewest_named < 2 || entry.fewest_named > entry.parts.len() {
            return refuse("fewest_named");
        }
        let part = |names: &[String]| names.iter().map(|name| NameWord::new(name)).collect();
        Ok(Self {
            parts: entry.parts.iter().map(|one| Part { names: part(&one.names), holds: one.holds }).collect(),
            id: entry.id,
            name: entry.name,
            file: file.to_owned(),
            category: entry.category,
            weight: entry.weight,
            held_weight: entry.held_weight,
            basis: entry.basis,
            fewest_named: entry.fewest_named,
            most_columns: entry.most_columns,
            most_held_columns: entry.most_held_columns,
        })
    }

    /// Whether the names of the columns say that a table has it. A wider table is something else that happens to have
    /// them.
    #[must_use]
    pub fn is_named(&self, names: &[Name], columns: usize) -> bool {
        let has_name = |part: &&Part| part.names.iter().any(|word| names.iter().any(|name| name.holds(word)));
        columns <= self.most_columns && self.parts.iter().filter(has_name).count() >= self.fewest_named
    }

    /// Whether what the columns hold says it: each part that asks for something has a column of its own.
    #[must_use]
    pub fn is_held(&self, columns: &[ColumnStatistics]) -> bool {
        let mut asked = self.parts.iter().filter_map(|part| part.holds).peekable();
        let has_column = |holds| columns.iter().any(|column| column.holds(holds));
        // No value is of two kinds, so no column holds two things.
        columns.len() <= self.most_held_columns && asked.peek().is_some() && asked.all(has_column)
    }
}
