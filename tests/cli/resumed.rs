//! A scan that was killed is taken up, and ends as if nobody had killed it.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;

use super::deterministic::{assert_same, exports};
use super::scan::assert_adds_up;
use crate::support::ScanEnv;

/// A share with enough in it that a scan of it can be caught in the middle.
fn large_share() -> ScanEnv {
    let env = ScanEnv::with_plant(0);
    let line = "设备编号 EQ-101 温度 35.2 状态 运行 操作员 王镕 联系电话 13500000011 检修记录 无异常\n";
    for number in 0..240 {
        env.put(&format!("日志/{:02}/运行记录_{number:03}.txt", number % 12), line.repeat(1_200 + number));
    }
    env
}

#[test]
fn a_killed_scan_ends_like_one_that_was_not() {
    let env = large_share();
    env.twin_inventories(["whole.db", "killed.db"]);
    let started = Instant::now();
    let whole = env.done(&["scan", "share", "--jobs", "1", "--format", "json", "--inventory", "whole.db"]);
    let duration = started.elapsed();

    // Killed twice: at about a third of the way, and half-way through what is left.
    let mut was_caught = false;
    for part in [3, 2] {
        let mut command = env.command(&["scan", "share", "--jobs", "1", "--inventory", "killed.db"]);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program can be started");
        sleep(duration / part);
        child.kill().expect("a child of ours can be killed");
        was_caught |= !child.wait().expect("a child of ours ends").success();
    }
    assert!(was_caught, "no scan was caught in the middle; make the share larger");

    let resumed = env.done(&["scan", "share", "--jobs", "1", "--format", "json", "--inventory", "killed.db"]);
    assert_eq!(assert_adds_up(&resumed), assert_adds_up(&whole));
    assert_same(&exports(&env, "whole.db"), &exports(&env, "killed.db"));
}

#[test]
fn resume_without_anything_to_resume_is_refused() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    env.scan();
    let answer = env.mulu(&["scan", "share", "--resume"]).expect_code(2);
    assert!(answer.complaint().contains("--resume"), "{}", answer.stderr);
}
