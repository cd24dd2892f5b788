//! What a SQL Server with a small plant would answer.

use crate::support::tds::Reply;
use crate::support::tds_tokens::Cell;

/// Rows of the table of people, and of the long log with a key.
const PEOPLE: i64 = 300;
const LOG_ROWS: i128 = 5_000;

/// A plant with two databases, one of which holds all.
pub(super) fn plant(database: &str, sql: &str) -> Reply {
    let starts = |words: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ").starts_with(words);
    if sql.contains("@@VERSION") {
        return Reply::text(&[&["Microsoft SQL Server 2019 (RTM) - 15.0.2000.5 (X64)", "15.0.2000.5", "reader"]]);
    }
    if sql.contains("sys.databases") {
        return Reply::text(&[&["hr"], &["mes"]]);
    }
    if sql.contains("sys.dm_db_index_usage_stats") {
        // VIEW SERVER STATE permission was denied.
        return Reply::Error(300);
    }
    if starts("SET ") || database != "mes" || sql.contains("sys.security_policies") {
        return Reply::nothing();
    }
    if sql.contains("sys.dm_db_partition_stats") {
        let row = |object, rows, pages| [object, rows, pages, 2, 1, 1].map(Cell::Number).to_vec();
        return Reply::Results(vec![vec![row(1, PEOPLE, 4), row(3, 5_000, 40), row(4, 2_000, 20)]]);
    }
    if sql.contains("FROM sys.indexes i") {
        return Reply::text(&[
            &["dbo", "log", "p", "PK_log", "id", "", "", "", "1"],
            &["dbo", "log", "f", "FK_log", "staff", "dbo", "sta]ff", "id", "1"],
        ]);
    }
    if starts("SELECT s.name, o.name, c.name") {
        return Reply::text(&[
            &["dbo", "sta]ff", "姓名", "员工姓名", "nvarchar", "50", "0", "0", "nvarchar"],
            &["dbo", "sta]ff", "mail", "", "varchar", "99", "0", "0", "Mail"],
            &["dbo", "log", "id", "", "bigint", "8", "19", "0", "bigint"],
            &["dbo", "log", "staff", "", "int", "4", "10", "0", "int"],
            &["dbo", "heap", "note", "", "nvarchar", "-1", "0", "0", "nvarchar"],
            &["dbo", "closed", "note", "", "int", "4", "10", "0", "int"],
        ]);
    }
    if starts("SELECT s.name, o.name, CASE WHEN t.is_external") {
        // As 2014 says: no such column.
        return Reply::Error(207);
    }
    if sql.contains("FROM sys.objects o") {
        return Reply::text(&[
            &["dbo", "sta]ff", "U ", "人员", "1", "1"],
            &["dbo", "log", "U ", "", "3", "1"],
            &["dbo", "heap", "U ", "", "4", "1"],
            &["dbo", "closed", "U ", "", "5", "0"],
        ]);
    }
    rows(sql)
}

/// Answers to what is asked about rows.
fn rows(sql: &str) -> Reply {
    let count = |number: usize, rows: i64| vec![Cell::Number(i64::try_from(number).unwrap()), Cell::Number(rows)];
    if sql.contains("UNION ALL SELECT") || sql.starts_with("SELECT 0, COUNT_BIG(*)") {
        let of = |table: &str| {
            if table.contains("sta]]ff") {
                PEOPLE
            } else if table.contains("log") {
                5_000
            } else {
                2_000
            }
        };
        return Reply::Results(vec![
            sql.split(" UNION ALL ")
                .map(|part| count(part.split([' ', ',']).nth(1).unwrap().parse().unwrap(), of(part)))
                .collect(),
        ]);
    }
    if sql.contains("[closed]") {
        return Reply::Error(229);
    }
    if sql.ends_with("FROM [dbo].[sta]]ff]") {
        let one = |number| vec![Cell::Text("张三".to_owned()), Cell::Text(format!("w{number}@example.com"))];
        return Reply::Results(vec![(0..PEOPLE).map(one).collect()]);
    }
    if sql.contains("min([id])") {
        return Reply::Results(vec![vec![vec![Cell::Number(1), Cell::Number(5_000)]]]);
    }
    if sql.contains("TABLESAMPLE") {
        return pages(sql);
    }
    if sql.starts_with("SELECT (SELECT count(*)") {
        let counts =
            sql.split("(SELECT count(*)").skip(1).map(|part| Cell::Number(i64::try_from(keys(part).len()).unwrap()));
        return Reply::Results(vec![vec![counts.collect()]]);
    }
    assert!(sql.starts_with("SELECT TOP ("), "nobody told what to say to {sql}");
    let statement = |one: &str| {
        let most: usize = one.split(['(', ')']).nth(1).unwrap().parse().unwrap();
        keys(one).into_iter().take(most).map(|key| vec![Cell::Number(key), Cell::Number(7)]).collect::<Vec<_>>()
    };
    Reply::Results(sql.split("; ").map(statement).collect())
}

/// The keys of the log that lie in the ranges of a condition.
fn keys(condition: &str) -> Vec<i64> {
    let ranges = condition.split("BETWEEN ").skip(1).map(|range| {
        let mut numbers = range.split(|it: char| !it.is_ascii_digit()).filter(|word| !word.is_empty());
        let mut number = || numbers.next().unwrap().parse::<i128>().unwrap();
        (number().max(1), number().min(LOG_ROWS))
    });
    ranges.flat_map(|(first, last)| first..=last).map(|key| i64::try_from(key).unwrap()).collect()
}

/// Twenty pages of a hundred rows, all of which are drawn.
fn pages(sql: &str) -> Reply {
    if sql.starts_with("SELECT COUNT_BIG(*)") {
        return Reply::Results(vec![vec![vec![Cell::Number(2_000)]]]);
    }
    assert!(sql.contains("REPEATABLE (83)") && sql.contains("WHERE CAST(SUBSTRING(HASHBYTES("), "{sql}");
    let row = |number: u8| vec![Cell::Bytes(vec![number / 50, 0, 0, 0, 1, 0]), Cell::Text(format!("note {number}"))];
    Reply::Results(vec![(0..200).map(row).collect()])
}
