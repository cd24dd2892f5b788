//! Help in the reader's language. English stands at the arguments; Chinese in `help.zh.toml`, by command and argument.
//! What clap says by itself (headings, defaults, possible values, its own options) is said here in Chinese.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::model::Lang;

use super::arguments::Arguments;

const CHINESE: &str = include_str!("help.zh.toml");

/// The heading of the options that every command has, in both languages.
const COMMON: (&str, &str) = ("Common options", "公共选项");

/// The texts of one command: its own, and those of its arguments by id.
type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// The language that was asked for, before anything is parsed: `--lang`, else the locale.
pub(crate) fn language(arguments: &[OsString]) -> Lang {
    let typed = arguments.iter().enumerate().find_map(|(index, argument)| {
        let argument = argument.to_str()?;
        match argument.strip_prefix("--lang") {
            Some("") => arguments.get(index + 1)?.to_str().map(str::to_owned),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        }
    });
    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    let locale = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    match typed.or_else(locale) {
        Some(tag) if tag.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// The command line with its texts in `lang`.
pub(crate) fn command(lang: Lang) -> Command {
    let command = Arguments::command();
    match lang {
        Lang::En => command,
        Lang::Zh => translated(command.disable_version_flag(true).arg(version()), &chinese(), ""),
    }
}

fn version() -> Arg {
    Arg::new("version").short('V').long("version").action(ArgAction::Version).help("显示版本").help_heading(COMMON.1)
}

fn chinese() -> Texts {
    toml::from_str(CHINESE).unwrap_or_default()
}

fn translated(mut command: Command, texts: &Texts, above: &str) -> Command {
    let path = if above.is_empty() { command.get_name().to_owned() } else { format!("{above} {}", command.get_name()) };
    let own = texts.get(&path).cloned().unwrap_or_default();
    let common = texts.get("mulu").cloned().unwrap_or_default();
    if let Some(about) = own.get("about") {
        command = command.about(about.clone());
    }
    if let Some(example) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(example.replacen("Example: ", "示例：", 1));
    }
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for id in ids {
        let text = own.get(&id).or_else(|| common.get(&id)).cloned();
        command = command.mut_arg(id, |argument| in_chinese(argument, text));
    }
    // The common options are known to the outermost command only; one in their place makes the usage line speak of them.
    let with_options = command.clone().arg(Arg::new("common").long("common").action(ArgAction::SetTrue));
    let usage = with_options.bin_name(&path).render_usage().to_string();
    let usage = usage.replace("Usage: ", "").replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>");
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |below| translated(below, texts, &path));
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("显示帮助");
    let help = help.help_heading(COMMON.1).display_order(usize::MAX);
    command
        .disable_help_flag(true)
        .arg(help)
        .subcommand_help_heading("命令")
        .override_usage(usage)
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
}

/// An argument with its text, and with its default and its possible values told in Chinese behind it.
fn in_chinese(argument: Arg, text: Option<String>) -> Arg {
    let mut text = text.or_else(|| argument.get_help().map(ToString::to_string)).unwrap_or_default();
    let takes_value = argument.get_action().takes_values();
    let values = argument.get_possible_values().into_iter().filter(|value| takes_value && !value.is_hide_set());
    let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
    let defaults = argument.get_default_values().iter().filter_map(|value| value.to_str());
    let defaults: Vec<&str> = defaults.filter(|_| takes_value).collect();
    if !values.is_empty() {
        text = format!("{text} [可选：{}]", values.join("、"));
    }
    if !defaults.is_empty() {
        text = format!("{text} [默认：{}]", defaults.join("、"));
    }
    let heading = match argument.get_help_heading() {
        Some(heading) if heading == COMMON.0 => COMMON.1,
        _ if argument.is_positional() => "参数",
        _ => "选项",
    };
    let argument = argument.help(text).help_heading(heading);
    if takes_value { argument.hide_possible_values(true).hide_default_value(true) } else { argument }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(command: &Command, texts: &Texts, above: &str, out: &mut Vec<String>) {
        let path =
            if above.is_empty() { command.get_name().to_owned() } else { format!("{above} {}", command.get_name()) };
        if command.is_hide_set() {
            return;
        }
        let own = texts.get(&path).cloned().unwrap_or_default();
        if !own.contains_key("about") {
            out.push(format!("{path}: about"));
        }
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if id != "help" && id != "version" && !own.contains_key(id) {
                out.push(format!("{path}: {id}"));
            }
        }
        for below in command.get_subcommands() {
            missing(below, texts, &path, out);
        }
    }

    #[test]
    fn every_command_and_argument_is_told_in_chinese() {
        let texts: Texts = toml::from_str(CHINESE).unwrap();
        let mut out = Vec::new();
        missing(&Arguments::command(), &texts, "", &mut out);
        assert_eq!(out, Vec::<String>::new());
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in Arguments::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(command.get_after_help().is_some(), "{}", command.get_name());
        }
    }

    fn pages(command: &mut Command, out: &mut Vec<String>) {
        out.push(command.render_long_help().to_string());
        command.get_subcommands_mut().filter(|below| !below.is_hide_set()).for_each(|below| pages(below, out));
    }

    #[test]
    fn chinese_help_holds_no_english_of_the_parser() {
        let mut whole = command(Lang::Zh);
        whole.build();
        let mut out = Vec::new();
        pages(&mut whole, &mut out);
        assert!(out.len() > 20, "{}", out.len());
        let english =
            ["Usage", "Options", "Commands", "Arguments", "Print ", "[default", "[possible", "OPTIONS", "Example"];
        for page in out {
            assert!(page.contains("用法：mulu") && page.contains("显示帮助"), "{page}");
            assert!(english.iter().all(|word| !page.contains(word)), "{page}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        command(Lang::En).debug_assert();
        command(Lang::Zh).debug_assert();
    }

    #[test]
    fn the_language_is_typed_or_that_of_the_locale() {
        let typed = |arguments: &[&str]| language(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(typed(&["mulu", "--lang", "zh", "assets"]), Lang::Zh);
        assert_eq!(typed(&["mulu", "assets", "--lang=en"]), Lang::En);
    }
}
