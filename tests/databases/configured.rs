//! What `mulu.toml` and the command line say of a database, in a scan.

use crate::support::ScanEnv;
use crate::support::certificates::postgres_with_tls;
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
fn what_was_read_in_part_for_one_reason_is_one_line() {
    let name = postgres().new_database("halves");
    postgres().sql(
        &name,
        "CREATE TABLE hr_employee AS SELECT i AS id, 'x' AS name, 1 AS salary FROM generate_series(1, 3000) i;
         COMMENT ON TABLE hr_employee IS '员工档案';
         CREATE TABLE qqq AS SELECT i AS a FROM generate_series(1, 3000) i",
    );
    let env = ScanEnv::new();
    let answer = env.done(&["scan", &postgres().url(&name)]);
    let statuses: Vec<_> = env.assets().iter().map(|asset| asset["status"].as_str().unwrap().to_owned()).collect();
    assert!(statuses.contains(&"classified".to_owned()) && statuses.contains(&"unclassified".to_owned()));
    let lines = answer.stdout.lines().filter(|line| line.starts_with("read in part  "));
    assert_eq!(lines.collect::<Vec<_>>().len(), 1, "{}", answer.stdout);
    env.mulu(&["scan", &postgres().url(&name), "--sample-rows", "0"]).expect_code(2);
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
