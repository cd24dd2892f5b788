//! What the catalog of one SQL Server database says of its tables, in one statement for each fact.
//!
//! Each fact has an ordered list of queries: the first is for SQL Server 2016 and later, the following for older servers,
//! compatible ones and logins without the right to look (`wording`). Names of views are written as the server writes
//! them: in a database whose collation tells letters by case, so are those.

use std::collections::BTreeMap;

use crate::model::{AssetKind, Column, Measure};

use super::super::counting::Entry;
use super::super::keys::Keys;
use super::super::rows::{Cells as _, Place, columns_by_table, keys_by_table};
use super::super::wording::{first_understood, optional};
use super::super::{TableFacts, failure, format};
use super::connection::{SqlServerConnection, TextRow};
use super::types::declared_type;

/// Schema, name, kind (U, V, E for a table elsewhere, M for one in memory), comment, object number, whether the login may
/// read it.
/// What the server brought along itself is left out.
const TABLES: [&str; 3] = [
    "SELECT s.name, o.name, CASE WHEN t.is_external = 1 THEN 'E' WHEN t.is_memory_optimized = 1 THEN 'M' ELSE o.type END,
            CAST(p.value AS nvarchar(4000)), o.object_id,
            HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), N'OBJECT', N'SELECT')
     FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
     LEFT JOIN sys.tables t ON t.object_id = o.object_id
     LEFT JOIN sys.extended_properties p
       ON p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND p.name = N'MS_Description'
     WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0",
    // Before 2016 no tables are elsewhere, before 2014 none in memory; a compatible server has no comments.
    "SELECT s.name, o.name, o.type, NULL, o.object_id, NULL
     FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
     WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0",
    // What every server must have by the standard (ISO 9075-11).
    "SELECT TABLE_SCHEMA, TABLE_NAME, CASE TABLE_TYPE WHEN 'VIEW' THEN 'V' ELSE 'U' END, NULL, NULL, NULL
     FROM INFORMATION_SCHEMA.TABLES",
];

/// Between the first two: comments, where nothing is said of tables elsewhere or in memory.
const TABLES_BEFORE_2016: &str = "SELECT s.name, o.name, o.type, CAST(p.value AS nvarchar(4000)), o.object_id,
            HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), N'OBJECT', N'SELECT')
     FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
     LEFT JOIN sys.extended_properties p
       ON p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND p.name = N'MS_Description'
     WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0";

/// Schema, table, column, comment, type, length in characters or bytes (-1: any), digits, digits behind the point.
const COLUMNS: [&str; 4] = [
    // Columns that a graph keeps for itself cannot be read; an encrypted column is bytes to us (2017 and later).
    "SELECT s.name, o.name, c.name, CAST(p.value AS nvarchar(4000)),
            CASE WHEN c.encryption_type IS NULL THEN TYPE_NAME(c.system_type_id) ELSE N'encrypted' END,
            CASE WHEN c.max_length > 0 AND TYPE_NAME(c.system_type_id) IN (N'nchar', N'nvarchar') THEN c.max_length / 2
                 ELSE c.max_length END, c.precision, c.scale, TYPE_NAME(c.user_type_id)
     FROM sys.columns c JOIN sys.objects o ON o.object_id = c.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id
     LEFT JOIN sys.extended_properties p
       ON p.class = 1 AND p.major_id = c.object_id AND p.minor_id = c.column_id AND p.name = N'MS_Description'
     WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND (c.graph_type IS NULL OR c.graph_type IN (2, 5, 8))
     ORDER BY c.object_id, c.column_id",
    "SELECT s.name, o.name, c.name, CAST(p.value AS nvarchar(4000)), TYPE_NAME(c.system_type_id),
            CASE WHEN c.max_length > 0 AND TYPE_NAME(c.system_type_id) IN (N'nchar', N'nvarchar') THEN c.max_length / 2
                 ELSE c.max_length END, c.precision, c.scale, TYPE_NAME(c.user_type_id)
     FROM sys.columns c JOIN sys.objects o ON o.object_id = c.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id
     LEFT JOIN sys.extended_properties p
       ON p.class = 1 AND p.major_id = c.object_id AND p.minor_id = c.column_id AND p.name = N'MS_Description'
     WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
     ORDER BY c.object_id, c.column_id",
    "SELECT s.name, o.name, c.name, NULL, TYPE_NAME(c.system_type_id),
            CASE WHEN c.max_length > 0 AND TYPE_NAME(c.system_type_id) IN (N'nchar', N'nvarchar') THEN c.max_length / 2
                 ELSE c.max_length END, c.precision, c.scale, TYPE_NAME(c.user_type_id)
     FROM sys.columns c JOIN sys.objects o ON o.object_id = c.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id
     WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
     ORDER BY c.object_id, c.column_id",
    "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, NULL, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION,
            COALESCE(NUMERIC_SCALE, DATETIME_PRECISION), NULL
     FROM INFORMATION_SCHEMA.COLUMNS ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
];

/// Schema, table, kind of key (p, u, f), its name, one column of it, and the schema, table and column that it refers to.
const KEYS: [&str; 2] = [
    // Unique indexes, also those that no constraint made; columns that an index merely carries along are none of its key.
    "SELECT s.name, o.name, CASE WHEN i.is_primary_key = 1 THEN 'p' ELSE 'u' END, i.name, c.name, NULL, NULL, NULL,
            k.key_ordinal
     FROM sys.indexes i JOIN sys.objects o ON o.object_id = i.object_id JOIN sys.schemas s ON s.schema_id = o.schema_id
     JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.is_included_column = 0
     JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
     WHERE i.is_unique = 1 AND i.has_filter = 0 AND k.key_ordinal > 0 AND o.type = 'U' AND o.is_ms_shipped = 0
     UNION ALL
     SELECT s.name, o.name, 'f', f.name, c.name, rs.name, r.name, rc.name, k.constraint_column_id
     FROM sys.foreign_keys f JOIN sys.objects o ON o.object_id = f.parent_object_id
     JOIN sys.schemas s ON s.schema_id = o.schema_id
     JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id
     JOIN sys.columns c ON c.object_id = k.parent_object_id AND c.column_id = k.parent_column_id
     LEFT JOIN sys.objects r ON r.object_id = k.referenced_object_id LEFT JOIN sys.schemas rs ON rs.schema_id = r.schema_id
     LEFT JOIN sys.columns rc ON rc.object_id = k.referenced_object_id AND rc.column_id = k.referenced_column_id
     ORDER BY 1, 2, 4, 9",
    "SELECT k.TABLE_SCHEMA, k.TABLE_NAME,
            CASE t.CONSTRAINT_TYPE WHEN 'PRIMARY KEY' THEN 'p' WHEN 'UNIQUE' THEN 'u' ELSE 'f' END, k.CONSTRAINT_NAME,
            k.COLUMN_NAME, r.TABLE_SCHEMA, r.TABLE_NAME, r.COLUMN_NAME
     FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE k
     JOIN INFORMATION_SCHEMA.TABLE_CONSTRAINTS t
       ON t.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = k.CONSTRAINT_NAME
     LEFT JOIN INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS f
       ON f.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND f.CONSTRAINT_NAME = k.CONSTRAINT_NAME
     LEFT JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE r
       ON r.CONSTRAINT_SCHEMA = f.UNIQUE_CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = f.UNIQUE_CONSTRAINT_NAME
      AND r.ORDINAL_POSITION = k.ORDINAL_POSITION
     ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
];

/// Object number, rows, pages of data, pages of indexes, partitions, whether that is exact. Data is counted as
/// `sp_spaceused` does it.
const SIZES: [&str; 2] = [
    // Wants VIEW DATABASE STATE.
    "SELECT object_id, SUM(CASE WHEN index_id < 2 THEN row_count ELSE 0 END),
            SUM(CASE WHEN index_id < 2
                     THEN in_row_data_page_count + lob_used_page_count + row_overflow_used_page_count ELSE 0 END),
            SUM(used_page_count) - SUM(CASE WHEN index_id < 2
                     THEN in_row_data_page_count + lob_used_page_count + row_overflow_used_page_count ELSE 0 END),
            COUNT(DISTINCT partition_number), 1
     FROM sys.dm_db_partition_stats GROUP BY object_id",
    // Which everybody sees, and which may lag behind.
    "SELECT p.object_id, SUM(CASE WHEN p.index_id < 2 AND a.type = 1 THEN p.rows ELSE 0 END),
            SUM(CASE WHEN p.index_id < 2 THEN CASE WHEN a.type = 1 THEN a.data_pages ELSE a.used_pages END ELSE 0 END),
            SUM(a.used_pages)
              - SUM(CASE WHEN p.index_id < 2 THEN CASE WHEN a.type = 1 THEN a.data_pages ELSE a.used_pages END ELSE 0 END),
            COUNT(DISTINCT p.partition_number), 0
     FROM sys.partitions p JOIN sys.allocation_units a
       ON a.container_id = CASE WHEN a.type = 2 THEN p.partition_id ELSE p.hobt_id END
     GROUP BY p.object_id",
];

/// Object number, last change in UTC since the server was started; it remembers no longer. Wants VIEW SERVER STATE.
const CHANGES: &str =
    "SELECT object_id, CONVERT(char(19), DATEADD(minute, DATEDIFF(minute, GETDATE(), GETUTCDATE()), MAX(last_user_update)), 126)
     FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID() AND last_user_update IS NOT NULL GROUP BY object_id";

/// Bytes of a page, in every version.
const PAGE_BYTES: u64 = 8_192;

/// What the catalog answers, one list of rows for each fact.
#[derive(Debug, Default)]
struct Answers {
    tables: Vec<TextRow>,
    columns: Vec<TextRow>,
    keys: Vec<TextRow>,
    sizes: Vec<TextRow>,
    changes: Vec<TextRow>,
}

/// Asks for all of it; five round trips where the server understands each first query.
pub(super) async fn read(connection: &mut SqlServerConnection) -> Result<Vec<Entry>, sqlx::Error> {
    let [newest, plain, standard] = TABLES;
    let tables = rows(connection, &[newest, TABLES_BEFORE_2016, plain, standard]).await?;
    let columns = rows(connection, &COLUMNS).await?;
    // A server that cannot tell its keys, sizes or changes still tells its tables.
    let keys = optional(rows(connection, &KEYS).await)?;
    let sizes = optional(rows(connection, &SIZES).await)?;
    let changes = optional(rows(connection, &[CHANGES]).await)?;
    Ok(entries(Answers { tables, columns, keys, sizes, changes }))
}

async fn rows(connection: &mut SqlServerConnection, queries: &[&str]) -> Result<Vec<TextRow>, sqlx::Error> {
    first_understood(queries, failure::is_unknown, async |query: &str| connection.rows(query).await).await
}

fn entries(mut answers: Answers) -> Vec<Entry> {
    for row in &mut answers.columns {
        let declared = declared_type(row);
        if let Some(cell) = row.get_mut(4) {
            *cell = declared;
        }
    }
    let mut columns = columns_by_table(&answers.columns);
    let mut keys = keys_by_table(&answers.keys);
    let sizes: BTreeMap<String, &TextRow> = answers.sizes.iter().filter_map(|row| Some((row.cell(0)?, row))).collect();
    let changes: BTreeMap<String, String> =
        answers.changes.iter().filter_map(|row| Some((row.cell(0)?, row.cell(1)?))).collect();
    let entries = answers.tables.iter().filter_map(|row| {
        let place = (row.cell(0)?, row.cell(1)?);
        let object = row.cell(4).unwrap_or_default();
        let mut entry = entry(row, &place, columns.remove(&place).unwrap_or_default(), keys.remove(&place))?;
        if let Some(sizes) = sizes.get(&object) {
            measured(&mut entry, sizes);
        }
        entry.facts.modified = changes.get(&object).map(|moment| format!("{moment}Z"));
        Some(entry)
    });
    entries.collect()
}

fn entry(row: &TextRow, (schema, name): &Place, columns: Vec<Column>, keys: Option<Keys>) -> Option<Entry> {
    let (kind, format) = match row.cell(2)?.trim_end() {
        "V" => (AssetKind::View, format::SQLSERVER_VIEW),
        "E" => (AssetKind::Table, format::SQLSERVER_EXTERNAL),
        "M" => (AssetKind::Table, format::SQLSERVER_MEMORY),
        _ => (AssetKind::Table, format::SQLSERVER_TABLE),
    };
    let mut facts = TableFacts::new(schema.clone(), name.clone(), kind, format);
    facts.comment = row.cell(3).filter(|comment| !comment.is_empty());
    facts.columns = columns;
    (facts.primary_key, facts.unique_keys, facts.foreign_keys) = keys.map(Keys::sorted).unwrap_or_default();
    if format != format::SQLSERVER_EXTERNAL {
        facts.key = facts.range_key(is_integer);
    }
    Some(Entry { facts, estimate: None, is_readable: row.cell(5).is_none_or(|answer| answer == "1") })
}

/// Fills in bytes, partitions and the server's own count of rows.
fn measured(entry: &mut Entry, row: &TextRow) {
    if matches!(entry.facts.format, format::SQLSERVER_VIEW | format::SQLSERVER_EXTERNAL) {
        return;
    }
    let number = |index: usize| row.cell(index).and_then(|text| text.parse::<u64>().ok());
    let exact = number(5) == Some(1);
    let bytes = |pages: u64| Measure { value: pages.saturating_mul(PAGE_BYTES), exact };
    entry.estimate = number(1);
    entry.facts.bytes = number(2).map(bytes);
    entry.facts.index_bytes = number(3).map(bytes);
    // One is no partition: every table has it.
    entry.facts.partitions = number(4).filter(|parts| *parts > 1).map_or(0, |parts| parts as u32);
}

fn is_integer(declared: &str) -> bool {
    matches!(declared, "tinyint" | "smallint" | "int" | "bigint")
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
