//! `--help` of every command, and the two languages.

use crate::support::ScanEnv;

/// Every command that a person types.
const COMMANDS: &[&[&str]] = &[
    &["scan"],
    &["assets"],
    &["explain"],
    &["classes"],
    &["review"],
    &["review", "list"],
    &["review", "show"],
    &["review", "confirm"],
    &["review", "override"],
    &["review", "reject"],
    &["catalog"],
    &["catalog", "check"],
    &["catalog", "export"],
    &["filing"],
    &["filing", "submit"],
    &["filing", "accept"],
    &["filing", "reject"],
    &["filing", "list"],
    &["changes"],
    &["diff"],
    &["duties"],
    &["duties", "record"],
    &["duties", "void"],
    &["duties", "events"],
    &["watch"],
    &["register"],
    &["register", "set"],
    &["register", "unset"],
    &["register", "list"],
    &["register", "show"],
    &["register", "add-class"],
    &["register", "end-class"],
    &["audit"],
    &["audit", "list"],
    &["audit", "show"],
    &["audit", "verify"],
    &["eval"],
    &["rules", "list"],
    &["rules", "test"],
    &["init"],
];

#[test]
fn every_command_has_help_with_an_example() {
    let env = ScanEnv::new();
    for command in COMMANDS {
        let answer = env.done(&[command, &["--help"][..]].concat());
        assert!(answer.stdout.contains("mulu"), "{command:?}: {}", answer.stdout);
        assert!(answer.stdout.contains("Example"), "{command:?} has no example:\n{}", answer.stdout);
        assert_eq!(answer.stderr, "", "{command:?}");
    }
}

#[test]
fn an_unknown_command_is_a_mistake_of_usage() {
    let env = ScanEnv::new();
    let answer = env.mulu(&["scna"]).expect_code(2);
    assert_eq!(answer.stdout, "");
    assert!(answer.stderr.contains("scna"), "{}", answer.stderr);
}

#[test]
fn a_summary_speaks_the_language_asked_for() {
    let env = ScanEnv::new();
    env.put("生产/报表.csv", "设备编号,温度\nEQ-1,20.5\nEQ-2,21.0\n");
    let english = env.done(&["scan", "share", "--lang", "en"]).stdout;
    let chinese = env.done(&["scan", "share", "--lang", "zh"]).stdout;
    let han = |text: &str| text.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count();
    assert!(english.contains("found") && han(&english) < 20, "{english}");
    assert!(chinese.contains("发现") && han(&chinese) > 20, "{chinese}");
}

#[test]
fn errors_speak_the_language_asked_for() {
    let env = ScanEnv::new();
    let answer = env.mulu(&["scan", "nowhere", "--lang", "zh"]).expect_code(2);
    assert!(answer.complaint().contains("不存在"), "{}", answer.stderr);
}

#[test]
fn the_locale_chooses_the_language_when_nobody_else_does() {
    let env = ScanEnv::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mulu"));
    command.current_dir(env.folder()).env_clear().env("LC_ALL", "zh_CN.UTF-8").args(["scan", "nowhere"]);
    let answer = crate::support::answer(&mut command).expect_code(2);
    assert!(answer.complaint().contains("不存在"), "{}", answer.stderr);
}

#[test]
fn the_first_page_of_help_reads_well_in_both_languages() {
    let env = ScanEnv::new();
    for lang in ["en", "zh"] {
        insta::assert_snapshot!(format!("help_{lang}"), env.done(&["--help", "--lang", lang]).stdout);
    }
}
