//! PostgreSQL: sessions that cannot write, and what the catalog says of tables.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::runtime::Runtime;

use crate::model::{AssetKind, Column, Measure, Reason};

use super::listing::COUNTED_UP_TO;
use super::session::{Connections, close};
use super::{
    Database, DatabaseTarget, Error, Listing, TableFacts, Timeouts, failure, format, quote, version_digits, wait,
};

/// Connections to one server.
pub(crate) struct Session {
    runtime: Arc<Runtime>,
    options: PgConnectOptions,
    timeouts: Timeouts,
    /// The database to which a connection goes unless a table names another.
    home: String,
    /// The target names no database, so all of them are meant.
    every: bool,
    connections: Connections<PgConnection>,
}

/// Schemas of the server itself, and those of temporary tables.
const TABLES: &str = "
    SELECT c.oid::int8, n.nspname::text, c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class'),
           c.reltuples::float8
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY n.nspname::text COLLATE \"C\", c.relname::text COLLATE \"C\"";

const COLUMNS: &str = "
    SELECT a.attrelid::int8, a.attname::text, col_description(a.attrelid, a.attnum),
           lower(pg_catalog.format_type(a.atttypid, a.atttypmod))
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY a.attrelid, a.attnum";

/// A partitioned table keeps nothing itself: the sum over its partitions, to any depth.
const BYTES: &str = "
    WITH RECURSIVE parts(oid) AS (
        SELECT $1::int8::oid
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts p ON i.inhparent = p.oid
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid WHERE c.relispartition
    )
    SELECT sum(pg_catalog.pg_table_size(p.oid))::int8, sum(greatest(c.reltuples, 0))::float8,
           bool_or(c.reltuples < 0 AND c.relkind = 'r')
    FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.oid WHERE c.relkind IN ('r', 'm', 'p')";

const DATABASES: &str = "
    SELECT datname::text FROM pg_catalog.pg_database
    WHERE datallowconn AND NOT datistemplate AND pg_catalog.has_database_privilege(oid, 'CONNECT')
    ORDER BY datname::text COLLATE \"C\"";

impl Session {
    /// Logs in; gives the server's version too.
    pub(super) fn open(runtime: &Arc<Runtime>, target: &DatabaseTarget) -> Result<(Self, String), Error> {
        let store = target.shown();
        let options: PgConnectOptions = target.url.reveal().parse().map_err(|_| target.bad_address())?;
        let named = options.get_database().map(str::to_owned);
        let options = match target.password() {
            Some(password) => options.password(password),
            None => options,
        };
        let session = Self {
            runtime: Arc::clone(runtime),
            options: options.application_name("mulu").disable_statement_logging(),
            timeouts: target.timeouts,
            // Every server has it unless somebody dropped it on purpose.
            home: named.clone().unwrap_or_else(|| "postgres".to_owned()),
            every: named.is_none(),
            connections: Connections::new(target.connections),
        };
        let version = session.with(&session.home, target.timeouts.connect, async |connection| {
            let row = sqlx::query("SELECT current_setting('server_version')").fetch_one(connection).await?;
            Ok(text(&row, 0).unwrap_or_default())
        });
        let version = version.map_err(|error| failure::connecting(&store, &error))?;
        Ok((session, version_digits(&version)))
    }

    /// Everything the login can see in the one database, or in all of them.
    pub(super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let cannot = |error: sqlx::Error| failure::listing(database.store(), &error);
        if !self.every {
            let tables = self.tables_of(&self.home).map_err(cannot)?;
            return Ok(Listing { tables, unlistable: Vec::new() });
        }
        let names = self.with(&self.home, self.timeouts.statement, async |connection| {
            sqlx::query(DATABASES).persistent(false).fetch_all(connection).await
        });
        let mut listing = Listing::default();
        for name in names.map_err(cannot)?.iter().filter_map(|row| text(row, 0)) {
            match self.tables_of(&name) {
                Ok(tables) => {
                    let of_it = tables.into_iter().map(|table| TableFacts { database: Some(name.clone()), ..table });
                    listing.tables.extend(of_it);
                }
                Err(error) => listing.unlistable.push((name, failure::reason(&error))),
            }
        }
        Ok(listing)
    }

    fn tables_of(&self, name: &str) -> Result<Vec<TableFacts>, sqlx::Error> {
        let (tables, columns) = self.with(name, self.timeouts.statement, async |connection| {
            let tables = sqlx::query(TABLES).persistent(false).fetch_all(&mut *connection).await?;
            let columns = sqlx::query(COLUMNS).persistent(false).fetch_all(connection).await?;
            Ok((tables, columns))
        })?;
        let mut columns = columns_by_table(&columns);
        let facts = tables.iter().filter_map(|row| {
            let oid: i64 = row.try_get_unchecked(0).ok()?;
            let (kind, format) = kind_of(&text(row, 3)?);
            let mut table = TableFacts {
                database: None,
                schema: text(row, 1)?,
                name: text(row, 2)?,
                kind,
                comment: text(row, 4),
                columns: columns.remove(&oid).unwrap_or_default(),
                records: None,
                bytes: None,
                modified: None,
                format,
                key: None,
            };
            self.measure(name, oid, row.try_get_unchecked(5).unwrap_or(-1.0), &mut table);
            Some(table)
        });
        Ok(facts.collect())
    }

    /// Bytes and rows of one table; what is locked, denied or too slow stays unknown.
    fn measure(&self, database: &str, oid: i64, row_estimate: f64, table: &mut TableFacts) {
        let mut estimate = (row_estimate >= 0.0).then_some(row_estimate);
        if matches!(table.format, format::POSTGRES_TABLE | format::POSTGRES_PARTITIONED | format::POSTGRES_MATERIALIZED)
        {
            let sizes = self.with(database, self.timeouts.statement, async |connection| {
                sqlx::query(BYTES).persistent(false).bind(oid).fetch_one(connection).await
            });
            if let Ok(row) = sizes {
                let bytes = row.try_get_unchecked::<Option<i64>, _>(0).ok().flatten();
                table.bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(Measure::exact);
                if table.format == format::POSTGRES_PARTITIONED {
                    let unknown = row.try_get_unchecked::<Option<bool>, _>(2).ok().flatten().unwrap_or(true);
                    estimate = row.try_get_unchecked::<Option<f64>, _>(1).ok().flatten().filter(|_| !unknown);
                }
            }
        }
        let estimate = estimate.map(|rows| rows as u64);
        if estimate.is_some_and(|rows| rows > COUNTED_UP_TO) {
            table.records = estimate.map(Measure::estimate);
            return;
        }
        let limit = if table.format == format::POSTGRES_VIEW { self.timeouts.view } else { self.timeouts.statement };
        table.records = match self.count_in(database, table, limit) {
            Ok(rows) => Some(Measure::exact(rows)),
            // 0 is also what older servers say of a table that was never looked at.
            Err(_) => estimate.filter(|rows| *rows > 0).map(Measure::estimate),
        };
    }

    /// Counts the rows of a table.
    pub(super) fn count(&self, _: &Database, table: &TableFacts, limit: Duration) -> Result<u64, Reason> {
        self.count_in(self.home_of(table), table, limit).map_err(|error| failure::reason(&error))
    }

    fn count_in(&self, database: &str, table: &TableFacts, limit: Duration) -> Result<u64, sqlx::Error> {
        // Safe: names went through `quote`.
        let sql = format!("SELECT count(*) FROM {}", source(table));
        let row = self.with(database, limit, async |connection| {
            let mut transaction = begin(connection, limit).await?;
            let row = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(&mut *transaction).await?;
            transaction.rollback().await?;
            Ok(row)
        })?;
        let count: i64 = row.try_get_unchecked(0)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The database to which a connection goes unless a table names another.
    pub(crate) fn home(&self) -> &str {
        &self.home
    }

    /// The database that a table is in.
    pub(crate) fn home_of<'t>(&'t self, table: &'t TableFacts) -> &'t str {
        table.database.as_deref().unwrap_or(&self.home)
    }

    /// Does `work` with a connection to `database`; after an error nobody else gets that connection.
    pub(crate) fn with<T>(
        &self,
        database: &str,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let (_place, idle) = self.connections.borrow(&self.runtime, database);
        let connecting = async {
            if let Some(mut connection) = idle
                && connection.ping().await.is_ok()
            {
                return Ok(connection);
            }
            let mut connection = self.options.clone().database(database).connect().await?;
            guard(&mut connection, self.timeouts).await?;
            Ok(connection)
        };
        let mut connection = wait(&self.runtime, self.timeouts.connect, connecting).map_err(failure::no_connection)?;
        // The server's own timeout should come first; this one is for a server that is gone.
        let result = wait(&self.runtime, limit.saturating_add(Duration::from_secs(5)), work(&mut connection));
        if result.is_ok() {
            self.connections.give_back(database, connection);
        } else {
            close(&self.runtime, connection);
        }
        result
    }

    pub(super) fn close(&self, runtime: &Runtime) {
        self.connections.close(runtime);
    }
}

/// A transaction in which nothing can be written and no statement takes longer than `limit`.
pub(crate) async fn begin(
    connection: &mut PgConnection,
    limit: Duration,
) -> Result<sqlx::Transaction<'_, sqlx::Postgres>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN READ ONLY").await?;
    let sql = format!("SET LOCAL statement_timeout = {}", limit.as_millis());
    sqlx::query(AssertSqlSafe(sql)).persistent(false).execute(&mut *transaction).await?;
    Ok(transaction)
}

/// `schema.table` as a source of rows. Without `ONLY` a plain table would give the rows of those that inherit from it.
pub(crate) fn source(table: &TableFacts) -> String {
    let only = if table.format == format::POSTGRES_TABLE { "ONLY " } else { "" };
    format!("{only}{}.{}", quote::ansi(&table.schema), quote::ansi(&table.name))
}

/// Makes a session one that cannot write and does not wait. Set after the login: poolers refuse most settings in it, and
/// so the last word is ours whatever the address says.
async fn guard(connection: &mut PgConnection, timeouts: Timeouts) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SET default_transaction_read_only = on; SET statement_timeout = {}; SET lock_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; SET synchronize_seqscans = off",
        timeouts.statement.as_millis(),
        timeouts.lock.as_millis(),
        timeouts.full.as_millis(),
    );
    // Safe: numbers. A scan that begins where another one stands would give other rows each time, hence the last one.
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
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

fn columns_by_table(rows: &[PgRow]) -> BTreeMap<i64, Vec<Column>> {
    let mut columns: BTreeMap<i64, Vec<Column>> = BTreeMap::new();
    for row in rows {
        let Ok(table) = row.try_get_unchecked::<i64, _>(0) else { continue };
        columns.entry(table).or_default().push(Column {
            name: text(row, 1),
            comment: text(row, 2),
            declared_type: text(row, 3),
            from_schema: true,
        });
    }
    columns
}

fn text(row: &PgRow, index: usize) -> Option<String> {
    let bytes: Option<&[u8]> = row.try_get_unchecked(index).ok()?;
    bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
