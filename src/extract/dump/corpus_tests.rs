//! Dumps of real systems, where a corpus of them is present: what is read is what a server holds that they were loaded into.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use crate::discover::database::TableFacts;
use crate::extract::{Extracted, Sink, extract_file};
use crate::model::{AssetKind, Fragment, Reason};
use crate::open::Limits;

/// Keeps the tables, and counts their rows.
#[derive(Default)]
struct Tables {
    listing: Option<Rc<[TableFacts]>>,
    rows: BTreeMap<usize, u64>,
    current: usize,
}

impl Sink for Tables {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        if matches!(fragment, Fragment::RowEnd) {
            *self.rows.entry(self.current).or_default() += 1;
        }
    }

    fn listing(&mut self, tables: &Rc<[TableFacts]>) -> bool {
        self.listing = Some(Rc::clone(tables));
        true
    }

    fn begin_rows(&mut self, place: usize, _: &TableFacts) {
        self.current = place;
    }

    fn end_rows(&mut self) {}

    fn begin_member(&mut self, _: &[u8]) {}

    fn end_member(&mut self, _: Result<Extracted, Reason>) {}
}

/// A table as it was listed or read.
#[derive(Debug, Default, PartialEq)]
struct Described {
    comment: String,
    columns: Vec<[String; 3]>,
    rows: u64,
}

/// The folder of the systems, if there is a corpus.
fn systems() -> Option<PathBuf> {
    let folder = std::env::var_os("MULU_CORPUS").map(|corpus| PathBuf::from(corpus).join("systems"));
    if folder.is_none() {
        println!("NOTE: no corpus (MULU_CORPUS is not set): nothing was looked at here");
    }
    folder
}

/// The dumps of a system that end so, in the order in which they are loaded.
fn dumps(system: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(system)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    found.sort();
    found
}

/// The base tables that a dump holds, by schema and name; every row that was counted was handed over.
fn read(path: &Path) -> BTreeMap<(String, String), Described> {
    let mut tables = Tables::default();
    let extracted = extract_file(path, &Limits::default(), &mut tables).unwrap();
    assert_eq!((extracted.format, extracted.partial), ("sql", None), "{}", path.display());
    let listing = tables.listing.unwrap();
    let mut found = BTreeMap::new();
    for (place, table) in listing.iter().enumerate().filter(|(_, table)| table.kind == AssetKind::Table) {
        let rows = tables.rows.get(&place).copied().unwrap_or(0);
        assert_eq!(table.records.map(|records| records.value), Some(rows), "{}", table.name);
        let columns = table.columns.iter().map(|column| {
            [&column.name, &column.declared_type, &column.comment].map(|text| text.clone().unwrap_or_default())
        });
        let described =
            Described { comment: table.comment.clone().unwrap_or_default(), columns: columns.collect(), rows };
        found.insert((table.schema.clone(), table.name.clone()), described);
    }
    found
}

/// What the catalog of a server says of the tables of a system.
fn catalog(system: &Path) -> BTreeMap<(String, String), Described> {
    let text = std::fs::File::open(system.join("catalog.jsonl")).and_then(std::io::read_to_string).unwrap();
    let word = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let described = |line: &str| {
        let table: Value = serde_json::from_str(line).unwrap();
        let columns = table["columns"].as_array().unwrap().iter();
        let columns = columns.map(|column| ["name", "type", "comment"].map(|key| word(column, key))).collect();
        let rows = table["rows"].as_u64().unwrap_or_default();
        ((word(&table, "schema"), word(&table, "table")), Described { comment: word(&table, "comment"), columns, rows })
    };
    text.lines().map(described).collect()
}

/// A type as MariaDB shows it that was declared so: widths of integers are filled in, synonyms resolved.
fn as_mariadb_shows(declared: &str) -> String {
    let (base, rest) = declared.split_at(declared.find(['(', ' ']).unwrap_or(declared.len()));
    let (width, attributes) = match rest.split_once(')') {
        Some((width, attributes)) if rest.starts_with('(') => (width.get(1..), attributes),
        _ => (None, rest),
    };
    let is_unsigned = attributes.contains("unsigned");
    let default = match base {
        "tinyint" => Some(if is_unsigned { "3" } else { "4" }),
        "smallint" => Some(if is_unsigned { "5" } else { "6" }),
        "mediumint" => Some(if is_unsigned { "8" } else { "9" }),
        "int" | "integer" => Some(if is_unsigned { "10" } else { "11" }),
        "bigint" => Some("20"),
        "decimal" if width.is_none() => Some("10,0"),
        "bit" | "char" | "binary" => Some("1"),
        _ => None,
    };
    // The server takes a width of nothing for none.
    let width = width.filter(|width| *width != "0").or(default);
    match (base, width) {
        ("bool" | "boolean", _) => "tinyint(1)".to_owned(),
        ("json", _) => "longtext".to_owned(),
        ("serial", _) => "bigint(20) unsigned".to_owned(),
        ("integer", Some(width)) => format!("int({width}){attributes}"),
        ("decimal", Some(width)) if !width.contains(',') => format!("decimal({width},0){attributes}"),
        ("datetime" | "timestamp" | "time", None) => format!("{base}{attributes}"),
        (_, Some(width)) => format!("{base}({width}){attributes}"),
        _ => declared.to_owned(),
    }
}

/// What all dumps of a system hold together; one that makes no table of its own fills those of another.
fn together(system: &Path) -> BTreeMap<(String, String), Described> {
    let mut all: BTreeMap<(String, String), Described> = BTreeMap::new();
    for dump in dumps(system, ".mysql.sql") {
        for ((schema, name), table) in read(&dump) {
            // A name that whoever installs the system replaces.
            let schema = if schema.starts_with("__") { String::new() } else { schema };
            match all.get_mut(&(schema.clone(), name.clone())) {
                Some(known) => known.rows += table.rows,
                None => drop(all.insert((schema, name), table)),
            }
        }
    }
    all
}

/// Tables of which the published dumps lack rows that were loaded before they were published, or that a query fills too.
const SHORTENED: usize = 9;
/// Tables of which a server refuses rows of a dump, since their keys are taken: a demonstration in two languages.
const REFUSED: usize = 32;

#[test]
fn every_table_column_type_comment_and_row_of_nine_systems_is_what_a_server_holds() {
    let Some(folder) = systems() else { return };
    let (mut tables, mut columns, mut shortened, mut refused) = (0, 0, 0, 0);
    for system in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let (wanted, found) = (catalog(&system), together(&system));
        let names = |tables: &BTreeMap<(String, String), Described>| tables.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&wanted), "{}", system.display());
        for (place, table) in &wanted {
            let it = &found[place];
            let shown =
                |[name, declared, comment]: &[String; 3]| [name.clone(), as_mariadb_shows(declared), comment.clone()];
            assert_eq!(it.comment, table.comment, "{place:?}");
            assert_eq!(it.columns.iter().map(shown).collect::<Vec<_>>(), table.columns, "{place:?}");
            if it.rows != table.rows {
                println!("{place:?}: {} rows in the dump, {} in the server", it.rows, table.rows);
            }
            shortened += usize::from(it.rows < table.rows);
            refused += usize::from(it.rows > table.rows);
            columns += table.columns.len();
        }
        tables += wanted.len();
    }
    println!("{tables} tables and {columns} columns are as a server has them");
    println!("{shortened} have fewer rows than were loaded, {refused} have more than the server took");
    assert!(tables > 1_000 && shortened <= SHORTENED && refused <= REFUSED, "{tables} {shortened} {refused}");
}

/// Lines of a dump that begin so.
fn lines(path: &Path, begin: &str) -> usize {
    let text = std::fs::File::open(path).and_then(std::io::read_to_string).unwrap();
    text.lines().filter(|line| line.trim_start().starts_with(begin)).count()
}

#[test]
fn a_system_is_the_same_in_five_dialects() {
    let Some(system) = systems().map(|systems| systems.join("fastbee")) else { return };
    let names = |tables: &BTreeMap<(String, String), Described>| {
        tables.keys().map(|(_, name)| name.to_lowercase()).collect::<BTreeSet<String>>()
    };
    let wanted = names(&catalog(&system));
    for (dialect, described, filled) in [
        ("postgres", "COMMENT ON COLUMN", "INSERT INTO"),
        ("oracle", "COMMENT ON COLUMN", "INSERT INTO"),
        ("dameng", "COMMENT ON COLUMN", "INSERT INTO"),
        ("sqlserver", "'COLUMN', ", "(N'"),
    ] {
        let path = system.join(format!("fastbee.{dialect}.sql"));
        let found = read(&path);
        let common = names(&found).intersection(&wanted).count();
        let comments = found.values().flat_map(|table| &table.columns).filter(|[.., comment]| !comment.is_empty());
        let (comments, rows) = (comments.count(), found.values().map(|table| table.rows).sum::<u64>());
        let typed = found.values().flat_map(|table| &table.columns).all(|[_, declared, _]| !declared.is_empty());
        println!("{dialect}: {} tables, {common} of them in MySQL, {comments} comments, {rows} rows", found.len());
        // One of them speaks of a column that it does not define.
        let spoken = lines(&path, described);
        assert!(comments <= spoken && comments + usize::from(dialect == "oracle") == spoken, "{dialect}: {spoken}");
        // Rows of one statement stand in one line here.
        assert!(typed && rows as usize >= lines(&path, filled), "{dialect}");
        assert!(common * 10 >= wanted.len() * 9, "{dialect}: {common}");
    }
}
