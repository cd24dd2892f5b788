//! A review by workbook, as people live it: exported, filled by another program, looked at, imported.

use std::process::Command;

use crate::support::ScanEnv;

/// The plant, scanned, with a workbook of everything that awaits a person.
fn plant_with_workbook() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    env.put_beside("mulu.toml", include_str!("../../samples/mulu.toml"));
    env.scan();
    env.done(&["review", "export", "-o", "review.xlsx"]);
    env
}

/// Runs a script of Python's `openpyxl` over the workbook; `false`, said aloud, where it is not installed.
fn filled_by_openpyxl(env: &ScanEnv, script: &str) -> bool {
    let begin = "import openpyxl\nbook = openpyxl.load_workbook('review.xlsx')\nsheet = book['审核']\n\
                 place = {cell.value: cell.column for cell in sheet[1]}\n\
                 def put(row, column, value): sheet.cell(row, place[column]).value = value\n";
    let whole = format!("{begin}{script}\nbook.save('review.xlsx')\n");
    let run = Command::new("python3").arg("-c").arg(&whole).current_dir(env.folder()).output();
    let said = run.as_ref().map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    let done = run.is_ok_and(|output| output.status.success());
    if !done && (said.is_empty() || said.contains("No module named")) {
        eprintln!("SKIPPED: python3 with openpyxl is not installed, the round trip of the workbook was not tried");
        return false;
    }
    assert!(done, "{said}");
    true
}

const IMPORT: [&str; 5] = ["review", "import", "review.xlsx", "--by", "李工"];

fn waiting(env: &ScanEnv) -> usize {
    let listed = env.done(&["review", "list", "--format", "json"]).json();
    listed["classes"].as_array().expect("a list of classes").len()
}

#[test]
fn a_workbook_filled_by_another_program_is_looked_at_and_then_taken() {
    let env = plant_with_workbook();
    let before = waiting(&env);
    assert!(before > 1);
    let fill = "for row in range(3, sheet.max_row + 1):\n    put(row, 'decision', '确认'); put(row, 'reason', '与工艺部核对')\n";
    if !filled_by_openpyxl(&env, fill) {
        return;
    }
    let looked = env.done(&[&IMPORT[..], &["--dry-run", "--format", "json"]].concat()).json();
    assert_eq!((looked["recorded"].as_bool(), waiting(&env)), (Some(false), before));
    assert_eq!(looked["changes"].as_array().expect("changes").len(), before);
    let told = env.done(&[&IMPORT[..], &["--dry-run"]].concat()).stdout;
    assert!(told.contains("nothing was recorded yet") && told.contains("confirm"), "{told}");
    env.done(&IMPORT);
    assert_eq!(waiting(&env), 0);
    // Twice is refused: what it was made of has been decided since.
    let again = env.mulu(&IMPORT).expect_code(2);
    assert!(again.complaint().contains("has changed since"), "{}", again.stderr);
}

#[test]
fn what_does_not_fit_is_named_by_its_cell_and_nothing_is_taken() {
    let env = plant_with_workbook();
    let before = waiting(&env);
    let fill = "put(3, 'decision', '确认'); put(3, 'reason', '核对')\nput(4, 'level', '核心')\nput(4, 'store', 'elsewhere')\n\
                put(3, 'fact.purpose', '=HYPERLINK(\"x\")')\n";
    if !filled_by_openpyxl(&env, fill) {
        return;
    }
    let refused = env.mulu(&IMPORT).expect_code(2);
    let told = refused.complaint();
    assert!(told.contains("审核!") && told.contains("locked cell") && told.contains("paste its value"), "{told}");
    assert!(!told.contains("elsewhere") && !told.contains("HYPERLINK"), "what was typed is repeated: {told}");
    assert_eq!(waiting(&env), before);
    let chinese = env.mulu(&[&IMPORT[..], &["--lang", "zh"]].concat()).expect_code(2);
    assert!(chinese.complaint().contains("未写入任何内容"), "{}", chinese.stderr);
}

#[test]
fn a_workbook_from_before_the_last_scan_is_refused() {
    let env = plant_with_workbook();
    env.grow_plant(40);
    env.scan();
    let refused = env.mulu(&IMPORT).expect_code(2);
    assert!(refused.complaint().contains("--older"), "{}", refused.stderr);
    env.done(&[&IMPORT[..], &["--older"]].concat());
}

#[test]
fn a_workbook_that_is_cut_off_or_another_file_is_refused() {
    let env = plant_with_workbook();
    let whole = crate::support::bytes_of(&env.path("review.xlsx"));
    for kept in [whole.len() / 2, whole.len() - 1, 0] {
        env.put_beside("review.xlsx", &whole[..kept]);
        let refused = env.mulu(&IMPORT).expect_code(2);
        assert!(!refused.complaint().contains("internal error"), "{}", refused.stderr);
    }
    env.done(&["catalog", "export", "-o", "review.xlsx"]);
    assert!(env.mulu(&IMPORT).expect_code(2).complaint().contains("mulu review export"));
}

#[test]
fn the_assets_below_a_folder_have_a_workbook_of_their_own() {
    let env = plant_with_workbook();
    let under = ["review", "export", "--assets", "--all", "--under"];
    env.done(&[&under[..], &["share", "-o", "all.xlsx"]].concat());
    assert!(
        env.mulu(&[&under[..], &["nowhere", "-o", "x.xlsx"]].concat()).expect_code(2).complaint().contains("share")
    );
    let nothing = env.mulu(&[&under[..], &["share/没有这个文件夹/", "-o", "x.xlsx"]].concat()).expect_code(2);
    assert!(nothing.complaint().contains("--all"), "{}", nothing.stderr);
}

#[test]
fn what_would_change_and_what_does_not_fit_read_well_in_both_languages() {
    let env = plant_with_workbook();
    let fill = "put(3, 'decision', '确认'); put(3, 'reason', '与工艺部核对'); put(3, 'fact.purpose', '原料核算')\n";
    if !filled_by_openpyxl(&env, fill) {
        return;
    }
    for lang in ["zh", "en"] {
        let told = env.done(&[&IMPORT[..], &["--dry-run", "--lang", lang]].concat()).stdout;
        insta::assert_snapshot!(format!("review_{lang}"), told);
    }
    let spoil = "put(4, 'decision', '也许'); put(4, 'fact.scope_of_use', '全世界'); put(5, 'id', sheet.cell(3, 1).value)\n\
                 put(3, 'fact.purpose', 'x' * 2001)\n";
    filled_by_openpyxl(&env, spoil);
    for lang in ["zh", "en"] {
        let told = env.mulu(&[&IMPORT[..], &["--lang", lang]].concat()).expect_code(2).stderr;
        insta::assert_snapshot!(format!("review_refused_{lang}"), told.replace("; ", ";\n").replace('；', "；\n"));
    }
}
