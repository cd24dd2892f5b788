//! What is no file, what leads elsewhere, and what must stay as it was.

use std::os::unix::fs::{MetadataExt as _, symlink};
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::outcomes;
use crate::fixtures;
use crate::support::ScanEnv;

#[test]
fn pipes_sockets_and_links_are_listed_and_neither_opened_nor_followed() {
    let env = ScanEnv::new();
    let outside = env.put_beside("secret.txt", "设备台账\n");
    env.put("in/a.txt", "设备台账\n");
    let share = env.share();
    mknodat(CWD, share.join("pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe can be made");
    let _socket = UnixListener::bind(share.join("socket")).expect("a socket can be made");
    for (name, target) in [("loop-a", "loop-b"), ("loop-b", "loop-a"), ("in/up", ".."), ("dangling", "nowhere")] {
        symlink(target, share.join(name)).expect("a link can be made");
    }
    symlink(&outside, share.join("out.txt")).expect("a link can be made");
    env.scan();
    let expected = [
        ("dangling", "skipped", Some("link")),
        ("in/a.txt", "unclassified", None),
        ("in/up", "skipped", Some("link")),
        ("loop-a", "skipped", Some("link")),
        ("loop-b", "skipped", Some("link")),
        ("out.txt", "skipped", Some("link")),
        ("pipe", "skipped", Some("special-file")),
        ("socket", "skipped", Some("special-file")),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, status, why)| ((*name).to_owned(), (*status).to_owned(), why.map(str::to_owned)))
        .collect();
    assert_eq!(outcomes(&env), expected);
    env.mulu(&["scan", "share", "--strict"]).expect_code(0);
}

/// Everything that a scan could have changed of a share.
fn state(env: &ScanEnv) -> Vec<String> {
    let entries = walkdir::WalkDir::new(env.share()).sort_by_file_name().into_iter();
    let described = entries.map(|entry| {
        let entry = entry.expect("the share can be walked");
        let stat = entry.metadata().expect("a file can be looked at");
        // Folders are read to list them, which is a reading; and SQLite opens its files itself (docs/architecture.md).
        let keeps_access = stat.is_file() && entry.path().extension().is_none_or(|end| end != "db");
        let accessed = if keeps_access { (stat.atime(), stat.atime_nsec()) } else { (0, 0) };
        let changed = (stat.mtime(), stat.mtime_nsec(), stat.ctime(), stat.ctime_nsec());
        format!("{} {} {accessed:?} {changed:?}", entry.path().display(), stat.len())
    });
    described.collect()
}

#[test]
fn a_scan_of_every_format_changes_nothing_of_the_share_and_writes_nothing_beside() {
    let env = ScanEnv::new();
    for (number, fixture) in fixtures::all("Zq7Vxkw").into_iter().enumerate() {
        env.put(&format!("{number:03}/{}", fixture.name), fixture.content);
    }
    let before = state(&env);
    assert!(before.len() > 20);
    env.mulu(&["scan", "share"]);
    let changed: Vec<_> = before.iter().zip(state(&env)).filter(|(before, after)| *before != after).collect();
    assert!(changed.is_empty() && state(&env).len() == before.len(), "{changed:#?}");
}

#[test]
fn what_could_not_be_read_is_a_line_of_the_coverage_and_an_exit_code_if_asked_for() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.mulu(&["scan", "share", "--strict"]).expect_code(0);
    env.put("broken.zip", b"PK\x03\x04 and no more");
    let answer = env.mulu(&["scan", "share", "--strict"]).expect_code(1);
    assert!(answer.stdout.contains("corrupt"), "{}", answer.stdout);
    env.mulu(&["scan", "share"]).expect_code(0);
}
