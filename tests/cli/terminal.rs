//! What a person at a terminal does: names one share in several ways, mistypes, and reads what is printed.

use crate::support::ScanEnv;

fn stores(env: &ScanEnv) -> Vec<String> {
    let mut stores: Vec<String> =
        env.assets().iter().filter_map(|asset| asset["store"].as_str().map(str::to_owned)).collect();
    stores.dedup();
    stores
}

#[test]
fn one_share_is_one_store_however_it_is_named() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    std::os::unix::fs::symlink(env.share(), env.path("link")).expect("a link can be made");
    let absolute = env.share().display().to_string();
    for target in ["share", "share/", "./share/../share", "link", "link/", &absolute] {
        let summary = env.done(&["scan", target, "--format", "json"]).json();
        assert_eq!(summary["tally"]["found"], 1, "{target}: {summary:#}");
    }
    assert_eq!(stores(&env), ["share"]);
    let twice = env.done(&["scan", "share", "link", "--format", "json"]).json();
    assert_eq!(twice["stores"].as_array().map(Vec::len), Some(1), "{twice:#}");
}

#[test]
fn one_sqlite_file_is_one_store_however_it_is_named() {
    let env = ScanEnv::with_plant(0);
    let absolute = format!("sqlite://{}", env.share().join(crate::plant::DATABASE).display());
    env.done(&["scan", &format!("sqlite://share/{}", crate::plant::DATABASE)]);
    env.done(&["scan", &absolute]);
    assert_eq!(stores(&env).len(), 1);
}

#[test]
fn a_path_mistyped_once_leaves_no_store_behind() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.mulu(&["scan", "shar"]).expect_code(2);
    env.mulu(&["scan", "sqlite:///no-such.db", "share"]).expect_code(2);
    let check = env.mulu(&["catalog", "check"]);
    assert_eq!(check.stderr, "", "nothing warns of a store that never was");
    // One that was there, and is not now, is told of until it is back.
    std::fs::rename(env.share(), env.path("elsewhere")).expect("a folder can be renamed");
    env.mulu(&["scan", "share"]).expect_code(2);
    assert!(env.mulu(&["catalog", "check"]).complaint().contains("store share could not be reached"));
}

#[test]
fn the_summary_says_of_a_category_what_the_classes_say() {
    let env = ScanEnv::with_plant(0);
    let summary = env.scan().stdout;
    let classes = env.done(&["classes", "--format", "json"]).json();
    let level = classes["classes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|class| class["level"]["effective"].as_str().is_some_and(|level| level == "important"));
    let mut important = 0;
    for class in level {
        important += 1;
        let category = crate::support::class_category(class).expect("a category");
        let row = summary.lines().find(|line| line.starts_with(category));
        assert!(row.is_some_and(|row| row.contains("important")), "{category} in:\n{summary}");
    }
    assert!(important > 0, "{classes:#}");
    // The database file holds its tables: their bytes are in it, not beside it.
    let quality = env.class("production.quality");
    let kilobytes = quality["bytes"]["value"].as_f64().expect("bytes") / 1000.0;
    let row = summary.lines().find(|line| line.starts_with("production.quality")).expect("a row");
    assert!(row.ends_with(&format!("{kilobytes:.1} kB")), "{row} against {quality:#}");
}

#[test]
fn what_cannot_be_reached_is_not_summed_up() {
    let env = ScanEnv::new();
    let answer = env.mulu(&["scan", "postgres://127.0.0.1:1/erp"]).expect_code(2);
    assert_eq!(answer.stdout, "");
    assert!(answer.complaint().contains("127.0.0.1:1"), "{}", answer.stderr);
}

#[test]
fn told_to_say_more_a_scan_names_what_it_did_not_read_and_why() {
    let env = ScanEnv::new();
    env.put("empty.txt", "");
    env.put("broken.xlsx", b"PK\x03\x04\x14\0\0\0 this was a workbook once");
    let told = env.done(&["scan", "share", "-v"]).stderr;
    assert!(told.contains("skipped: share · empty.txt: empty"), "{told}");
    assert!(told.contains("failed: share · broken.xlsx: "), "{told}");
}

#[test]
fn init_writes_where_it_is_told_and_never_over_anything() {
    let env = ScanEnv::new();
    env.done(&["init", "-c", "own.toml"]);
    assert!(crate::support::text_of(&env.path("own.toml")).contains("[register]"));
    env.put_beside("mulu.toml", "this is no toml");
    let refused = env.mulu(&["init"]).expect_code(2);
    assert!(refused.complaint().contains("left as it is") || refused.complaint().contains("was left"), "{refused:?}");
    assert_eq!(crate::support::text_of(&env.path("mulu.toml")), "this is no toml");
}

#[test]
fn a_mistake_of_usage_is_one_line_in_the_language_asked_for() {
    let env = ScanEnv::new();
    let mistakes: [&[&str]; 5] =
        [&["scna"], &["scan", "--jobs", "0"], &["assets", "--formt", "csv"], &["review", "confirm", "c1"], &["review"]];
    for typed in mistakes {
        if typed.len() > 1 {
            assert!(env.mulu(typed).expect_code(2).complaint().starts_with("mulu: "), "{typed:?}");
        }
        let chinese = env.mulu(&[typed, &["--lang", "zh"][..]].concat()).expect_code(2);
        assert!(chinese.complaint().contains('；') && !chinese.complaint().contains("error"), "{}", chinese.stderr);
    }
}

#[test]
fn an_inventory_on_a_server_is_refused_without_its_password() {
    let env = ScanEnv::new();
    for command in [&["assets"][..], &["scan", "share"]] {
        let answer = env.mulu(&[command, &["--inventory", "postgres://u:Zq7Vxk@host/mulu"][..]].concat());
        let answer = answer.expect_code(2);
        assert!(answer.complaint().contains("--inventory") && !answer.stderr.contains("Zq7Vxk"), "{}", answer.stderr);
    }
}

#[test]
fn a_format_that_a_command_does_not_write_is_refused_by_each() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    for command in [&["rules", "list"][..], &["rules", "test"], &["classes"], &["filing", "list"], &["scan", "share"]] {
        let answer = env.mulu(&[command, &["--format", "csv"][..]].concat()).expect_code(2);
        assert!(answer.complaint().contains("--format table"), "{command:?}: {}", answer.stderr);
    }
}
