//! The first reading of a dump: what its statements say of tables, and how many rows they fill them with.

use super::definition::{Definition, Keys, is_constraint};
use super::lexer::TextSink;
use super::statements::Listener;
use super::tables::Tables;
use super::token::{Cursor, TableName, Token, is_word, parts};
use crate::model::{AssetKind, Column};
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
        if is_kept && self.tables.find(&name).is_some_and(|number| self.is_there(number)) {
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
    fn attach(&mut self, part: &TableName, whole: Option<TableName>) {
        let whole = whole.and_then(|whole| self.tables.find_or_add(&whole, AssetKind::Table));
        let part = self.tables.find(part);
        if let (Some(part), Some(whole)) = (part, whole.filter(|whole| part != Some(*whole)))
            && let Some(dumped) = self.tables.all.get_mut(part)
        {
            dumped.whole = Some(whole);
        }
    }

    fn alter(&mut self, mut cursor: Cursor<'_>) {
        if !cursor.accept("table") {
            return;
        }
        cursor.accept_all("if exists");
        cursor.accept("only");
        let Some(name) = cursor.table() else { return };
        // Said of a table that this dump does not make: it is no table of it.
        let Some(number) = self.tables.find(&name) else { return };
        cursor.accept_any(&["with", "check", "nocheck"]);
        for action in parts(cursor.rest()) {
            self.action(&name, number, Cursor::new(action));
        }
    }

    /// One action of an `ALTER TABLE`.
    fn action(&mut self, name: &TableName, number: usize, mut cursor: Cursor<'_>) {
        if cursor.accept_all("attach partition") {
            if let Some(part) = cursor.table() {
                self.attach(&part, Some(name.clone()));
            }
        } else if cursor.accept("add") {
            cursor.accept("column");
            cursor.accept_all("if not exists");
            // Oracle puts what it adds into parentheses.
            let added = cursor.group().unwrap_or(cursor.rest());
            for part in parts(added) {
                self.add(number, None, part);
            }
        } else if cursor.accept("modify") {
            cursor.accept("column");
            let changed = cursor.group().unwrap_or(cursor.rest());
            self.add(number, None, changed);
        } else if cursor.accept("change") {
            cursor.accept("column");
            let old = cursor.name();
            self.add(number, old.as_deref(), cursor.rest());
        } else if cursor.accept("comment") {
            cursor.accept_sign(b'=');
            let comment = cursor.text().map(str::to_owned);
            if let Some(dumped) = self.tables.all.get_mut(number) {
                dumped.facts.comment = comment;
            }
        }
    }

    fn add(&mut self, number: usize, old: Option<&str>, part: &[Token]) {
        let mut keys = Keys::default();
        if is_constraint(part) {
            keys.constraint(part);
        } else if let Some(column) = keys.column(part) {
            self.tables.put_column(number, old, column);
        }
        self.tables.add_keys(number, keys);
    }

    /// `COMMENT ON … IS …`.
    fn comment(&mut self, mut cursor: Cursor<'_>) {
        cursor.accept("on");
        let is_column = cursor.accept("column");
        cursor.accept_any(&["foreign", "materialized", "table", "view"]);
        let mut parts = cursor.dotted();
        if !cursor.accept("is") {
            return;
        }
        let comment = cursor.text().map(str::to_owned);
        let column = if is_column { parts.pop() } else { None };
        let Some(name) = parts.pop() else { return };
        self.describe(&TableName { schema: parts.pop(), name }, column.as_deref(), comment);
    }

    fn describe(&mut self, table: &TableName, column: Option<&str>, comment: Option<String>) {
        let comment = comment.filter(|comment| !comment.is_empty());
        let Some(dumped) = self.tables.find(table).and_then(|number| self.tables.all.get_mut(number)) else { return };
        let Some(column) = column else {
            dumped.facts.comment = comment;
            return;
        };
        let is_it = |it: &&mut Column| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(column));
        if let Some(column) = dumped.facts.columns.iter_mut().find(is_it) {
            column.comment = comment;
        }
    }

    /// `EXEC sp_addextendedproperty 'MS_Description', …` (SQL Server).
    fn extended_property(&mut self, tokens: &[Token]) {
        const PROCEDURES: &[&str] = &["sp_addextendedproperty", "sp_updateextendedproperty"];
        let names = |token: &Token| {
            let (Token::Word(name) | Token::Quoted(name)) = token else { return false };
            PROCEDURES.iter().any(|procedure| name.eq_ignore_ascii_case(procedure))
        };
        let Some(arguments) = tokens.iter().rposition(names).and_then(|at| tokens.get(at + 1..)) else { return };
        // The name of the property, its value, then kind and name of each level: schema, table, column.
        let value = |part: &[Token]| match part.last() {
            Some(Token::Text(text) | Token::Quoted(text)) => Some(text.clone()),
            Some(Token::Word(word)) if !word.eq_ignore_ascii_case("null") => Some(word.clone()),
            _ => None,
        };
        let mut values: Vec<Option<String>> = parts(arguments).map(value).collect();
        values.resize(8, None);
        let [name, comment, schema_kind, schema, table_kind, table, _, column] = values.as_slice() else { return };
        let is =
            |found: &Option<String>, word: &str| found.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(word));
        if !is(name, "MS_Description") || !is(table_kind, "table") && !is(table_kind, "view") {
            return;
        }
        let schema = schema.clone().filter(|_| is(schema_kind, "schema") || is(schema_kind, "user"));
        if let Some(table) = table.clone() {
            self.describe(&TableName { schema, name: table }, column.as_deref(), comment.clone());
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
            let known = self.tables.find(&name).and_then(|number| self.tables.all.get_mut(number));
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
        if !dumped.is_defined && self.columns.is_empty() && ends.len() > dumped.facts.columns.len() {
            self.tables.show_columns(number, &[], ends.len());
        }
    }

    fn rows_end(&mut self) {
        self.current = None;
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
