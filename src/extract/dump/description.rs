//! What designers wrote about tables and columns, in statements of its own.

use super::structure::Structure;
use super::token::{Cursor, TableName, Token, parts};
use crate::model::Column;

impl Structure {
    /// `COMMENT ON … IS …`.
    pub(super) fn comment(&mut self, mut cursor: Cursor<'_>) {
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
    pub(super) fn extended_property(&mut self, tokens: &[Token]) {
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
}
