use super::*;
use crate::model::Speak as _;

fn from(text: &str) -> Result<RulePack, Error> {
    RulePack::from_texts(vec![("mine.toml".to_owned(), text.to_owned())])
}

/// A detector without fault, with one line replaced.
fn detector(replaced: &str, by: &str) -> String {
    let whole = "schema = 1\npack = \"mine\"\n[[detector]]\nid = \"mine.badge\"\nname = { zh = \"工牌\", en = \"badge\" }\n\
        anchor = \"digit-run\"\nlengths = [6]\npattern = '[1-9][0-9]{5}'\nconfidence = 0.6\ncontext = [\"工牌\"]\n\
        speaks_for = [[\"management.hr\", 0.1]]\nbasis = [\"house rule\"]\nexamples = [\"工牌 204617\"]\n\
        counter_examples = [\"0204617\"]\n";
    assert!(whole.contains(replaced));
    whole.replace(replaced, by)
}

fn complaint(text: &str) -> String {
    let known = ["management.hr", "management.finance"];
    match from(text) {
        Err(error) => error.to_string(),
        Ok(pack) => lint(&pack, &known).first().map(ToString::to_string).unwrap_or_default(),
    }
}

#[test]
fn a_good_rule_passes() {
    assert_eq!(complaint(&detector("mine", "mine")), "");
}

#[test]
fn each_way_to_be_wrong_is_told_with_file_and_rule() {
    let cases = [
        ("'[1-9][0-9]{5}'", r"'\d{6}'", "write [0-9]"),
        ("'[1-9][0-9]{5}'", r"'\b[0-9]{6}'", r"write (?-u:\b)"),
        ("'[1-9][0-9]{5}'", "'[1-9'", "does not compile"),
        ("'[1-9][0-9]{5}'", r"'(?:\p{L}{90}){90}'", "too large"),
        ("lengths = [6]\n", "", "lacks lengths and would run on every byte"),
        ("management.hr", "managment.hr", "did you mean \"management.hr\"?"),
        ("examples = [\"工牌 204617\"]\n", "", "has no examples"),
        ("counter_examples = [\"0204617\"]\n", "", "has no counter_examples"),
        ("confidence = 0.6", "confidence = 6", "invalid confidence"),
        ("pattern = '[1-9][0-9]{5}'", "validate = \"vinn\"", "did you mean \"vin\"?"),
        ("basis = [\"house rule\"]", "basis = []", "invalid basis"),
        ("schema = 1", "schema = 2", "has schema 2"),
        ("anchor = \"digit-run\"", "anchor = \"every-byte\"", "malformed at line 6"),
        ("anchor = \"digit-run\"", "anchor = \"label\"", "lacks labels and would run on every byte"),
        ("anchor = \"digit-run\"", "anchor = \"label\"\nlabels = [\"号\", \"a:\"]", "lacks labels"),
        ("anchor = \"digit-run\"", "anchor = \"words\"\nwords = [\"-----\"]", "lacks words"),
        ("pattern = '[1-9][0-9]{5}'", "validate = \"vin\"\nlabels = [\"工牌\"]", "invalid labels"),
        ("confidence = 0.6", "confidence = 0.6\nback = true", "invalid back"),
        (
            "confidence = 0.6",
            "confidence = 0.6\nshape_share = { first = \"\", lengths = [6, 6] }",
            "invalid shape_share",
        ),
        (
            "confidence = 0.6",
            "confidence = 0.6\nshape_share = { first = \"1\", lengths = [2, 6] }",
            "invalid shape_share",
        ),
        (
            "confidence = 0.6",
            "confidence = 0.6\nshape_share = { first = \"1\", lengths = [9, 6] }",
            "invalid shape_share",
        ),
        (
            "'[1-9][0-9]{5}'",
            "'[0-9]{6}'\nshape_share = { first = \"1\", lengths = [6, 6], pattern = '\\d+' }",
            "write [0-9]",
        ),
        ("lengths = [6]", "anchors = 1\nlengths = [6]", "malformed"),
        ("confidence = 0.6", "confidence = 0.6\ncolour = 1", "malformed"),
    ];
    for (replaced, by, expected) in cases {
        let said = complaint(&detector(replaced, by));
        assert!(said.contains(expected) && said.contains("mine.toml"), "{by}: {said}");
        assert!(!said.contains('\n'), "{said}");
    }
}

#[test]
fn the_built_in_packs_lint_clean() {
    let pack = RulePack::builtin().expect("built in");
    // Which categories exist is for the taxonomy to say, and tested where it is known.
    let faults: Vec<Error> = lint(&pack, &[])
        .into_iter()
        .filter(|error| !matches!(error, Error::Unknown { what: "category", .. }))
        .collect();
    assert_eq!(faults, []);
}

#[test]
fn two_rules_of_one_id_are_refused() {
    let rule = detector("mine", "mine");
    let second = rule.split("[[detector]]").nth(1).expect("a rule");
    let error = from(&format!("{rule}[[detector]]{second}")).expect_err("a duplicate");
    assert_eq!(error, Error::Duplicate { file: "mine.toml".to_owned(), rule: "mine.badge".to_owned() });
    assert_ne!(error.say(crate::model::Lang::Zh), error.say(crate::model::Lang::En));
}

#[test]
fn a_folder_replaces_rules_by_id_and_adds_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = detector("mine.badge", "email").replace("pack = \"mine\"", "pack = \"house\"");
    std::fs::write(folder.path().join("house.toml"), text).expect("written");
    let builtin = RulePack::builtin().expect("built in");
    let merged = RulePack::with_folder(folder.path()).expect("merged");
    assert_eq!(merged.detectors().len(), builtin.detectors().len());
    assert_eq!(merged.detector("email").map(|rule| rule.pack.as_str()), Some("house"));
    assert_ne!(merged.version(), builtin.version());
    assert_eq!(merged.version().len(), 16);
    let missing = RulePack::with_folder(&folder.path().join("none")).expect_err("no folder");
    assert!(matches!(missing, Error::Unreadable { .. }));
}

#[test]
fn a_broken_rule_file_names_its_line_and_none_of_its_text() {
    let error = from("schema = 1\npack = \"x\"\n[[detector\n").expect_err("broken");
    assert_eq!(error, Error::Malformed { file: "mine.toml".to_owned(), line: 3, rule: None, field: None });
}

#[test]
fn an_unknown_field_is_named_with_its_rule() {
    let text = "schema = 1\npack = \"x\"\n[[format]]\nid = \"house.part\"\ncolour = 3\n";
    let said = from(text).expect_err("unknown field").to_string();
    assert!(said.contains("line 5, in rule house.part: unknown field colour"), "{said}");
}

#[test]
fn extensions_of_several_parts_are_told_apart() {
    let text = "schema = 1\npack = \"formats\"\n\
        [[format]]\nid = \"cad.creo\"\nname = { zh = \"甲\", en = \"a\" }\nextensions = [\"prt.#\", \"asm.#\"]\n\
        [[format]]\nid = \"cad.nx\"\nname = { zh = \"乙\", en = \"b\" }\nextensions = [\"prt\"]\n";
    let pack = from(text).expect("loads");
    let format = |name: &str| pack.format_of_name(name).map(|format| format.id.as_str());
    assert_eq!(format("PUMP.PRT.12"), Some("cad.creo"));
    assert_eq!(format("泵/pump.v2.prt"), Some("cad.nx"));
    assert_eq!(format("pump.prt.x"), None);
    assert_eq!(format("prt"), None);
}

#[test]
fn a_text_is_told_by_how_its_first_lines_begin_and_not_by_what_stands_in_them() {
    let pack = RulePack::builtin().expect("loads");
    let format = |text: &str| pack.format_of_file("x", "text", text.as_bytes()).map(|told| told.rule.id.as_str());
    assert_eq!(format("G04 outline*\r\n%FSLAX24Y24*%\r\n"), Some("ecad.gerber"));
    assert_eq!(format("  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n"), Some("cad.drawing"));
    assert_eq!(format("ISO-10303-21;\nHEADER;"), Some("cad.model"));
    assert_eq!(format("see ISO-10303-21; and %FSLAX24Y24*%"), None);
    assert_eq!(format(&format!("{}\nISO-10303-21;", "x".repeat(4096))), None);
    assert_eq!(format(""), None);
}

#[test]
fn a_format_is_told_by_signature_then_name_then_grammar_and_a_weak_name_comes_last() {
    let pack = RulePack::builtin().expect("loads");
    let format =
        |name: &str, text: &str| pack.format_of_file(name, "text", text.as_bytes()).map(|told| told.rule.id.as_str());
    let router = "hostname edge-1\ninterface ge-0/0\n ip address 192.0.2.1\n";
    assert_eq!(format("edge.cfg", router), Some("network.configuration"));
    assert_eq!(format("edge.cfg", "speed = 3\n"), Some("settings.file"));
    assert_eq!(format("pump.cfg", "ISO-10303-21;\n"), Some("cad.model"));
    assert_eq!(format("pump.step", router), Some("cad.model"));
    assert_eq!(format("pump.dat", "PROGRAM p\nvar\n x : BOOL;\nEnd_Var\n"), Some("plc.structured-text"));
    assert_eq!(format("pump.dat", "variable costs\nend_variables\n"), None, "a beginning ends where a word ends");
    assert_eq!(format("drill.txt", "N10 G0 X1\nN20 G1 Y2\nN30 M30\n"), Some("cam.program"));
    assert_eq!(format("drill.txt", "G0 is a move\nof a machine\nand M30 ends it\n"), None);
    assert_eq!(format("LICENSE", ""), Some("project.notes"));
    assert_eq!(format("licences 2025.csv", ""), None);
}

#[test]
fn a_format_says_what_it_is_refused_for() {
    let refused = |fields: &str| {
        let text = format!(
            "schema = 1\npack = \"x\"\n[[format]]\nid = \"x.y\"\nname = {{ zh = \"甲\", en = \"a\" }}\n{fields}\n"
        );
        from(&text).expect_err(fields).to_string()
    };
    for (fields, field) in [
        ("files = [\"README\"]", "files"),
        ("magic = [\"7f45\"]", "magic"),
        ("magic = [\"x:7f454c46\"]", "magic"),
        ("magic = [\"7f454c4\"]", "magic"),
        ("contains = [\"<a\"]", "contains"),
        ("lines = [\"a\"]", "at_least"),
        ("at_least = 1", "at_least"),
        ("lines = [\"a\", \"b\"]\nat_least = 3", "at_least"),
        ("needs = [\"a\"]", "needs"),
        ("lines = [\"a\"]\nat_least = 1\nneeds = [\"\"]", "needs"),
        ("line_pattern = \"(\"", "line_pattern"),
        ("plumbing = true\ncategory = \"research\"", "weight"),
    ] {
        assert!(refused(fields).contains(field), "{fields}: {}", refused(fields));
    }
}
