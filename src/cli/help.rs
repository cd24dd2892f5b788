//! Help in the reader's language. English stands at the arguments; Chinese in `help.zh.toml`, by command and argument.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Command, CommandFactory};

use crate::model::Lang;

use super::arguments::Arguments;

const CHINESE: &str = include_str!("help.zh.toml");

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
        Lang::Zh => translated(command, &chinese(), ""),
    }
}

fn chinese() -> Texts {
    toml::from_str(CHINESE).unwrap_or_default()
}

fn translated(mut command: Command, texts: &Texts, above: &str) -> Command {
    let path = if above.is_empty() { command.get_name().to_owned() } else { format!("{above} {}", command.get_name()) };
    let own = texts.get(&path).cloned().unwrap_or_default();
    if let Some(about) = own.get("about") {
        command = command.about(about.clone());
    }
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for id in ids {
        if let Some(text) = own.get(&id).or_else(|| texts.get("mulu").and_then(|common| common.get(&id))) {
            command = command.mut_arg(id, |argument| argument.help(text.clone()));
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |below| translated(below, texts, &path));
    }
    command
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
