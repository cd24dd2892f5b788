//! SQL Server, over the wire: no server was there to be tried, so one that speaks its protocol answers what the manual
//! says that a real one would.

use std::path::Path;
use std::time::Duration;

use mulu::discover::database::{Tls, TlsMode};
use mulu::model::{AssetKind, Encryption as Known, Measure, Status};

use super::scene::Scene;
use super::*;
use crate::support::certificates;
use crate::support::tds::{Encryption, FakeSqlServer, Manner, Reply};
use crate::support::tds_tokens::Cell;

/// Rows of the table of people, and of the long log with a key.
const PEOPLE: i64 = 300;
const LOG_ROWS: i128 = 5_000;

/// A plant with two databases, one of which holds all.
fn plant(database: &str, sql: &str) -> Reply {
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
    if starts("SET ") || database != "mes" {
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
        let counts = sql.split("(SELECT count(*)").skip(1).map(|part| Cell::Number(keys(part).len() as i64));
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

fn connect(url: &str, tls: Tls) -> Result<Database, Error> {
    let mut target = DatabaseTarget::parse(url)?;
    target.tls = tls;
    target.timeouts.connect = Duration::from_secs(5);
    Connector::new().unwrap().connect(&target)
}

fn mode(mode: TlsMode) -> Tls {
    Tls { mode: Some(mode), ..Tls::default() }
}

#[test]
fn a_login_says_who_it_is_and_that_it_only_reads() {
    let server = FakeSqlServer::start(Manner::answering(plant));
    let database = open(&server.url("mes")).unwrap();
    assert_eq!(database.server().to_string(), "SQL Server 15.0.2000.5");
    assert_eq!(database.server().flavour, Flavour::SqlServer);
    assert_eq!(database.connection().login.as_deref(), Some("reader"));
    let told = server.told();
    let login = told.logins.last().unwrap();
    assert_eq!((login.user.as_str(), login.password.as_str()), ("reader", "geh@im"));
    assert_eq!((login.application.as_str(), login.database.as_str(), login.reads_only), ("mulu", "mes", true));
    let settings: Vec<&str> =
        told.batches.iter().map(|(_, sql)| sql.as_str()).filter(|sql| sql.starts_with("SET")).collect();
    assert!(settings[0].contains("READ UNCOMMITTED; SET LOCK_TIMEOUT 2000;"), "{settings:?}");
}

#[test]
fn tables_are_listed_by_the_words_that_the_server_knows() {
    let server = FakeSqlServer::start(Manner::answering(plant));
    let database = open(&server.url("")).unwrap();
    let listing = database.tables().unwrap();
    assert_eq!((listing.unlistable.len(), listing.excluded.len()), (0, 0));
    let names: Vec<String> = listing.tables.iter().map(TableFacts::raw_locator).collect();
    assert_eq!(names, ["mes.dbo.closed", "mes.dbo.heap", "mes.dbo.log", "mes.dbo.sta]ff"]);
    let staff = &listing.tables[3];
    assert_eq!(
        (staff.kind, staff.comment.as_deref(), staff.format),
        (AssetKind::Table, Some("人员"), "sqlserver-table")
    );
    assert_eq!((staff.records, staff.bytes), (Some(Measure::exact(300)), Some(Measure::exact(4 * 8_192))));
    assert_eq!((staff.index_bytes, &staff.modified), (Some(Measure::exact(2 * 8_192)), &None));
    assert_eq!(staff.columns[0].comment.as_deref(), Some("员工姓名"));
    assert_eq!(staff.columns[1].declared_type.as_deref(), Some("varchar(99)"));
    let log = &listing.tables[2];
    assert_eq!((log.key.as_deref(), log.foreign_keys[0].table.as_str()), (Some("id"), "sta]ff"));
    assert_eq!(listing.tables[0].records, None, "what is closed is not counted");
    let told = server.told();
    assert!(
        told.batches.iter().all(|(_, sql)| sql.starts_with("SELECT") || sql.starts_with("SET")),
        "{:?}",
        told.batches
    );
}

#[test]
fn a_scan_finds_people_and_costs_a_closed_table_only_itself() {
    let server = FakeSqlServer::start(Manner::answering(plant));
    let (outcome, results) = Scene::new(&server.url("mes")).scan(&mulu::pipeline::Silent);
    assert_eq!(outcome.stores[0].reason, None);
    let of = |name: &str| results.iter().find(|it| it.asset.locator.as_str().contains(name)).unwrap();
    let staff = of("sta]ff");
    let mail = staff.findings.iter().find(|found| found.detector == "email").expect("addresses are found");
    assert_eq!((mail.matches, staff.records), (300, Some(Measure::exact(300))));
    assert_eq!((of("closed").status, of("closed").reason), (Status::Failed, Some(Reason::PermissionDenied)));
    assert_ne!((of("log").status, of("heap").status), (Status::Failed, Status::Failed));
}

#[test]
fn a_sample_is_drawn_by_ranges_of_the_key() {
    let server = FakeSqlServer::start(Manner::answering(plant));
    let database = open(&server.url("mes")).unwrap();
    let log = facts(&database, "log");
    let mut kept = Kept::default();
    let taken = read(&database, &log, &Sampling::default(), &mut kept).unwrap();
    assert!(taken.sampled && (900..=1_250).contains(&taken.rows), "{taken:?}");
    let mut ids: Vec<i64> =
        kept.rows.iter().map(|row| String::from_utf8(row[0].clone().unwrap()).unwrap().parse().unwrap()).collect();
    assert!(ids.iter().any(|id| *id > 4_900) && ids.iter().any(|id| *id < 100), "from one end to the other");
    ids.dedup();
    assert_eq!(ids.len() as u64, taken.rows, "no row twice");
    assert_eq!(kept.clusters.len(), 200);
    let again = rows_of(&database, &log, Sampling::default()).unwrap().0;
    assert_eq!(again.len() as u64, taken.rows, "the same seed draws the same");
}

#[test]
fn a_table_without_a_key_is_sampled_by_pages() {
    let server = FakeSqlServer::start(Manner::answering(plant));
    let database = open(&server.url("mes")).unwrap();
    let mut kept = Kept::default();
    let taken = read(&database, &facts(&database, "heap"), &Sampling::default(), &mut kept).unwrap();
    assert_eq!((taken.rows, taken.of, taken.sampled), (200, Some(Measure::exact(2_000)), true));
    assert_eq!(kept.clusters, [50, 50, 50, 50], "a page each, and the place of a row is no cell of it");
    assert_eq!(kept.rows[0], [Some(b"note 0".to_vec())]);
}

#[test]
fn a_table_that_has_no_pages_to_draw_is_read_from_the_top() {
    let server = FakeSqlServer::start(Manner::answering(|database, sql| match sql {
        _ if sql.contains("TABLESAMPLE") => Reply::Error(494),
        _ if sql.starts_with("SELECT TOP (101)") => {
            Reply::Results(vec![(0..101).map(|number| vec![Cell::Text(format!("note {number}"))]).collect()])
        }
        _ => plant(database, sql),
    }));
    let database = open(&server.url("mes")).unwrap();
    let sampling = Sampling { rows: 100, ..Sampling::default() };
    let mut kept = Kept::default();
    let taken = read(&database, &facts(&database, "heap"), &sampling, &mut kept).unwrap();
    assert_eq!((taken.rows, taken.sampled, kept.clusters.len()), (100, true, 0));
}

#[test]
fn values_of_every_type_come_as_text_and_long_ones_are_cut() {
    let columns: [&[&str]; 1] = [&["dbo", "heap", "a", "", "int", "4", "10", "0", "int"]];
    let server = FakeSqlServer::start(Manner::answering(move |database, sql| match sql {
        _ if sql.starts_with("SELECT s.name, o.name, c.name") => {
            let one = columns[0];
            let of = |name: &'static str| one.iter().map(|it| if *it == "a" { name } else { it }).collect::<Vec<_>>();
            let all: Vec<Vec<&str>> = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].into_iter().map(of).collect();
            Reply::text(&all.iter().map(Vec::as_slice).collect::<Vec<_>>())
        }
        _ if sql.starts_with("SELECT [a]") => {
            let row = vec![
                Cell::Number(-7),
                Cell::Text("车间🏭".to_owned()),
                Cell::Bytes(b"%PDF-".to_vec()),
                Cell::Decimal(-1_234_567, 3),
                Cell::Moment(730_119, 86_399),
                Cell::OldMoment(-53_690, 299),
                Cell::Unique([
                    0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
                ]),
                Cell::Float(0.25),
                Cell::Bit(true),
            ];
            let long = vec![Cell::Null, Cell::Text("长".repeat(3_000))];
            Reply::Results(vec![vec![row, long.into_iter().chain(vec![Cell::Null; 7]).collect()]])
        }
        _ => plant(database, sql),
    }));
    let database = open(&server.url("mes")).unwrap();
    let sampling = Sampling { full: true, cell_bytes: 100, ..Sampling::default() };
    let (rows, taken) = rows_of(&database, &facts(&database, "heap"), sampling).unwrap();
    let texts: Vec<&str> = rows[0].iter().map(|cell| cell.as_deref().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "-7",
            "车间🏭",
            "%PDF-",
            "-1234.567",
            "2000-01-01 23:59:59",
            "1753-01-01 00:00:00.997",
            "00112233-4455-6677-8899-aabbccddeeff",
            "0.25",
            "1",
        ]
    );
    assert_eq!((rows[1][0].clone(), rows[1][1].as_ref().map(String::len), taken.cut_cells), (None, Some(99), 1));
}

#[test]
fn faults_of_a_server_are_told_in_our_own_words() {
    for (number, wanted) in [
        (229, Reason::PermissionDenied),
        (1222, Reason::Locked),
        (208, Reason::Vanished),
        (601, Reason::ChangedWhileRead),
        (824, Reason::Corrupt),
        (8134, Reason::QueryFailed),
    ] {
        let server = FakeSqlServer::start(Manner::answering(move |database, sql| match sql {
            _ if sql.ends_with("FROM [dbo].[sta]]ff]") && !sql.contains("COUNT") => Reply::Error(number),
            _ => plant(database, sql),
        }));
        let database = open(&server.url("mes")).unwrap();
        let said = rows_of(&database, &facts(&database, "sta]ff"), Sampling::default());
        assert_eq!(said.unwrap_err(), wanted, "{number}");
    }
}

#[test]
fn a_statement_that_takes_too_long_is_called_off_and_a_cut_connection_is_told() {
    let server = FakeSqlServer::start(Manner::answering(|database, sql| match sql {
        _ if sql.contains("sta]]ff") && !sql.contains("COUNT") => Reply::Silence,
        _ if sql.contains("TABLESAMPLE") => Reply::Cut,
        _ => plant(database, sql),
    }));
    let mut target = DatabaseTarget::parse(&server.url("mes")).unwrap();
    target.timeouts.statement = Duration::from_millis(300);
    let database = Connector::new().unwrap().connect(&target).unwrap();
    let read = |name: &str| rows_of(&database, &facts(&database, name), Sampling::default()).unwrap_err();
    assert_eq!(read("sta]ff"), Reason::Deadline);
    assert_eq!(read("heap"), Reason::Unreachable);
    drop(database);
    assert_eq!(server.told().attentions, 1);
}

#[test]
fn a_login_that_is_not_let_in_is_told_why() {
    for (database, wanted) in [("wrong", "LoginRefused"), ("missing", "NoSuchDatabase"), ("full", "TooManyConnections")]
    {
        let server = FakeSqlServer::start(Manner {
            refuses: |login| match login.database.as_str() {
                "wrong" => Some(18_456),
                "missing" => Some(4_060),
                _ => Some(17_809),
            },
            ..Manner::answering(plant)
        });
        let error = open(&server.url(database)).unwrap_err();
        assert!(format!("{error:?}").starts_with(wanted), "{error:?}");
        assert_one_line(&error);
        assert!(!error.to_string().contains("geh") && !error.to_string().contains("139"), "{error}");
    }
    let nobody = open("sqlserver://reader@127.0.0.1:1/mes").unwrap_err();
    assert!(matches!(nobody, Error::Unreachable { .. }), "{nobody:?}");
}

#[test]
fn a_listener_that_sends_readers_on_is_followed() {
    let replica = FakeSqlServer::start(Manner::answering(plant));
    let listener = FakeSqlServer::start(Manner { routes_to: Some(replica.port), ..Manner::answering(plant) });
    let database = open(&listener.url("mes")).unwrap();
    assert_eq!(database.tables().unwrap().tables.len(), 4);
    assert!(listener.told().batches.is_empty() && !replica.told().batches.is_empty());
    // Two that send to each other are left alone.
    let lost = FakeSqlServer::start(Manner { routes_to: Some(listener.port), ..Manner::answering(plant) });
    assert!(open(&lost.url("mes")).is_ok(), "two steps are followed");
}

fn trusting(folder: &Path, name: &str) -> Tls {
    Tls { authority: Some(folder.join(name)), ..Tls::default() }
}

#[test]
fn encryption_is_as_much_as_both_sides_have_and_verified_where_that_is_demanded() {
    let folder = tempfile::tempdir().unwrap();
    certificates::make(folder.path());
    let config = Encryption::config(folder.path());
    let offered =
        FakeSqlServer::start(Manner { encryption: Encryption::Offered(config.clone()), ..Manner::answering(plant) });
    let demanded =
        FakeSqlServer::start(Manner { encryption: Encryption::Demanded(config), ..Manner::answering(plant) });
    let without = FakeSqlServer::start(Manner::answering(plant));
    let known = |server: &FakeSqlServer, tls: Tls| {
        let database = connect(&server.url("mes"), tls)?;
        assert_eq!(database.tables().unwrap().tables.len(), 4, "and it can be read");
        let is_encrypted = server.told().logins.last().unwrap().is_encrypted;
        let encryption = database.connection().encryption.unwrap();
        assert_eq!(is_encrypted, encryption != Known::Plain, "the server saw the same");
        Ok::<_, Error>(encryption)
    };
    for server in [&offered, &demanded] {
        assert_eq!(known(server, Tls::default()), Ok(Known::Unverified));
        assert_eq!(known(server, mode(TlsMode::Require)), Ok(Known::Unverified));
        assert_eq!(known(server, trusting(folder.path(), "ca.pem")), Ok(Known::Verified));
        let stranger = known(server, trusting(folder.path(), "stranger.pem"));
        assert!(matches!(stranger, Err(Error::CertificateRefused { .. })), "{stranger:?}");
    }
    assert_eq!(known(&offered, mode(TlsMode::Off)), Ok(Known::Plain));
    assert!(matches!(known(&demanded, mode(TlsMode::Off)), Err(Error::TlsFailed { .. })));
    assert_eq!(known(&without, Tls::default()), Ok(Known::Plain));
    for wanted in [TlsMode::Require, TlsMode::Verify] {
        assert!(matches!(known(&without, mode(wanted)), Err(Error::TlsFailed { .. })));
    }
    // The certificate is for 127.0.0.1 alone.
    let elsewhere = |word: &str| format!("{}?sslmode={word}", offered.url("mes")).replace("127.0.0.1", "localhost");
    let mut target = DatabaseTarget::parse(&elsewhere("verify-ca")).unwrap();
    target.tls = Tls { mode: None, authority: None, ..Tls::default() };
    assert!(Connector::new().unwrap().connect(&target).is_err(), "an authority that nobody trusts");
    let refused = connect(&elsewhere("verify-full"), trusting(folder.path(), "ca.pem"));
    assert!(matches!(refused, Err(Error::CertificateRefused { .. })), "another host");
}
