//! Children of a shell instead of this program: each way to fail.

use std::path::Path;

use rustix::process::{Resource, getrlimit};

use super::*;
use crate::model::{AssetKind, Locator, PublicName};

/// A file that only a child would open.
fn file() -> FileToExamine<'static> {
    let name = PublicName::vouched("a.xlsx");
    let asset =
        Asset { store: "s".to_owned(), locator: Locator::of(&name), kind: AssetKind::File, parent: None, stat: None };
    FileToExamine { path: Path::new("/nowhere/a.xlsx"), asset, relative: b"a.xlsx" }
}

fn engine() -> Engine {
    Engine::new(SketchKey([0; 16]), EngineOptions::default(), Enterprise::default()).unwrap()
}

fn shell(script: String) -> GuardCommand {
    GuardCommand { program: PathBuf::from("/bin/sh"), arguments: vec!["-c".to_owned(), script] }
}

/// What comes of a file when this shell script is the child; and the script's process id, which it writes down.
fn ask(script: &str) -> (Result<Vec<Examined>, Reason>, String) {
    let folder = tempfile::tempdir().unwrap();
    let id = folder.path().join("id");
    let script = format!("echo $$ > '{}'; {script}", id.display());
    let (engine, plan) = (engine(), Plan::default());
    let pool = Pool::new(shell(script), &engine, &plan);
    let outcome = pool.examine_with_others(&file());
    drop(pool);
    let id = std::fs::File::open(id).and_then(std::io::read_to_string).unwrap();
    (outcome, id.trim().to_owned())
}

#[test]
fn a_child_that_answers_nonsense_falls_silent_or_dies_is_a_crash_and_is_gone() {
    for script in [
        "read setup; read task; echo '[nonsense'; exec /bin/sleep 60",
        "read setup; read task; printf '\\377\\n'; exec /bin/sleep 60",
        "exec 1>&-; exec /bin/sleep 60",
        "read setup; read task; kill -SEGV $$",
        "exit 0",
    ] {
        let (outcome, id) = ask(script);
        assert_eq!(outcome, Err(Reason::Crashed), "{script}");
        assert!(!Path::new("/proc").join(&id).exists(), "{script}: {id} is still there");
    }
}

#[test]
fn a_file_whose_child_was_killed_is_given_to_another_child_once() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let once = format!("read setup; read task; [ -e '{0}' ] && exit 0; echo > '{0}'; kill -9 $$", mark.display());
    assert_eq!(ask(&once).0, Err(Reason::Crashed), "what the second one did");
    assert_eq!(ask("read setup; read task; kill -9 $$").0, Err(Reason::MemoryLimit));
}

#[test]
fn a_child_that_used_up_its_cpu_time_is_told_apart() {
    assert_eq!(ask("read setup; read task; kill -XCPU $$").0, Err(Reason::Deadline));
}

#[test]
fn a_process_that_reads_leaves_no_image_when_it_crashes() {
    forbid_core_dumps();
    assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
    assert_eq!(rustix::process::dumpable_behavior(), Ok(rustix::process::DumpableBehavior::NotDumpable));
}

#[test]
fn a_file_that_needs_more_memory_is_read_alone_with_that_of_two() {
    let (engine, plan) = (engine(), Plan::default());
    let answer = serde_json::to_string(&[Examined::unread(file().asset, Reason::Empty)]).unwrap();
    for (wanted, reason) in [(2, Reason::Empty), (3, Reason::MemoryLimit)] {
        let enough = engine.limits.reader_bytes * wanted;
        let script = format!(
            "read setup; read task; case \"$setup\" in *'\"memory_bytes\":{enough}'*) echo '{answer}'; read more;; \
             *) echo 'memory allocation of 7 bytes failed' >&2; kill -ABRT $$;; esac"
        );
        let pool = Pool::new(shell(script), &engine, &plan);
        assert_eq!(pool.examine(&file())[0].reason, Some(reason));
    }
}

#[test]
fn what_was_read_without_a_member_stays_when_reading_it_alone_fails() {
    let (engine, plan) = (engine(), Plan::default());
    let results = [Reason::Link, Reason::MemoryLimit].map(|reason| Examined::unread(file().asset, reason));
    let answer = serde_json::to_string(&results).unwrap();
    let share = engine.limits.reader_bytes;
    let script = format!(
        "read setup; read task; case \"$setup\" in *'\"memory_bytes\":{share}'*) echo '{answer}'; read more;; \
         *) kill -SEGV $$;; esac"
    );
    let pool = Pool::new(shell(script), &engine, &plan);
    let reasons: Vec<_> = pool.examine(&file()).iter().map(|it| it.reason).collect();
    assert_eq!(reasons, [Some(Reason::Link), Some(Reason::MemoryLimit)]);
}
