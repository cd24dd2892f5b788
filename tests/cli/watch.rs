//! `mulu watch`: one run for a scheduler.

use crate::support::ScanEnv;

/// A plant in which everything is confirmed, filed and recorded: nothing to do.
fn at_rest() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    let settings = include_str!("../../samples/mulu.toml").replace("samples/plant", "share");
    env.put_beside("mulu.toml", settings);
    env.mulu(&["watch"]).expect_code(1);
    let classes = env.done(&["classes", "--format", "json"]).json();
    for class in classes["classes"].as_array().expect("a list") {
        if matches!(class["level"]["proposed"].as_str(), Some("important" | "core")) {
            let id = class["id"].as_str().expect("an id");
            env.done(&["review", "confirm", id, "--by", "李工", "--reason", "与工艺部核对"]);
        }
    }
    env.done(&["filing", "submit", "--by", "王主任", "--date", "2026-03-01"]);
    env.done(&["filing", "accept", "1", "--number", "备2026-001", "--date", "2026-03-02"]);
    env
}

#[test]
fn a_plant_at_rest_has_nothing_to_do_and_is_silent_when_quiet() {
    let env = at_rest();
    let answer = env.done(&["watch"]);
    assert!(answer.stdout.contains("to do as of") && answer.stdout.contains(": 0"), "{}", answer.stdout);
    let quiet = env.done(&["watch", "-q"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn growth_duties_and_opened_files_are_told_on_one_page_with_what_to_type() {
    let env = at_rest();
    env.grow_plant(40);
    env.done(&["duties", "record", "incident", "--date", "2026-03-01", "--by", "王工", "--subject", "2026-01"]);
    let opened = env.share().join("生产").join("opened.txt");
    std::fs::write(&opened, "设备台账\n").expect("written");
    std::fs::set_permissions(&opened, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("a mode");
    env.mulu(&["watch"]).expect_code(1);
    std::fs::set_permissions(&opened, std::os::unix::fs::PermissionsExt::from_mode(0o666)).expect("a mode");
    let page = env.mulu(&["watch", "-q"]).expect_code(1).stdout;
    for wanted in [
        "re-file: energy, environment and safety in plant",
        "report the incident at once (2026-01): overdue",
        "mulu diff 2 3 --store plant --kind identifiers --kind access",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert!(page.lines().count() <= 60, "one page: {page}");
    let chinese = env.mulu(&["watch", "--no-scan", "--lang", "zh"]).expect_code(1).stdout;
    assert!(chinese.contains("须办事项") && chinese.contains("备案变更：能源环境安全数据"), "{chinese}");
}

#[test]
fn the_page_as_json_has_both_languages() {
    let env = at_rest();
    env.done(&["duties", "record", "incident", "--date", "2026-03-01", "--by", "王工"]);
    let page = env.mulu(&["watch", "--format", "json"]).expect_code(1).json();
    assert_eq!(page["stores"][0]["state"], "complete", "{page:#}");
    assert_eq!(page["changes"], "immaterial");
    let to_do = &page["to_do"][0];
    assert_eq!((&to_do["kind"], &to_do["due"]), (&"duty".into(), &"2026-03-01".into()), "{page:#}");
    assert!(to_do["sentence"]["zh"].as_str().is_some_and(|text| text.contains("已逾期")), "{page:#}");
    assert!(to_do["sentence"]["en"].as_str().is_some_and(|text| text.contains("overdue")), "{page:#}");
    assert_eq!(page["duties"][0]["duty"], "incident-report");
}

#[test]
fn a_store_that_cannot_be_reached_exits_2_and_stands_on_the_page() {
    let env = at_rest();
    std::fs::rename(env.share(), env.path("unmounted")).expect("moved");
    let answer = env.mulu(&["watch", "-q"]).expect_code(2);
    assert!(answer.stdout.contains("plant could not be reached"), "{}", answer.stdout);
    assert!(answer.stderr.contains("no such path"), "{}", answer.stderr);
    // What it says to type is taken by the shell and by mulu once the share is back.
    assert!(answer.stdout.lines().any(|line| line.trim() == "mulu scan"), "{}", answer.stdout);
    std::fs::rename(env.path("unmounted"), env.share()).expect("moved back");
    env.done(&["scan"]);
}

#[test]
fn without_stores_or_results_it_says_what_to_do() {
    let env = ScanEnv::new();
    let answer = env.mulu(&["watch"]).expect_code(2);
    assert!(answer.complaint().contains("[[store]] in mulu.toml"), "{}", answer.stderr);
    let answer = env.mulu(&["watch", "--no-scan"]).expect_code(2);
    assert!(answer.complaint().contains("mulu scan"), "{}", answer.stderr);
    let answer = env.mulu(&["watch", "--no-scan", "--format", "csv"]).expect_code(2);
    assert!(answer.complaint().contains("table|json"), "{}", answer.stderr);
}

#[test]
fn a_run_that_meets_another_one_says_that_it_is_running() {
    let env = at_rest();
    let lock = std::fs::File::create(env.path("mulu.db-scan")).expect("the lock file");
    lock.lock().expect("locked");
    let answer = env.mulu(&["watch", "-q"]).expect_code(2);
    assert!(answer.complaint().contains("another scan"), "{}", answer.stderr);
    drop(lock);
    env.done(&["watch", "-q"]);
}
