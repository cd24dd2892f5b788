//! What a SQLite file says of its tables.

use std::collections::BTreeMap;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::model::{AssetKind, Column, Measure};

use super::super::keys::{KeyKind, Keys, SortedKeys};
use super::super::{Database, Error, Listing, TableFacts, failure, format, quote};
use super::{Session, comment, text};

const TABLES: &str = "SELECT l.name, l.type, l.wr, s.sql FROM pragma_table_list AS l
     LEFT JOIN sqlite_schema AS s ON s.name = l.name AND s.type IN ('table', 'view')
     WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// Bytes of the pages of each table and of all its indexes, overflow pages with them.
const SIZES: &str =
    "SELECT s.tbl_name, s.type, sum(d.pgsize) FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name
     WHERE d.aggregate = 1 GROUP BY s.tbl_name, s.type";

impl Session {
    /// Tables, views and virtual tables of `main`; the tables in which a virtual one keeps its rows are its own.
    pub(in super::super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let listed = self.rows(database, database.timeouts().statement, TABLES);
        let listed = listed.map_err(|error| failure::listing(database.store(), &error))?;
        let (data, indexes) = self.stored_bytes(database);
        let mut listing = Listing::default();
        for row in listed {
            let Some(mut table) = self.described(database, &row) else { continue };
            if !self.choice.wants(&[&table.schema, &table.name]) {
                listing.excluded.push(table);
                continue;
            }
            if table.format == format::SQLITE_TABLE {
                table.bytes = data.get(&table.name).copied().map(Measure::exact);
                table.index_bytes = Some(Measure::exact(indexes.get(&table.name).copied().unwrap_or(0)));
                table.index_bytes = table.index_bytes.filter(|_| table.bytes.is_some());
            }
            let timeouts = database.timeouts();
            let limit = if table.kind == AssetKind::View { timeouts.view } else { timeouts.statement };
            table.records = self.count(database, &table, limit).ok().map(Measure::exact);
            listing.tables.push(table);
        }
        self.require_unchanged().map_err(|_| Error::ChangedWhileRead { store: database.store().to_owned() })?;
        Ok(listing)
    }

    fn described(&self, database: &Database, row: &SqliteRow) -> Option<TableFacts> {
        let name = text(row, 0)?;
        let (kind, format) = match text(row, 1).as_deref() {
            Some("view") => (AssetKind::View, format::SQLITE_VIEW),
            Some("virtual") => (AssetKind::Table, format::SQLITE_VIRTUAL),
            _ => (AssetKind::Table, format::SQLITE_TABLE),
        };
        let has_rowid = row.try_get_unchecked::<i64, _>(2).unwrap_or(1) == 0;
        let comments = comment::read(&text(row, 3).unwrap_or_default());
        let mut table = TableFacts::new("main".to_owned(), name, kind, format);
        table.columns = self.columns(database, &table.name, &comments);
        table.comment = comments.table;
        (table.primary_key, table.unique_keys, table.foreign_keys) = self.keys(database, &table.name);
        let key = (format == format::SQLITE_TABLE && has_rowid).then(|| rowid_name(&table.columns)).flatten();
        table.key = key.map(str::to_owned);
        Some(table)
    }

    fn columns(&self, database: &Database, table: &str, comments: &comment::Comments) -> Vec<Column> {
        let sql = format!(
            "SELECT name, lower(type) FROM pragma_table_xinfo({}, 'main') WHERE hidden <> 1 ORDER BY cid",
            quote::literal(table)
        );
        // A view over a table that is gone has no columns; reading it will say so.
        let rows = self.rows(database, database.timeouts().statement, &sql).unwrap_or_default();
        let column = |row: &SqliteRow| {
            let name = text(row, 0)?;
            let declared_type = text(row, 1).filter(|declared| !declared.is_empty());
            let comment = comments.columns.get(&name.to_lowercase()).cloned();
            Some(Column { name: Some(name), comment, declared_type, from_schema: true })
        };
        rows.iter().filter_map(column).collect()
    }

    /// Keys as the schema declares them. A foreign key has no name here but a number.
    fn keys(&self, database: &Database, table: &str) -> SortedKeys {
        let table = quote::literal(table);
        let sql = format!(
            "SELECT 'p', '', name, NULL, NULL, pk AS place FROM pragma_table_xinfo({table}, 'main') WHERE pk > 0
             UNION ALL
             SELECT 'u', i.name, c.name, NULL, NULL, c.seqno FROM pragma_index_list({table}, 'main') AS i,
                    pragma_index_info(i.name, 'main') AS c
             WHERE i.\"unique\" AND NOT i.partial AND i.origin <> 'pk' AND NOT EXISTS
                   (SELECT 1 FROM pragma_index_info(i.name, 'main') AS e WHERE e.name IS NULL)
             UNION ALL
             SELECT 'f', printf('%08d', id), \"from\", \"table\", coalesce(\"to\", ''), seq
             FROM pragma_foreign_key_list({table}, 'main')
             ORDER BY 1, 2, place"
        );
        let mut keys = Keys::default();
        for row in self.rows(database, database.timeouts().statement, &sql).unwrap_or_default() {
            let (Some(letter), Some(name), Some(column)) = (text(&row, 0), text(&row, 1), text(&row, 2)) else {
                continue;
            };
            let kind = match letter.as_str() {
                "p" => KeyKind::Primary,
                "u" => KeyKind::Unique,
                _ => KeyKind::Foreign,
            };
            let target = text(&row, 3).zip(text(&row, 4)).map(|(table, column)| ["main".to_owned(), table, column]);
            keys.add(kind, name, column, target);
        }
        let (primary, unique, mut foreign) = keys.sorted();
        for key in foreign.iter_mut().filter(|key| key.target_columns.iter().any(String::is_empty)) {
            key.target_columns.clear();
        }
        (primary, unique, foreign)
    }

    /// Bytes of data and of indexes by table; empty where that took too long.
    fn stored_bytes(&self, database: &Database) -> (BTreeMap<String, u64>, BTreeMap<String, u64>) {
        let rows = self.rows(database, database.timeouts().statement, SIZES).unwrap_or_default();
        let of = |wanted: &str| {
            let of_kind = rows.iter().filter(|row| text(row, 1).as_deref() == Some(wanted));
            of_kind
                .filter_map(|row| Some((text(row, 0)?, u64::try_from(row.try_get_unchecked::<i64, _>(2).ok()?).ok()?)))
                .collect()
        };
        (of("table"), of("index"))
    }
}

/// A name of the hidden row number that no column hides.
fn rowid_name(columns: &[Column]) -> Option<&'static str> {
    let hidden = |name: &str| {
        columns.iter().any(|column| column.name.as_deref().is_some_and(|column| column.eq_ignore_ascii_case(name)))
    };
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !hidden(name))
}
