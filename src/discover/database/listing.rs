//! What a database says of its tables, before a row is read.

use xxhash_rust::xxh3::Xxh3;

use crate::model::{AssetKind, Column, Measure, Reason, TableSummary};

use super::{Choice, failure};

/// Everything that a login can see in a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Tables and views, by database, schema and name.
    pub tables: Vec<TableFacts>,
    /// Tables and views that the configuration leaves out; only their names were asked for.
    pub excluded: Vec<TableFacts>,
    /// Databases or schemas (raw names) that were not listed, and why.
    pub unlistable: Vec<(String, Reason)>,
}

impl Listing {
    /// What several databases of a server hold: `tables_of` gives the wanted tables of one, and the others. A database that
    /// cannot be listed, or of which nothing is wanted, costs itself only.
    pub(super) fn of_databases(
        names: Vec<String>,
        choice: &Choice,
        tables_of: impl Fn(&str) -> Result<(Vec<TableFacts>, Vec<TableFacts>), sqlx::Error>,
    ) -> Self {
        let mut listing = Self::default();
        for name in names {
            if !choice.enters(&[&name]) {
                listing.unlistable.push((name, Reason::Excluded));
                continue;
            }
            match tables_of(&name) {
                Ok((tables, excluded)) => {
                    let of_it = |table| TableFacts { database: Some(name.clone()), ..table };
                    listing.tables.extend(tables.into_iter().map(of_it));
                    listing.excluded.extend(excluded.into_iter().map(of_it));
                }
                Err(error) => listing.unlistable.push((name, failure::reason(&error))),
            }
        }
        listing
    }
}

/// What the catalog of a database says of one table or view. All names are raw.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFacts {
    /// The database of PostgreSQL or SQL Server, where the target names none and so several are read; else `None`.
    pub database: Option<String>,
    /// The schema; in MySQL the database; in SQLite `main`.
    pub schema: String,
    /// The table's own name.
    pub name: String,
    /// Table (base, partitioned parent, foreign, virtual) or view (also a materialised one).
    pub kind: AssetKind,
    /// What the designer wrote about it.
    pub comment: Option<String>,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in the order of the key; empty without one.
    pub primary_key: Vec<String>,
    /// The columns of each other key that no two rows share, by the name of the key.
    pub unique_keys: Vec<Vec<String>>,
    /// References to rows of other tables, by the name of the key.
    pub foreign_keys: Vec<ForeignKey>,
    /// Rows: counted, or the server's estimate above a million; `None` where counting took too long or is denied.
    pub records: Option<Measure>,
    /// Allocated data without indexes; `None` for views and where the server does not say.
    pub bytes: Option<Measure>,
    /// Allocated indexes, never part of `bytes`; in MySQL without that which holds the rows themselves.
    pub index_bytes: Option<Measure>,
    /// Partitions that hold its rows, to any depth; 0 where it has none. They are no tables of their own here.
    pub partitions: u32,
    /// Whether policies (row-level security) hide rows of it from the login, so that it is not read.
    pub hides_rows: bool,
    /// Last change, RFC 3339 in UTC, where the server keeps it.
    pub modified: Option<String>,
    /// One of the names in [`mod@format`].
    pub format: &'static str,
    /// An integer column with an index, by ranges of which rows can be sampled.
    pub key: Option<String>,
}

/// A reference of one table to the rows of another. All names are raw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns that refer, in the order of the key.
    pub columns: Vec<String>,
    /// The schema of the table that is referred to.
    pub schema: String,
    /// The name of the table that is referred to.
    pub table: String,
    /// The columns that are referred to, one for each of `columns`; empty where the schema names none (SQLite: the
    /// primary key).
    pub target_columns: Vec<String>,
}

impl TableFacts {
    /// A table or view of which no more than its place is known.
    pub(crate) fn new(schema: String, name: String, kind: AssetKind, format: &'static str) -> Self {
        Self {
            database: None,
            schema,
            name,
            kind,
            comment: None,
            columns: Vec::new(),
            primary_key: Vec::new(),
            unique_keys: Vec::new(),
            foreign_keys: Vec::new(),
            records: None,
            bytes: None,
            index_bytes: None,
            partitions: 0,
            hides_rows: false,
            modified: None,
            format,
            key: None,
        }
    }

    /// What the inventory keeps of it besides its name and sizes.
    #[must_use]
    pub fn summary(&self) -> TableSummary {
        let mut schema = Xxh3::new();
        for column in &self.columns {
            for text in [&column.name, &column.declared_type] {
                schema.update(text.as_deref().unwrap_or_default().as_bytes());
                schema.update(&[0]);
            }
        }
        TableSummary {
            schema_hash: format!("{:016x}", schema.digest()),
            columns: self.columns.len() as u64,
            primary_key: self.primary_key.len() as u64,
            unique_keys: self.unique_keys.len() as u64,
            references: self.foreign_keys.len() as u64,
            index_bytes: self.index_bytes,
            partitions: u64::from(self.partitions),
            hides_rows: self.hides_rows,
        }
    }

    /// The primary key where it is one column of integers, by the name of its type.
    pub(super) fn range_key(&self, is_integer: impl Fn(&str) -> bool) -> Option<String> {
        let [key] = self.primary_key.as_slice() else { return None };
        let column = self.columns.iter().find(|column| column.name.as_ref() == Some(key))?;
        column.declared_type.as_deref().is_some_and(is_integer).then(|| key.clone())
    }

    /// `schema.table`, with the database in front where there are several: the raw text of its locator.
    #[must_use]
    pub fn raw_locator(&self) -> String {
        let database = self.database.iter().map(String::as_str);
        database.chain([self.schema.as_str(), self.name.as_str()]).collect::<Vec<_>>().join(".")
    }
}

/// The formats of tables and views.
pub mod format {
    /// A base table of SQLite.
    pub const SQLITE_TABLE: &str = "sqlite-table";
    /// A virtual table of SQLite: rows come from a module, not from pages.
    pub const SQLITE_VIRTUAL: &str = "sqlite-virtual-table";
    /// A view of SQLite.
    pub const SQLITE_VIEW: &str = "sqlite-view";
    /// A base table of PostgreSQL; rows of tables that inherit from it are not its own.
    pub const POSTGRES_TABLE: &str = "postgres-table";
    /// A partitioned table of PostgreSQL, with all its partitions.
    pub const POSTGRES_PARTITIONED: &str = "postgres-partitioned-table";
    /// A partitioned table of PostgreSQL of which a partition is on another server.
    pub const POSTGRES_PARTITIONED_FOREIGN: &str = "postgres-partitioned-foreign-table";
    /// A foreign table of PostgreSQL.
    pub const POSTGRES_FOREIGN: &str = "postgres-foreign-table";
    /// A view of PostgreSQL.
    pub const POSTGRES_VIEW: &str = "postgres-view";
    /// A materialised view of PostgreSQL.
    pub const POSTGRES_MATERIALIZED: &str = "postgres-materialized-view";
    /// A table of a dump: statements that make or fill it.
    pub const SQL_TABLE: &str = "sql-table";
    /// A view of a dump: the statement that makes it.
    pub const SQL_VIEW: &str = "sql-view";
    /// A base table of MySQL or MariaDB.
    pub const MYSQL_TABLE: &str = "mysql-table";
    /// A view of MySQL or MariaDB.
    pub const MYSQL_VIEW: &str = "mysql-view";
    /// A base table of SQL Server, with all its partitions.
    pub const SQLSERVER_TABLE: &str = "sqlserver-table";
    /// A table that SQL Server keeps in memory: it has no pages.
    pub const SQLSERVER_MEMORY: &str = "sqlserver-memory-table";
    /// A table of SQL Server whose rows are on another server or in files.
    pub const SQLSERVER_EXTERNAL: &str = "sqlserver-external-table";
    /// A view of SQL Server.
    pub const SQLSERVER_VIEW: &str = "sqlserver-view";
}

/// Rows up to which a count is made though the server has an estimate (contract, "records").
pub(crate) const COUNTED_UP_TO: u64 = 1_000_000;
