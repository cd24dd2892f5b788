//! The catalog as a filer gets it: what is checked, and every export of it.

use serde_json::Value;

use crate::support::json_schema::unfit;
use crate::support::{ScanEnv, bytes_of, text_of};

/// The plant, scanned, with the settings that complete its catalog.
fn plant() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    env
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../catalogs/schema/catalog.schema.json")).expect("the schema is JSON")
}

fn first_entry(env: &ScanEnv) -> String {
    let catalog = env.done(&["catalog", "export", "--format", "json"]).json();
    catalog["entries"][0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn every_json_export_fits_its_published_schema_and_a_spoilt_one_does_not() {
    let env = plant();
    for arguments in
        [&["catalog", "export", "--format", "json"][..], &["catalog", "export", "--all-levels", "--format", "json"]]
    {
        let catalog = env.done(arguments).json();
        assert_eq!(unfit(&schema(), &catalog), [""; 0]);
        assert!(catalog["entries"].as_array().is_some_and(|entries| entries.len() > 2));
    }
    let submit = ["filing", "submit", "--by", "x", "--date", "2026-03-01", "--allow-unconfirmed", "--allow-incomplete"];
    let paper = ["--category", "research.design", "--carrier", "档案室", "--level", "important", "--records", "9"];
    env.done(&[&["register", "add-class"], &paper[..], &["--by", "x", "--reason", "底图"]].concat());
    env.done(&submit);
    let mut catalog = env.done(&["catalog", "export", "--format", "json"]).json();
    assert_eq!(unfit(&schema(), &catalog), [""; 0]);
    assert_eq!(catalog["filing"]["state"], "submitted");
    assert!(catalog["entries"].as_array().is_some_and(|all| all.iter().any(|entry| entry["assets"] == 0)), "by hand");
    catalog["entries"][0]["level"]["effective"] = "secret".into();
    catalog["entries"][0]["sample"] = "x".into();
    catalog["as_of"] = "yesterday".into();
    assert_eq!(unfit(&schema(), &catalog).len(), 3);
}

#[test]
fn the_commitment_and_the_annex_are_documents_without_the_data() {
    let env = plant();
    for (name, extra) in [("commitment.docx", &[][..]), ("annex.docx", &["--annex"])] {
        env.done(&[&["catalog", "export", "-o", name][..], extra].concat());
        let bytes = bytes_of(&env.path(name));
        assert!(bytes.starts_with(b"PK") && bytes.len() > 1_000, "{name}");
        env.done(&[&["catalog", "export", "-o", "again.docx"][..], extra].concat());
        assert_eq!(bytes, bytes_of(&env.path("again.docx")), "{name}: the same catalog gives the same bytes");
    }
    let annex = env.done(&["catalog", "export", "--annex", "--format", "json"]).json();
    let catalog = env.done(&["catalog", "export", "--format", "json"]).json();
    let entries = catalog["entries"].as_array().expect("entries");
    let kinds = annex["kinds"].as_array().expect("kinds");
    let sum = |rows: &[Value], read: fn(&Value) -> Option<u64>| rows.iter().filter_map(read).sum::<u64>();
    assert_eq!(sum(kinds, |kind| kind["bytes"].as_u64()), sum(entries, |entry| entry["bytes"]["value"].as_u64()));
    assert_eq!(sum(kinds, |kind| kind["entries"].as_u64()), entries.len() as u64);
    for name in ["annex.csv", "annex.xlsx"] {
        env.done(&["catalog", "export", "--annex", "-o", name]);
    }
    assert!(text_of(&env.path("annex.csv")).contains("存储总量"));
}

#[test]
fn labels_name_every_asset_that_has_a_level_and_follow_a_decision() {
    let env = plant();
    let assets = env.assets();
    let with_level = assets.iter().filter(|asset| !asset["level"].is_null()).count();
    let lines = env.done(&["catalog", "export", "--labels"]).json_lines();
    assert_eq!(lines.len(), with_level);
    let id = lines[0]["id"].as_str().expect("an id");
    env.done(&["review", "confirm", id, "--level", "core", "--by", "x", "--reason", "y"]);
    let again = env.done(&["catalog", "export", "--labels"]).json_lines();
    assert_eq!((&again[0]["level"], &again[0]["level_by"]), (&"core".into(), &"person".into()));
    env.done(&["catalog", "export", "--labels", "-o", "labels.csv"]);
    assert_eq!(text_of(&env.path("labels.csv")).lines().count(), with_level + 1);
    let wrong = env.mulu(&["catalog", "export", "--labels", "--annex"]).expect_code(2);
    assert!(wrong.stderr.contains("--annex"), "{}", wrong.stderr);
}

#[test]
fn a_level_that_rests_on_nothing_and_an_old_assessment_are_gaps_with_what_to_do() {
    let env = plant();
    let gaps = |env: &ScanEnv| {
        let answer = env.mulu(&["catalog", "check", "--format", "json"]).expect_code(1).json();
        answer["gaps"].as_array().expect("gaps").clone()
    };
    assert!(gaps(&env).is_empty(), "{:?}", gaps(&env));
    let classes = env.done(&["classes", "--format", "json"]).json();
    let general =
        classes["classes"].as_array().expect("classes").iter().find(|class| class["level"]["proposed"] == "general");
    let general = general.expect("a general class");
    let id = general["id"].as_str().expect("an id").to_owned();
    // A person may call one asset of a general class important: then the class is filed, on no criterion.
    let assets = env.assets();
    let asset = assets.iter().find(|asset| asset["category"]["id"] == general["category"]).expect("an asset of it");
    let confirm = ["--level", "important", "--by", "x", "--reason", "y"];
    env.done(&[&["review", "confirm", asset["id"].as_str().expect("an id")][..], &confirm].concat());
    let found = gaps(&env);
    assert!(found.iter().any(|gap| gap["kind"] == "unfounded" && gap["entry"] == id.as_str()), "{found:?}");
    let document = ["--level", "important", "--document", "工信〔2026〕1号", "--by", "x", "--reason", "y"];
    env.done(&[&["review", "override", &id][..], &document].concat());
    assert!(gaps(&env).iter().all(|gap| gap["kind"] != "unfounded"));
    let old = text_of(&env.path("mulu.toml"))
        .replace("cross_border = \"否\"", "cross_border = \"否\"\nlast_assessment = \"2001-05-01 某机构\"");
    env.put_beside("mulu.toml", old);
    let stale = gaps(&env);
    assert!(
        !stale.is_empty() && stale.iter().all(|gap| gap["kind"] == "stale" && gap["column"] == "last_assessment"),
        "{stale:?}"
    );
    let told = env.mulu(&["catalog", "check", "--lang", "zh"]).expect_code(1).stdout;
    assert!(told.contains("已过时（2001-05-01）"), "{told}");
}

#[test]
fn a_province_has_its_own_form_as_a_file() {
    let env = plant();
    let builtin = include_str!("../../catalogs/miit-166/filing.toml");
    let column = "[[sheet.column]]\nid = \"province_code\"\nlabel = { zh = \"省内编码\", en = \"code of the province\" }\nkind = \"text\"\n\
                  required = \"always\"\nfrom = \"register\"\nbasis = \"form\"\nmark = \"public\"\n";
    env.put_beside("province.toml", format!("{builtin}\n{column}"));
    env.done(&["catalog", "form", "province.toml"]);
    let gaps = env.mulu(&["catalog", "check", "--form", "province.toml", "--format", "json"]).expect_code(1).json();
    let missing = gaps["gaps"].as_array().expect("gaps").iter().filter(|gap| gap["column"] == "province_code").count();
    assert_eq!(gaps["entries"], missing);
    env.done(&["catalog", "export", "--form", "province.toml", "-o", "form.csv"]);
    assert!(text_of(&env.path("form.csv")).lines().next().expect("a header").contains("省内编码"));
    let settings = format!("form = \"province.toml\"\n{}", text_of(&env.path("mulu.toml")));
    env.put_beside("mulu.toml", settings);
    let listed = env.done(&["catalog", "form", "--format", "json"]).json();
    assert!(listed["columns"].as_array().expect("columns").iter().any(|column| column["id"] == "province_code"));
}

#[test]
fn a_form_that_cannot_be_read_or_lacks_what_the_law_asks_for_is_told() {
    let env = plant();
    let without_purpose =
        include_str!("../../catalogs/miit-166/filing.toml").replace("id = \"purpose\"", "id = \"aim\"");
    env.put_beside("lacking.toml", without_purpose);
    let told = env.mulu(&["catalog", "form", "lacking.toml"]).expect_code(1).stdout;
    assert!(told.contains("miit-166/12 names purpose"), "{told}");
    env.put_beside("broken.toml", "schema = 1\nid = \"x\"\n[[sheet]]\nid = \"nonsense\"\n");
    assert!(env.mulu(&["catalog", "form", "broken.toml"]).expect_code(2).complaint().contains("broken.toml"));
    assert!(env.mulu(&["catalog", "export", "--form", "none.toml"]).expect_code(2).complaint().contains("none.toml"));
}

#[test]
fn each_authority_gets_the_entries_of_its_stores_alone() {
    let env = plant();
    let id = first_entry(&env);
    let authorities = "[[authorities]]\nname = \"甲省工业和信息化厅\"\ndomain = \"industrial\"\n[[authorities]]\nname = \"甲省通信管理局\"\n\
                       domain = \"telecom\"\nstores = [\"share\"]\n";
    let settings = text_of(&env.path("mulu.toml"));
    env.put_beside("mulu.toml", format!("{settings}\n{authorities}"));
    let entries = |authority: &str| {
        let catalog = env.done(&["catalog", "export", "--authority", authority, "--format", "json"]).json();
        (
            catalog["authority"].as_str().expect("an authority").to_owned(),
            catalog["entries"].as_array().expect("entries").len(),
        )
    };
    let (name, all) = entries("telecom");
    assert_eq!(name, "甲省通信管理局");
    assert!(all > 0);
    assert_eq!(entries("甲省工业和信息化厅").1, 0, "{id} lies in a store of the other");
    let which = env.mulu(&["filing", "submit", "--by", "x", "--allow-unconfirmed"]).expect_code(2);
    assert!(which.stderr.contains("--authority") && which.stderr.contains("甲省通信管理局"), "{}", which.stderr);
    let open = ["--allow-unconfirmed", "--allow-incomplete"];
    let submit = ["filing", "submit", "--by", "x", "--date", "2026-03-01", "--authority"];
    let nothing = env.mulu(&[&submit[..], &["industrial"], &open].concat()).expect_code(2);
    assert!(nothing.stderr.contains("nothing to file"), "{}", nothing.stderr);
    env.done(&[&submit[..], &["telecom"], &open].concat());
    env.done(&["filing", "accept", "1", "--number", "n", "--date", "2026-03-02"]);
    assert_eq!(env.done(&["changes", "--format", "json"]).json()["state"], "immaterial");
}

#[test]
fn what_is_open_reads_well_in_both_languages() {
    let env = ScanEnv::with_plant(0);
    let settings = include_str!("../../samples/mulu.toml")
        .replace("cross_border = \"否\"", "cross_border = \"是\"\nlast_assessment = \"2001-05-01 某机构\"")
        .replace("purpose = ", "purpos = ");
    env.put_beside("mulu.toml", settings);
    env.scan();
    for lang in ["zh", "en"] {
        let told = env.mulu(&["catalog", "check", "--lang", lang]).expect_code(1).stdout;
        insta::assert_snapshot!(format!("check_{lang}"), told);
    }
}
