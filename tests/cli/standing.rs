//! What stands after `mulu review`: what persons and the authority said stands through every scan, and new evidence is told.

use serde_json::Value;

use crate::support::ScanEnv;

const WHO: [&str; 4] = ["--by", "王工", "--reason", "评审"];

fn review(env: &ScanEnv, arguments: &[&str]) {
    env.done(&[&["review"], arguments, &WHO].concat());
}

/// A ledger of process parameters of rare earths, with so many rows.
fn parameters(rows: usize) -> String {
    let mut text = "工艺参数,萃取槽,稀土元素,上限,下限,控制限,标准值\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!("萃取相比{row},槽{row},镨钕,9.5,1.5,8.0,5.0\n"));
    }
    text
}

fn level<'v>(value: &'v Value, which: &str) -> &'v Value {
    &value["level"][which]
}

const CATEGORY: &str = "production.process-parameter";

#[test]
fn a_confirmation_stands_through_scans_and_is_flagged_once_the_evidence_changes() {
    let env = ScanEnv::new();
    env.put("工艺/萃取参数.csv", parameters(50));
    env.scan();
    let class = env.class(CATEGORY);
    let id = class["id"].as_str().expect("an id");
    assert_eq!(level(&class, "proposed"), "general");
    review(&env, &["confirm", id]);
    env.scan();
    assert_eq!(
        (level(&env.class(CATEGORY), "effective"), &env.class(CATEGORY)["contradicted"]),
        (&"general".into(), &false.into())
    );
    env.put("工艺/萃取参数.csv", parameters(1_500));
    env.scan();
    let class = env.class(CATEGORY);
    assert_eq!((level(&class, "proposed"), level(&class, "confirmed")), (&"important".into(), &"general".into()));
    assert_eq!(
        (level(&class, "effective"), &class["contradicted"]),
        (&"general".into(), &true.into()),
        "flagged, not overwritten"
    );
    let listed = env.done(&["review", "list"]).stdout;
    assert!(listed.contains(id) && listed.contains("look again"), "{listed}");
    assert!(env.done(&["review", "show", id]).stdout.contains("look again"));
    // Looked at again, it is settled, whatever was said.
    review(&env, &["confirm", id, "--level", "general"]);
    assert_eq!(env.class(CATEGORY)["contradicted"], false);
    // The authority outranks both, with its document, and stays.
    review(&env, &["override", id, "--level", "core", "--document", "工信函1号"]);
    review(&env, &["confirm", id, "--level", "important"]);
    env.scan();
    let class = env.class(CATEGORY);
    assert_eq!((level(&class, "effective"), level(&class, "confirmed")), (&"core".into(), &"important".into()));
    assert_eq!(class["level"]["criteria"], serde_json::json!(["miit-166/11.4"]));
    assert!(env.done(&["audit", "list"]).stdout.contains("工信函1号"));
}

#[test]
fn what_is_said_of_a_place_holds_under_it_until_something_nearer_is_said() {
    let env = ScanEnv::new();
    for place in ["归档/旧/a.csv", "归档/旧/b.csv", "归档/c.csv", "归档旧/d.csv"] {
        env.put(place, parameters(1_200));
    }
    env.scan();
    let levels = |env: &ScanEnv| {
        ["旧/a.csv", "旧/b.csv", "归档/c.csv", "归档旧/d.csv"]
            .map(|place| env.asset(place)["level"]["effective"].as_str().map(str::to_owned).unwrap_or_default())
    };
    assert_eq!(levels(&env), ["important"; 4]);
    review(&env, &["confirm", "share/归档", "--level", "general"]);
    assert_eq!(
        levels(&env),
        ["general", "general", "general", "important"],
        "a name that only begins alike is another"
    );
    let inner = env.asset("旧/b.csv")["id"].as_str().expect("an id").to_owned();
    review(&env, &["confirm", &inner, "--level", "core"]);
    review(&env, &["confirm", "share/归档/旧/", "--level", "important"]);
    // A file that comes later is spoken of too.
    env.put("归档/旧/e.csv", parameters(1_300));
    env.scan();
    assert_eq!(levels(&env), ["important", "core", "general", "important"], "the nearest, whatever was said last");
    assert_eq!(env.asset("旧/e.csv")["level"]["confirmed"], "important");
    let shown = env.done(&["review", "show", &inner]).stdout;
    assert_eq!(shown.matches("评审").count(), 3, "{shown}");
    let unwritten =
        env.mulu(&[&["review", "override", "share", "--level", "general"][..], &WHO].concat()).expect_code(2);
    assert!(unwritten.complaint().contains("--document"), "{}", unwritten.stderr);
    let told =
        env.done(&[&["review", "override", "share", "--level", "general", "--document", "1号"][..], &WHO].concat());
    assert!(told.stdout.contains("assets: 5"), "{}", told.stdout);
    assert_eq!(levels(&env), ["general"; 4]);
    let shown = env.done(&["review", "show", "share/归档"]).stdout;
    assert!(shown.starts_with("share/归档\n"), "{shown}");
    assert!(env.done(&["review", "show", "share"]).stdout.contains("1号"));
    let none = env.mulu(&[&["review", "confirm", "nas/x", "--level", "core"][..], &WHO].concat()).expect_code(2);
    assert!(none.complaint().contains("STORE/FOLDER") && none.complaint().contains("share"), "{}", none.stderr);
    for act in ["confirm", "reject"] {
        let unsaid = env.mulu(&[&["review", act, "share/归档"][..], &WHO].concat()).expect_code(2);
        assert!(unsaid.complaint().contains("--level"), "{}", unsaid.stderr);
    }
    let empty =
        env.mulu(&[&["review", "reject", "share/归挡", "--level", "general"][..], &WHO].concat()).expect_code(2);
    assert!(empty.complaint().contains("no asset lies under share/归挡"), "{}", empty.stderr);
    let detector = [&["review", "reject", "share/归档", "--detector", "nosuch"][..], &WHO].concat();
    assert!(env.mulu(&detector).expect_code(2).complaint().contains("mulu rules list"));
    let one = env.mulu(&["explain", "share/归档"]).expect_code(2);
    assert!(one.complaint().contains("(a…)"), "{}", one.stderr);
}

#[test]
fn a_rejection_by_mistake_is_taken_back_by_a_confirmation() {
    let env = ScanEnv::new();
    env.put("工艺/萃取参数.csv", parameters(1_500));
    env.scan();
    let before = env.class(CATEGORY);
    let id = env.asset("萃取参数.csv")["id"].as_str().expect("an id").to_owned();
    review(&env, &["reject", &id]);
    assert!(env.asset("萃取参数.csv")["category"].is_null());
    review(&env, &["confirm", &id]);
    assert_eq!(env.class(CATEGORY)["id"], before["id"]);
    assert_eq!(level(&env.class(CATEGORY), "effective"), "important");
}

#[test]
fn a_rejected_detector_stays_rejected_and_a_detector_can_be_switched_off_or_asked_to_be_surer() {
    let env = ScanEnv::new();
    let people: Vec<String> = (0..40).map(|row| format!("员工{row},1380013{:04}", row * 37)).collect();
    let people = format!("姓名,手机号\n{}\n", people.join("\n"));
    env.put("人事/a.csv", people.clone());
    env.put("人事/b.csv", people.clone());
    env.scan();
    let found = |env: &ScanEnv, place: &str| env.asset(place)["identifiers"].to_string().contains("cn.mobile");
    assert!(found(&env, "a.csv") && found(&env, "b.csv"));
    let id = env.asset("a.csv")["id"].as_str().expect("an id").to_owned();
    review(&env, &["reject", &id, "--detector", "cn.mobile"]);
    env.put("人事/a.csv", format!("姓名,手机号\n{people}{people}"));
    env.scan();
    assert!(!found(&env, "a.csv") && found(&env, "b.csv"), "through a scan that read it anew");
    review(&env, &["reject", "share/人事/", "--detector", "cn.mobile"]);
    assert!(!found(&env, "b.csv"));
    review(&env, &["confirm", &id, "--detector", "cn.mobile"]);
    assert!(found(&env, "a.csv"), "taken back for one");
    for settings in
        ["[detectors]\noff = [\"cn.mobile\"]\n", "[detectors]\nleast_confidence = { \"cn.mobile\" = 1.0 }\n"]
    {
        env.put_beside("mulu.toml", settings);
        env.scan();
        env.scan();
        assert!(!found(&env, "a.csv"), "{settings}");
        assert!(!env.asset("a.csv")["markers"].to_string().contains("personal-information"), "{settings}");
    }
    env.put_beside("mulu.toml", "");
    env.scan();
    assert!(found(&env, "a.csv"));
    env.put_beside("mulu.toml", "[detectors]\noff = [\"cn.moblie\"]\n");
    assert!(env.mulu(&["scan", "share"]).expect_code(2).complaint().contains("mulu rules list"));
}

#[test]
fn the_authoritys_own_catalog_overrides_the_default_criteria_where_it_speaks() {
    let env = ScanEnv::new();
    env.put("工艺/萃取参数.csv", parameters(1_500));
    env.scan();
    assert_eq!(level(&env.class(CATEGORY), "proposed"), "important");
    env.put_beside("mulu.toml", "authority_catalog = \"目录.csv\"\n");
    let catalog =
        |threshold: &str| format!("\u{feff}类别,级别,依据,条目数不少于\nPR3,核心,某工信〔2026〕1号,{threshold}\n");
    env.put_beside("目录.csv", catalog("1000"));
    let class = env.class(CATEGORY);
    assert_eq!(
        (level(&class, "proposed"), &class["level"]["criteria"][0]),
        (&"core".into(), &"某工信〔2026〕1号".into())
    );
    env.put_beside("目录.csv", catalog("2000"));
    assert_eq!(level(&env.class(CATEGORY), "proposed"), "general", "what stands in no catalog");
    env.put_beside("目录.csv", catalog("许多"));
    let unfit = env.mulu(&["classes"]).expect_code(2);
    assert!(unfit.complaint().contains("目录.csv, row 2: "), "{}", unfit.stderr);
}

#[test]
fn a_marking_of_state_secrets_takes_an_asset_out_of_every_class_until_it_is_rejected() {
    let env = ScanEnv::new();
    env.put("工艺/萃取参数.csv", parameters(1_500));
    env.put("工艺/涉密.csv", format!("{}机密★20年,x,镨钕,1,1,1,1\n", parameters(1_400)));
    env.scan();
    // In whatever class each of the two comes to stand.
    let records = |env: &ScanEnv| {
        let classes = env.done(&["classes", "--format", "json"]).json();
        let all = classes["classes"].as_array().expect("a list").iter();
        all.filter_map(|class| class["records"]["value"].as_u64()).sum::<u64>()
    };
    let of_asset = |place: &str| env.asset(place)["records"]["value"].as_u64().expect("records");
    assert_eq!(records(&env), of_asset("萃取参数.csv"));
    let classes = env.done(&["classes", "--format", "json"]).json();
    let isolated = classes["isolated"].as_array().expect("a list");
    assert_eq!(isolated.len(), 1);
    assert_eq!(classes["protection"], serde_json::json!([{ "store": "share", "level": "important" }]));
    let told = env.done(&["classes"]).stdout;
    assert!(told.contains("miit-166/39") && told.contains("涉密.csv") && told.contains("miit-166/13"), "{told}");
    let id = isolated[0]["id"].as_str().expect("an id");
    review(&env, &["reject", id, "--detector", "secrecy.marking"]);
    assert_eq!(records(&env), of_asset("萃取参数.csv") + of_asset("涉密.csv"));
}
