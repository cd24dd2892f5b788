//! PostgreSQL: what is listed and read is what the server itself says.

use mulu::model::{AssetKind, Measure};

use super::*;
use crate::support::servers::postgres;

/// A database with the statements run in it.
fn database_with(statements: &str) -> String {
    let name = postgres().new_database("plant");
    postgres().sql(&name, statements);
    name
}

#[test]
fn tables_views_and_partitions_are_listed_as_the_server_knows_them() {
    let name = database_with(
        "CREATE TABLE task (id int PRIMARY KEY, name text, qty numeric(10,2));
         COMMENT ON TABLE task IS '生产任务'; COMMENT ON COLUMN task.qty IS '数量';
         INSERT INTO task SELECT i, '任务' || i, i / 2.0 FROM generate_series(1, 5000) i;
         CREATE VIEW few AS SELECT name FROM task WHERE id <= 7;
         CREATE MATERIALIZED VIEW kept AS SELECT * FROM task WHERE id <= 100;
         CREATE TABLE log (at date, line text) PARTITION BY RANGE (at);
         CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY LIST (line);
         CREATE TABLE log_1a PARTITION OF log_1 DEFAULT;
         CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
         INSERT INTO log SELECT '2026-01-15'::date + i % 30, 'x' FROM generate_series(0, 299) i;
         CREATE TABLE heir (extra int) INHERITS (task); INSERT INTO heir VALUES (9001, 'h', 1, 2);
         CREATE SCHEMA 生产; CREATE TABLE 生产.班组 (名称 text);
         CREATE TEMP TABLE passing (a int)",
    );
    let database = open(&postgres().url(&name)).unwrap();
    assert_eq!(database.server().flavour, Flavour::PostgreSql);
    assert!(database.server().major() >= 11, "{}", database.server());
    let listing = database.tables().unwrap();
    let locators: Vec<String> = listing.tables.iter().map(TableFacts::raw_locator).collect();
    assert_eq!(locators, ["public.few", "public.heir", "public.kept", "public.log", "public.task", "生产.班组"]);
    assert_eq!(listing.unlistable, []);
    let task = facts(&database, "task");
    assert_eq!(
        (task.kind, task.format, task.comment.as_deref()),
        (AssetKind::Table, "postgres-table", Some("生产任务"))
    );
    assert_eq!(task.records, Some(Measure::exact(5000)), "rows of an heir are the heir's");
    assert_eq!(task.bytes, Some(Measure::exact(postgres().number(&name, "SELECT pg_table_size('task')"))));
    let columns: Vec<_> = task.columns.iter().map(|column| column.declared_type.as_deref().unwrap()).collect();
    assert_eq!(columns, ["integer", "text", "numeric(10,2)"]);
    assert_eq!(task.columns[2].comment.as_deref(), Some("数量"));
    let log = facts(&database, "log");
    assert_eq!((log.kind, log.records), (AssetKind::Table, Some(Measure::exact(300))));
    let parts = "SELECT pg_table_size('log_1a') + pg_table_size('log_2')";
    assert_eq!(log.bytes, Some(Measure::exact(postgres().number(&name, parts))));
    let few = facts(&database, "few");
    assert_eq!((few.kind, few.records, few.bytes), (AssetKind::View, Some(Measure::exact(7)), None));
    assert_eq!(facts(&database, "kept").kind, AssetKind::View);
    assert_eq!(rows_of(&database, &log, Sampling::default()).unwrap().1.rows, 300);
    assert_eq!(rows_of(&database, &facts(&database, "班组"), Sampling::default()).unwrap().1.rows, 0);
}

#[test]
fn a_sample_is_bounded_spread_and_always_the_same() {
    let name = database_with(
        "CREATE TABLE task (id int PRIMARY KEY, name text);
         INSERT INTO task SELECT i, repeat('任务', 20) || i FROM generate_series(1, 50000) i; ANALYZE task",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let task = facts(&database, "task");
    let sampling = Sampling { rows: 500, ..Sampling::default() };
    let (rows, read) = rows_of(&database, &task, sampling).unwrap();
    assert!(read.rows.abs_diff(500) <= 125, "{read:?}");
    assert_eq!((read.of, read.sampled), (Some(Measure::exact(50000)), true));
    let ids: Vec<u64> = rows.iter().map(|row| row[0].as_deref().unwrap().parse().unwrap()).collect();
    assert!(ids[ids.len() - 1] - ids[0] > 45_000, "both ends of the table are in the sample: {ids:?}");
    assert_eq!(rows_of(&open(&postgres().url(&name)).unwrap(), &task, sampling).unwrap().0, rows);
    let whole = rows_of(&database, &task, Sampling { full: true, ..sampling }).unwrap().1;
    assert_eq!((whole.rows, whole.sampled), (50000, false));
}

#[test]
fn exotic_types_and_hostile_names_are_read_as_text() {
    let name = database_with(
        "CREATE TYPE mood AS ENUM ('好', 'bad'); CREATE TYPE pair AS (a int, b text); CREATE DOMAIN code AS text;
         CREATE TABLE \"ta\"\"b'l; DROP TABLE x --\n名\" (
           \"a \"\" b\" int[], m mood, p pair, c code, j jsonb, b bytea, iv interval, ts timestamptz, r int4range,
           x xml, i inet, pt point, u uuid, bits bit(3), mo money, n numeric, ch char(5), v text, oids oid, ts2 tsvector);
         INSERT INTO \"ta\"\"b'l; DROP TABLE x --\n名\" VALUES (
           '{1,2}', '好', '(1,x)', 'c', '{\"k\": [1]}', '\\x00ff41', '1 day', '2026-01-02 03:04:05+08', '[1,5)',
           '<a/>', '10.0.0.1', '(1,2)', '00000000-0000-0000-0000-000000000001', B'101', 5, 1.50, 'ab', NULL, 42, 'cat');
         CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES;
         CREATE TABLE long (t text); INSERT INTO long VALUES (repeat('中', 1000))",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let odd = facts(&database, "ta\"b'l; DROP TABLE x --\n名");
    let (rows, _) = rows_of(&database, &odd, Sampling::default()).unwrap();
    let cells: Vec<&str> = rows[0].iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect();
    assert_eq!(cells[..5], ["1, 2", "好", "(1,x)", "c", "{\"k\": [1]}"]);
    assert_eq!(cells[5], "\0\u{fffd}A", "bytes stay bytes");
    assert_eq!(cells[7], "2026-01-01 19:04:05+00");
    assert_eq!(cells[13..], ["101", "$5.00", "1.50", "ab   ", "NULL", "42", "'cat'"]);
    assert_eq!(rows_of(&database, &facts(&database, "nothing"), Sampling::default()).unwrap().1.rows, 1);
    let long = rows_of(&database, &facts(&database, "long"), Sampling { cell_bytes: 100, ..Sampling::default() });
    let (rows, read) = long.unwrap();
    assert_eq!((rows[0][0].as_deref(), read.cut_cells), (Some("中".repeat(33).as_str()), 1));
}

#[test]
fn nothing_can_be_written_through_a_session() {
    let name = database_with(
        "CREATE TABLE trace (a int);
         CREATE FUNCTION leave_trace() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO trace VALUES (1); RETURN 1; END $$;
         CREATE VIEW trap AS SELECT leave_trace() AS a",
    );
    let url = format!("{}?options[default_transaction_read_only]=off", postgres().url(&name));
    let database = open(&url).unwrap();
    let trap = facts(&database, "trap");
    assert_eq!(trap.records, None, "it cannot even be counted");
    assert_eq!(rows_of(&database, &trap, Sampling::default()).unwrap_err(), Reason::QueryFailed);
    assert_eq!(postgres().number(&name, "SELECT count(*) FROM trace"), 0);
}

#[test]
fn what_cannot_be_read_costs_only_itself() {
    let name = database_with(
        "CREATE TABLE open_one (a int); INSERT INTO open_one VALUES (1); CREATE TABLE secret (a int);
         CREATE VIEW slow AS SELECT 1 AS a FROM pg_sleep(20); CREATE VIEW failing AS SELECT 1 / (a - 1) AS q FROM open_one;
         DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'reads';
         GRANT SELECT ON open_one, slow, failing TO reader",
    );
    let mut target =
        DatabaseTarget::parse(&postgres().url_as("reader", "wrong", &name)).unwrap().with_password("reads");
    target.timeouts.statement = std::time::Duration::from_millis(500);
    target.timeouts.view = std::time::Duration::from_millis(300);
    target.timeouts.lock = std::time::Duration::from_millis(200);
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let read = |name: &str| rows_of(&database, &facts(&database, name), Sampling::default()).map(|(_, read)| read.rows);
    assert_eq!(read("open_one"), Ok(1));
    assert_eq!(read("secret"), Err(Reason::PermissionDenied));
    assert_eq!(facts(&database, "secret").records, None);
    assert_eq!(read("slow"), Err(Reason::Deadline));
    assert_eq!(read("failing"), Err(Reason::QueryFailed));
    assert_eq!(read("open_one"), Ok(1), "after errors the next table is read");
    let open_one = facts(&database, "open_one");
    let lock = "BEGIN; LOCK TABLE open_one IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3); COMMIT";
    std::thread::scope(|scope| {
        let locking = scope.spawn(|| postgres().sql(&name, lock));
        std::thread::sleep(std::time::Duration::from_millis(1500));
        assert_eq!(rows_of(&database, &open_one, Sampling::default()).unwrap_err(), Reason::Locked);
        locking.join().unwrap();
    });
}

#[test]
fn a_partition_on_another_server_is_read_from_the_top_and_no_further() {
    let name = database_with(
        "CREATE EXTENSION file_fdw; CREATE SERVER away FOREIGN DATA WRAPPER file_fdw;
         CREATE TABLE run (id int) PARTITION BY RANGE (id);
         CREATE TABLE run_here PARTITION OF run FOR VALUES FROM (0) TO (3000);
         INSERT INTO run SELECT generate_series(0, 2999);
         CREATE FOREIGN TABLE run_away PARTITION OF run FOR VALUES FROM (3000) TO (6000)
             SERVER away OPTIONS (program 'seq 3000 5999')",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let run = facts(&database, "run");
    assert_eq!((run.format, run.partitions), ("postgres-partitioned-foreign-table", 2));
    assert_eq!(run.records, Some(Measure::exact(6000)));
    let (rows, read) = rows_of(&database, &run, Sampling::default()).unwrap();
    let ids: Vec<u64> = rows.iter().map(|row| row[0].as_deref().unwrap().parse().unwrap()).collect();
    assert_eq!((ids, read.sampled), ((0..1000).collect(), true), "a sample would be spread");
}

#[test]
fn without_a_database_every_one_is_read() {
    let (one, two) = (
        database_with("CREATE TABLE only_one (a int)"),
        database_with("CREATE TABLE only_two (a int); INSERT INTO only_two VALUES (2)"),
    );
    let database = open(&postgres().url("")).unwrap();
    let listing = database.tables().unwrap();
    let find = |table: &str| listing.tables.iter().find(|found| found.name == table).cloned().unwrap();
    assert_eq!(find("only_one").raw_locator(), format!("{one}.public.only_one"));
    assert_eq!(find("only_two").database.as_deref(), Some(two.as_str()));
    assert_eq!(rows_of(&database, &find("only_two"), Sampling::default()).unwrap().0, [[Some("2".to_owned())]]);
    let one_only = open(&postgres().url(&one)).unwrap().tables().unwrap();
    assert_eq!(one_only.tables.iter().map(TableFacts::raw_locator).collect::<Vec<_>>(), ["public.only_one"]);
}

#[test]
fn a_database_that_does_not_let_us_in_is_named_and_the_others_are_read() {
    let (full, open_one) = (database_with("SELECT 1"), database_with("CREATE TABLE seen (a int)"));
    postgres()
        .sql(&full, &format!("ALTER DATABASE {full} CONNECTION LIMIT 0; CREATE ROLE lister LOGIN PASSWORD 'lists'"));
    let listing = open(&postgres().url_as("lister", "lists", "")).unwrap().tables().unwrap();
    assert_eq!(listing.unlistable, [(full, Reason::Unreachable)]);
    assert!(listing.tables.iter().any(|table| table.database.as_deref() == Some(open_one.as_str())));
}

#[test]
fn a_large_table_is_estimated_sampled_quickly_and_counted_on_demand() {
    let name = database_with(
        "CREATE UNLOGGED TABLE large AS SELECT i AS id FROM generate_series(1, 1100000) i; ANALYZE large;
         CREATE UNLOGGED TABLE unknown AS SELECT i AS id FROM generate_series(1, 2000) i",
    );
    let database = open(&postgres().url(&name)).unwrap();
    let large = facts(&database, "large");
    let records = large.records.unwrap();
    assert!(!records.exact && (1_050_000..1_150_000).contains(&records.value), "{records:?}");
    assert_eq!(facts(&database, "unknown").records, Some(Measure::exact(2000)), "nobody has analysed it");
    assert_eq!(database.count(&large), Ok(Measure::exact(1_100_000)));
    let (rows, read) = rows_of(&database, &large, Sampling::default()).unwrap();
    assert!(read.rows.abs_diff(1000) <= 250, "{read:?}");
    assert_eq!((read.of, read.sampled), (Some(records), true));
    let ids: Vec<u64> = rows.iter().map(|row| row[0].as_deref().unwrap().parse().unwrap()).collect();
    assert!(ids.windows(2).any(|pair| pair[1] - pair[0] > 10_000), "the sample is from more than one place");
}

#[test]
fn each_way_a_login_can_fail_has_its_own_line() {
    let server = postgres();
    let error = |url: &str| {
        let error = open(url).unwrap_err();
        assert_one_line(&error);
        assert!(!error.to_string().contains("throw-away") && !error.to_string().contains("hunter22"), "{error}");
        error
    };
    assert!(matches!(error(&server.url_as("postgres", "hunter22", "postgres")), Error::LoginRefused { .. }));
    assert!(matches!(error(&server.url("no_such_database")), Error::NoSuchDatabase { .. }));
    assert!(matches!(error("postgres://u:hunter22@127.0.0.1:1/x"), Error::Unreachable { .. }));
    assert!(matches!(error("postgres://u:hunter22@no-such-host.invalid/x"), Error::Unreachable { .. }));
    assert!(matches!(error(&format!("{}?sslmode=require", server.url("postgres"))), Error::TlsFailed { .. }));
    assert!(matches!(error("postgres://127.0.0.1:hunter22/x"), Error::BadAddress { .. }));
}

#[test]
fn many_threads_share_few_connections() {
    let name = database_with("CREATE TABLE task (id int); INSERT INTO task SELECT generate_series(1, 300)");
    let database = open(&postgres().url(&name)).unwrap();
    let task = facts(&database, "task");
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            (0..8).map(|_| scope.spawn(|| rows_of(&database, &task, Sampling::default()).unwrap().1.rows)).collect();
        let most =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mulu' AND datname = current_database()";
        assert!(postgres().number(&name, most) <= 2);
        assert!(readers.into_iter().all(|reader| reader.join().unwrap() == 300));
    });
}
