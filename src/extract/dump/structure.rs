//! The first reading of a dump: what its statements say of tables, and how many rows they fill them with.

use super::definition::{Definition, Keys};
use super::insert::target;
use super::lexer::TextSink;
use super::statements::Listener;
use super::tables::Tables;
use super::token::{Cursor, TableName, Token, is_word};
use crate::model::{AssetKind, Column, Reason};
use crate::open::Limits;

/// Listens to statements, and counts rows.
pub(super) struct Structure {
    pub(super) tables: Tables,
    current: Option<usize>,
    columns: Vec<String>,
    most_columns: usize,
}

impl Structure {
    /// Nothing heard yet.
    pub(super) fn new(limits: &Limits) -> Self {
        let columns = Vec::new();
        Self { tables: Tables::new(limits), current: None, columns, most_columns: limits.columns }
    }

    fn create(&mut self, mut cursor: Cursor<'_>) {
        cursor.accept_all("or replace");
        cursor.accept_any(&[
            "global",
            "local",
            "temporary",
            "temp",
            "unlogged",
            "external",
            "foreign",
            "transient",
            "column",
            "row",
            "huge",
            "force",
            "noforce",
            "editionable",
        ]);
        if cursor.accept("table") {
            self.create_table(cursor);
        } else if cursor.accept_any_of(&["schema", "database"]) {
            // What it makes is no table; `USE` and qualified names say where tables lie.
        } else if let Some(name) = view_name(&mut cursor) {
            let columns = cursor.names_in_group().into_iter().map(|name| Column {
                name: Some(name),
                from_schema: true,
                ..Column::default()
            });
            let definition = Definition { columns: columns.collect(), keys: Keys::default() };
            self.tables.define(&name, AssetKind::View, definition, None);
        }
    }

    fn create_table(&mut self, mut cursor: Cursor<'_>) {
        let is_kept = cursor.accept_all("if not exists");
        let Some(name) = cursor.table() else { return };
        if is_kept && self.tables.find_exact(&name).is_some_and(|number| self.is_there(number)) {
            return;
        }
        if cursor.accept_all("partition of") {
            let whole = cursor.table();
            self.tables.define(&name, AssetKind::Table, Definition::default(), None);
            self.attach(&name, whole);
            return;
        }
        let definition = match cursor.group() {
            Some(inside) => Definition::of(inside, self.most_columns.saturating_add(1)),
            None => self.like(&mut cursor),
        };
        let comment = table_comment(cursor);
        self.tables.define(&name, AssetKind::Table, definition, comment);
    }

    fn is_there(&self, number: usize) -> bool {
        self.tables.all.get(number).is_some_and(|dumped| dumped.is_defined && !dumped.is_gone)
    }

    /// `CREATE TABLE a LIKE b`.
    fn like(&self, cursor: &mut Cursor<'_>) -> Definition {
        let mut definition = Definition::default();
        if cursor.accept("like")
            && let Some(model) = cursor.table().and_then(|name| self.tables.find(&name))
            && let Some(dumped) = self.tables.all.get(model)
        {
            definition.columns.clone_from(&dumped.facts.columns);
        }
        definition
    }

    /// `part` is a partition of `whole`.
    pub(super) fn attach(&mut self, part: &TableName, whole: Option<TableName>) {
        let whole = whole.and_then(|whole| self.tables.find_or_add(&whole, AssetKind::Table));
        let part = self.tables.find(part);
        if let (Some(part), Some(whole)) = (part, whole.filter(|whole| part != Some(*whole)))
            && let Some(dumped) = self.tables.all.get_mut(part)
        {
            dumped.whole = Some(whole);
        }
    }

    /// An `INSERT` of what a query gives: nobody counts these rows.
    fn fill_by_query(&mut self, tokens: &[Token]) {
        let known = target(tokens).and_then(|filled| self.tables.find(&filled.table));
        if let Some(dumped) = known.and_then(|number| self.tables.all.get_mut(number)) {
            dumped.has_more_rows = true;
        }
    }

    fn drop(&mut self, mut cursor: Cursor<'_>) {
        cursor.accept_any(&["foreign", "temporary", "materialized"]);
        if !cursor.accept("table") && !cursor.accept("view") {
            return;
        }
        cursor.accept_all("if exists");
        while let Some(name) = cursor.table() {
            // Rows that are in the dump stay what they are.
            let known = self.tables.find_exact(&name).and_then(|number| self.tables.all.get_mut(number));
            if let Some(dumped) = known.filter(|dumped| dumped.runs == 0) {
                dumped.is_gone = true;
            }
            if !cursor.accept_sign(b',') {
                break;
            }
        }
    }
}

/// Where names without a schema belong from now on.
pub(super) fn follow(tables: &mut Tables, tokens: &[Token]) {
    let mut cursor = Cursor::new(tokens);
    if cursor.accept("use") {
        // A name in the manner of a template is none.
        tables.schema = cursor.name().unwrap_or_default();
    } else if cursor.accept("\\connect") || cursor.accept("\\c") {
        tables.database = cursor.name().filter(|name| !name.is_empty());
        tables.schema = String::new();
    } else if cursor.accept_all("alter session set current_schema") {
        cursor.accept_sign(b'=');
        tables.schema = cursor.name().unwrap_or_default();
    } else if cursor.accept("set") {
        cursor.accept_any(&["session", "local"]);
        if cursor.accept("search_path") || cursor.accept("schema") {
            cursor.accept("to");
            cursor.accept_sign(b'=');
            let named = cursor.name().or_else(|| cursor.text().map(str::to_owned)).unwrap_or_default();
            tables.schema = if named.eq_ignore_ascii_case("pg_catalog") { String::new() } else { named };
        }
    }
}

impl TextSink for Structure {
    fn text(&mut self, _: &[u8]) {}
}

impl Listener for Structure {
    fn statement(&mut self, tokens: &[Token]) {
        follow(&mut self.tables, tokens);
        let mut cursor = Cursor::new(tokens);
        if cursor.accept("create") {
            self.create(cursor);
        } else if cursor.accept("alter") {
            self.alter(cursor);
        } else if cursor.accept("comment") {
            self.comment(cursor);
        } else if cursor.accept("drop") {
            self.drop(cursor);
        } else if cursor.is("exec") || cursor.is("execute") || cursor.is("if") || cursor.is("begin") {
            self.extended_property(tokens);
        } else if cursor.is("insert") || cursor.is("replace") {
            self.fill_by_query(tokens);
        }
    }

    fn text_end(&mut self) {}

    fn rows_begin(&mut self, table: &TableName, columns: &[String]) {
        self.current = self.tables.find_or_add(table, AssetKind::Table);
        self.columns = columns.to_vec();
        if let Some(number) = self.current {
            self.tables.show_columns(number, columns, 0);
            if let Some(dumped) = self.tables.all.get_mut(number) {
                dumped.runs += 1;
                dumped.is_gone = false;
            }
        }
    }

    fn row(&mut self, _: &[u8], ends: &[usize], bytes: u64, _: u64) {
        let Some(number) = self.current else { return };
        let Some(dumped) = self.tables.all.get_mut(number) else { return };
        dumped.rows += 1;
        dumped.bytes += bytes;
        let defined = dumped.facts.columns.len();
        if dumped.is_defined && defined > 0 && self.columns.is_empty() && ends.len() > defined {
            // A quote was taken for what it is not.
            self.tables.doubt(number, Reason::Corrupt);
            return;
        }
        if !dumped.is_defined && self.columns.is_empty() && ends.len() > dumped.facts.columns.len() {
            self.tables.show_columns(number, &[], ends.len());
        }
    }

    fn rows_end(&mut self) {
        self.current = None;
    }

    fn unsound(&mut self, table: &TableName, reason: Reason) {
        if let Some(number) = self.tables.find(table) {
            self.tables.doubt(number, reason);
        }
    }
}

/// The name of the view that a statement makes, behind `CREATE`; MySQL puts who may do what before it.
fn view_name(cursor: &mut Cursor<'_>) -> Option<TableName> {
    const FAR: usize = 24;
    for _ in 0..FAR {
        if cursor.accept("view") {
            cursor.accept_all("if not exists");
            return cursor.table();
        }
        if is_word(cursor.next(), "as") {
            return None;
        }
    }
    None
}

/// `COMMENT='…'` behind the columns (MySQL and its relatives).
fn table_comment(mut cursor: Cursor<'_>) -> Option<String> {
    loop {
        if cursor.accept("comment") {
            cursor.accept_sign(b'=');
            if let Some(text) = cursor.text() {
                return Some(text.to_owned());
            }
        } else if cursor.is("as") || cursor.is("select") {
            return None;
        } else if cursor.group().is_none() {
            cursor.next()?;
        }
    }
}
