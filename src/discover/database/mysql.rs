//! MySQL and MariaDB: sessions that cannot write, and what the catalog says of tables.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
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
    options: MySqlConnectOptions,
    timeouts: Timeouts,
    /// The database that the target names; else all are meant.
    named: Option<String>,
    /// The two servers name their statement timeout differently.
    flavour: Flavour,
    connections: Connections<MySqlConnection>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flavour {
    MariaDb,
    MySql,
}

impl Flavour {
    /// The statement that limits those that follow it.
    fn limit(self, limit: Duration) -> String {
        match self {
            Self::MariaDb => format!("SET SESSION max_statement_time = {:.3}", limit.as_secs_f64()),
            Self::MySql => format!("SET SESSION max_execution_time = {}", limit.as_millis()),
        }
    }
}

/// Each answer is cast to text: the types of these columns differ between servers and versions.
const TABLES: &str = "
    SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(table_type AS CHAR), CAST(table_comment AS CHAR),
           CAST(table_rows AS CHAR), CAST(data_length AS CHAR),
           DATE_FORMAT(update_time, '%Y-%m-%dT%H:%i:%sZ'), CAST(engine AS CHAR)
    FROM information_schema.tables
    WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
      AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW') AND (? IS NULL OR table_schema = ?)";

const COLUMNS: &str = "
    SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(column_comment AS CHAR),
           LOWER(CAST(column_type AS CHAR)), CAST(column_key AS CHAR)
    FROM information_schema.columns
    WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
      AND (? IS NULL OR table_schema = ?)
    ORDER BY table_schema, table_name, ordinal_position";

impl Session {
    /// Logs in; gives the server's version too.
    pub(super) fn open(runtime: &Arc<Runtime>, target: &DatabaseTarget) -> Result<(Self, String), Error> {
        let store = target.shown();
        // The driver knows the server by one name only.
        let address = target.url.reveal().replacen("mariadb://", "mysql://", 1);
        let options: MySqlConnectOptions = address.parse().map_err(|_| target.bad_address())?;
        let named = options.get_database().map(str::to_owned);
        let options = match target.password() {
            Some(password) => options.password(password),
            None => options,
        };
        let mut session = Self {
            runtime: Arc::clone(runtime),
            options: options.disable_statement_logging(),
            timeouts: target.timeouts,
            named,
            flavour: Flavour::MySql,
            connections: Connections::new(target.connections),
        };
        let connecting = session.options.connect();
        let answer = wait(runtime, target.timeouts.connect, async {
            let mut connection = connecting.await?;
            let row = sqlx::query("SELECT CAST(VERSION() AS CHAR)").fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(text(&row, 0).unwrap_or_default())
        });
        let version = answer.map_err(|error| failure::connecting(&store, &error))?;
        session.flavour = if version.contains("MariaDB") { Flavour::MariaDb } else { Flavour::MySql };
        // Whether a session can be made read-only shows before anything is asked of it.
        session.with(target.timeouts.connect, async |_| Ok(())).map_err(|error| failure::connecting(&store, &error))?;
        Ok((session, version_digits(&version)))
    }

    /// Everything the login can see in the one database, or in all of them.
    pub(super) fn tables(&self, database: &Database) -> Result<Listing, Error> {
        let named = self.named.as_deref();
        let answer = self.with(self.timeouts.statement, async |connection| {
            let tables = sqlx::query(TABLES).bind(named).bind(named).fetch_all(&mut *connection).await?;
            let columns = sqlx::query(COLUMNS).bind(named).bind(named).fetch_all(connection).await?;
            Ok((tables, columns))
        });
        let (tables, columns) = answer.map_err(|error| failure::listing(database.store(), &error))?;
        let mut columns = columns_by_table(&columns);
        let facts = tables.iter().filter_map(|row| {
            let place = (text(row, 0)?, text(row, 1)?);
            let (columns, key) = columns.remove(&place).unwrap_or_default();
            let is_view = text(row, 2)?.contains("VIEW");
            // InnoDB counts pages when it feels like it; the others know their file.
            let keeps_count = text(row, 7).is_some_and(|engine| !engine.eq_ignore_ascii_case("innodb"));
            let bytes = number(row, 5).map(|value| Measure { value, exact: keeps_count });
            let mut table = TableFacts {
                database: None,
                schema: place.0,
                name: place.1,
                kind: if is_view { AssetKind::View } else { AssetKind::Table },
                // Of a view the server says VIEW, or what is wrong with it.
                comment: text(row, 3).filter(|comment| !comment.is_empty() && !is_view),
                columns,
                records: None,
                bytes: bytes.filter(|_| !is_view),
                modified: text(row, 6),
                format: if is_view { format::MYSQL_VIEW } else { format::MYSQL_TABLE },
                key: key.filter(|_| !is_view),
            };
            table.records = self.records(&table, number(row, 4));
            Some(table)
        });
        Ok(Listing { tables: facts.collect(), unlistable: Vec::new() })
    }

    fn records(&self, table: &TableFacts, estimate: Option<u64>) -> Option<Measure> {
        if let Some(rows) = estimate.filter(|rows| *rows > COUNTED_UP_TO) {
            return Some(Measure::estimate(rows));
        }
        let limit = if table.kind == AssetKind::View { self.timeouts.view } else { self.timeouts.statement };
        match self.count_rows(table, limit) {
            Ok(rows) => Some(Measure::exact(rows)),
            Err(_) => estimate.map(Measure::estimate),
        }
    }

    /// Counts the rows of a table.
    pub(super) fn count(&self, _: &Database, table: &TableFacts, limit: Duration) -> Result<u64, Reason> {
        self.count_rows(table, limit).map_err(|error| failure::reason(&error))
    }

    fn count_rows(&self, table: &TableFacts, limit: Duration) -> Result<u64, sqlx::Error> {
        // Safe: names went through `quote`.
        let sql = format!("SELECT CAST(count(*) AS CHAR) FROM {}", source(table));
        let row = self.with(limit, async |connection| sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(connection).await)?;
        number(&row, 0).ok_or(sqlx::Error::RowNotFound)
    }

    /// Does `work` with a connection whose statements end after `limit`; after an error nobody else gets it.
    pub(crate) fn with<T>(
        &self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut MySqlConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let (_place, idle) = self.connections.borrow(&self.runtime, "");
        let connecting = async {
            if let Some(mut connection) = idle
                && connection.ping().await.is_ok()
            {
                return Ok(connection);
            }
            let mut connection = self.options.connect().await?;
            self.guard(&mut connection).await?;
            Ok(connection)
        };
        let mut connection = wait(&self.runtime, self.timeouts.connect, connecting).map_err(failure::no_connection)?;
        let working = async {
            // Safe: a number.
            sqlx::raw_sql(AssertSqlSafe(self.flavour.limit(limit))).execute(&mut connection).await?;
            work(&mut connection).await
        };
        // The server's own timeout should come first; this one is for a server that is gone.
        let result = wait(&self.runtime, limit.saturating_add(Duration::from_secs(5)), working);
        if result.is_ok() {
            self.connections.give_back("", connection);
        } else {
            close(&self.runtime, connection);
        }
        result
    }

    /// Makes a session one that cannot write and does not wait for locks.
    async fn guard(&self, connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
        let lock_seconds = self.timeouts.lock.as_secs().max(1);
        // Safe: a number.
        let sql = format!("SET SESSION TRANSACTION READ ONLY; SET SESSION lock_wait_timeout = {lock_seconds}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        // MySQL 8 keeps the size of a table for a day; MariaDB and older servers know no such setting.
        let fresh = "SET SESSION information_schema_stats_expiry = 0";
        match sqlx::raw_sql(fresh).execute(connection).await {
            Err(error) if error.as_database_error().is_none() => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn close(&self, runtime: &Runtime) {
        self.connections.close(runtime);
    }
}

/// `schema.table` as a source of rows.
pub(crate) fn source(table: &TableFacts) -> String {
    format!("{}.{}", quote::mysql(&table.schema), quote::mysql(&table.name))
}

/// Columns of a table, and its key where it is one integer column.
type ColumnsAndKey = (Vec<Column>, Option<String>);

fn columns_by_table(rows: &[MySqlRow]) -> BTreeMap<(String, String), ColumnsAndKey> {
    let mut columns: BTreeMap<(String, String), ColumnsAndKey> = BTreeMap::new();
    let mut key_columns: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in rows {
        let (Some(schema), Some(table)) = (text(row, 0), text(row, 1)) else { continue };
        let place = (schema, table);
        let column = Column {
            name: text(row, 2),
            comment: text(row, 3).filter(|comment| !comment.is_empty()),
            declared_type: text(row, 4),
            from_schema: true,
        };
        let entry = columns.entry(place.clone()).or_default();
        if text(row, 5).as_deref() == Some("PRI") {
            let count = key_columns.entry(place).or_default();
            *count += 1;
            let is_integer = column.declared_type.as_deref().is_some_and(is_integer);
            entry.1 = if *count == 1 && is_integer { column.name.clone() } else { None };
        }
        entry.0.push(column);
    }
    columns
}

/// `int(11)`, `bigint(20) unsigned`, `mediumint`…
fn is_integer(declared: &str) -> bool {
    let name = declared.split(['(', ' ']).next().unwrap_or_default();
    matches!(name, "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint")
}

fn number(row: &MySqlRow, index: usize) -> Option<u64> {
    text(row, index)?.parse().ok()
}

fn text(row: &MySqlRow, index: usize) -> Option<String> {
    let bytes: Option<&[u8]> = row.try_get_unchecked(index).ok()?;
    bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}
