//! MariaDB, which stands for MySQL too: what is listed and read is what the server itself says.

use mulu::model::{AssetKind, Measure};

use super::*;
use crate::support::servers::mariadb;

/// A database with the statements run in it.
fn database_with(statements: &str) -> String {
    let name = mariadb().new_database("plant");
    mariadb().sql(&name, statements);
    name
}

#[test]
fn tables_and_views_are_listed_as_the_server_knows_them() {
    let name = database_with(
        "CREATE TABLE task (id INT PRIMARY KEY, name VARCHAR(40) COMMENT '名称', qty DECIMAL(10,2)) COMMENT '生产任务';
         INSERT INTO task SELECT seq, CONCAT('任务', seq), seq / 2 FROM seq_1_to_5000;
         CREATE VIEW few AS SELECT name FROM task WHERE id <= 7;
         CREATE TABLE log (at DATE, line INT) PARTITION BY HASH (line) PARTITIONS 4;
         INSERT INTO log SELECT '2026-01-01', seq FROM seq_1_to_300;
         CREATE TABLE old (a INT) ENGINE=Aria; INSERT INTO old VALUES (1), (2);
         CREATE SEQUENCE counter",
    );
    let database = open(&mariadb().url(&name)).unwrap();
    let listing = database.tables().unwrap();
    let names: Vec<&str> = listing.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["few", "log", "old", "task"]);
    let task = facts(&database, "task");
    assert_eq!((task.kind, task.format, task.comment.as_deref()), (AssetKind::Table, "mysql-table", Some("生产任务")));
    assert_eq!(task.raw_locator(), format!("{name}.task"));
    assert_eq!(task.records, Some(Measure::exact(5000)));
    let stored = |table: &str| {
        let query = "SELECT CAST(data_length AS SIGNED) FROM information_schema.tables WHERE table_name =";
        mariadb().number(&name, &format!("{query} '{table}' AND table_schema = DATABASE()"))
    };
    assert_eq!(task.bytes.unwrap().value, stored("task"));
    assert_eq!(facts(&database, "old").bytes, Some(Measure::exact(stored("old"))));
    assert_eq!(task.columns[1].comment.as_deref(), Some("名称"));
    assert_eq!(task.columns[1].declared_type.as_deref(), Some("varchar(40)"));
    assert_eq!(facts(&database, "log").records, Some(Measure::exact(300)));
    let few = facts(&database, "few");
    assert_eq!((few.kind, few.records, few.bytes, few.comment), (AssetKind::View, Some(Measure::exact(7)), None, None));
}

#[test]
fn a_sample_is_bounded_spread_and_always_the_same() {
    let name = database_with(
        "CREATE TABLE task (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(40));
         INSERT INTO task SELECT seq, 'x' FROM seq_1_to_5000; INSERT INTO task VALUES (18446744073709551615, 'last')",
    );
    let database = open(&mariadb().url(&name)).unwrap();
    let task = facts(&database, "task");
    let sampling = Sampling { rows: 500, ..Sampling::default() };
    let (rows, read) = rows_of(&database, &task, sampling).unwrap();
    assert!(read.rows.abs_diff(500) <= 125, "a key far from all others leaves room for them: {read:?}");
    assert_eq!((read.of, read.sampled), (Some(Measure::exact(5001)), true));
    assert_eq!(rows_of(&open(&mariadb().url(&name)).unwrap(), &task, sampling).unwrap().0, rows);
    let whole = rows_of(&database, &task, Sampling { full: true, ..sampling }).unwrap().1;
    assert_eq!((whole.rows, whole.sampled), (5001, false));
}

#[test]
fn exotic_types_and_hostile_names_are_read_as_text() {
    let name = database_with(
        "SET sql_mode = '';
         CREATE TABLE `ta``b'l; -- \n名` (`a `` b` ENUM('好', 'bad'), s SET('x', 'y'), j JSON, b BLOB, bits BIT(3), y YEAR,
           d DATETIME, t TIME, g GEOMETRY, f FLOAT, vb VARBINARY(9), gbk VARCHAR(9) CHARACTER SET gbk, u UUID, i INET6,
           calc INT AS (1 + 1), n TEXT);
         INSERT INTO `ta``b'l; -- \n名` (`a `` b`, s, j, b, bits, y, d, t, g, f, vb, gbk, u, i) VALUES ('好', 'x,y', '{\"k\":1}',
           x'00ff41', b'101', 2026, '0000-00-00', '-100:00:00', POINT(1, 2), 1.5, 'vb', '中文', UUID(), '::1');
         CREATE TABLE `long` (t LONGTEXT); INSERT INTO `long` VALUES (REPEAT('中', 1000))",
    );
    let database = open(&mariadb().url(&name)).unwrap();
    let odd = facts(&database, "ta`b'l; -- \n名");
    let (rows, _) = rows_of(&database, &odd, Sampling::default()).unwrap();
    let cells: Vec<&str> = rows[0].iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect();
    assert_eq!(cells[..7], ["好", "x,y", "{\"k\":1}", "\0\u{fffd}A", "5", "2026", "0000-00-00 00:00:00"]);
    assert_eq!(cells[7..12], ["-100:00:00", "POINT(1 2)", "1.5", "vb", "中文"]);
    assert_eq!(cells[13..], ["::1", "2", "NULL"]);
    let long = rows_of(&database, &facts(&database, "long"), Sampling { cell_bytes: 100, ..Sampling::default() });
    let (rows, read) = long.unwrap();
    assert_eq!((rows[0][0].as_deref(), read.cut_cells), (Some("中".repeat(33).as_str()), 1));
}

#[test]
fn nothing_can_be_written_through_a_session() {
    let name = database_with(
        "CREATE TABLE trace (a INT);
         CREATE FUNCTION leave_trace() RETURNS INT BEGIN INSERT INTO trace VALUES (1); RETURN 1; END;
         CREATE VIEW trap AS SELECT leave_trace() AS a",
    );
    let database = open(&mariadb().url(&name)).unwrap();
    assert_eq!(rows_of(&database, &facts(&database, "trap"), Sampling::default()).unwrap_err(), Reason::QueryFailed);
    assert_eq!(mariadb().number(&name, "SELECT count(*) FROM trace"), 0);
}

#[test]
fn what_cannot_be_read_costs_only_itself() {
    let name = database_with(
        "CREATE TABLE open_one (a INT); INSERT INTO open_one VALUES (1); CREATE TABLE gone (a INT);
         CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone; CREATE VIEW slow AS SELECT SLEEP(20) AS s",
    );
    let mut target = DatabaseTarget::parse(&mariadb().url(&name)).unwrap();
    target.timeouts.statement = std::time::Duration::from_millis(500);
    target.timeouts.view = std::time::Duration::from_millis(300);
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let read = |name: &str| rows_of(&database, &facts(&database, name), Sampling::default()).map(|(_, read)| read.rows);
    assert_eq!(facts(&database, "slow").kind, AssetKind::View);
    assert_eq!(read("slow"), Err(Reason::Deadline));
    assert_eq!(read("broken"), Err(Reason::QueryFailed));
    assert_eq!(read("open_one"), Ok(1), "after errors the next table is read");
}

#[test]
fn a_large_table_is_estimated_sampled_evenly_and_counted_on_demand() {
    let name = database_with(
        "CREATE TABLE large (id INT PRIMARY KEY); INSERT INTO large SELECT seq FROM seq_1_to_1300000; ANALYZE TABLE large",
    );
    let database = open(&mariadb().url(&name)).unwrap();
    let large = facts(&database, "large");
    let records = large.records.unwrap();
    assert!(!records.exact && (1_000_001..1_600_000).contains(&records.value), "{records:?}");
    assert_eq!(database.count(&large), Ok(Measure::exact(1_300_000)));
    let (rows, read) = rows_of(&database, &large, Sampling::default()).unwrap();
    assert!(read.rows.abs_diff(1000) <= 250, "{read:?}");
    assert_eq!((read.of, read.sampled), (Some(records), true));
    let ids: Vec<u64> = rows.iter().map(|row| row[0].as_deref().unwrap().parse().unwrap()).collect();
    assert!(ids[0] < 6_500 && ids[ids.len() - 1] > 1_293_500, "{ids:?}");
}

#[test]
fn a_locked_table_and_a_denied_column_are_told_apart() {
    let name =
        database_with("CREATE TABLE held (a INT); INSERT INTO held VALUES (1); CREATE TABLE half (a INT, b INT)");
    let grants = "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'reads'";
    mariadb().sql(&name, &format!("{grants}; GRANT SELECT ON {name}.held TO reader@'127.0.0.1'"));
    mariadb().sql(&name, &format!("GRANT SELECT (a), INSERT (b) ON {name}.half TO reader@'127.0.0.1'"));
    let mut target = DatabaseTarget::parse(&mariadb().url_as("reader", "reads", &name)).unwrap();
    target.timeouts.lock = std::time::Duration::from_secs(1);
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let (held, half) = (facts(&database, "held"), facts(&database, "half"));
    assert_eq!(half.columns.len(), 2);
    assert_eq!(rows_of(&database, &half, Sampling::default()).unwrap_err(), Reason::PermissionDenied);
    std::thread::scope(|scope| {
        let locking = scope.spawn(|| mariadb().sql(&name, "LOCK TABLES held WRITE; DO SLEEP(4); UNLOCK TABLES"));
        std::thread::sleep(std::time::Duration::from_millis(1500));
        assert_eq!(rows_of(&database, &held, Sampling::default()).unwrap_err(), Reason::Locked);
        locking.join().unwrap();
    });
    assert_eq!(rows_of(&database, &held, Sampling::default()).unwrap().1.rows, 1);
}

#[test]
fn a_reader_that_panics_leaves_the_place_to_others() {
    let name = database_with("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)");
    let mut target = DatabaseTarget::parse(&mariadb().url(&name)).unwrap();
    target.connections = 1;
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let table = facts(&database, "t");
    let panicking = std::panic::AssertUnwindSafe(|| read(&database, &table, &Sampling::default(), &mut Buggy));
    assert!(std::panic::catch_unwind(panicking).is_err());
    assert_eq!(rows_of(&database, &table, Sampling::default()).unwrap().1.rows, 2);
}

#[test]
fn without_a_database_every_one_is_read_but_not_the_system() {
    let (one, two) = (database_with("CREATE TABLE only_one (a INT)"), database_with("CREATE TABLE only_two (a INT)"));
    let listing = open(&mariadb().url("")).unwrap().tables().unwrap();
    let schemas: Vec<&str> = listing.tables.iter().map(|table| table.schema.as_str()).collect();
    assert!(schemas.contains(&one.as_str()) && schemas.contains(&two.as_str()), "{schemas:?}");
    assert!(
        !schemas.iter().any(|schema| ["mysql", "sys", "information_schema", "performance_schema"].contains(schema))
    );
}

#[test]
fn each_way_a_login_can_fail_has_its_own_line() {
    let server = mariadb();
    let error = |url: &str| {
        let error = open(url).unwrap_err();
        assert_one_line(&error);
        assert!(!error.to_string().contains("throw-away") && !error.to_string().contains("hunter22"), "{error}");
        error
    };
    assert!(matches!(error(&server.url_as("tester", "hunter22", "mysql")), Error::LoginRefused { .. }));
    assert!(matches!(error(&server.url("no_such_database")), Error::NoSuchDatabase { .. }));
    assert!(matches!(error("mysql://u:hunter22@127.0.0.1:1/x"), Error::Unreachable { .. }));
    let encrypted = format!("{}?ssl-mode=required", server.url("mysql"));
    assert!(matches!(error(&encrypted), Error::TlsFailed { .. }));
}
