//! A sheet of as many rows as there can be, ten cells each: how much memory it takes. Run by hand, since it takes minutes:
//! `cargo test --lib workbook::large::NAME -- --ignored --nocapture`, one at a time, each in a process of its own.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::super::super::{Extracted, Sink, extract_file};
use crate::{
    model::{Fragment, Measure, Reason},
    open::Limits,
};

const ROWS: u64 = 1_048_576;
const COLUMNS: u64 = 10;
/// Of 512 MB that a scan may take, what one sheet may.
const MOST_BYTES: u64 = 256 << 20;

/// Counts cells and their bytes.
#[derive(Default)]
struct Counter {
    cells: u64,
    text_bytes: u64,
}

impl Sink for Counter {
    fn fragment(&mut self, fragment: Fragment<'_>) {
        match fragment {
            Fragment::Cell { text, .. } => {
                (self.cells, self.text_bytes) = (self.cells + 1, self.text_bytes + text.len() as u64);
            }
            Fragment::Row { text, ends } => {
                (self.cells, self.text_bytes) = (self.cells + ends.len() as u64, self.text_bytes + text.len() as u64);
            }
            _ => {}
        }
    }

    fn begin_member(&mut self, _raw_name: &[u8]) {}

    fn end_member(&mut self, _outcome: Result<Extracted, Reason>) {}
}

fn write_workbook(path: &Path, is_shared: bool) {
    let mut writer = ZipWriter::new(BufWriter::new(File::create(path).unwrap()));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    let relations =
        r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    writer.start_file("xl/workbook.xml", options).unwrap();
    writer.write_all(br#"<workbook><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>"#).unwrap();
    writer.start_file("xl/_rels/workbook.xml.rels", options).unwrap();
    writer.write_all(relations.as_bytes()).unwrap();
    writer.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let mut sheet = BufWriter::new(&mut writer);
    sheet.write_all(b"<worksheet><sheetData>").unwrap();
    for row in 0..ROWS {
        write!(sheet, "<row r=\"{}\">", row + 1).unwrap();
        for cell in row * COLUMNS..(row + 1) * COLUMNS {
            if is_shared {
                write!(sheet, "<c t=\"s\"><v>{cell}</v></c>").unwrap();
            } else {
                write!(sheet, "<c t=\"inlineStr\"><is><t>text {cell:08}</t></is></c>").unwrap();
            }
        }
        sheet.write_all(b"</row>").unwrap();
    }
    sheet.write_all(b"</sheetData></worksheet>").unwrap();
    drop(sheet);
    if is_shared {
        writer.start_file("xl/sharedStrings.xml", options).unwrap();
        let mut texts = BufWriter::new(&mut writer);
        texts.write_all(b"<sst>").unwrap();
        for cell in 0..ROWS * COLUMNS {
            write!(texts, "<si><t>text {cell:08}</t></si>").unwrap();
        }
        texts.write_all(b"</sst>").unwrap();
    }
    writer.finish().unwrap();
}

/// The most memory that this process has had, in bytes.
fn peak_bytes() -> u64 {
    let status = BufReader::new(File::open("/proc/self/status").unwrap());
    let line = status.lines().map_while(Result::ok).find(|line| line.starts_with("VmHWM:")).unwrap();
    line.trim_start_matches("VmHWM:").trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

fn stays_in_memory(is_shared: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    write_workbook(&path, is_shared);
    let (before, mut counter) = (peak_bytes(), Counter::default());
    let extracted = extract_file(&path, &Limits::default(), &mut counter).unwrap();
    let grown = peak_bytes().saturating_sub(before);
    println!("shared {is_shared}: {} MB of file, {} MB of memory", extracted.bytes >> 20, grown >> 20);
    assert_eq!((extracted.partial, extracted.records), (None, Some(Measure::exact(ROWS))));
    assert_eq!((counter.cells, counter.text_bytes), (ROWS * COLUMNS, ROWS * COLUMNS * 13));
    assert!(grown < MOST_BYTES, "{grown} bytes");
}

#[test]
#[ignore = "takes minutes"]
fn a_million_rows_of_texts_in_their_cells_stay_in_memory() {
    stays_in_memory(false);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_rows_of_shared_texts_stay_in_memory() {
    stays_in_memory(true);
}
