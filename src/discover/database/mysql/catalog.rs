//! What the catalog of a MySQL server says of its tables, in one statement for each fact.
//!
//! Each answer is cast to text: the types of these columns differ between servers and versions. Where a server lacks a
//! column or view, the next query asks for less (`wording`).

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnection, MySqlRow};

use crate::model::{AssetKind, Measure};

use super::super::counting::Entry;
use super::super::keys::{KeyKind, Keys};
use super::super::rows::{Cells, Place, columns_by_table};
use super::super::wording::{first_understood, optional};
use super::super::{TableFacts, failure, format};
use super::{number, text};

/// Schema, name, type, comment, rows by estimate, bytes of data, last change, engine, bytes of indexes.
const TABLES: [&str; 3] = [
    "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(table_type AS CHAR), CAST(table_comment AS CHAR),
            CAST(table_rows AS CHAR), CAST(data_length AS CHAR), DATE_FORMAT(update_time, '%Y-%m-%dT%H:%i:%sZ'),
            CAST(engine AS CHAR), CAST(index_length AS CHAR)
     FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')",
    // Without what only a server with engines knows.
    "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(table_type AS CHAR), CAST(table_comment AS CHAR),
            CAST(table_rows AS CHAR), CAST(data_length AS CHAR), NULL, NULL, NULL
     FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')",
    // What every server must have by the standard (ISO 9075-11).
    "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(table_type AS CHAR), NULL, NULL, NULL, NULL, NULL,
            NULL
     FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'VIEW')",
];

/// Schema, table, column, comment, type.
const COLUMNS: [&str; 2] = [
    "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(column_comment AS CHAR),
            CAST(column_type AS CHAR)
     FROM information_schema.columns WHERE 1 = 1",
    "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(column_name AS CHAR), NULL,
            LOWER(CAST(data_type AS CHAR))
     FROM information_schema.columns WHERE 1 = 1",
];

/// Schema, table, name of the key, one column of it, and the schema, table and column that it refers to. A unique index
/// is a constraint in MySQL.
const KEYS: [&str; 1] = ["SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(constraint_name AS CHAR),
            CAST(column_name AS CHAR), CAST(referenced_table_schema AS CHAR), CAST(referenced_table_name AS CHAR),
            CAST(referenced_column_name AS CHAR)
     FROM information_schema.key_column_usage WHERE 1 = 1"];

/// Schema, table, partitions (subpartitions, where there are any).
const PARTITIONS: [&str; 1] = ["SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(COUNT(*) AS CHAR)
     FROM information_schema.partitions WHERE partition_name IS NOT NULL"];

/// Databases of the server itself; `oceanbase`, `metrics_schema` and the like are those of compatible servers.
const SYSTEM: &str = "'mysql', 'information_schema', 'performance_schema', 'sys', 'oceanbase', 'LBACSYS', 'ORAAUDITOR',
     'METRICS_SCHEMA', 'metrics_schema', 'INFORMATION_SCHEMA', 'PERFORMANCE_SCHEMA', '__recyclebin', '__public'";

/// Asks for all of it in the one database that the connection is in, or in all of them; four round trips.
pub(super) async fn read(connection: &mut MySqlConnection, is_one: bool) -> Result<Vec<Entry>, sqlx::Error> {
    let which = if is_one { "table_schema = DATABASE()".to_owned() } else { format!("table_schema NOT IN ({SYSTEM})") };
    let tables = rows(connection, &TABLES, &format!("AND {which}")).await?;
    let in_order = format!("AND {which} ORDER BY table_schema, table_name, ordinal_position");
    let mut columns = columns_by_table(&rows(connection, &COLUMNS, &in_order).await?);
    // A server that cannot tell its keys or partitions still tells its tables.
    let by_key = format!("AND {which} ORDER BY table_schema, table_name, constraint_name, ordinal_position");
    let mut keys = keys_by_table(&optional(rows(connection, &KEYS, &by_key).await)?);
    let by_table = format!("AND {which} GROUP BY table_schema, table_name");
    let partitions = optional(rows(connection, &PARTITIONS, &by_table).await)?;
    let mut partitions: BTreeMap<Place, u32> =
        partitions.iter().filter_map(|row| Some(((text(row, 0)?, text(row, 1)?), number(row, 2)?))).collect();
    let entries = tables.iter().filter_map(|row| {
        let mut entry = entry(row)?;
        let facts = &mut entry.facts;
        let place = (facts.schema.clone(), facts.name.clone());
        facts.columns = columns.remove(&place).unwrap_or_default();
        (facts.primary_key, facts.unique_keys, facts.foreign_keys) =
            keys.remove(&place).map(Keys::sorted).unwrap_or_default();
        facts.partitions = partitions.remove(&place).unwrap_or(0);
        facts.key = facts.range_key(is_integer);
        Some(entry)
    });
    Ok(entries.collect())
}

async fn rows(
    connection: &mut MySqlConnection,
    queries: &[&str],
    condition: &str,
) -> Result<Vec<MySqlRow>, sqlx::Error> {
    first_understood(queries, failure::is_unknown, async |query: &str| {
        // Safe: constants of this file.
        sqlx::raw_sql(AssertSqlSafe(format!("{query} {condition}"))).fetch_all(&mut *connection).await
    })
    .await
}

impl Cells for MySqlRow {
    fn cell(&self, index: usize) -> Option<String> {
        text(self, index)
    }
}

fn entry(row: &MySqlRow) -> Option<Entry> {
    let is_view = text(row, 2)?.contains("VIEW");
    let (kind, format) =
        if is_view { (AssetKind::View, format::MYSQL_VIEW) } else { (AssetKind::Table, format::MYSQL_TABLE) };
    let mut facts = TableFacts::new(text(row, 0)?, text(row, 1)?, kind, format);
    // Of a view the server says VIEW, or what is wrong with it.
    facts.comment = text(row, 3).filter(|comment| !comment.is_empty() && !is_view);
    // InnoDB counts pages when it feels like it; the others know their file.
    let exact = text(row, 7).is_some_and(|engine| !engine.eq_ignore_ascii_case("innodb"));
    let measure = |index: usize| number(row, index).filter(|_| !is_view).map(|value| Measure { value, exact });
    facts.bytes = measure(5);
    facts.index_bytes = measure(8);
    facts.modified = text(row, 6);
    Some(Entry { facts, estimate: number(row, 4), is_readable: true })
}

fn keys_by_table(rows: &[MySqlRow]) -> BTreeMap<Place, Keys> {
    let mut keys: BTreeMap<Place, Keys> = BTreeMap::new();
    for row in rows {
        let (Some(schema), Some(table), Some(name)) = (text(row, 0), text(row, 1), text(row, 2)) else { continue };
        let Some(column) = text(row, 3) else { continue };
        let target =
            text(row, 4).zip(text(row, 5)).zip(text(row, 6)).map(|((schema, table), column)| [schema, table, column]);
        let kind = match &target {
            Some(_) => KeyKind::Foreign,
            None if name == "PRIMARY" => KeyKind::Primary,
            None => KeyKind::Unique,
        };
        keys.entry((schema, table)).or_default().add(kind, name, column, target);
    }
    keys
}

/// `int(11)`, `bigint(20) unsigned`, `mediumint`…
fn is_integer(declared: &str) -> bool {
    let name = declared.split(['(', ' ']).next().unwrap_or_default();
    matches!(name, "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint")
}
