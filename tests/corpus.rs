//! Real files and real systems, where a corpus of them is present: `MULU_CORPUS` names its folder (`tests/run` sets it
//! when there is one). Without it these tests say so and look at nothing.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::cli::deterministic::{assert_same, exports};
use crate::cli::scan::assert_adds_up;
use crate::support::memory::peak_of;
use crate::support::servers::{Server, mariadb, postgres};
use crate::support::{ScanEnv, bytes_of, files_below};

/// A folder of the corpus, if there is a corpus.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("MULU_CORPUS") else {
        println!("NOTE: no corpus (MULU_CORPUS is not set): nothing was looked at here");
        return None;
    };
    let path = Path::new(&root).join(folder);
    assert!(path.is_dir(), "MULU_CORPUS names a folder without {folder}/");
    Some(path)
}

/// Scans the targets with one thread and with two; both account for everything and say the same.
fn scan_twice(targets: &[String]) -> (ScanEnv, u64) {
    let env = ScanEnv::new();
    env.twin_inventories(["one.db", "two.db"]);
    let targets: Vec<_> = targets.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for (jobs, inventory) in [("1", "one.db"), ("2", "two.db")] {
        let options = ["--jobs", jobs, "--inventory", inventory, "--format", "json"];
        let answer = env.done(&[&["scan"][..], &targets, &options].concat());
        assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
        found.push(assert_adds_up(&answer));
    }
    assert_eq!(found[0], found[1]);
    assert_same(&exports(&env, "one.db"), &exports(&env, "two.db"));
    (env, found[0])
}

#[test]
fn every_file_of_the_corpus_is_accounted_for() {
    let Some(folder) = corpus("files") else { return };
    let (env, found) = scan_twice(&[folder.display().to_string()]);
    assert!(found as usize >= files_below(&folder).len(), "found {found}, fewer than there are files");
    let labels = labels("gold_files.jsonl");
    let clear = labels.iter().filter(|label| label["ambiguous"] == false);
    let located = clear.map(|label| ("files", text(label, "path").trim_start_matches("files/").to_owned(), label));
    let tallies = compare(&answers(&env), located);
    let files = tallies.get("files").expect("labelled files");
    assert!(files.all > 100 && files.lenient_share() >= FEWEST_FILES, "{files:?}");
}

/// What a scan of untrusted files may hold, its guarded readers included.
const MOST_BYTES: u64 = 512 << 20;

#[test]
fn the_files_of_the_corpus_are_read_in_little_memory_and_none_crashes_a_reader() {
    let Some(folder) = corpus("files") else { return };
    let env = ScanEnv::new();
    let (status, peak) = peak_of(env.command(&["scan", &folder.display().to_string(), "--jobs", "2"]));
    assert!(status.success(), "{status}");
    println!("peak of the scan and its readers: {} MiB", peak >> 20);
    assert!(peak < MOST_BYTES, "{peak} bytes");
    let assets = env.assets();
    let why = |asset: &Value| asset["reason"].as_str().map(str::to_owned);
    let stopped = ["crashed", "deadline", "memory-limit"];
    let ended: Vec<_> = assets
        .iter()
        .filter(|asset| why(asset).is_some_and(|reason| stopped.contains(&reason.as_str())))
        .map(|asset| format!("{} {}", asset["locator"], asset["reason"]))
        .collect();
    assert!(ended.is_empty(), "{ended:#?}");
}

/// Detectors with something to verify: what they find is no accident, or a fault.
const CHECKED: [&str; 19] = [
    "cn.resident-id",
    "cn.foreign-permanent-id",
    "cn.uscc",
    "cn.org-code",
    "cn.registration-no",
    "cn.tax-no",
    "cn.bank-card",
    "cn.cnaps",
    "cn.emission-permit",
    "cn.patent",
    "hk.id",
    "tw.id",
    "vin",
    "imei",
    "iccid",
    "imsi",
    "meid",
    "mmsi",
    "radio.emission",
];
/// What they find in files of machines and documents, each explained in `docs/detectors.md`.
const EXPLAINED: [(&str, &str); 3] = [
    ("ofdrw/draw_param_ref.ofd", "cn.uscc"),
    ("ofdrw/draw_param_ref.ofd!original_invoice.xml", "cn.uscc"),
    ("presidio/fabric_sample_data.csv", "cn.bank-card"),
];

#[test]
fn no_number_of_drawings_nodes_and_logs_is_taken_for_one_with_a_check_digit() {
    let Some(folder) = corpus("files") else { return };
    let env = ScanEnv::new();
    env.done(&["scan", &folder.display().to_string(), "--format", "json"]);
    let listed = env.done(&["assets", "--format", "jsonl"]).stdout;
    let mut found = Vec::new();
    for asset in listed.lines().map(|line| serde_json::from_str::<Value>(line).expect("an asset")) {
        let detectors = asset["identifiers"].as_array().into_iter().flatten().map(|it| text(it, "detector"));
        let checked = detectors.filter(|detector| CHECKED.contains(detector));
        found.extend(checked.map(|detector| (text(&asset, "locator").to_owned(), detector.to_owned())));
    }
    let explained = EXPLAINED.map(|(file, detector)| (file.to_owned(), detector.to_owned()));
    assert_eq!(found, explained);
    let documentation = crate::support::text_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/detectors.md"));
    let file_of = |locator: &'static str| locator.split('!').next().unwrap_or(locator);
    assert!(EXPLAINED.iter().all(|(locator, _)| documentation.contains(file_of(locator))));
}

#[test]
fn the_systems_of_the_corpus_are_read_from_mariadb() {
    let Some(systems) = systems() else { return };
    let server = mariadb();
    let mut databases: Vec<String> = systems.values().flatten().cloned().collect();
    // The database that holds a system, unless its dumps name theirs.
    let homes: BTreeMap<&str, &String> = systems.iter().map(|(system, loaded)| (system.as_str(), &loaded[0])).collect();
    databases.sort();
    let targets: Vec<_> = databases.iter().map(|database| server.url(database)).collect();
    let (env, found) = scan_twice(&targets);
    let labels = labels("gold_tables.jsonl");
    let located = labels.iter().map(|label| {
        let database = Some(text(label, "schema")).filter(|schema| !schema.is_empty());
        let database = database.unwrap_or_else(|| homes[text(label, "system")].as_str());
        (text(label, "system"), format!("{database}.{}", text(label, "table")), label)
    });
    let tallies = compare(&answers(&env), located);
    let mean = tallies.values().map(Tally::lenient_share).sum::<f64>() / tallies.len() as f64;
    assert!(tallies.len() == 9 && mean >= FEWEST_TABLES, "mean {mean:.1} %");
    for (system, tally) in &tallies {
        assert!(tally.lenient_share() >= FEWEST_OF_A_SYSTEM, "{system}: {tally:?}");
    }
    let names: Vec<_> = databases.iter().map(|database| format!("'{database}'")).collect();
    let count = format!("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema IN ({})", names.join(", "));
    assert_eq!(found, server.number("mysql", &count));
    assert!(found > 1_000, "the nine systems hold more than a thousand tables, {found} were loaded");
}

#[test]
fn a_system_of_the_corpus_is_read_from_postgresql() {
    let Some(folder) = corpus("systems/fastbee") else { return };
    let server = postgres();
    let database = load_into_postgres(server, &folder.join("fastbee.postgres.sql"));
    let (_, found) = scan_twice(&[server.url(&database)]);
    let count = "SELECT COUNT(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition \
                 AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'";
    assert_eq!(found, server.number(&database, count));
    assert!(found > 50, "{found} tables were loaded");
}

/// Shares, in per cent, of labelled assets whose category is the label or one of its alternates: a little under what
/// is reached (95.5 of files, 97.5 of tables as the mean of the systems, 93.8 of the hardest system), so that a
/// change of rules that loses accuracy is seen.
const FEWEST_FILES: f64 = 94.0;
const FEWEST_TABLES: f64 = 95.0;
const FEWEST_OF_A_SYSTEM: f64 = 89.0;
/// The same, of those whose category is the label itself: the mean of the systems.
const FEWEST_STRICT: f64 = 88.0;
/// Of the tables with a score of 0.9 or more.
const FEWEST_OF_THE_SURE: f64 = 95.0;

/// Figures as they were looked at last: whoever moves them, sees how.
#[test]
fn the_accuracy_over_the_systems_is_as_it_was_reviewed() {
    let Some(folder) = corpus("systems") else { return };
    let gold = folder.with_file_name("gold_tables.jsonl").display().to_string();
    let catalogs: Vec<String> = files_below(&folder)
        .into_iter()
        .filter(|path| path.ends_with("catalog.jsonl"))
        .map(|path| path.display().to_string())
        .collect();
    let catalogs: Vec<&str> = catalogs.iter().map(String::as_str).collect();
    let env = ScanEnv::new();
    let arguments = [&["eval", &gold, "--errors", "0", "--lang", "en", "--catalog"][..], &catalogs].concat();
    insta::assert_snapshot!("accuracy", env.done(&arguments).stdout);
    let report = env.done(&[&arguments[..], &["--format", "json"]].concat()).json();
    let mean = |figure: &str| 100.0 * report["mean"][figure].as_f64().expect("a share");
    assert!(mean("with_alternates") >= FEWEST_TABLES && mean("strict") >= FEWEST_STRICT, "{report}");
    let number = |bin: &Value, key: &str| bin[key].as_f64().expect("a number");
    let bins = report["reliability"].as_array().expect("ranges of scores");
    let sure: Vec<&Value> = bins.iter().filter(|bin| number(bin, "from") >= 0.9).collect();
    let all = sure.iter().map(|bin| number(bin, "assets")).sum::<f64>();
    let right = sure.iter().map(|bin| number(bin, "assets") * number(bin, "with_alternates")).sum::<f64>();
    assert!(all > 100.0 && 100.0 * right / all >= FEWEST_OF_THE_SURE, "{sure:?}");
}

/// Labelled assets of one system.
#[derive(Debug, Default)]
struct Tally {
    strict: u32,
    lenient: u32,
    all: u32,
}

impl Tally {
    fn lenient_share(&self) -> f64 {
        100.0 * f64::from(self.lenient) / f64::from(self.all)
    }

    fn strict_share(&self) -> f64 {
        100.0 * f64::from(self.strict) / f64::from(self.all)
    }
}

/// The lines of a file of labels.
fn labels(file: &str) -> Vec<Value> {
    let root = std::env::var_os("MULU_CORPUS").expect("there is a corpus");
    let lines = String::from_utf8(bytes_of(&Path::new(&root).join(file))).expect("labels are text");
    lines.lines().map(|line| serde_json::from_str(line).expect("a label")).collect()
}

pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The category on top of each asset, by locator; `none` where it has none.
fn answers(env: &ScanEnv) -> BTreeMap<String, String> {
    let listed = env.done(&["assets", "--inventory", "one.db", "--format", "jsonl"]).stdout;
    let assets = listed.lines().map(|line| serde_json::from_str::<Value>(line).expect("an asset"));
    let top = |asset: &Value| asset["category"]["top"].as_str().unwrap_or("none").to_owned();
    assets.map(|asset| (text(&asset, "locator").to_owned(), top(&asset))).collect()
}

/// Compares the program's answers with labels (group, locator, label), and prints a table. `MULU_SHOW=1` names each
/// asset that is not right.
fn compare<'l>(
    answers: &BTreeMap<String, String>,
    labels: impl Iterator<Item = (&'l str, String, &'l Value)>,
) -> BTreeMap<&'l str, Tally> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (group, locator, label) in labels {
        // Some dumps hold tables that no server loads.
        let Some(answer) = answers.get(&locator) else { continue };
        let strict = answer == text(label, "category");
        let lenient = strict || label["alt"].as_array().is_some_and(|others| others.iter().any(|it| it == answer));
        let tally = tallies.entry(group).or_default();
        tally.all += 1;
        tally.strict += u32::from(strict);
        tally.lenient += u32::from(lenient);
        if !lenient && std::env::var_os("MULU_SHOW").is_some() {
            println!("{locator}: {answer}, labelled {}", text(label, "category"));
        }
    }
    for (group, tally) in &tallies {
        let (strict, lenient) = (tally.strict_share(), tally.lenient_share());
        println!("{group:12} {:5} labelled  strict {strict:5.1} %  with alternates {lenient:5.1} %", tally.all);
    }
    let mean = |share: fn(&Tally) -> f64| tallies.values().map(share).sum::<f64>() / tallies.len() as f64;
    println!("mean: strict {:.1} %, with alternates {:.1} %", mean(Tally::strict_share), mean(Tally::lenient_share));
    tallies
}

/// The databases of each system in MariaDB, loaded once for the whole run; nobody changes them.
pub(crate) fn systems() -> Option<&'static BTreeMap<String, Vec<String>>> {
    static SYSTEMS: OnceLock<Option<BTreeMap<String, Vec<String>>>> = OnceLock::new();
    let load = || {
        let loaded = std::fs::read_dir(corpus("systems")?).expect("the corpus can be listed").map(|system| {
            let system = system.expect("the corpus can be listed");
            (system.file_name().to_string_lossy().into_owned(), load_into_mariadb(mariadb(), &system.path()))
        });
        Some(loaded.collect())
    };
    SYSTEMS.get_or_init(load).as_ref()
}

/// Loads the dumps of one system; gives the databases that hold it.
fn load_into_mariadb(server: &Server, system: &Path) -> Vec<String> {
    let name = system.file_name().expect("a system has a name").to_string_lossy().into_owned();
    let database = server.new_database(&name);
    let mut named = Vec::new();
    for path in files_below(system) {
        if !path.to_string_lossy().ends_with(".mysql.sql") {
            continue;
        }
        let dump = String::from_utf8_lossy(&bytes_of(&path)).replace("utf8mb4_0900_ai_ci", "utf8mb4_general_ci");
        let dump = dump.replace("utf8mb4_0900_as_cs", "utf8mb4_general_ci");
        named.extend(dump.lines().filter_map(created_database));
        let mut client = Command::new("mariadb");
        let url = server.url(&database);
        let (login, place) = url.trim_start_matches("mysql://").split_once('@').expect("an address with a login");
        let (user, password) = login.split_once(':').expect("a login with a password");
        let (host, place) = place.split_once(':').expect("an address with a port");
        let (port, _) = place.split_once('/').expect("an address with a database");
        client.args(["--force", "--default-character-set=utf8mb4", "--host", host, "--port", port, "--user", user]);
        client.arg(format!("--password={password}")).arg(&database);
        let start = "SET FOREIGN_KEY_CHECKS = 0; SET sql_mode = '';\n";
        feed(&mut client, [start.as_bytes(), dump.as_bytes()].concat().as_slice());
    }
    named.sort();
    named.dedup();
    if named.is_empty() { vec![database] } else { named }
}

/// Loads a dump; gives the database that holds it.
pub(crate) fn load_into_postgres(server: &Server, dump: &Path) -> String {
    let database = server.new_database("dump");
    let mut client = Command::new("psql");
    client.args(["--quiet", "--no-psqlrc", &server.url(&database)]);
    feed(&mut client, &bytes_of(dump));
    database
}

/// The database that a line of a dump makes.
fn created_database(line: &str) -> Option<String> {
    let rest = line.strip_prefix("CREATE DATABASE")?;
    Some(rest.split('`').nth(1)?.to_owned())
}

/// Gives a client its statements; some dumps hold a few that fail, and the tables that are there are what counts.
fn feed(client: &mut Command, statements: &[u8]) {
    let client = client.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = client.spawn().unwrap_or_else(|error| panic!("{client:?}: {error}: tests/run installs it"));
    // A client that gives up early closes the pipe; what it loaded is counted later.
    let _gave_up_early = child.stdin.take().expect("a pipe").write_all(statements);
    child.wait().expect("a client ends");
}
