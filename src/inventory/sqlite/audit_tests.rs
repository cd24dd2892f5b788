//! What is told when somebody goes past mulu and changes the file itself: the triggers are dropped first, as one would.

use super::*;
use crate::inventory::audit::Fault as Told;
use crate::inventory::suite::audit::{decision, log, one_of_each, paper, value};
use crate::inventory::{Deed, open};
use crate::model::{FiledEntry, Level, RegisterScope};

fn opened(path: &Path) -> SqliteInventory {
    SqliteInventory::open(path, true).expect("opened")
}

fn execute(inventory: &mut SqliteInventory, sql: &str) -> Result<(), Error> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    inventory.ask(async |connection: &mut SqliteConnection| {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    })
}

/// An inventory with one act of each kind, whose triggers are gone.
fn without_triggers() -> (tempfile::TempDir, SqliteInventory) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut inventory = opened(&folder.path().join("mulu.db"));
    one_of_each(&mut inventory);
    for table in ["audit", "decision", "register", "manual_class", "occurrence"] {
        for end in ["changed", "removed"] {
            execute(&mut inventory, &format!("DROP TRIGGER {table}_is_never_{end}")).expect("dropped");
        }
    }
    (folder, inventory)
}

fn told(inventory: &mut SqliteInventory, wanted: Option<&str>) -> Vec<Told> {
    inventory.verify_audit(wanted).expect("checked").faults
}

#[test]
fn the_log_can_be_neither_changed_nor_shortened() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut inventory = opened(&folder.path().join("mulu.db"));
    one_of_each(&mut inventory);
    for table in ["audit", "register", "manual_class"] {
        assert!(execute(&mut inventory, &format!("UPDATE {table} SET rowid = rowid + 100")).is_err(), "{table}");
        assert!(execute(&mut inventory, &format!("DELETE FROM {table}")).is_err(), "{table}");
    }
    assert_eq!(told(&mut inventory, None), []);
}

#[test]
fn each_column_of_the_log_that_is_altered_is_told() {
    let columns = ["time", "signer", "act", "subject", "record", "before", "after", "why", "previous", "hash"];
    for column in columns {
        let (_folder, mut inventory) = without_triggers();
        execute(&mut inventory, &format!("UPDATE audit SET {column} = coalesce({column}, '') || 'x' WHERE seq = 3"))
            .expect("altered");
        assert!(told(&mut inventory, None).contains(&Told::Altered { seq: 3 }), "{column}");
    }
}

#[test]
fn entries_that_were_removed_moved_or_cut_off_are_told() {
    let (_folder, mut inventory) = without_triggers();
    let head = inventory.audit_head().expect("read").head;
    execute(&mut inventory, "DELETE FROM audit WHERE seq IN (3, 4)").expect("removed");
    assert!(told(&mut inventory, None).contains(&Told::Missing { first: 3, last: 4 }));

    let (_folder, mut inventory) = without_triggers();
    execute(
        &mut inventory,
        "UPDATE audit SET seq = 100 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;
         UPDATE audit SET seq = 4 WHERE seq = 100",
    )
    .expect("moved");
    let faults = told(&mut inventory, None);
    assert!(faults.contains(&Told::Altered { seq: 3 }) && faults.contains(&Told::Altered { seq: 4 }), "{faults:?}");

    // The end cut off, rows and all: only a head that somebody noted shows it.
    let (_folder, mut inventory) = without_triggers();
    let own = inventory.audit_head().expect("read").head;
    execute(&mut inventory, "DELETE FROM audit WHERE seq > 11; DELETE FROM filing").expect("cut");
    assert_eq!(told(&mut inventory, None), []);
    assert_eq!(told(&mut inventory, Some(&own)), [Told::HeadGone]);
    assert_eq!(told(&mut inventory, Some(&head)), [Told::HeadGone], "that of another inventory");
}

#[test]
fn rows_that_are_not_as_the_log_left_them_are_told() {
    let altered = |sql: &str| {
        let (_folder, mut inventory) = without_triggers();
        execute(&mut inventory, sql).expect("altered");
        told(&mut inventory, None)
    };
    let row = |record: &str, seq| vec![Told::RowAltered { record: record.to_owned(), seq }];
    assert_eq!(altered("UPDATE decision SET level = 'general' WHERE id = 2"), row("decision 2", 2));
    assert_eq!(altered("UPDATE decision SET under_prefix = '' WHERE id = 3"), row("decision 3", 4));
    assert_eq!(altered("UPDATE register SET value = 'x' WHERE id = 1"), row("register 1", 5));
    assert_eq!(altered("UPDATE manual_class SET records = 1 WHERE id = 2"), row("manual_class 2", 8));
    assert_eq!(altered("UPDATE occurrence SET date = '2026-01-01' WHERE id = 1"), row("occurrence 1", 10));
    assert_eq!(altered("UPDATE filing SET accepted = '2026-11-26'"), row("filing 1", 13));
    let entry = "INSERT INTO filing_entry (filing, position, class, category, store, level, fields, rules, regime)
                 VALUES (1, 0, 'c', 'management.hr', 'plant', 'core', '{}', '', '')";
    assert_eq!(altered(entry), row("filing 1", 13));
    let gone = vec![Told::RowGone { record: "decision 1".to_owned(), seq: 1 }];
    assert_eq!(altered("DELETE FROM decision WHERE id = 1"), gone);
    let unlogged = vec![Told::RowUnlogged { record: "decision 4".to_owned() }];
    let past =
        "INSERT INTO decision (target, act, decider, date, reason) VALUES ('c', 'confirm', 'x', '2026-01-01', '')";
    assert_eq!(altered(past), unlogged);
}

#[test]
fn an_entry_of_a_filing_that_was_altered_is_told_by_its_digest() {
    let (_folder, mut inventory) = without_triggers();
    let entry = FiledEntry {
        id: "c0000000000000001".to_owned(),
        category: "management.hr".to_owned(),
        store: "plant".to_owned(),
        level: Level::Important,
        records: None,
        bytes: None,
        subjects: None,
        fields: BTreeMap::new(),
        rules_version: String::new(),
        regime_version: String::new(),
        method: crate::model::Method::default(),
    };
    let mut filing = crate::inventory::suite::audit::filing(crate::model::FilingState::Submitted);
    filing.entries = vec![entry.clone(), FiledEntry { id: "c0000000000000002".to_owned(), ..entry }];
    let id = inventory.save_filings(&[filing], &Signature::of("张")).expect("saved")[0];
    assert_eq!(told(&mut inventory, None), []);
    execute(&mut inventory, "UPDATE filing_entry SET level = 'core' WHERE position = 1").expect("altered");
    assert_eq!(told(&mut inventory, None), [Told::RowAltered { record: format!("filing {id}"), seq: 14 }]);
}

#[test]
fn a_deed_that_cannot_be_kept_takes_those_beside_it_with_it() {
    let (_folder, mut inventory) = without_triggers();
    execute(
        &mut inventory,
        "CREATE TRIGGER refused BEFORE INSERT ON manual_class BEGIN SELECT raise(ABORT, 'no'); END",
    )
    .expect("made");
    let before = (log(&mut inventory), inventory.decisions().expect("read"));
    let deeds = [
        Deed::Decision(decision("c0000000000000009", Level::Core)),
        Deed::Register(value(RegisterScope::All, Some("x"))),
        Deed::ManualClass(paper(1)),
    ];
    assert!(inventory.record(&deeds).is_err());
    assert_eq!((log(&mut inventory), inventory.decisions().expect("read")), before);
}

#[test]
fn two_processes_that_act_at_once_keep_one_chain() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mulu.db");
    drop(opened(&path));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut inventory = open(path).expect("opened");
                for number in 0..10 {
                    let target = format!("c{thread:08}{number:08}");
                    inventory.record_decision(&decision(&target, Level::Core)).expect("decided");
                }
            });
        }
    });
    let mut inventory = opened(&path);
    assert_eq!(inventory.audit_head().expect("read").length, 40);
    assert_eq!(told(&mut inventory, None), []);
}
