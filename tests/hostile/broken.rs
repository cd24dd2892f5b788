//! Each format broken in every place, read by the whole program: none crashes a reader, hangs it, or takes its memory.

use serde_json::Value;

use crate::cli::scan::assert_adds_up;
use crate::fixtures;
use crate::support::ScanEnv;

/// At how many places a file is cut.
const CUTS: usize = 20;
/// How many bytes of a file are left in front of noise: shorter and longer than its signature.
const KEPT: [usize; 4] = [4, 8, 16, 64];
/// Bytes of noise.
const NOISE: usize = 4096;

/// Bytes without any order, the same in each run (xorshift, Marsaglia 2003).
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..NOISE / 8).flat_map(|_| next()).collect()
}

/// Scans the share: everything is there, and no reader had to be stopped.
#[track_caller]
fn assert_survived(env: &ScanEnv, files: usize) {
    let answer = env.done(&["scan", "share", "--format", "json"]);
    assert!(assert_adds_up(&answer) >= files as u64);
    // The parser of old workbooks panics on some that are cut, and is caught; what declares more memory than a reader has is
    // refused without having it.
    let is_caught = |asset: &Value| asset["format"] == "xls";
    let stopped: Vec<_> = env
        .assets()
        .iter()
        .filter(|asset| match asset["reason"].as_str() {
            Some("crashed") => !is_caught(asset),
            reason => reason == Some("deadline"),
        })
        .map(|asset| format!("{} {}", asset["locator"], asset["reason"]))
        .collect();
    assert!(stopped.is_empty(), "{stopped:#?}");
}

#[test]
fn every_format_cut_at_twenty_places_costs_itself_alone() {
    let env = ScanEnv::new();
    let mut files = 0;
    for (number, fixture) in fixtures::all("Zq7Vxkw").into_iter().enumerate() {
        for cut in 1..=CUTS {
            let length = fixture.content.len() * cut / (CUTS + 1);
            env.put(&format!("{number:03}/{cut:02}/{}", fixture.name), &fixture.content[..length]);
            files += 1;
        }
    }
    assert_survived(&env, files);
}

#[test]
fn noise_behind_every_signature_costs_itself_alone() {
    let env = ScanEnv::new();
    let mut files = 0;
    for (number, fixture) in fixtures::all("Zq7Vxkw").into_iter().enumerate() {
        for kept in KEPT {
            let signature = &fixture.content[..kept.min(fixture.content.len())];
            let content = [signature, &noise(number as u64 * 7 + kept as u64)].concat();
            env.put(&format!("{number:03}/{kept:02}/{}", fixture.name), content);
            files += 1;
        }
    }
    assert_survived(&env, files);
}
