//! Columns of PostgreSQL as they stand behind `SELECT`: as text, long values cut by the server.

use crate::discover::database::{TableFacts, quote};
use crate::model::Column;

use super::copy_text::Content;
use super::{Sampling, cut_at};

/// Stored bytes above which a value that cannot be cut before it is turned into text is not looked at: the server would
/// have to hold all of it.
const MOST_STORED_BYTES: u32 = 1 << 20;

pub(super) fn cells(table: &TableFacts, sampling: &Sampling) -> String {
    table.columns.iter().map(|column| cell(column, sampling)).collect::<Vec<_>>().join(", ")
}

/// The name of a declared type without what stands behind it: `numeric` of `numeric(10,2)`, and the number in brackets.
pub(super) fn base_type(column: &Column) -> (&str, Option<u32>) {
    let declared = column.declared_type.as_deref().unwrap_or_default();
    let Some((base, behind)) = declared.split_once('(') else { return (declared, None) };
    let Some((inside, behind)) = behind.split_once(')') else { return (declared, None) };
    // `timestamp(3) with time zone`, but `character varying(20)[]` is another type.
    let is_array = behind.contains('[');
    if is_array { (declared, None) } else { (base, inside.parse().ok()) }
}

/// A column as the server writes it, cut by the server where it may be long.
fn cell(column: &Column, sampling: &Sampling) -> String {
    let name = quote::ansi(column.name.as_deref().unwrap_or_default());
    let most = cut_at(sampling);
    match base_type(column) {
        (
            "boolean"
            | "smallint"
            | "integer"
            | "bigint"
            | "real"
            | "double precision"
            | "numeric"
            | "money"
            | "oid"
            | "date"
            | "time"
            | "time without time zone"
            | "time with time zone"
            | "timestamp"
            | "timestamp without time zone"
            | "timestamp with time zone"
            | "interval"
            | "uuid"
            | "inet"
            | "cidr"
            | "macaddr"
            | "macaddr8"
            | "point"
            | "lseg"
            | "box"
            | "line"
            | "circle"
            | "name"
            | "\"char\"",
            _,
        ) => name,
        // At most four bytes a character.
        ("character varying" | "character", Some(length)) if length.saturating_mul(4) < most => name,
        ("text" | "character varying" | "character", _) => {
            format!("CASE WHEN octet_length({name}) < {most} THEN {name} ELSE substr({name}, 1, {most}) END")
        }
        ("bytea", _) => {
            format!("CASE WHEN octet_length({name}) < {most} THEN {name} ELSE substring({name} FROM 1 FOR {most}) END")
        }
        // A list as its elements, as a person would write them: in braces and quotes only the first one stands free.
        (declared, _) if declared.ends_with("[]") => format!(
            "CASE WHEN {name} IS NULL THEN NULL WHEN pg_column_size({name}) < {MOST_STORED_BYTES} \
             THEN substr(array_to_string({name}, ', '), 1, {most}) ELSE repeat(' ', {most}) END"
        ),
        // What may only be cut as text has first to be one; blanks stand for what is too large for that.
        _ => format!(
            "CASE WHEN {name} IS NULL THEN NULL WHEN pg_column_size({name}) < {MOST_STORED_BYTES} \
             THEN substr({name}::text, 1, {most}) ELSE repeat(' ', {most}) END"
        ),
    }
}

pub(super) fn content(column: &Column) -> Content {
    if column.declared_type.as_deref() == Some("bytea") { Content::Bytes } else { Content::Text }
}

pub(super) fn contents(table: &TableFacts) -> Vec<Content> {
    table.columns.iter().map(content).collect()
}
