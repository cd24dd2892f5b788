//! What `mulu.toml` and the command line say of a database, in a scan.

use crate::support::ScanEnv;
use crate::support::certificates::postgres_with_tls;
use crate::support::mortal::Mortal;
use crate::support::servers::postgres;

#[test]
fn what_is_left_out_is_accounted_for() {
    let name = postgres().new_database("left_out");
    postgres().sql(
        &name,
        "CREATE TABLE batch AS SELECT 1 AS a; CREATE TABLE tmp_1 AS SELECT 2 AS a; CREATE SCHEMA archive;
         CREATE TABLE archive.old AS SELECT 3 AS a; CREATE TABLE extra AS SELECT 4 AS a",
    );
    let env = ScanEnv::new();
    let address = format!("postgres://postgres@127.0.0.1:{}/{name}", postgres().port());
    let configuration = format!(
        "[[store]]\nname = \"erp\"\ntarget = \"{address}\"\npassword_env = \"ERP\"\nexclude = [\"archive\", \"*.tmp_*\"]\n"
    );
    env.put_beside("mulu.toml", configuration);
    let scan = |more: &[&str]| {
        let arguments = [&["scan", "--format", "json"][..], more].concat();
        crate::support::answer(env.command(&arguments).env("ERP", "throw-away")).expect_code(0).json()
    };
    let answer = scan(&[]);
    let tally = |answer: &serde_json::Value, key: &str| answer["tally"][key].as_u64().unwrap();
    assert_eq!((tally(&answer, "found"), tally(&answer, "skipped")), (4, 2), "{answer}");
    assert!(answer["stores"][0]["server"].as_str().unwrap().starts_with("PostgreSQL "), "{answer}");
    assert_eq!(
        (&answer["stores"][0]["encryption"], &answer["stores"][0]["state"]),
        (&"plain".into(), &"complete".into())
    );
    for (locator, status) in [("archive.old", "skipped"), ("public.tmp_1", "skipped"), ("public.extra", "unclassified")]
    {
        let asset = env.asset(locator);
        assert_eq!(asset["status"] == "skipped", status == "skipped", "{asset}");
        assert_eq!(asset["reason"] == "excluded", status == "skipped", "{asset}");
        assert_eq!(asset["records"].is_null(), status == "skipped", "{asset}");
    }
    let answer = scan(&["--include", "public.b*"]);
    assert_eq!((tally(&answer, "found"), tally(&answer, "skipped")), (4, 3), "{answer}");
}

#[test]
fn a_database_that_is_left_out_later_is_not_gone() {
    let (kept, left) = (postgres().new_database("stays"), postgres().new_database("leaves"));
    for name in [&kept, &left] {
        postgres()
            .sql(name, "CREATE TABLE staff AS SELECT 'w' || i || '@example.com' AS mail FROM generate_series(1, 9) i");
    }
    let env = ScanEnv::new();
    let address = format!("postgres://postgres@127.0.0.1:{}", postgres().port());
    let scan = |more: &str| {
        let store = format!("[[store]]\nname = \"erp\"\ntarget = \"{address}\"\npassword_env = \"ERP\"\n");
        env.put_beside("mulu.toml", format!("{store}include = [\"{kept}\", \"{left}\"]\n{more}"));
        let command = &mut env.command(&["scan", "--format", "json"]);
        crate::support::answer(command.env("ERP", "throw-away")).expect_code(0).json()
    };
    scan("");
    let out = format!("exclude = [\"{left}\"]\n");
    // The second time, what is left out is known from a scan that left it out.
    for _ in 0..2 {
        scan(&out);
        let table = env.asset(&format!("{left}.public.staff"));
        assert_eq!((&table["status"], &table["reason"]), (&"skipped".into(), &"excluded".into()));
        let differences = env.mulu(&["diff", "1", "--format", "json"]).expect_code(1).json();
        let rows: Vec<_> = differences["differences"].as_array().unwrap_or_else(|| panic!("{differences}")).clone();
        let of = |row: &serde_json::Value| {
            (row["kind"].as_str().unwrap().to_owned(), row["locator"].as_str().unwrap().to_owned())
        };
        let unread = ("unread".to_owned(), format!("{left}.public.staff"));
        assert!(rows.iter().any(|row| of(row) == unread), "{differences}");
        assert!(rows.iter().all(|row| row["kind"] != "gone"), "{differences}");
    }
    scan("");
    assert_eq!(env.asset(&format!("{left}.public.staff"))["records"]["value"], 9);
}

#[test]
fn a_pattern_that_names_nothing_is_told_and_changes_nothing_else() {
    let name = postgres().new_database("misspelt");
    postgres().sql(&name, "CREATE TABLE batch AS SELECT 1 AS a; CREATE TABLE tmp_1 AS SELECT 2 AS a");
    let env = ScanEnv::new();
    let address = format!("postgres://postgres@127.0.0.1:{}/{name}", postgres().port());
    env.put_beside(
        "mulu.toml",
        format!(
            "[[store]]\nname = \"erp\"\ntarget = \"{address}\"\npassword_env = \"ERP\"\nexclude = [\"achive\", \"*.tmp_*\"]\n"
        ),
    );
    let scan = |more: &[&str]| {
        let arguments = [&["scan", "--log", "log"][..], more].concat();
        crate::support::answer(env.command(&arguments).env("ERP", "throw-away"))
    };
    let told = scan(&["--include", "public", "--exclude", "public.nothing"]).expect_code(0);
    let lines: Vec<&str> = told.stderr.lines().collect();
    assert!(
        lines.iter().any(|line| line.contains("achive of include or exclude of store erp names nothing")),
        "{lines:?}"
    );
    assert!(lines.iter().any(|line| line.contains("public.nothing of include or exclude names nothing")), "{lines:?}");
    assert!(!told.stderr.contains("tmp_") && !told.stderr.contains("public of"), "{}", told.stderr);
    let log = crate::support::text_of(&env.path("log"));
    assert!(log.contains("\"event\":\"warning\"") && log.contains("achive"), "{log}");
    let answer = scan(&["--format", "json"]).expect_code(0).json();
    assert_eq!(answer["unmatched"], serde_json::json!([{ "store": "erp", "pattern": "achive" }]));
    // What the command line leaves out below a share is named by a path of one store only, and that is enough.
    env.put("logs/a.txt", "nothing");
    let both = scan(&["share", "erp", "--exclude", "logs/", "--format", "json"]).expect_code(0).json();
    assert_eq!(both["unmatched"].as_array().unwrap().len(), 1, "{both}");
    let refused = scan(&["--exclude", "public.\"a.b"]).expect_code(2);
    assert!(refused.complaint().contains("without its partner"), "{}", refused.stderr);
}

/// A server that ends in the middle of a scan of the program, and stays away.
#[test]
fn a_server_that_is_lost_in_the_middle_makes_the_program_say_that_it_is_not_done() {
    for mut own in [Mortal::postgres(), Mortal::mariadb()] {
        let name = own.server().new_database("plant");
        let is_postgres = own.server().url("").starts_with("postgres");
        let slow = if is_postgres { "SELECT 1 AS a FROM pg_sleep(60)" } else { "SELECT SLEEP(60) AS a" };
        own.server().sql(&name, &format!("CREATE TABLE early AS SELECT 1 AS a; CREATE VIEW late AS {slow}"));
        let env = ScanEnv::new();
        let target = own.server().url(&name).replace(":throw-away", "");
        env.put_beside(
            "mulu.toml",
            format!(
                "[[store]]\nname = \"erp\"\ntarget = \"{target}\"\npassword_env = \"ERP\"\ntimeouts = {{ view = 1, reconnect = 1 }}\n"
            ),
        );
        let mut command = env.command(&["scan", "--format", "json", "--jobs", "1"]);
        let scan = std::thread::spawn(move || crate::support::answer(command.env("ERP", "throw-away")));
        // The rows of the view are asked for last of all.
        let asked = if is_postgres { "COPY (SELECT \"a\" FROM" } else { "SELECT `a` FROM" };
        let until = std::time::Instant::now() + std::time::Duration::from_mins(1);
        while !own.server().log().lines().any(|line| line.contains(asked) && line.contains("late")) {
            assert!(std::time::Instant::now() < until, "the view was never read");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        own.kill();
        let answer = scan.join().unwrap().expect_code(2);
        let store = &answer.json()["stores"][0];
        assert_eq!((&store["state"], &store["reason"]), (&"partial".into(), &"unreachable".into()), "{store}");
        assert!(answer.complaint().contains("cannot be reached"), "{}", answer.stderr);
        let early = env.asset("early");
        assert_eq!(early["records"]["value"], 1, "{early}");
    }
}

#[test]
fn a_sample_of_no_rows_is_refused() {
    let env = ScanEnv::with_plant(0);
    env.mulu(&["scan", "share", "--sample-rows", "0"]).expect_code(2);
}

#[test]
fn a_store_that_demands_verification_is_refused_without_it_and_named_verified_with_it() {
    let server = postgres_with_tls();
    let env = ScanEnv::new();
    let write = |tls: &str| {
        let target = format!("postgres://postgres@127.0.0.1:{}/postgres", server.port());
        let store = format!("[[store]]\nname = \"erp\"\ntarget = \"{target}\"\npassword_env = \"ERP\"\ntls = {tls}\n");
        env.put_beside("mulu.toml", store);
        crate::support::answer(env.command(&["scan", "--log", "log"]).env("ERP", "throw-away"))
    };
    let refused = write("\"verify\"").expect_code(2);
    assert!(refused.complaint().contains("tls.ca"), "{}", refused.stderr);
    let ca = server.folder().join("ca.pem");
    let verified = write(&format!("{{ ca = \"{}\" }}", ca.display())).expect_code(0);
    assert!(verified.stdout.contains("connection encrypted, server verified"), "{}", verified.stdout);
    let unverified = write("\"prefer\"").expect_code(0);
    assert!(unverified.stdout.contains("connection encrypted, server not verified"), "{}", unverified.stdout);
    let log = crate::support::text_of(&env.path("log"));
    assert!(log.contains("\"encryption\":\"verified\"") && log.contains("\"encryption\":\"unverified\""), "{log}");
    assert!(!log.contains("throw-away"));
}
