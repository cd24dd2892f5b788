//! What reading files costs, family by family: MB of file for each second of processor time, from opening to category and
//! level, and beside what LibreOffice takes to turn the same files into text. `cargo bench --bench formats`.
//!
//! A workbook and a document are made; everything else is read from the corpus that `MULU_CORPUS` names, format by format,
//! without what is marked as hostile. Without a corpus, or without LibreOffice, it says so.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use mulu::model::{Enterprise, SketchKey};
use mulu::pipeline::{self, Engine, EngineOptions};
use rustix::time::{ClockId, clock_gettime};
use zip::write::SimpleFileOptions;

/// Rows of the workbook, and paragraphs of the document.
const ROWS: u32 = 100_000;
/// Times that each is read; the best counts.
const ROUNDS: usize = 3;
/// Processor time below which reading is repeated, since the clock of a process is coarse.
const LEAST: Duration = Duration::from_millis(200);
/// Larger files of the corpus are hostile ones.
const LARGEST: u64 = 32 << 20;

fn main() -> anyhow::Result<()> {
    let out = &mut std::io::stdout().lock();
    let folder = tempfile::tempdir()?;
    let engine = Engine::new(SketchKey([7; 16]), EngineOptions::default(), Enterprise::default())?;
    writeln!(out, "{:<22} {:>6} {:>10} {:>12}", "format", "files", "MB", "MB/CPU s")?;
    let book = folder.path().join("readings.xlsx");
    make_workbook(&book)?;
    let letter = folder.path().join("report.docx");
    make_document(&letter)?;
    let mut ours = Vec::new();
    for path in [&book, &letter] {
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        let cost = best(&engine, folder.path(), std::slice::from_ref(&name));
        tell(out, &format!("{} (made)", name.display()), 1, size_of(path), cost)?;
        ours.push((path, cost));
    }
    match std::env::var_os("MULU_CORPUS").map(|root| PathBuf::from(root).join("files")) {
        Some(files) => measure_corpus(out, &engine, &files)?,
        None => writeln!(out, "MULU_CORPUS is not set: only what was made is measured")?,
    }
    writeln!(out, "\n{:<22} {:>14} {:>18} {:>8}", "the same file", "mulu, CPU s", "LibreOffice, CPU s", "ratio")?;
    for (path, cost) in ours {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match of_libreoffice(path, folder.path())? {
            Some(theirs) => {
                let (ours, theirs) = (cost.as_secs_f64(), theirs.as_secs_f64());
                writeln!(out, "{name:<22} {ours:>14.3} {theirs:>18.3} {:>8.1}", theirs / ours)?;
            }
            None => writeln!(out, "{name:<22} {:>14.3}  LibreOffice is not installed", cost.as_secs_f64())?,
        }
    }
    Ok(())
}

/// All files of the corpus that are no trap, by what they turn out to be.
fn measure_corpus(out: &mut dyn Write, engine: &Engine, root: &Path) -> anyhow::Result<()> {
    let hostile = hostile_files(root)?;
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let relative = files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_owned()));
    let relative: Vec<PathBuf> = relative
        .filter(|path| !hostile.contains(&format!("files/{}", path.display())) && size_of(&root.join(path)) < LARGEST)
        .collect();
    let mut formats: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, found) in relative.iter().zip(pipeline::examine_files(engine, None, root, &relative)?) {
        let read = found.first().filter(|examined| examined.reason.is_none());
        if let Some(format) = read.and_then(|examined| examined.format.clone()) {
            formats.entry(format).or_default().push(path.clone());
        }
    }
    for (format, paths) in formats {
        let bytes = paths.iter().map(|path| size_of(&root.join(path))).sum();
        let cost = best(engine, root, &paths);
        tell(out, &format, paths.len(), bytes, cost)?;
    }
    Ok(())
}

/// Paths that the corpus marks as traps.
fn hostile_files(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut text = String::new();
    File::open(root.with_file_name("files_manifest.jsonl"))?.read_to_string(&mut text)?;
    let entries = text.lines().map(serde_json::from_str::<serde_json::Value>).collect::<Result<Vec<_>, _>>()?;
    let marked = entries
        .iter()
        .filter(|entry| !matches!(&entry["hostile"], serde_json::Value::Null | serde_json::Value::Bool(false)));
    Ok(marked.filter_map(|entry| entry["path"].as_str().map(str::to_owned)).collect())
}

fn tell(out: &mut dyn Write, name: &str, files: usize, bytes: u64, cost: Duration) -> std::io::Result<()> {
    let megabytes = bytes as f64 / 1e6;
    writeln!(out, "{name:<22} {files:>6} {megabytes:>10.2} {:>12.1}", megabytes / cost.as_secs_f64())
}

fn size_of(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

/// The least processor time of some rounds over these files.
fn best(engine: &Engine, root: &Path, files: &[PathBuf]) -> Duration {
    let round = || {
        let before = cpu_time();
        let mut times = 0u32;
        loop {
            if pipeline::examine_files(engine, None, root, files).is_err() {
                return Duration::MAX;
            }
            times += 1;
            let spent = cpu_time().saturating_sub(before);
            if spent >= LEAST {
                return spent / times;
            }
        }
    };
    (0..ROUNDS).map(|_| round()).min().unwrap_or(Duration::MAX)
}

fn cpu_time() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec.cast_unsigned(), u32::try_from(used.tv_nsec).unwrap_or(0))
}

/// What LibreOffice takes for one file, its start included: it is started for each batch, and here a batch is one large file.
fn of_libreoffice(path: &Path, folder: &Path) -> anyhow::Result<Option<Duration>> {
    let target = if path.extension().is_some_and(|end| end == "xlsx") { "csv" } else { "txt:Text" };
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let mut best: Option<Duration> = None;
    for _ in 0..ROUNDS {
        let before = children_cpu_time()?;
        let started = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", target, "--outdir"])
            .arg(folder.join("converted"))
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match started {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
            Ok(status) => anyhow::ensure!(status.success(), "LibreOffice did not convert {}", path.display()),
        }
        let spent = children_cpu_time()?.saturating_sub(before);
        best = Some(best.map_or(spent, |best| best.min(spent)));
    }
    Ok(best)
}

/// Processor time of all children that have ended, theirs included: fields 16 and 17 of the process's status, in hundredths.
fn children_cpu_time() -> anyhow::Result<Duration> {
    let mut text = String::new();
    File::open("/proc/self/stat")?.read_to_string(&mut text)?;
    let fields: Vec<&str> = text.rsplit(") ").next().unwrap_or_default().split_whitespace().collect();
    let hundredths = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Ok(Duration::from_millis(10 * (hundredths(13) + hundredths(14))))
}

/// A sheet of readings: times, numbers, names and remarks.
fn make_workbook(path: &Path) -> anyhow::Result<()> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0u16..).zip(["时间", "位号", "温度", "压力", "操作员", "班次", "备注", "序号"])
    {
        sheet.write_string(0, column, name)?;
    }
    for row in 1..=ROWS {
        sheet.write_string(
            row,
            0,
            format!("2026-01-01 {:02}:{:02}:{:02}", row / 3600 % 24, row / 60 % 60, row % 60),
        )?;
        sheet.write_string(row, 1, format!("TIC-{}", 1000 + row % 400))?;
        sheet.write_number(row, 2, f64::from(row * 7919 % 100_000) / 100.0)?;
        sheet.write_number(row, 3, f64::from(row * 104_729 % 10_000) / 1000.0)?;
        sheet.write_string(row, 4, format!("操作员{}", row % 50))?;
        sheet.write_string(row, 5, ["甲", "乙", "丙", "丁"][row as usize % 4])?;
        sheet.write_string(row, 6, if row % 40 == 0 { "停机检修，更换密封圈" } else { "正常" })?;
        sheet.write_number(row, 7, f64::from(row))?;
    }
    workbook.save(path)?;
    Ok(())
}

/// A report of as many paragraphs, as Word writes them: runs with properties.
fn make_document(path: &Path) -> anyhow::Result<()> {
    let mut writer = zip::ZipWriter::new(File::create(path)?);
    let part = |writer: &mut zip::ZipWriter<File>, name: &str, text: &str| -> anyhow::Result<()> {
        writer.start_file(name, SimpleFileOptions::default())?;
        writer.write_all(text.as_bytes())?;
        Ok(())
    };
    part(
        &mut writer,
        "[Content_Types].xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#,
    )?;
    part(
        &mut writer,
        "_rels/.rels",
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#,
    )?;
    let mut body = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#,
    );
    for number in 0..ROWS {
        let (line, reading) = (number % 12, number * 7919 % 1000);
        body.push_str(&format!(
            r#"<w:p w:rsidR="00A77B3E"><w:pPr><w:spacing w:after="120"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="21"/></w:rPr><w:t xml:space="preserve">第{number}条：{line}号线反应釜温度</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{reading}</w:t></w:r><w:r><w:t>℃，压力正常，交接班记录完整。</w:t></w:r></w:p>"#
        ));
    }
    body.push_str("</w:body></w:document>");
    part(&mut writer, "word/document.xml", &body)?;
    writer.finish()?;
    Ok(())
}
