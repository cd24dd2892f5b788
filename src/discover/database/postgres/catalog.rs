//! What the catalog of one PostgreSQL database says of its tables, in one statement for each fact.
//!
//! Each fact has an ordered list of queries: the first is for PostgreSQL 11 and later, the following for older servers
//! and compatible ones that lack a column or close a view (`wording`). Statements go as text, which is one round trip
//! each and what poolers understand best.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgConnection, PgRow};

use crate::model::AssetKind;

use super::super::keys::Keys;
use super::super::rows::{Cells, columns_by_table, keys_by_table};
use super::super::wording::{first_understood, optional};
use super::super::{Flavour, TableFacts, failure, format};
use super::{number, text};

/// Schema, name, kind, comment, rows by estimate, pages, bytes of a page, whether the login may read it, its number, whether
/// policies hide rows of it from the login.
/// Schemas of the server itself, those of temporary tables, and partitions are left out.
const TABLES: [&str; 3] = [
    "SELECT n.nspname, c.relname, c.relkind, pg_catalog.obj_description(c.oid, 'pg_class'), c.reltuples::float8,
            c.relpages, pg_catalog.current_setting('block_size'),
            pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT'),
            c.oid::int8, pg_catalog.row_security_active(c.oid)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    // Before PostgreSQL 10, and openGauss: no declared partitions in pg_class.
    "SELECT n.nspname, c.relname, c.relkind, pg_catalog.obj_description(c.oid, 'pg_class'), c.reltuples::float8,
            c.relpages, pg_catalog.current_setting('block_size'), pg_catalog.has_table_privilege(c.oid, 'SELECT'),
            c.oid::int8
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    // What every server must have by the standard (ISO 9075-11).
    "SELECT table_schema, table_name, CASE table_type WHEN 'VIEW' THEN 'v' WHEN 'FOREIGN' THEN 'f' ELSE 'r' END,
            NULL, NULL, NULL, NULL, NULL, NULL
     FROM information_schema.tables WHERE table_type <> 'LOCAL TEMPORARY'
       AND table_schema NOT LIKE 'pg\\_%' AND table_schema <> 'information_schema'",
];

/// Schema, table, column, comment, type.
const COLUMNS: [&str; 2] = [
    "SELECT n.nspname, c.relname, a.attname, pg_catalog.col_description(a.attrelid, a.attnum),
            pg_catalog.format_type(a.atttypid, a.atttypmod)
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     ORDER BY a.attrelid, a.attnum",
    "SELECT table_schema, table_name, column_name, NULL, lower(data_type) FROM information_schema.columns
     WHERE table_schema NOT LIKE 'pg\\_%' AND table_schema <> 'information_schema'
     ORDER BY table_schema, table_name, ordinal_position",
];

/// Schema, table, kind of key (p, u, f), its name, one column of it, and the schema, table and column that it refers to.
const KEYS: [&str; 3] = [
    // Unique indexes, also those that no constraint made; columns that an index merely carries along are none of its key.
    "SELECT n.nspname, c.relname, CASE WHEN s.indisprimary THEN 'p' ELSE 'u' END, ic.relname, a.attname, NULL, NULL, NULL,
            s.place
     FROM (SELECT i.indexrelid, i.indrelid, i.indkey, i.indisprimary,
                  pg_catalog.generate_series(0, i.indnkeyatts - 1) AS place
           FROM pg_catalog.pg_index i WHERE i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL) s
     JOIN pg_catalog.pg_class ic ON ic.oid = s.indexrelid JOIN pg_catalog.pg_class c ON c.oid = s.indrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_attribute a ON a.attrelid = s.indrelid AND a.attnum = s.indkey[s.place]
     WHERE n.nspname !~ '^pg_'
     UNION ALL
     SELECT n.nspname, c.relname, 'f', s.conname, a.attname, tn.nspname, t.relname, ta.attname, s.place
     FROM (SELECT k.conname, k.conrelid, k.confrelid, k.conkey, k.confkey,
                  pg_catalog.generate_subscripts(k.conkey, 1) AS place
           FROM pg_catalog.pg_constraint k WHERE k.contype = 'f') s
     JOIN pg_catalog.pg_class c ON c.oid = s.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_attribute a ON a.attrelid = s.conrelid AND a.attnum = s.conkey[s.place]
     JOIN pg_catalog.pg_class t ON t.oid = s.confrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     JOIN pg_catalog.pg_attribute ta ON ta.attrelid = s.confrelid AND ta.attnum = s.confkey[s.place]
     ORDER BY 1, 2, 4, 9",
    "SELECT n.nspname, c.relname, s.contype, s.conname, a.attname, tn.nspname, t.relname, ta.attname
     FROM (SELECT k.contype, k.conname, k.conrelid, k.confrelid, k.conkey, k.confkey,
                  pg_catalog.generate_subscripts(k.conkey, 1) AS place
           FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'f')) s
     JOIN pg_catalog.pg_class c ON c.oid = s.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_attribute a ON a.attrelid = s.conrelid AND a.attnum = s.conkey[s.place]
     LEFT JOIN pg_catalog.pg_class t ON t.oid = s.confrelid
     LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     LEFT JOIN pg_catalog.pg_attribute ta ON ta.attrelid = s.confrelid AND ta.attnum = s.confkey[s.place]
     ORDER BY n.nspname, c.relname, s.conname, s.place",
    "SELECT k.table_schema, k.table_name, CASE t.constraint_type WHEN 'PRIMARY KEY' THEN 'p' WHEN 'UNIQUE' THEN 'u' ELSE 'f' END,
            k.constraint_name, k.column_name, r.table_schema, r.table_name, r.column_name
     FROM information_schema.key_column_usage k
     JOIN information_schema.table_constraints t
       ON t.constraint_schema = k.constraint_schema AND t.constraint_name = k.constraint_name
      AND t.table_schema = k.table_schema AND t.table_name = k.table_name
     LEFT JOIN information_schema.referential_constraints f
       ON f.constraint_schema = k.constraint_schema AND f.constraint_name = k.constraint_name
     LEFT JOIN information_schema.key_column_usage r
       ON r.constraint_schema = f.unique_constraint_schema AND r.constraint_name = f.unique_constraint_name
      AND r.ordinal_position = k.position_in_unique_constraint
     ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position",
];

/// Every partition, with the number of the table at the root: root, partition, kind, rows by estimate.
const PARTITIONS: &str = "
    WITH RECURSIVE parts(root, part) AS (
        SELECT i.inhparent, i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
        WHERE c.relkind = 'p' AND NOT c.relispartition
        UNION ALL
        SELECT p.root, i.inhrelid FROM parts p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.part
    )
    SELECT p.root::int8, c.oid::int8, c.relkind, c.reltuples::float8
    FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.part";

/// A table with what is needed to measure it.
pub(super) struct Entry {
    /// What is known of it so far.
    pub(super) facts: TableFacts,
    /// Its number in `pg_class`; `None` where only the views of the standard could be asked.
    pub(super) oid: Option<i64>,
    /// Rows by the server's estimate; negative where nobody has analysed it (0 before PostgreSQL 14).
    pub(super) estimate: f64,
    /// Bytes of its pages when it was last analysed.
    pub(super) bytes_by_pages: u64,
    /// Whether the login may read a column of it; it is tried where nobody says.
    pub(super) is_readable: bool,
    /// Partitions that hold rows: their number and rows by estimate.
    pub(super) parts: Vec<(i64, f64)>,
}

/// Asks for all of it; four round trips where the server understands each first query.
pub(super) async fn read(connection: &mut PgConnection, flavour: Flavour) -> Result<Vec<Entry>, sqlx::Error> {
    let tables = rows(connection, &TABLES).await?;
    let mut columns = columns_by_table(&rows(connection, &COLUMNS).await?);
    // A server that cannot tell its keys or partitions still tells its tables.
    let mut keys = keys_by_table(&optional(rows(connection, &KEYS).await)?);
    let parts = optional(rows(connection, &[PARTITIONS]).await)?;
    let foreign = roots_of_foreign(&parts);
    let mut parts = parts_by_root(&parts);
    let entries = tables.iter().filter_map(|row| {
        let mut entry = entry(row)?;
        if is_system_schema(flavour, &entry.facts.schema) {
            return None;
        }
        let place = (entry.facts.schema.clone(), entry.facts.name.clone());
        let facts = &mut entry.facts;
        facts.columns = columns.remove(&place).unwrap_or_default();
        (facts.primary_key, facts.unique_keys, facts.foreign_keys) =
            keys.remove(&place).map(Keys::sorted).unwrap_or_default();
        entry.parts = entry.oid.and_then(|oid| parts.remove(&oid)).unwrap_or_default();
        if entry.oid.is_some_and(|oid| foreign.contains(&oid)) {
            entry.facts.format = format::POSTGRES_PARTITIONED_FOREIGN;
        }
        entry.facts.partitions = u32::try_from(entry.parts.len()).unwrap_or(u32::MAX);
        Some(entry)
    });
    Ok(entries.collect())
}

/// Schemas of the server itself beyond those whose names PostgreSQL keeps for itself.
fn is_system_schema(flavour: Flavour, schema: &str) -> bool {
    match flavour {
        Flavour::KingbaseEs => {
            schema.starts_with("sys") || matches!(schema, "xlog_record_read" | "anon" | "src_restrict")
        }
        Flavour::OpenGauss | Flavour::GaussDb | Flavour::Vastbase => {
            schema.starts_with("dbe_")
                || matches!(
                    schema,
                    "snapshot" | "sys" | "cstore" | "blockchain" | "pkg_service" | "sqladvisor" | "db4ai"
                )
        }
        Flavour::HighGo => matches!(schema, "hgdb_catalog" | "oracle_catalog"),
        _ => false,
    }
}

async fn rows(connection: &mut PgConnection, queries: &[&str]) -> Result<Vec<PgRow>, sqlx::Error> {
    first_understood(queries, failure::is_unknown, async |query: &str| {
        // Safe: one of the constants above.
        sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut *connection).await
    })
    .await
}

impl Cells for PgRow {
    fn cell(&self, index: usize) -> Option<String> {
        text(self, index)
    }
}

fn entry(row: &PgRow) -> Option<Entry> {
    let (kind, format) = kind_of(&text(row, 2)?);
    let mut facts = TableFacts::new(text(row, 0)?, text(row, 1)?, kind, format);
    facts.comment = text(row, 3);
    facts.hides_rows = text(row, 9).is_some_and(|answer| answer == "t");
    let hides_rows = facts.hides_rows;
    let pages: u64 = number(row, 5).unwrap_or(0);
    Some(Entry {
        facts,
        oid: number(row, 8),
        estimate: number(row, 4).unwrap_or(-1.0),
        bytes_by_pages: pages.saturating_mul(number(row, 6).unwrap_or(8192)),
        is_readable: !hides_rows && text(row, 7).is_none_or(|answer| answer == "t"),
        parts: Vec::new(),
    })
}

fn kind_of(letter: &str) -> (AssetKind, &'static str) {
    match letter {
        "p" => (AssetKind::Table, format::POSTGRES_PARTITIONED),
        "f" => (AssetKind::Table, format::POSTGRES_FOREIGN),
        "v" => (AssetKind::View, format::POSTGRES_VIEW),
        "m" => (AssetKind::View, format::POSTGRES_MATERIALIZED),
        _ => (AssetKind::Table, format::POSTGRES_TABLE),
    }
}

/// Tables with a partition on another server: a sample, too, would fetch all of that.
fn roots_of_foreign(rows: &[PgRow]) -> BTreeSet<i64> {
    rows.iter().filter(|row| text(row, 2).as_deref() == Some("f")).filter_map(|row| number(row, 0)).collect()
}

fn parts_by_root(rows: &[PgRow]) -> BTreeMap<i64, Vec<(i64, f64)>> {
    let mut parts: BTreeMap<i64, Vec<(i64, f64)>> = BTreeMap::new();
    // A partition that is itself partitioned holds nothing.
    for row in rows.iter().filter(|row| text(row, 2).as_deref() != Some("p")) {
        let (Some(root), Some(part)) = (number(row, 0), number(row, 1)) else { continue };
        parts.entry(root).or_default().push((part, number(row, 3).unwrap_or(-1.0)));
    }
    parts
}
