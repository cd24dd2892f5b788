//! The tables that the statements of a dump make, describe and fill.

use std::collections::HashMap;

use super::definition::{Definition, Keys};
use super::token::TableName;
use crate::discover::database::format::{SQL_TABLE, SQL_VIEW};
use crate::discover::database::{ForeignKey, TableFacts};
use crate::model::{AssetKind, Column, Measure, Reason};
use crate::open::Limits;

/// Every table so far, by the order of its first mention.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) all: Vec<Dumped>,
    by_name: HashMap<(String, String), usize>,
    /// The same in lower case: not every statement writes a name alike. Nothing where two tables differ in no more.
    by_folded_name: HashMap<(String, String), Option<usize>>,
    /// Where names without a schema belong.
    pub(super) schema: String,
    pub(super) database: Option<String>,
    kept_at_most: usize,
    most_columns: usize,
    columns_left: usize,
    /// Why not everything was kept.
    pub(super) partial: Option<Reason>,
}

/// Where a column goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Before all others.
    First,
    /// Behind this one.
    After(String),
    /// Behind all others.
    Last,
}

/// A table, and what was counted of it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says what was seen of the table, and they combine freely")]
pub(super) struct Dumped {
    pub(super) facts: TableFacts,
    /// Rows that were read.
    pub(super) rows: u64,
    /// What they take in the dump.
    pub(super) bytes: u64,
    /// How often rows of it begin.
    pub(super) runs: u64,
    /// Whether a query fills it too, so that nobody knows how many rows it has.
    pub(super) has_more_rows: bool,
    /// Whether a statement makes it: then its columns are those, else those that rows name.
    pub(super) is_defined: bool,
    /// Whether a statement took it away again before a row was in it.
    pub(super) is_gone: bool,
    /// Whether rows of it were not read, or not as they are.
    pub(super) is_unsound: bool,
    /// The table that it is a part of, and that its rows belong to.
    pub(super) whole: Option<usize>,
}

impl Tables {
    /// None yet.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            all: Vec::new(),
            by_name: HashMap::new(),
            by_folded_name: HashMap::new(),
            schema: String::new(),
            database: None,
            kept_at_most: limits.dumped_tables,
            most_columns: limits.columns,
            columns_left: limits.dumped_columns,
            partial: None,
        }
    }

    /// The number of the table that a statement makes or drops: that of this very name.
    pub(super) fn find_exact(&self, table: &TableName) -> Option<usize> {
        self.by_name.get(&self.key(table)).copied()
    }

    /// The number of a table that is known, by the name or by what nothing but one table is called like.
    pub(super) fn find(&self, table: &TableName) -> Option<usize> {
        let key = self.key(table);
        let folded = |(schema, name): &(String, String)| (schema.to_lowercase(), name.to_lowercase());
        let by_folded_name = |key: &(String, String)| self.by_folded_name.get(key).copied().flatten();
        self.by_name.get(&key).copied().or_else(|| by_folded_name(&folded(&key))).or_else(|| {
            // One of both names no schema.
            let name = key.1.to_lowercase();
            by_folded_name(&(String::new(), name)).filter(|_| table.schema.is_some())
        })
    }

    /// The schema, behind the database where there are several, and the name.
    fn key(&self, table: &TableName) -> (String, String) {
        let schema = table.schema.as_ref().unwrap_or(&self.schema);
        let database = self.database.as_ref().map(|database| format!("{database}\0")).unwrap_or_default();
        (format!("{database}{schema}"), table.name.clone())
    }

    fn schema_of(&self, table: &TableName) -> String {
        table.schema.clone().unwrap_or_else(|| self.schema.clone())
    }

    /// The number of a table, which is new if nobody spoke of it; `None` where there are too many.
    pub(super) fn find_or_add(&mut self, table: &TableName, kind: AssetKind) -> Option<usize> {
        self.find(table).or_else(|| self.add(table, kind))
    }

    /// The number of a new table; `None` where there are too many.
    fn add(&mut self, table: &TableName, kind: AssetKind) -> Option<usize> {
        if self.all.len() >= self.kept_at_most {
            self.partial = Some(Reason::TooMany);
            return None;
        }
        let (schema, name) = self.key(table);
        let format = if kind == AssetKind::View { SQL_VIEW } else { SQL_TABLE };
        let mut facts = TableFacts::new(self.schema_of(table), name.clone(), kind, format);
        facts.database.clone_from(&self.database);
        let number = self.all.len();
        let folded = (schema.to_lowercase(), name.to_lowercase());
        self.by_folded_name.entry(folded).and_modify(|it| *it = None).or_insert(Some(number));
        self.by_name.insert((schema, name), number);
        self.all.push(Dumped {
            facts,
            rows: 0,
            bytes: 0,
            runs: 0,
            has_more_rows: false,
            is_defined: false,
            is_gone: false,
            is_unsound: false,
            whole: None,
        });
        Some(number)
    }

    /// A statement makes a table.
    pub(super) fn define(
        &mut self,
        table: &TableName,
        kind: AssetKind,
        definition: Definition,
        comment: Option<String>,
    ) {
        // Rows may stand before the statement that makes their table, and write its name otherwise.
        let undefined = |number: &usize| self.all.get(*number).is_some_and(|dumped| !dumped.is_defined);
        let known = self.find_exact(table).or_else(|| self.find(table).filter(undefined));
        let Some(number) = known.or_else(|| self.add(table, kind)) else { return };
        let kept = self.admit(definition.columns.len());
        let keys = self.keys(definition.keys);
        let Some(dumped) = self.all.get_mut(number) else { return };
        dumped.is_gone = false;
        dumped.is_defined = true;
        dumped.facts.kind = kind;
        dumped.facts.format = if kind == AssetKind::View { SQL_VIEW } else { SQL_TABLE };
        dumped.facts.columns = definition.columns;
        dumped.facts.columns.truncate(kept);
        dumped.facts.comment = comment.filter(|comment| !comment.is_empty());
        (dumped.facts.primary_key, dumped.facts.unique_keys, dumped.facts.foreign_keys) = keys;
    }

    /// How many of so many columns may still be kept.
    fn admit(&mut self, columns: usize) -> usize {
        let kept = columns.min(self.columns_left).min(self.most_columns);
        if kept < columns {
            self.partial = Some(Reason::TooMany);
        }
        self.columns_left -= kept;
        kept
    }

    /// Keys as [`TableFacts`] holds them.
    fn keys(&self, keys: Keys) -> (Vec<String>, Vec<Vec<String>>, Vec<ForeignKey>) {
        let foreign = keys.foreign.into_iter().map(|(columns, table, target_columns)| {
            let schema = self.schema_of(&table);
            ForeignKey { columns, schema, table: table.name, target_columns }
        });
        (keys.primary, keys.unique, foreign.collect())
    }

    /// A statement adds keys to a table.
    pub(super) fn add_keys(&mut self, number: usize, keys: Keys) {
        let (primary, unique, foreign) = self.keys(keys);
        let Some(dumped) = self.all.get_mut(number) else { return };
        if !primary.is_empty() {
            dumped.facts.primary_key = primary;
        }
        dumped.facts.unique_keys.extend(unique);
        dumped.facts.foreign_keys.extend(foreign);
    }

    /// A statement adds a column, or changes the one that is called `old`.
    pub(super) fn put_column(&mut self, number: usize, old: Option<&str>, mut column: Column, position: &Position) {
        let place = |facts: &TableFacts| {
            let old = old.or(column.name.as_deref())?;
            facts.columns.iter().position(|it| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(old)))
        };
        let known = self.all.get(number).and_then(|dumped| place(&dumped.facts));
        if known.is_none() && self.admit(1) == 0 {
            return;
        }
        let Some(dumped) = self.all.get_mut(number) else { return };
        let columns = &mut dumped.facts.columns;
        if let Some(before) = known.and_then(|at| columns.get_mut(at)) {
            column.declared_type = column.declared_type.or(before.declared_type.take());
            column.comment = column.comment.or(before.comment.take());
            *before = column;
        } else if columns.len() < self.most_columns {
            let after = |name: &str| columns.iter().position(|it| it.name.as_deref() == Some(name)).map(|at| at + 1);
            let at = match position {
                Position::First => Some(0),
                Position::After(name) => after(name),
                Position::Last => None,
            };
            columns.insert(at.unwrap_or(columns.len()), column);
        } else {
            self.partial = Some(Reason::TooMany);
        }
    }

    /// Rows come with values of these columns, or so many without names: a table that nobody defined has them.
    pub(super) fn show_columns(&mut self, number: usize, names: &[String], values: usize) {
        let Some(dumped) = self.all.get(number).filter(|dumped| !dumped.is_defined) else { return };
        let known = &dumped.facts.columns;
        let unnamed = if names.is_empty() { values.saturating_sub(known.len()) } else { 0 };
        let is_new = |name: &&String| !known.iter().any(|column| column.name.as_ref() == Some(*name));
        // Columns of rows are told as columns of statements are: both are names by the grammar.
        let named = names.iter().filter(is_new).map(|name| Column {
            name: Some(name.clone()),
            from_schema: true,
            ..Column::default()
        });
        let mut more: Vec<Column> = named.chain((0..unnamed).map(|_| Column::default())).collect();
        more.truncate(self.admit(more.len()));
        if let Some(dumped) = self.all.get_mut(number) {
            let room = self.most_columns.saturating_sub(dumped.facts.columns.len());
            more.truncate(room);
            dumped.facts.columns.extend(more);
        }
    }

    /// Rows of a table were not read, or not as they are: what was counted is not all, and its rows never end.
    pub(super) fn doubt(&mut self, number: usize, reason: Reason) {
        let Some(dumped) = self.all.get_mut(number).filter(|dumped| !dumped.is_unsound) else { return };
        dumped.is_unsound = true;
        dumped.is_gone = false;
        // One run more than there are: a table that does not come to its end is not told as whole.
        dumped.runs += 1;
        self.partial.get_or_insert(reason);
    }

    /// The table whose rows those of a table are: its own, or that of the table that it is a partition of.
    pub(super) fn holder(&self, number: usize) -> usize {
        let mut holder = number;
        // Partitions of partitions; more levels than tables would be a circle.
        for _ in 0..self.all.len() {
            match self.all.get(holder).and_then(|dumped| dumped.whole) {
                Some(whole) => holder = whole,
                None => break,
            }
        }
        holder
    }

    /// Puts the counts in their places: rows of partitions belong to their whole, and a table's rows are what was counted.
    pub(super) fn settle(&mut self, is_exact: bool) {
        for number in 0..self.all.len() {
            let holder = self.holder(number);
            if holder == number {
                continue;
            }
            let Some(part) = self.all.get_mut(number) else { continue };
            let (rows, bytes, runs) = (part.rows, part.bytes, part.runs);
            let is_inexact = part.is_unsound || part.has_more_rows;
            part.is_gone = true;
            if let Some(whole) = self.all.get_mut(holder) {
                whole.rows += rows;
                whole.bytes += bytes;
                whole.runs += runs;
                whole.facts.partitions += 1;
                whole.has_more_rows |= is_inexact;
            }
        }
        for dumped in self.all.iter_mut().filter(|dumped| dumped.facts.kind == AssetKind::Table) {
            let exact = is_exact && !dumped.has_more_rows && !dumped.is_unsound;
            dumped.facts.records = Some(Measure { value: dumped.rows, exact });
            dumped.facts.bytes = Some(Measure { value: dumped.bytes, exact: is_exact });
        }
    }
}
