//! The house: data flows down the modules in the order in which `lib.rs` declares them, files stay readable, only the
//! command line prints, every exception from a lint has a reason. Each offence is named with file and line.

use std::path::{Path, PathBuf};

use crate::support::{files_below, text_of};

/// Past this a file is about two things.
const LONGEST_FILE_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Rust files below a folder of the project.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let files = files_below(&root().join(folder));
    files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Paths, without `.rs`, of the modules that are compiled for tests only: `#[cfg(test)] mod tests;`.
fn test_modules() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in rust_files("src") {
        let is_folder = path.ends_with("mod.rs") || path.ends_with("lib.rs");
        let folder = if is_folder { path.with_file_name("") } else { path.with_extension("") };
        let text = text_of(&path);
        for (_, after) in text.match_indices("#[cfg(test)]\n").map(|(start, word)| text.split_at(start + word.len())) {
            if let Some(file) = after.strip_prefix("#[path = \"").and_then(|rest| rest.split(".rs\"").next()) {
                found.push(path.with_file_name(file));
            } else if let Some(name) = after.split(';').next().and_then(|item| item.split("mod ").nth(1)) {
                found.push(folder.join(name));
            }
        }
    }
    found
}

/// The modules of the library in the order of their declaration.
fn modules() -> Vec<String> {
    let library = text_of(&root().join("src/lib.rs"));
    let names = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// What a line of code says, without a comment that stands alone on it.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The offences of one file against the order of the modules: (line, what is wrong).
fn offences(own: &str, depth: usize, text: &str, order: &[String]) -> Vec<(usize, String)> {
    let place = |name: &str| order.iter().position(|module| module == name);
    let mut found = Vec::new();
    let mut inline_modules = 0;
    let mut line_start = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let rest_of_file = &text[line_start..];
        line_start += line.len();
        if line.trim() == "#[cfg(test)]" {
            inline_modules = 1;
        }
        if is_comment(line) {
            continue;
        }
        for (start, word) in line.match_indices("crate::") {
            for name in named_modules(&rest_of_file[start + word.len()..]) {
                if name.is_empty() {
                    found.push((number, "names modules in a way that this test cannot read".to_owned()));
                } else if let Some(named) = place(&name)
                    && place(own).is_none_or(|own| named > own)
                {
                    found.push((number, format!("`{own}` names `{name}`, which stands below it in lib.rs")));
                }
            }
        }
        let longest_climb = line.match_indices("super::").map(|(start, _)| climb(&line[start..])).max().unwrap_or(0);
        if longest_climb >= depth + inline_modules {
            found.push((number, "climbs to the root with `super::`; write `crate::…`".to_owned()));
        }
    }
    found
}

/// The modules that stand after `crate::`: one, or those of a group; an empty name for what cannot be read.
fn named_modules(after: &str) -> Vec<String> {
    let identifier =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = after.strip_prefix('{') else { return vec![identifier(after)] };
    let mut names = vec![identifier(group)];
    let mut depth = 1;
    for (index, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(identifier(&group[index + 1..])),
            _ => {}
        }
        if depth == 0 {
            // A comma may stand before the closing brace.
            if names.last().is_some_and(String::is_empty) && group[..index].trim_end().ends_with(',') {
                names.pop();
            }
            return names;
        }
    }
    vec![String::new()]
}

/// How many `super::` follow one another at the start of `text`.
fn climb(text: &str) -> usize {
    let mut rest = text;
    let mut count = 0;
    while let Some(after) = rest.strip_prefix("super::") {
        rest = after;
        count += 1;
    }
    count
}

/// The module that a file of `src/` belongs to, and how deep it lies: `detect/checksum/luhn.rs` is `detect`, 3.
fn module_of(path: &Path) -> (String, usize) {
    let below = path.strip_prefix(root().join("src")).expect("a file of src");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let own = parts[0].trim_end_matches(".rs").to_owned();
    let depth = match parts.last().map(String::as_str) {
        Some("mod.rs") => parts.len() - 1,
        // Tests of a file that lie beside it: `#[path = "check_tests.rs"] mod tests;`.
        Some(name) if name.ends_with("_tests.rs") => parts.len() + 1,
        _ => parts.len(),
    };
    (own, depth)
}

#[test]
fn a_module_names_only_what_stands_above_it() {
    let order = modules();
    assert!(order.len() > 10 && order[0] == "model", "lib.rs declares the modules one a line: {order:?}");
    let mut wrong = Vec::new();
    for path in rust_files("src") {
        let (own, depth) = module_of(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        for (line, what) in offences(&own, depth, &text_of(&path), &order) {
            wrong.push(format!("{}:{line}: {what}", shown(&path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_watch_on_dependencies_can_fail() {
    let order = ["model", "rules", "cli"].map(str::to_owned);
    let offends = |text: &str| !offences("rules", 2, text, &order).is_empty();
    assert!(offends("use crate::cli::Session;"));
    assert!(offends("use crate::{model, cli};"));
    assert!(offends("use crate::{\n    model::{Asset, Store},\n    cli::Session,\n};"));
    assert!(offends("use crate::*;") && offends("use crate::{*};"));
    assert!(offends("    let x = crate::cli::run();"));
    assert!(offends("use super::super::cli::run;"));
    assert!(!offends("use crate::model::Asset;"));
    assert!(!offends("use crate::rules::RulePack;"));
    assert!(!offends("use crate::{\n    model::{Asset, Store},\n    rules::RulePack,\n};"));
    assert!(!offends("/// See [`crate::cli`].\nuse super::Error;"));
    assert!(!offends("#[cfg(test)]\nmod tests {\n    use super::super::Error;\n}"));
}

#[test]
fn no_file_is_longer_than_a_reader_bears() {
    let mut wrong = Vec::new();
    for path in ["src", "tests", "samples", "benches"].into_iter().flat_map(rust_files) {
        let lines = text_of(&path).lines().count();
        if lines > LONGEST_FILE_LINES {
            wrong.push(format!("{}:{lines}: longer than {LONGEST_FILE_LINES} lines; split it by thing", shown(&path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let mut wrong = Vec::new();
    let test_modules = test_modules();
    for path in rust_files("src") {
        let (own, _) = module_of(&path);
        let is_test = test_modules.iter().any(|module| path.with_extension("").starts_with(module));
        if own == "cli" || own == "main" || is_test {
            continue;
        }
        let text = text_of(&path);
        let shipped = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        for (number, line) in (1..).zip(shipped) {
            let prints = ["println!", "print!(", "dbg!"].iter().any(|name| line.contains(name));
            if prints && !is_comment(line) {
                wrong.push(format!("{}:{number}: prints; only `cli` may", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exception_from_a_lint_has_a_reason() {
    // Split, so that this file does not find itself.
    let (expectation, allowance) = (concat!("[exp", "ect("), concat!("[all", "ow("));
    let mut wrong = Vec::new();
    for path in ["src", "tests", "samples", "benches"].into_iter().flat_map(rust_files) {
        let text = text_of(&path);
        let line_of = |start: usize| text[..start].lines().count();
        for (start, _) in text.match_indices(expectation) {
            let end = text[start..].find(")]").map_or(text.len(), |length| start + length);
            if !text[start..end].contains("reason = \"") {
                wrong.push(format!("{}:{}: an expectation without a reason", shown(&path), line_of(start)));
            }
        }
        for (start, _) in text.match_indices(allowance) {
            wrong.push(format!("{}:{}: allows a lint; expect it, with a reason", shown(&path), line_of(start)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
