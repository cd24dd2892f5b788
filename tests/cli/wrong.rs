//! Each way a person can be wrong: one line that says what, where and what to do; exit code 2; nothing lost.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::support::{Answer, ScanEnv, answer};

/// Checks the one line of complaint: it names `place`, gives no advice to a debugger, ends without a full stop.
#[track_caller]
fn assert_complains_of(answer: &Answer, place: &str) {
    let complaint = answer.complaint();
    assert!(complaint.contains(place), "the place {place:?} is missing: {complaint}");
    assert!(!complaint.ends_with('.'), "{complaint}");
    for technical in ["panicked", "Error {", "os error", "Caused by", "Os {"] {
        assert!(!complaint.contains(technical), "{complaint}");
    }
    let says_what_to_do = [";", ",", " with ", "first", ": wait"].iter().any(|sign| complaint.contains(sign));
    assert!(says_what_to_do, "nothing says what to do: {complaint}");
}

fn with_note() -> ScanEnv {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env
}

#[test]
fn a_missing_path() {
    let env = ScanEnv::new();
    assert_complains_of(&env.mulu(&["scan", "no-such-folder"]).expect_code(2), "no-such-folder");
}

#[test]
fn a_missing_path_costs_the_other_targets_nothing() {
    let env = with_note();
    let answer = env.mulu(&["scan", "share", "no-such-folder"]).expect_code(2);
    assert!(answer.stderr.contains("no-such-folder"), "{}", answer.stderr);
    assert_eq!(env.asset("a.txt")["kind"], "file");
}

#[test]
fn no_target_and_no_configuration() {
    let env = ScanEnv::new();
    assert_complains_of(&env.mulu(&["scan"]).expect_code(2), "mulu.toml");
}

#[test]
fn a_broken_configuration_is_told_with_its_line() {
    let env = with_note();
    env.put_beside("mulu.toml", "authority = \"x\"\n\n[enterprise\nname = 1\n");
    assert_complains_of(&env.mulu(&["scan", "share"]).expect_code(2), "mulu.toml, line 3");
    env.put_beside("mulu.toml", "[scna]\n");
    assert_complains_of(&env.mulu(&["scan", "share"]).expect_code(2), "scna");
}

#[test]
fn a_configuration_that_was_named_has_to_be_there() {
    let env = with_note();
    assert_complains_of(&env.mulu(&["scan", "share", "-c", "other.toml"]).expect_code(2), "other.toml");
}

#[test]
fn a_password_in_the_configuration_is_refused_and_not_repeated() {
    let env = ScanEnv::new();
    env.put_beside("mulu.toml", "[[store]]\nname = \"mes\"\ntarget = \"mysql://reader:Zq7Vxkpw@localhost/mes\"\n");
    let answer = env.mulu(&["scan"]).expect_code(2);
    assert_complains_of(&answer, "password_env");
    assert!(!answer.stderr.contains("Zq7Vxkpw"));
}

#[test]
fn a_malformed_rule_is_told_with_its_file() {
    let env = with_note();
    std::fs::create_dir(env.path("rules")).expect("a folder can be made");
    env.put_beside("rules/own.toml", "schema = 1\npack = \"own\"\n\n[[detector]]\nid = \n");
    assert_complains_of(&env.mulu(&["scan", "share", "--rules", "rules"]).expect_code(2), "own.toml");
}

#[test]
fn a_rule_with_a_bare_word_boundary_is_refused() {
    let env = with_note();
    std::fs::create_dir(env.path("rules")).expect("a folder can be made");
    let builtin = env.done(&["rules", "list"]).stdout;
    assert!(builtin.contains("cn.resident-id"), "{builtin}");
    env.put_beside(
        "rules/own.toml",
        "schema = 1\npack = \"own\"\n[[detector]]\nid = \"own.number\"\nname = { zh = \"编号\", en = \"number\" }\n\
         anchor = \"digit-run\"\npattern = '\\b[0-9]{9}\\b'\nconfidence = 0.5\nbasis = \"design\"\n\
         examples = [\"编号 123456789\"]\ncounter_examples = [\"12345678\"]\n",
    );
    let answer = env.mulu(&["rules", "test", "--rules", "rules"]);
    assert!(matches!(answer.code, Some(1 | 2)), "{answer:?}");
    assert!(format!("{}{}", answer.stdout, answer.stderr).contains("own.toml"), "{answer:?}");
}

#[test]
fn a_corrupt_workbook_is_a_counted_failure() {
    let env = with_note();
    env.put("broken.xlsx", b"PK\x03\x04\x14\0\0\0 this was a workbook once");
    let summary = env.done(&["scan", "share", "--format", "json"]).json();
    assert_eq!(summary["tally"]["failed"], 1, "{summary:#}");
    let broken = env.asset("broken.xlsx");
    assert_eq!((&broken["status"], &broken["reason"]), (&"failed".into(), &"corrupt".into()), "{broken:#}");
    assert_eq!(env.asset("a.txt")["reason"], serde_json::Value::Null);
}

#[test]
fn a_locked_database_file_is_a_counted_failure() {
    let env = ScanEnv::with_plant(0);
    let path = env.share().join(crate::plant::DATABASE);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        use sqlx::ConnectOptions as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
        let mut connection = options.connect().await.expect("the database opens");
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.expect("it can be locked");
        env.done(&["scan", "share"]);
        let database = env.asset(crate::plant::DATABASE);
        assert_eq!((&database["status"], &database["reason"]), (&"failed".into(), &"locked".into()), "{database:#}");
    });
    env.scan();
    assert_eq!(env.asset("main.process_parameter")["records"]["value"], 3_000);
}

#[test]
fn a_file_that_is_no_database() {
    let env = ScanEnv::new();
    let path = env.put_beside("notes.db", "no database at all");
    let answer = env.mulu(&["scan", &format!("sqlite://{}", path.display())]).expect_code(2);
    assert_complains_of(&answer, "notes.db");
}

#[test]
fn an_unreadable_folder_is_a_failed_row() {
    let env = with_note();
    env.put("closed/b.txt", "工艺参数\n");
    let closed = env.share().join("closed");
    let mode = |bits| std::os::unix::fs::PermissionsExt::from_mode(bits);
    std::fs::set_permissions(&closed, mode(0o000)).expect("a mode can be set");
    let answer = as_nobody(&env, &["scan", "share", "--lang", "en"]).expect_code(0);
    let assets = as_nobody(&env, &["assets", "--format", "jsonl", "--lang", "en"]).json_lines();
    std::fs::set_permissions(&closed, mode(0o755)).expect("a mode can be set");
    let row = assets.iter().find(|asset| asset["locator"].as_str().is_some_and(|text| text.starts_with("closed")));
    let row = row.unwrap_or_else(|| panic!("no row for the folder: {assets:#?}\n{}", answer.stderr));
    assert_eq!((&row["status"], &row["reason"]), (&"failed".into(), &"permission-denied".into()), "{row:#}");
}

/// The program as a user whom modes bind: the tests may run as root, whom they do not.
fn as_nobody(env: &ScanEnv, arguments: &[&str]) -> Answer {
    const NOBODY: u32 = 65_534;
    let mut command = env.command(arguments);
    if rustix::process::getuid().is_root() {
        // Nobody must get at the program and be able to write its inventory.
        let program = env.path("mulu-copy");
        if !program.exists() {
            std::fs::copy(env!("CARGO_BIN_EXE_mulu"), &program).expect("the program can be copied");
        }
        let owned = Command::new("chown").arg("65534:65534").arg(env.folder()).status().expect("chown runs");
        assert!(owned.success(), "the folder can be given away");
        command = Command::new(program);
        command.current_dir(env.folder()).args(arguments).env_clear().uid(NOBODY).gid(NOBODY);
    }
    answer(&mut command)
}

#[test]
fn commands_before_the_first_scan_say_to_scan() {
    let env = ScanEnv::new();
    for command in [&["assets"][..], &["classes"], &["changes"], &["catalog", "check"], &["filing", "list"]] {
        let answer = env.mulu(command).expect_code(2);
        assert!(answer.complaint().contains("mulu scan"), "{command:?}: {}", answer.stderr);
        assert!(!env.path("mulu.db").exists(), "{command:?} makes no inventory");
    }
}

#[test]
fn an_inventory_that_is_something_else_is_not_touched() {
    let env = with_note();
    let text = "a letter, kept under an unlucky name";
    env.put_beside("letter.db", text);
    assert_complains_of(&env.mulu(&["scan", "share", "--inventory", "letter.db"]).expect_code(2), "letter.db");
    assert_eq!(crate::support::text_of(&env.path("letter.db")), text);
}

#[test]
fn an_inventory_in_a_missing_folder() {
    let env = with_note();
    let answer = env.mulu(&["scan", "share", "--inventory", "nowhere/mulu.db"]).expect_code(2);
    assert_complains_of(&answer, "nowhere");
}

#[test]
fn an_output_in_a_missing_folder() {
    let env = with_note();
    env.scan();
    assert_complains_of(&env.mulu(&["assets", "-o", "nowhere/assets.txt"]).expect_code(2), "nowhere");
}

#[test]
fn an_unknown_id() {
    let env = with_note();
    env.scan();
    assert_complains_of(&env.mulu(&["explain", "a0000000000000000"]).expect_code(2), "a0000000000000000");
    let confirm = ["review", "confirm", "c0000000000000000", "--by", "李工", "--reason", "x"];
    assert_complains_of(&env.mulu(&confirm).expect_code(2), "c0000000000000000");
}

#[test]
fn an_unknown_category_in_a_review() {
    let env = ScanEnv::with_plant(0);
    env.scan();
    let asset = env.asset("员工花名册.xlsx");
    let id = asset["id"].as_str().expect("an id");
    let answer = env.mulu(&["review", "confirm", id, "--category", "managment.hr", "--by", "李工", "--reason", "x"]);
    assert_complains_of(&answer.expect_code(2), "managment.hr");
    assert_eq!(env.asset("员工花名册.xlsx")["level"]["confirmed"], serde_json::Value::Null);
}

#[test]
fn an_unknown_level_or_a_date_that_is_none() {
    let env = with_note();
    env.scan();
    let id = env.asset("a.txt")["id"].as_str().expect("an id").to_owned();
    let answer = env.mulu(&["review", "confirm", &id, "--level", "secret", "--by", "李工", "--reason", "x"]);
    assert!(answer.expect_code(2).stderr.contains("secret"));
    let submit = ["filing", "submit", "--by", "x", "--date", "2026-02-30", "--authority", "y"];
    assert!(env.mulu(&submit).expect_code(2).stderr.contains("2026-02-30"));
}

#[test]
fn a_filing_that_does_not_exist_cannot_be_accepted() {
    let env = with_note();
    env.scan();
    let answer = env.mulu(&["filing", "accept", "77", "--number", "备1", "--date", "2026-03-02"]);
    assert_complains_of(&answer.expect_code(2), "77");
}

#[test]
fn what_was_scanned_before_survives_a_scan_that_fails() {
    let env = with_note();
    env.scan();
    let before = env.done(&["assets", "--format", "jsonl"]).stdout;
    env.mulu(&["scan", "no-such-folder"]).expect_code(2);
    assert_eq!(env.done(&["assets", "--format", "jsonl"]).stdout, before);
}

#[test]
fn a_second_scan_at_the_same_time_is_refused_and_the_first_one_ends() {
    let env = ScanEnv::with_plant(0);
    let line = "设备编号 EQ-101 温度 35.2 状态 运行\n".repeat(40_000);
    for number in 0..40 {
        env.put(&format!("日志/{number}.txt"), format!("{number}\n{line}"));
    }
    let mut first = env.command(&["scan", "share", "--jobs", "1"]);
    let first = first.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    let first = first.spawn().expect("the program can be started");
    let inventory = env.path("mulu.db");
    while !inventory.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::thread::sleep(std::time::Duration::from_millis(200));
    let second = env.mulu(&["scan", "share"]).expect_code(2);
    assert_complains_of(&second, "mulu.db");
    let first = first.wait_with_output().expect("the first scan ends");
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
}

#[test]
fn a_rule_that_the_linter_refuses_stops_the_scan_in_one_line() {
    let env = ScanEnv::new();
    env.put("a.txt", "text");
    let term = "[[term]]\ncategory = \"research.desing\"\nweight = 0.5\nwords = [\"gizmo\"]\nbasis = \"design\"\n";
    std::fs::create_dir(env.path("house")).expect("a folder");
    env.put_beside("house/house.toml", format!("schema = 1\npack = \"house\"\n{term}"));
    let share = env.share().display().to_string();
    let answer = env.mulu(&["scan", &share, "--rules", "house", "--lang", "en"]).expect_code(2);
    let said = answer.complaint();
    assert!(said.contains("house.toml") && said.contains("did you mean \"research.design\""), "{said}");
}
