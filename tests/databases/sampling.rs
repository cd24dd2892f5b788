//! Sampling honesty: what is said of all rows from a sample of them holds about as often as it says.
//!
//! Each server has a table of 20,000 rows, of which some match, twice: in any order, and sorted by whether they match.
//! Two hundred samples of each are drawn with seeds of their own.

use std::fmt::Write;

use mulu::detect::{ScanOptions, Scanner};
use mulu::extract::documents::Documents;
use mulu::extract::rows;
use mulu::model::{Fragment, SketchKey};
use mulu::open::Limits;
use mulu::rules::RulePack;
use sqlx::sqlite::SqliteJournalMode;

use super::sqlite::{Writer, address, place};
use super::*;
use crate::support::servers::{mariadb, postgres};

/// Samples of each table.
const SEEDS: u64 = 200;
/// Rows of a table.
const ROWS: u64 = 20_000;
/// One of so many rows matches.
const ONE_OF: u64 = 8;

/// The numbers below `ROWS` in an order that is no order (Fisher and Yates 1938; numbers by Lehmer 1951).
fn shuffled() -> Vec<u64> {
    let mut places: Vec<u64> = (0..ROWS).collect();
    let mut state: u128 = 0x2545_f491_4f6c_dd1d;
    for last in (1..places.len()).rev() {
        state = state.wrapping_mul(0xda94_2042_e4dd_58b5);
        places.swap(last, (state >> 64) as usize % (last + 1));
    }
    places
}

/// Inserts rows of `mail`, of which one in eight is an address: in an order that is no order, or sorted.
fn statements(table: &str, is_sorted: bool, key: &str) -> String {
    let places = if is_sorted { (0..ROWS).collect() } else { shuffled() };
    let mut sql = format!("CREATE TABLE {table} (id {key}, mail VARCHAR(40), filler CHAR(60));");
    for thousand in 0..ROWS / 1000 {
        write!(sql, "INSERT INTO {table} VALUES ").unwrap();
        for row in thousand * 1000..(thousand + 1) * 1000 {
            let matches = places[row as usize] < ROWS / ONE_OF;
            let mail = if matches { format!("worker{row}@example.com") } else { format!("none {row}") };
            write!(sql, "{}({row}, '{mail}', 'x')", if row % 1000 == 0 { "" } else { ", " }).unwrap();
        }
        sql.push(';');
    }
    sql
}

/// How many of the intervals hold the true share, and how wide they are in the mean.
fn coverage(database: &Database, table: &TableFacts) -> (u64, f64) {
    let (pack, limits) = (RulePack::builtin().unwrap(), Limits::default());
    let (mut held, mut width) = (0, 0.0);
    for seed in 0..SEEDS {
        let mut scanner = Scanner::new(&pack, SketchKey([1; 16]), ScanOptions::default());
        let sampling = Sampling { seed, ..Sampling::default() };
        let mut documents = Documents::new(&limits, &table.columns, sampling.cell_bytes);
        let mut take = |fragment: Fragment<'_>| scanner.take(fragment);
        let read = rows::extract(database, table, &sampling, &mut documents, &mut take).unwrap();
        assert!(read.sampled && (700..=1_250).contains(&read.rows), "{read:?}");
        let detected = scanner.finish();
        let [low, high] = detected.shares["email"].interval(read.of.map(|of| of.value));
        let share = 1.0 / ONE_OF as f64;
        held += u64::from(low <= share && share <= high);
        width += (high - low) / SEEDS as f64;
    }
    (held, width)
}

/// Of 200 intervals at 95 % at least 91 % hold; where rows are mixed they are narrow, where they are sorted they still
/// say something.
fn assert_honest(database: &Database, shuffled: &str, sorted: &str) {
    for (name, widest) in [(shuffled, 0.05), (sorted, 0.13)] {
        let (held, width) = coverage(database, &facts(database, name));
        eprintln!("{name}: {held} of {SEEDS} hold, {width:.4} wide");
        assert!(held * 100 >= SEEDS * 91, "{name}: {held} of {SEEDS} hold");
        assert!(width < widest, "{name}: {width} wide");
    }
}

#[test]
fn what_a_sample_says_holds_on_postgresql() {
    let name = postgres().new_database("plant");
    postgres().sql(&name, &statements("shuffled", false, "int PRIMARY KEY"));
    postgres().sql(&name, &statements("sorted", true, "int PRIMARY KEY"));
    assert_honest(&open(&postgres().url(&name)).unwrap(), "shuffled", "sorted");
}

#[test]
fn what_a_sample_says_holds_on_mariadb() {
    let name = mariadb().new_database("plant");
    mariadb().sql(&name, &statements("shuffled", false, "INT PRIMARY KEY"));
    mariadb().sql(&name, &statements("sorted", true, "INT PRIMARY KEY"));
    assert_honest(&open(&mariadb().url(&name)).unwrap(), "shuffled", "sorted");
}

#[test]
fn what_a_sample_says_holds_on_sqlite() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run(&statements("shuffled", false, "INTEGER PRIMARY KEY"));
    writer.run(&statements("sorted", true, "INTEGER PRIMARY KEY"));
    writer.close();
    assert_honest(&open(&address(&path)).unwrap(), "shuffled", "sorted");
}

#[test]
fn it_holds_without_a_key_too() {
    let name = mariadb().new_database("plant");
    mariadb().sql(&name, &statements("shuffled", false, "INT"));
    mariadb().sql(&name, &statements("sorted", true, "INT"));
    assert_honest(&open(&mariadb().url(&name)).unwrap(), "shuffled", "sorted");
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run(&statements("shuffled", false, "INTEGER")).run(&statements("sorted", true, "INTEGER"));
    writer.run("CREATE VIEW of_shuffled AS SELECT * FROM shuffled; CREATE VIEW of_sorted AS SELECT * FROM sorted");
    writer.close();
    assert_honest(&open(&address(&path)).unwrap(), "of_shuffled", "of_sorted");
}

#[test]
fn it_holds_where_keys_lie_in_heaps() {
    let (_folder, path) = place();
    let mut writer = Writer::new(&path, SqliteJournalMode::Delete);
    writer.run(&statements("shuffled", false, "INTEGER PRIMARY KEY"));
    writer.run(&statements("sorted", true, "INTEGER PRIMARY KEY"));
    for table in ["shuffled", "sorted"] {
        // Keys made of a time, with nights without any, behind them one far away; heaps grow towards the end.
        let spread = "1000000000000 + (id / 500) * 3600000 * 24 + (id % 500) * (1000 - id / 40)";
        writer.run(&format!(
            "UPDATE {table} SET id = -id - 1; UPDATE {table} SET id = {};",
            spread.replace("id", "(-id - 1)")
        ));
        writer.run(&format!("UPDATE {table} SET id = 9000000000000000000 WHERE id = (SELECT max(id) FROM {table})"));
    }
    writer.close();
    assert_honest(&open(&address(&path)).unwrap(), "shuffled", "sorted");
}
