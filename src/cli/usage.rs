//! What was typed and is not understood: one line that says what and what to do, in the reader's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::model::Lang;

use super::complaint::Complaint;
use super::exit::Exit;
use super::progress::say;

/// Prints the help or the version that was asked for, or says what is wrong.
pub(crate) fn answer(error: &clap::Error, lang: Lang) -> Exit {
    // A page of help also answers a command that was typed without anything behind it; that did nothing, so it fails.
    let is_page = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if is_page {
        error.print().unwrap_or(());
        return if error.use_stderr() { Exit::Failed } else { Exit::Done };
    }
    say(&format!("mulu: {}", super::complaint::tell(&complaint(error).into(), lang)));
    Exit::Failed
}

fn complaint(error: &clap::Error) -> Complaint {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    let help = help_page(error);
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => Complaint::new(
            format!("{argument} 缺少取值；用法见 {help}"),
            format!("{argument} wants a value; see {help}"),
        ),
        ErrorKind::InvalidValue => {
            let valid = text(error, ContextKind::ValidValue);
            Complaint::new(
                format!("{argument} 不接受 {value}；可选：{valid}"),
                format!("{argument} does not take {value}; it takes one of {valid}"),
            )
        }
        ErrorKind::ValueValidation => {
            let (zh, en) = form(&argument);
            Complaint::new(
                format!("{argument} 不接受 {value}；{zh}"),
                format!("{argument} does not take {value}; {en}"),
            )
        }
        ErrorKind::UnknownArgument => unknown(("没有选项", "no option"), &argument, error, ContextKind::SuggestedArg),
        ErrorKind::InvalidSubcommand => {
            let typed = text(error, ContextKind::InvalidSubcommand);
            unknown(("没有命令", "no command"), &typed, error, ContextKind::SuggestedSubcommand)
        }
        ErrorKind::MissingRequiredArgument => Complaint::new(
            format!("还须给出 {argument}；用法见 {help}"),
            format!("still to be given: {argument}; see {help}"),
        ),
        ErrorKind::MissingSubcommand => {
            Complaint::new(format!("请给出命令；用法见 {help}"), format!("a command is missing; see {help}"))
        }
        ErrorKind::ArgumentConflict if text(error, ContextKind::PriorArg) != argument => {
            let other = text(error, ContextKind::PriorArg);
            Complaint::new(
                format!("{argument} 与 {other} 不能同时给出；用法见 {help}"),
                format!("{argument} and {other} exclude each other; see {help}"),
            )
        }
        ErrorKind::ArgumentConflict => Complaint::new(
            format!("{argument} 只能给出一次；用法见 {help}"),
            format!("{argument} may be given once; see {help}"),
        ),
        _ => Complaint::new(
            format!("命令行有误 {argument}；用法见 {help}"),
            format!("the command line is not understood {argument}; see {help}"),
        ),
    }
}

fn unknown(what: (&str, &str), typed: &str, error: &clap::Error, suggested: ContextKind) -> Complaint {
    let ((zh, en), help) = (what, help_page(error));
    match text(error, suggested) {
        near if near.is_empty() => {
            Complaint::new(format!("{zh} {typed}；用法见 {help}"), format!("{en} {typed}; see {help}"))
        }
        near => Complaint::new(
            format!("{zh} {typed}；是否指 {near}？用法见 {help}"),
            format!("{en} {typed}; is {near} meant? see {help}"),
        ),
    }
}

/// How a value is written, by the name that help gives it.
fn form(argument: &str) -> (&'static str, &'static str) {
    if argument.contains("<DATE>") {
        ("日期写作 2026-03-01，且须存在", "a date that exists is written 2026-03-01")
    } else if argument.contains("<TIME>") {
        ("时间写作 14:30", "a time of day is written 14:30")
    } else if argument.contains("<SHARE>") {
        ("比例写作 0.3，至多三位小数", "a share is written 0.3, with at most three decimals")
    } else if argument.contains("<N>") {
        ("请给出 1 到 1024 的整数", "give a whole number from 1 to 1024")
    } else {
        ("请给出整数", "give a whole number")
    }
}

/// What clap knows of the mistake, in one line.
fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

/// The page of help of the command that was typed, as the usage line begins: `mulu review confirm --help`.
fn help_page(error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words = usage.split_whitespace().skip_while(|word| *word != "mulu");
    let command: Vec<&str> =
        words.take_while(|word| word.starts_with(|letter: char| letter.is_ascii_lowercase())).collect();
    if command.is_empty() { "mulu --help".to_owned() } else { format!("{} --help", command.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::super::help;
    use super::*;
    use crate::model::Speak;

    fn told(typed: &[&str], lang: Lang) -> String {
        let error = help::command(lang).try_get_matches_from([&["mulu"], typed].concat()).unwrap_err();
        complaint(&error).say(lang)
    }

    #[test]
    fn each_mistake_is_one_line_in_the_language_asked_for() {
        let english = [
            (&["scna"][..], "no command scna; is scan meant? see mulu --help"),
            (&["scan", "--ful"], "no option --ful; is --full meant? see mulu scan --help"),
            (&["scan", "--jobs", "0"], "--jobs <N> does not take 0; give a whole number from 1 to 1024"),
            (&["assets", "--lang", "fr"], "--lang <LANG> does not take fr; it takes one of zh, en"),
            (&["filing", "accept", "x", "--number", "1"], "<ID> does not take x; give a whole number"),
            (
                &["filing", "reject", "1", "--date", "2026-02-30", "--reason", "x"],
                "--date <DATE> does not take 2026-02-30; a date that exists is written 2026-03-01",
            ),
            (
                &["review", "confirm", "c1"],
                "still to be given: --by <NAME>, --reason <TEXT>; see mulu review confirm --help",
            ),
            (&["assets", "-o"], "--output <FILE> wants a value; see mulu --help"),
            (
                &["assets", "--inventory", "a", "--inventory", "b"],
                "--inventory <PATH> may be given once; see mulu assets --help",
            ),
            (
                &["catalog", "export", "--labels", "--annex"],
                "--labels and --annex exclude each other; see mulu catalog export --help",
            ),
            (&["review", "--lang", "en"], "a command is missing; see mulu review --help"),
        ];
        for (typed, wanted) in english {
            assert_eq!(told(typed, Lang::En), wanted, "{typed:?}");
            let chinese = told(typed, Lang::Zh);
            assert!(chinese.contains('；') && !chinese.contains("; ") && !chinese.contains('\n'), "{chinese}");
        }
        assert_eq!(told(&["scna"], Lang::Zh), "没有命令 scna；是否指 scan？用法见 mulu --help");
        let missing = told(&["review", "confirm", "c1"], Lang::Zh);
        assert_eq!(missing, "还须给出 --by <NAME>, --reason <TEXT>；用法见 mulu review confirm --help");
    }
}
