//! The laws of `fuzz/`, held for the inputs that fuzzing began with and for those that it once broke on, so that they
//! hold without cargo-fuzz; and for each of them cut short.

use std::path::{Path, PathBuf};

use crate::laws;
use crate::support::files_below;

fn inputs(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let folders = [fuzz.join("seeds").join(target), fuzz.join("regressions").join(target)];
    let files = folders.iter().filter(|folder| folder.is_dir()).flat_map(|folder| files_below(folder));
    #[expect(clippy::disallowed_methods, reason = "the inputs are files of the project")]
    let inputs: Vec<_> = files.map(|path| (path.clone(), std::fs::read(&path).expect("an input"))).collect();
    assert!(inputs.len() >= 3, "{target} has no seeds");
    inputs
}

fn replay(target: &str, law: fn(&[u8])) {
    for (path, bytes) in inputs(target) {
        for length in [bytes.len(), bytes.len() / 2, bytes.len() / 3] {
            let outcome = std::panic::catch_unwind(|| law(&bytes[..length]));
            assert!(outcome.is_ok(), "{target} breaks on the first {length} bytes of {}", path.display());
        }
    }
}

#[test]
fn what_is_found_does_not_depend_on_pieces() {
    replay("detect", laws::detect);
}

#[test]
fn rule_packs_are_refused_with_a_reason_or_load() {
    replay("rules", laws::rules);
}

#[test]
fn what_is_read_does_not_depend_on_how_much_comes_at_once() {
    replay("decode", laws::decode);
}

#[test]
fn seeds_of_rule_packs_load_but_for_the_broken_one() {
    for (path, bytes) in inputs("rules") {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let loaded = mulu::rules::RulePack::from_texts(vec![("seed.toml".to_owned(), text)]);
        let is_broken = path.ends_with("broken");
        assert_eq!(loaded.is_err(), is_broken, "{}: {:?}", path.display(), loaded.err().map(|error| error.to_string()));
    }
}
