//! Rows of a SQL Server table.
//!
//! Numbers and times come as the driver gives them; text as UTF-16, which the server makes of whatever a column is in: the
//! driver would refuse a row with half a character in it.

use crate::discover::database::sqlserver::{Answered, Session, SqlServerConnection, source, value};
use crate::discover::database::{Database, TableFacts, failure, format, quote};
use crate::model::{Column, Reason};

use super::deliver::Receiver;
use super::keyed::{self, Dialect, KeyedTable, Sampled, Words};
use super::long::Long;
use super::pages::{self, Pages};
use super::{Sampling, cut_at, is_whole, limit};

pub(super) fn read(
    database: &Database,
    session: &Session,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, Reason> {
    if table.columns.is_empty() {
        return Err(Reason::QueryFailed);
    }
    let sampled = session.with(session.home_of(table), limit(database, sampling), async |connection| {
        read_rows(connection, table, sampling, receiver).await
    });
    sampled.map_err(|error| failure::reason(&error))
}

/// Hands over long values of a column.
pub(super) fn long_values(
    session: &Session,
    table: &TableFacts,
    column: &Column,
    limit: std::time::Duration,
    Long { most, longer_than, bytes }: Long,
    receiver: &mut Receiver<'_>,
) -> Result<(), Reason> {
    let value = whole(column);
    // What is cut is counted in characters or bytes, 32 bits of them.
    let bytes = bytes.min(i32::MAX as u64);
    let sql = format!(
        "SELECT TOP ({most}) SUBSTRING({value}, 1, {bytes}) FROM {} WHERE DATALENGTH({value}) > {longer_than}",
        source(table)
    );
    let read = session.with(session.home_of(table), limit, async |connection| {
        connection.each(&sql, |answered| take(answered, 0, receiver)).await
    });
    read.map_err(|error| failure::reason(&error))
}

async fn read_rows(
    connection: &mut SqlServerConnection,
    table: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    let cells = table.columns.iter().map(|column| cell(column, sampling)).collect::<Vec<_>>().join(", ");
    let source = source(table);
    if is_whole(table, sampling) {
        let sql = format!("SELECT {cells} FROM {source}");
        return from_the_top(connection, &sql, u64::MAX, receiver).await;
    }
    if let Some(key) = &table.key {
        let words = Words { key: quote::sql_server(key), source, columns: &cells, dialect: Dialect::SqlServer };
        return keyed::sample(&mut Keyed(connection), &words, table, sampling, receiver).await;
    }
    if let Some(pages) = table.bytes.filter(|_| table.format == format::SQLSERVER_TABLE).map(|bytes| bytes.value / PAGE)
    {
        let handed_over = receiver.rows();
        match by_pages(
            connection,
            pages,
            &Words { key: String::new(), source: source.clone(), columns: &cells, dialect: Dialect::SqlServer },
            sampling,
            receiver,
        )
        .await
        {
            // Rows that are kept by column, and compatible servers, have no pages to draw.
            Err(error) if error.as_database_error().is_some() && receiver.rows() == handed_over => {}
            sampled => return sampled,
        }
    }
    let sql = format!("SELECT TOP ({}) {cells} FROM {source}", sampling.rows.saturating_add(1));
    from_the_top(connection, &sql, sampling.rows, receiver).await
}

/// Bytes of a page.
const PAGE: u64 = 8_192;

/// Where a row lies: page, file and slot. Not in the manual, and in every version since 2008.
const PLACE: &str = "%%physloc%%";

async fn by_pages(
    connection: &mut SqlServerConnection,
    pages: u64,
    Words { source, columns, .. }: &Words<'_>,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    // The seed counts from one, and in 63 bits.
    let clause = |percent: f64| {
        format!(" TABLESAMPLE SYSTEM ({percent:.6} PERCENT) REPEATABLE ({})", (sampling.seed >> 1).max(1))
    };
    let Pages { drawn, percent } = pages::draw(pages, sampling, async |percent| {
        // Several threads would give the rows of a page in pieces.
        let sql = format!("SELECT COUNT_BIG(*) FROM {source}{} OPTION (MAXDOP 1)", clause(percent));
        Ok(connection
            .numbers(&sql)
            .await?
            .first()
            .copied()
            .flatten()
            .and_then(|rows| rows.try_into().ok())
            .unwrap_or(0))
    })
    .await?;
    let wants_all = percent >= 100.0 && drawn <= sampling.rows;
    if wants_all {
        return from_the_top(connection, &format!("SELECT {columns} FROM {source}"), u64::MAX, receiver).await;
    }
    // Of the rows in the drawn pages as many as wanted: by two bytes of a hash of where they lie.
    let share = (u128::from(sampling.rows) << 16) / u128::from(drawn.max(1));
    let chance = format!(
        "CAST(SUBSTRING(HASHBYTES('SHA2_256', {PLACE} + CAST({} AS binary(4))), 1, 2) AS int)",
        sampling.seed & 0x7fff_ffff
    );
    let sql = format!(
        "SELECT SUBSTRING({PLACE}, 1, 6), {columns} FROM {source}{} WHERE {chance} < {share} OPTION (MAXDOP 1)",
        clause(percent)
    );
    let mut page: Option<Vec<u8>> = None;
    let mut rows = 0;
    connection
        .each(&sql, |answered| {
            let Answered::Row(row) = &answered else { return };
            let mut place = Vec::new();
            row.cells().take(1).for_each(|(_, cell)| _ = value::write(cell, &mut place));
            if page.as_ref().is_some_and(|page| *page != place) {
                receiver.cluster_end(rows);
                rows = 0;
            }
            page = Some(place);
            rows += 1;
            take(answered, 1, receiver);
        })
        .await?;
    receiver.cluster_end(rows);
    Ok(Sampled { more: true, of: Some((drawn as f64 * 100.0 / percent) as u64) })
}

async fn from_the_top(
    connection: &mut SqlServerConnection,
    sql: &str,
    most: u64,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    let mut more = false;
    connection
        .each(sql, |answered| {
            more |= matches!(answered, Answered::Row(_)) && receiver.rows() >= most;
            if !more {
                take(answered, 0, receiver);
            }
        })
        .await?;
    Ok(Sampled { more, of: None })
}

/// Hands over a row without its first cells.
fn take(answered: Answered<'_>, skipped: usize, receiver: &mut Receiver<'_>) {
    let Answered::Row(row) = answered else { return };
    let buffer = receiver.next_row();
    for (_, cell) in row.cells().skip(skipped) {
        let is_null = value::write(cell, buffer.text());
        buffer.end_cell(is_null);
    }
    receiver.end_row();
}

struct Keyed<'c>(&'c mut SqlServerConnection);

impl KeyedTable for Keyed<'_> {
    async fn numbers(&mut self, sql: String) -> Result<Vec<Option<i128>>, sqlx::Error> {
        self.0.numbers(&sql).await
    }

    async fn clusters(
        &mut self,
        statements: Vec<String>,
        of: Vec<u64>,
        receiver: &mut Receiver<'_>,
    ) -> Result<(), sqlx::Error> {
        let mut of = of.into_iter();
        let mut open: Option<(u64, u64)> = None;
        let end = |open: &mut Option<(u64, u64)>, receiver: &mut Receiver<'_>| {
            // Rows may have come or gone since they were counted.
            open.take().into_iter().for_each(|(of, seen)| receiver.cluster_end(of.max(seen)));
        };
        self.0
            .each(&statements.join("; "), |answered| match answered {
                Answered::Statement => {
                    end(&mut open, receiver);
                    open = Some((of.next().unwrap_or_default(), 0));
                }
                Answered::Row(_) => {
                    open.iter_mut().for_each(|(_, seen)| *seen += 1);
                    take(answered, 0, receiver);
                }
            })
            .await?;
        end(&mut open, receiver);
        Ok(())
    }
}

/// The name of a declared type without what stands behind it.
fn base_type(column: &Column) -> &str {
    let declared = column.declared_type.as_deref().unwrap_or_default();
    declared.split('(').next().unwrap_or_default()
}

/// A column as text or bytes, of which any part can be taken.
fn whole(column: &Column) -> String {
    let name = quote::sql_server(column.name.as_deref().unwrap_or_default());
    match base_type(column) {
        "binary" | "varbinary" | "image" => format!("CAST({name} AS varbinary(max))"),
        _ => format!("CAST({name} AS nvarchar(max))"),
    }
}

/// A column as the server gives it, cut by the server where it may be long.
fn cell(column: &Column, sampling: &Sampling) -> String {
    let name = quote::sql_server(column.name.as_deref().unwrap_or_default());
    let declared = column.declared_type.as_deref().unwrap_or_default();
    let most = cut_at(sampling);
    match base_type(column) {
        // An encrypted column can be read and nothing else done with it.
        "bit" | "tinyint" | "smallint" | "int" | "bigint" | "decimal" | "numeric" | "float" | "real" | "date"
        | "time" | "datetime" | "datetime2" | "smalldatetime" | "datetimeoffset" | "uniqueidentifier" | "timestamp"
        | "encrypted" => name,
        // The driver would give them as floating-point numbers.
        "money" | "smallmoney" => format!("CAST({name} AS decimal(19,4))"),
        // At most 8,000 bytes.
        "nchar" | "nvarchar" | "binary" | "varbinary" if !declared.ends_with("(max)") => name,
        "char" | "varchar" if !declared.ends_with("(max)") => {
            format!("CAST({name} AS nvarchar({}))", characters(declared))
        }
        "sql_variant" => format!("CAST({name} AS nvarchar(4000))"),
        "char" | "nchar" | "varchar" | "nvarchar" | "text" | "ntext" | "xml" | "json" | "vector" | "sysname" => {
            format!("SUBSTRING(CAST({name} AS nvarchar(max)), 1, {most})")
        }
        // Bytes, and types of its runtime: places, trees, those that somebody made.
        _ => format!("SUBSTRING(CAST({name} AS varbinary(max)), 1, {most})"),
    }
}

/// `11` of `varchar(11)`; a text of more than 4,000 has no length of its own in UTF-16.
fn characters(declared: &str) -> String {
    let inside = declared.split_once('(').and_then(|(_, behind)| behind.strip_suffix(')'));
    let length = inside.and_then(|inside| inside.parse::<u32>().ok()).filter(|length| (1..=4_000).contains(length));
    length.map_or_else(|| "max".to_owned(), |length| length.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_asked_for_so_that_no_value_fails_and_none_is_long() {
        let sampling = Sampling { cell_bytes: 100, ..Sampling::default() };
        for (declared, wanted) in [
            ("int", "[a]]b]"),
            ("nvarchar(50)", "[a]]b]"),
            ("encrypted", "[a]]b]"),
            ("money", "CAST([a]]b] AS decimal(19,4))"),
            ("varchar(11)", "CAST([a]]b] AS nvarchar(11))"),
            ("varchar(8000)", "CAST([a]]b] AS nvarchar(max))"),
            ("varchar(max)", "SUBSTRING(CAST([a]]b] AS nvarchar(max)), 1, 101)"),
            ("xml", "SUBSTRING(CAST([a]]b] AS nvarchar(max)), 1, 101)"),
            ("sql_variant", "CAST([a]]b] AS nvarchar(4000))"),
            ("varbinary(max)", "SUBSTRING(CAST([a]]b] AS varbinary(max)), 1, 101)"),
            ("geography", "SUBSTRING(CAST([a]]b] AS varbinary(max)), 1, 101)"),
            ("hierarchyid", "SUBSTRING(CAST([a]]b] AS varbinary(max)), 1, 101)"),
        ] {
            let column =
                Column { name: Some("a]b".to_owned()), declared_type: Some(declared.to_owned()), ..Column::default() };
            assert_eq!(cell(&column, &sampling), wanted, "{declared}");
        }
    }
}
