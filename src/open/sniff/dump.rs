//! Statements of a database: those that make tables and fill them.
//!
//! Many texts speak of SQL; a dump is SQL from its first word on. So a text is looked at statement by statement, strings and
//! comments left out, and one that begins otherwise than statements do makes it something else, unless its name says SQL.

use crate::open::Format;

/// Statements looked at.
const MOST_STATEMENTS: usize = 400;
/// A tool says what it is within so many bytes.
const HEAD_BYTES: usize = 1024;
/// What tools write above what they export.
const HEADS: &[&str] = &[
    "-- MySQL dump ",
    "-- MariaDB dump ",
    "-- PostgreSQL database dump",
    "-- PostgreSQL database cluster dump",
    "Navicat Premium Data Transfer",
    "-- phpMyAdmin SQL Dump",
];
/// Words with which statements begin, and lines for the clients of databases.
const VERBS: &[&str] = &[
    "alter",
    "analyze",
    "begin",
    "call",
    "comment",
    "commit",
    "connect",
    "copy",
    "create",
    "declare",
    "delete",
    "delimiter",
    "drop",
    "end",
    "exec",
    "execute",
    "exit",
    "go",
    "grant",
    "if",
    "insert",
    "lock",
    "merge",
    "pragma",
    "print",
    "prompt",
    "rem",
    "replace",
    "revoke",
    "rollback",
    "select",
    "set",
    "spool",
    "start",
    "truncate",
    "unlock",
    "update",
    "use",
    "vacuum",
    "whenever",
    "with",
];

/// What may stand between `CREATE` and `TABLE`.
const MODIFIERS: &[&str] = &[
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
    "or",
    "replace",
];

/// What a text is, if it is one of these. `body` is the beginning of the text without blanks before it.
pub(super) fn kind(extension: &str, body: &str) -> Option<Format> {
    let is_named = matches!(extension, "sql" | "ddl" | "dump");
    let mut statements = Statements { rest: body }.take(MOST_STATEMENTS).peekable();
    let first = statements.peek()?;
    let is_headed = body
        .get(..floor_char_boundary(body, HEAD_BYTES))
        .is_some_and(|beginning| HEADS.iter().any(|head| beginning.contains(head)));
    if is_headed && begins_with_verb(first) {
        return Some(Format::SqlDump);
    }
    let mut is_one = false;
    for statement in statements {
        is_one |= speaks_of_table(statement);
        if !is_named && !begins_with_verb(statement) {
            return None;
        }
    }
    is_one.then_some(Format::SqlDump)
}

fn floor_char_boundary(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Statements up to the sign or line that ends each, comments before them left out.
struct Statements<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Statements<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        loop {
            self.rest = without_comments(self.rest);
            if self.rest.is_empty() {
                return None;
            }
            let end = end_of_statement(self.rest);
            let (statement, rest) = self.rest.split_at(end);
            // Past the sign, or the line.
            let end_bytes = if rest.starts_with(';') { 1 } else { rest.find('\n').map_or(rest.len(), |at| at + 1) };
            self.rest = rest.get(end_bytes..).unwrap_or_default();
            if begins_with_rows(statement) {
                self.rest = self.rest.split_once("\n\\.").map_or("", |(_, rest)| rest);
            }
            if !statement.trim().is_empty() {
                return Some(statement);
            }
        }
    }
}

/// What stands behind blanks and comments.
fn without_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(|it: char| it.is_whitespace() || it == ';');
        if text.starts_with("--") || text.starts_with('#') || text.starts_with('\\') {
            text = text.split_once('\n').map_or("", |(_, rest)| rest);
        } else if text.starts_with("/*") {
            text = text.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            return text;
        }
    }
}

/// Where a statement ends: at a semicolon outside quotes, or before a line `GO` or `/`.
fn end_of_statement(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b';' => return at,
            b'\'' | b'"' | b'`' => {
                let inside = bytes.get(at + 1..).unwrap_or_default();
                at += 1 + memchr::memchr(*byte, inside).unwrap_or(inside.len());
            }
            b'\n' if is_end_line(text.get(at + 1..).unwrap_or_default()) => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Whether the lines behind a statement are rows (`COPY … FROM stdin`).
fn begins_with_rows(statement: &str) -> bool {
    let copies = statement.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("copy "));
    copies && statement.to_ascii_lowercase().contains(" from stdin")
}

fn is_end_line(rest: &str) -> bool {
    let line = rest.split('\n').next().unwrap_or_default().trim();
    line.eq_ignore_ascii_case("go") || line == "/"
}

fn begins_with_verb(statement: &str) -> bool {
    let word = statement.split(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or_default();
    statement.starts_with("/\n") || VERBS.iter().any(|verb| word.eq_ignore_ascii_case(verb))
}

/// Whether a statement makes, describes or fills a table.
fn speaks_of_table(statement: &str) -> bool {
    // Beyond its head a statement may be megabytes of values.
    let head = statement.get(..floor_char_boundary(statement, HEAD_BYTES * 4)).unwrap_or_default().to_ascii_lowercase();
    let mut words = head.split_whitespace();
    match (words.next(), words.next()) {
        (Some("create"), Some(_)) => makes_table(&head),
        (Some("insert" | "replace"), Some(_)) => {
            let is_filled =
                head.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').any(|word| word == "values");
            is_filled && head.contains('(')
        }
        (Some("copy"), Some(_)) => begins_with_rows(&head),
        (Some("comment"), Some("on")) => head.contains(" is "),
        _ => false,
    }
}

/// Whether a statement, in lower case, makes a table: a name stands before its columns.
fn makes_table(head: &str) -> bool {
    let Some((before, behind)) = head.split_once("table") else { return false };
    let is_made = before.split_whitespace().skip(1).all(|word| MODIFIERS.contains(&word));
    let behind = behind.trim_start();
    let behind = behind.strip_prefix("if not exists").unwrap_or(behind);
    let Some((name, _)) = behind.split_once('(') else {
        return is_made && [" like ", " as select ", " partition of "].iter().any(|words| behind.contains(words));
    };
    let name = name.trim();
    is_made && !name.is_empty() && (name.contains(['"', '`', '[']) || !name.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::sniff::format;

    #[test]
    fn statements_from_the_first_word_on_are_a_dump() {
        for text in [
            "CREATE TABLE a (id int);",
            "-- MySQL dump 10.13\n\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `a`;",
            "--\n-- PostgreSQL database dump\n--\nSET statement_timeout = 0;\n",
            "/*\n Navicat Premium Data Transfer\n*/\nSET NAMES utf8mb4;",
            "SET x = 1;\nINSERT INTO `a` VALUES (1,'it is; so');\nINSERT INTO `a` VALUES (2,'x');\n",
            "# Dump of table a\ncreate table if not exists a (\n x int\n)\nGO\n",
            "IF EXISTS (SELECT 1)\nDROP TABLE a\nGO\nCREATE TABLE [a] ([x] int)\nGO\n",
            "COPY a (x) FROM stdin;\n1\n\\.\n",
            "BEGIN TRANSACTION;\nCREATE TABLE t(a);\nCOMMIT;\n",
        ] {
            assert_eq!(format("x", text.as_bytes()), Format::SqlDump, "{text}");
            assert_eq!(format("x.sql", text.as_bytes()), Format::SqlDump, "{text}");
        }
    }

    #[test]
    fn what_only_speaks_of_statements_is_none() {
        for (name, text) in [
            ("x.md", "# 建表\n\n```sql\nCREATE TABLE a (id int);\n```\n"),
            ("x.txt", "Use CREATE TABLE a (id int); then fill it.\n"),
            ("x.txt", "Please run CREATE TABLE a (id int);\n"),
            ("x.py", "import sqlite3\ndb.execute('CREATE TABLE a (id int)')\n"),
            ("x.java", "String q = \"INSERT INTO a VALUES (1)\";\n"),
            ("x.txt", "Insert the key into the lock (A) and turn it.\n"),
            ("x.txt", "Create the table (see below) first.\n"),
            ("x.sql", "SELECT a, b FROM c WHERE d = 'CREATE TABLE x (y int);';\n"),
            ("x.sh", "#!/bin/sh\nmysql <<EOF\nCREATE TABLE a (id int);\nEOF\n"),
            ("x.log", "2026-01-01 INSERT INTO a VALUES (1);\n2026-01-02 INSERT INTO a VALUES (2);\n"),
            ("x.csv", "CREATE TABLE a (id int);\n"),
            ("x.yaml", "# tables\nsql: CREATE TABLE a (id int);\n"),
        ] {
            assert_ne!(format(name, text.as_bytes()), Format::SqlDump, "{text}");
        }
    }
}
