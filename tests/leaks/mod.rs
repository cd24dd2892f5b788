//! Values never leave the store (docs/architecture.md): unique values are planted wherever a scan can reach, then looked
//! for in everything that the program says and keeps.

mod formats;
mod search;
mod secrets;
mod servers;

use crate::plant::identifiers::{mobile, resident_id};
use crate::support::ScanEnv;
use search::Haystack;
use secrets::Secret;

/// Runs every command that shows something, and gathers all that came out.
fn everything_said(env: &ScanEnv, targets: &[&str]) -> Haystack {
    let mut said = Haystack::default();
    let scan = [&["scan"][..], targets, &["-v", "--progress", "json", "--log", "scan.log"]].concat();
    said.hear("scan -v", &env.mulu(&scan));
    open_to_others(env);
    said.hear("scan again", &env.mulu(&[&["scan"][..], targets, &["--format", "json"]].concat()));
    let assets = env.assets();
    for format in ["table", "json", "jsonl", "csv"] {
        for command in ["assets", "classes"] {
            said.hear(command, &env.mulu(&[command, "--format", format]));
        }
    }
    for lang in ["zh", "en"] {
        for asset in &assets {
            let id = asset["id"].as_str().expect("an id");
            said.hear("explain", &env.mulu(&["explain", id, "--lang", lang, "-v"]));
        }
    }
    for asset in &assets {
        let id = asset["id"].as_str().expect("an id");
        said.hear("review", &env.mulu(&["review", "show", id]));
    }
    for (name, format) in [("c.xlsx", "xlsx"), ("c.csv", "csv"), ("c.json", "json")] {
        let export = ["catalog", "export", "--all-levels", "--format", format, "-o", name];
        said.hear("catalog export", &env.done(&export));
    }
    other_exports(env, &mut said);
    let classes = env.done(&["classes", "--format", "json"]).json();
    for class in classes["classes"].as_array().expect("a list of classes") {
        let id = class["id"].as_str().expect("an id");
        let important =
            ["review", "override", id, "--level", "important", "--document", "1号", "--by", "x", "--reason", "y"];
        said.hear("review override", &env.mulu(&important));
    }
    let submit = ["filing", "submit", "--by", "x", "--date", "2026-03-01", "--authority", "y"];
    said.hear("filing", &env.mulu(&[&submit[..], &["--allow-incomplete", "--allow-unconfirmed"]].concat()));
    said.hear("filing", &env.mulu(&["filing", "accept", "1", "--number", "z", "--date", "2026-03-02"]));
    for name in ["d.xlsx", "d.csv", "d.json"] {
        said.hear("changes export", &env.mulu(&["changes", "export", "-o", name]));
    }
    let later = [
        &["catalog", "check"][..],
        &["review", "list"],
        &["filing", "list"],
        &["filing", "show", "1", "--format", "json"],
        &["changes"],
        &["trend"],
        &["trend", "--format", "json"],
    ];
    for command in later {
        said.hear("later commands", &env.mulu(command));
    }
    for lang in ["zh", "en"] {
        for format in ["table", "json", "jsonl", "csv"] {
            said.hear("diff", &env.mulu(&["diff", "--lang", lang, "--format", format]));
        }
        said.hear("duties", &env.mulu(&["duties", "--all", "--lang", lang]));
        said.hear("watch", &env.mulu(&["watch", "--no-scan", "--lang", lang]));
    }
    life_of_filings(env, &mut said);
    said.keep_files_beside(env);
    said
}

/// What is exported beside the catalog, and what is said of files of the share that are no such export, picked by mistake.
fn other_exports(env: &ScanEnv, said: &mut Haystack) {
    let all = ["catalog", "export", "--all-levels", "-o"];
    said.hear("catalog export", &env.done(&[&all[..], &["c.docx"]].concat()));
    for name in ["x.docx", "x.xlsx", "x.csv", "x.json"] {
        said.hear("annex", &env.done(&[&all[..], &[name, "--annex"]].concat()));
    }
    for name in ["l.csv", "l.jsonl"] {
        said.hear("labels", &env.done(&["catalog", "export", "--labels", "-o", name]));
    }
    said.hear("review export", &env.mulu(&["review", "export", "--all", "-o", "r.xlsx"]));
    said.hear("review export", &env.mulu(&["review", "export", "--all", "--assets", "-o", "ra.xlsx"]));
    for name in ["g.json", "g.csv", "g.xlsx"] {
        said.hear("merge", &env.mulu(&["merge", "c.json", "c.json", "-o", name]));
    }
    said.hear("review import", &env.mulu(&["review", "import", "r.xlsx", "--by", "x"]));
    let files = walkdir::WalkDir::new(env.share()).into_iter().filter_map(Result::ok);
    // A path that somebody types is said back to them; what stands in the file is not.
    let picked = env.path("picked");
    for file in files.filter(|entry| entry.file_type().is_file()) {
        std::fs::copy(file.path(), &picked).expect("a file can be copied");
        said.hear("review import", &env.mulu(&["review", "import", "picked", "--by", "x"]));
        said.hear("merge", &env.mulu(&["merge", "picked"]));
        said.hear("catalog form", &env.mulu(&["catalog", "form", "picked"]));
        std::fs::remove_file(&picked).expect("a copy of ours can be removed");
    }
}

/// Every other way to make a filing, and a form that is none: a file of the share, picked by mistake.
fn life_of_filings(env: &ScanEnv, said: &mut Haystack) {
    let who = ["--by", "x", "--authority", "y"];
    said.hear("filing draft", &env.mulu(&[&["filing", "draft"][..], &who].concat()));
    said.hear("filing inventory", &env.mulu(&[&["filing", "inventory"][..], &who].concat()));
    said.hear("catalog export", &env.done(&["catalog", "export", "-o", "form.csv"]));
    let files = walkdir::WalkDir::new(env.share()).into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file()).map(|entry| entry.path().display().to_string());
    for form in files.chain([env.path("form.csv").display().to_string(), env.path("c.xlsx").display().to_string()]) {
        let import = ["filing", "import", &form, "--number", "w", "--date", "2026-12-31", "--authority", "w"];
        said.hear("filing import", &env.mulu(&import));
    }
    let filed = env.mulu(&["filing", "show", "1", "--format", "json"]);
    if filed.code == Some(0) {
        let filed = filed.json();
        for entry in filed["entries"].as_array().expect("a list of entries") {
            let id = entry["id"].as_str().expect("an id");
            let cancel = ["filing", "cancel", id, "--why", "destroyed", "--on", "2026-05-20"];
            said.hear("filing cancel", &env.mulu(&[&cancel[..], &who].concat()));
        }
    }
    said.hear("filing list", &env.mulu(&["filing", "list", "--format", "json"]));
    said.hear("changes", &env.mulu(&["changes"]));
}

/// Lets everybody in, so that a comparison names every file and folder.
fn open_to_others(env: &ScanEnv) {
    let entries = walkdir::WalkDir::new(env.share()).into_iter().filter_map(Result::ok);
    for entry in entries.filter(|entry| !entry.path_is_symlink()) {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(entry.path(), permissions).expect("a mode can be set");
    }
}

/// Fails for every secret that stands in `said`.
#[track_caller]
fn assert_silent(said: &Haystack, secrets: &[Secret]) {
    assert!(said.len() > 10_000, "too little was said for this test to mean anything");
    let told: Vec<_> =
        secrets.iter().filter_map(|secret| said.find(&secret.value).map(|place| (secret.place, place))).collect();
    assert!(told.is_empty(), "leaked (planted in, found in): {told:#?}");
}

#[test]
fn no_value_of_a_file_is_said_or_kept() {
    let env = ScanEnv::new();
    let secrets = secrets::plant_files(&env);
    let said = everything_said(&env, &["share"]);
    assert_silent(&said, &secrets);
    let filings = env.done(&["filing", "list"]).stdout;
    for kind in ["change", "cancellation", "inventory"] {
        assert!(filings.contains(kind), "no {kind} was made: {filings}");
    }
}

#[test]
fn the_values_were_really_read() {
    let env = ScanEnv::new();
    secrets::plant_files(&env);
    env.scan();
    for (locator, detector) in [
        ("text.txt", "cn.mobile"),
        ("book.xlsx", "cn.resident-id"),
        ("letter.docx", "cn.resident-id"),
        ("talk.pptx", "cn.mobile"),
        ("table.csv", "cn.mobile"),
        ("headerless.csv", "cn.mobile"),
        ("keys.json", "cn.mobile"),
        ("small.db!main.people", "cn.resident-id"),
    ] {
        let asset = env.asset(locator);
        let findings = asset["identifiers"].as_array().expect("a list of identifiers");
        assert!(findings.iter().any(|finding| finding["detector"] == detector), "{locator} {detector}: {asset:#}");
    }
}

#[test]
fn a_secret_that_is_said_would_be_found() {
    let env = ScanEnv::new();
    env.put("Zq7Vxkname.txt", "设备台账\n");
    let said = everything_said(&env, &["share"]);
    assert!(said.find("Zq7Vxkname").is_some(), "names of files are shown, and the search finds them");
}

#[test]
fn a_name_of_a_person_in_a_place_of_a_header_is_not_said() {
    let env = ScanEnv::new();
    let phones: Vec<String> = (0..9).map(|number| mobile(7_000 + number)).collect();
    let rows = |row: &dyn Fn(&str) -> String| phones.iter().map(|phone| row(phone)).collect::<Vec<_>>();
    env.put("pivot.csv", format!("日期,卓玛央金\n{}", rows(&|phone| format!("2026-01-01,{phone}\n")).concat()));
    env.put("pivot.json", format!("[{}]", rows(&|phone| format!("{{\"卓玛央金\":\"{phone}\"}}")).join(",")));
    env.put("nest.jsonl", rows(&|phone| format!("{{\"ids\":{{\"卓玛央金\":{{\"phone\":\"{phone}\"}}}}}}\n")).concat());
    env.put("tags.xml", format!("<l>{}</l>", rows(&|phone| format!("<r><卓玛央金>{phone}</卓玛央金></r>")).concat()));
    let cells = rows(&|phone| format!("<tr><td>{phone}</td><td>{phone}</td></tr>")).concat();
    env.put("page.html", format!("<table><tr><th>卓玛央金</th><th>电话</th></tr>{cells}</table>"));
    env.put("street.csv", format!("见附页,卓玛央金路十二号\n李四,中山路五号 {}\n", phones[0]));
    let said = everything_said(&env, &["share"]);
    for name in ["pivot.csv", "pivot.json", "nest.jsonl", "tags.xml", "page.html", "street.csv"] {
        assert_eq!(env.asset(name)["identifiers"][0]["detector"], "cn.mobile", "{name} was read");
    }
    assert_eq!(said.find("卓玛央金"), None);
    assert!(said.find("ids.*.phone").is_some(), "what is a column's word is shown");
}

#[test]
fn an_identifier_in_the_name_of_a_store_is_not_said() {
    let env = ScanEnv::new();
    let (id, phone) = (resident_id(51_000), mobile(7_100));
    env.put(&format!("{id}/台账.txt"), "设备台账\n");
    let folder = format!("share/{id}");
    let database = format!("sqlite://{}/{phone}.db", env.share().display());
    drop(env.put(&format!("{phone}.db"), ""));
    let said = everything_said(&env, &[&folder, &database]);
    assert_eq!((said.find(&id), said.find(&phone)), (None, None));
}

#[test]
fn a_password_in_an_address_is_masked_wherever_it_appears() {
    let env = ScanEnv::new();
    let mut said = Haystack::default();
    for address in [
        "postgres://reader:Zq7Vxkpassword@127.0.0.1:1/erp",
        "mysql://reader:Zq7Vxkpassword@127.0.0.1:1/erp",
        "postgres://reader:Zq7Vxk%70assword@127.0.0.1:1/erp?sslmode=disable",
        "postgres://reader@127.0.0.1:1/erp?password=Zq7Vxkpassword",
    ] {
        let answer = env.mulu(&["scan", address, "-v"]).expect_code(2);
        assert!(answer.stderr.contains("127.0.0.1"), "{}", answer.stderr);
        said.hear("scan", &answer);
    }
    said.hear("assets", &env.mulu(&["assets"]));
    said.keep_files_beside(&env);
    assert_eq!(said.find("Zq7Vxk"), None);
}

#[test]
fn a_password_in_an_address_that_is_none_is_neither_said_nor_kept() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    let mut said = Haystack::default();
    for address in [
        "postgres://reader:Zq7Vxk?word@127.0.0.1:1/erp",
        "postgres://reader:Zq7Vxk#word@127.0.0.1:1/erp",
        "postgres://reader:Zq7Vxk/erp",
        "postgres://reader:Zq7Vxk/pass@word@127.0.0.1:1/erp",
        "postgres:reader:Zq7Vxk@127.0.0.1:1/erp",
        "reader:Zq7Vxk@127.0.0.1:1/erp",
        "oracle://reader:Zq7Vxk@127.0.0.1:1/erp",
    ] {
        for place in [&["scan", address][..], &[address], &["explain", address], &["assets", "--inventory", address]] {
            let answer = env.mulu(place).expect_code(2);
            assert!(!answer.stderr.is_empty(), "{place:?}");
            said.hear("a wrong address", &answer);
        }
    }
    for written in
        ["password_env = \"Zq7Vxk\"", "password = \"Zq7Vxk\"", "password_env = [\"Zq7Vxk\"]", "register = \"Zq7Vxk\""]
    {
        let store = format!("[[store]]\nname = \"erp\"\ntarget = \"mysql://reader@127.0.0.1:1/erp\"\n{written}\n");
        let config = env.put_beside("other.toml", store);
        said.hear("a wrong configuration", &env.mulu(&["scan", "-c", "other.toml"]).expect_code(2));
        std::fs::remove_file(config).expect("removed");
    }
    said.hear("assets", &env.mulu(&["assets"]));
    said.keep_files_beside(&env);
    assert_eq!(said.find("Zq7Vxk"), None);
}
