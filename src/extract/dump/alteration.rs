//! `ALTER TABLE`: what is added to a table behind the statement that makes it.

use super::definition::{Keys, is_constraint};
use super::structure::Structure;
use super::tables::Position;
use super::token::{Cursor, TableName, Token, parts};

impl Structure {
    /// What stands behind `ALTER`.
    pub(super) fn alter(&mut self, mut cursor: Cursor<'_>) {
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
            self.tables.put_column(number, old, column, &position(part));
        }
        self.tables.add_keys(number, keys);
    }
}

/// Where among the others a statement wants a column (MySQL): `FIRST`, `AFTER name`.
fn position(part: &[Token]) -> Position {
    let mut cursor = Cursor::new(part);
    cursor.name();
    loop {
        if cursor.accept("after") {
            return cursor.name().map_or(Position::Last, Position::After);
        }
        if cursor.is("first") && cursor.rest().len() == 1 {
            return Position::First;
        }
        if cursor.group().is_none() && cursor.next().is_none() {
            return Position::Last;
        }
    }
}
