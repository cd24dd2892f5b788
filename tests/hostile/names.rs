//! Names of files are hostile output: they are shown escaped, and stay what they are.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::ScanEnv;

/// Names that would move a cursor, turn the direction of writing, break a line, or are no text at all.
const NAMES: [&[u8]; 12] = [
    b"line\nbreak.txt",
    b"return\rname.txt",
    b"tab\tname.txt",
    b"\x1b[31mred.txt",
    b"bell\x07.txt",
    b"delete\x7f.txt",
    "turned\u{202e}txt.exe".as_bytes(),
    "isolated\u{2066}x\u{2069}.txt".as_bytes(),
    "joined\u{200b}name.txt".as_bytes(),
    b"no\xff\xfetext.txt",
    // GB18030 for a word: no UTF-8.
    b"\xc9\xe8\xb1\xb8.txt",
    b"back\\slash.txt",
];

fn is_harmless(text: &str) -> bool {
    let odd = |it: char| {
        it.is_control() && it != '\n'
            || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
    };
    !text.contains(odd) && !text.contains('\u{fffd}')
}

#[test]
fn hostile_names_are_escaped_wherever_they_are_shown_and_found_again() {
    let env = ScanEnv::new();
    let folder = env.share().join(OsStr::from_bytes(b"fold\ner\xff"));
    std::fs::create_dir(&folder).expect("a folder can be made");
    for name in NAMES {
        for place in [&env.share(), &folder] {
            std::fs::write(place.join(OsStr::from_bytes(name)), "设备台账\n").expect("a file can be written");
        }
    }
    let first = env.done(&["scan", "share", "-v", "--format", "json"]);
    assert!(is_harmless(&first.stdout) && is_harmless(&first.stderr));
    let assets = env.assets();
    assert_eq!(assets.len(), 2 * NAMES.len(), "each name is one asset");
    let mut locators: Vec<_> = assets.iter().map(|asset| asset["locator"].as_str().expect("a locator")).collect();
    locators.sort_unstable();
    locators.dedup();
    assert_eq!(locators.len(), 2 * NAMES.len(), "no two names are shown alike");
    assert!(locators.iter().all(|locator| is_harmless(locator) && !locator.contains('\n')), "{locators:?}");
    for format in ["table", "csv", "jsonl"] {
        assert!(is_harmless(&env.done(&["assets", "--format", format]).stdout), "{format}");
    }
    for asset in &assets {
        let id = asset["id"].as_str().expect("an id");
        assert!(is_harmless(&env.done(&["explain", id]).stdout));
    }
    // The names have gone through the inventory: each file is known again by its own.
    let again = env.done(&["scan", "share", "--format", "json"]).json();
    assert_eq!(again["tally"]["unchanged"], 2 * NAMES.len(), "{again}");
}
