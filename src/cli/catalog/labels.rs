//! `mulu catalog export --labels`: what a tagging system puts on each asset. Streamed: an inventory holds millions.

use std::io::Write;

use crate::cli::arguments::Format;
use crate::cli::exit::Exit;
use crate::cli::progress;
use crate::cli::session::Session;
use crate::export::cell;
use crate::inventory::AssetRecord;
use crate::model::{CategoryId, Level, LevelDecision, Speak};

use super::export_format;

/// The columns of the csv, and the keys of a line of JSON.
const COLUMNS: [&str; 7] = ["id", "store", "locator", "kind", "category", "level", "level_by"];

pub(super) fn run(session: &mut Session) -> anyhow::Result<Exit> {
    // One object a line, or one row: one document of millions is read by nothing.
    let format = export_format(session, &[Format::Csv, Format::Jsonl])?;
    // The inventory first: what it wrote it remembers as its own.
    session.inventory()?;
    let mut writer = Writer::new(format, session.output()?)?;
    let mut written = Ok(());
    session.inventory()?.assets_now(&mut |record| {
        if let (Ok(()), Some(label)) = (&written, label(&record)) {
            written = writer.write(label);
        }
    })?;
    written?;
    writer.finish()?;
    let head = session.inventory()?.audit_head()?;
    progress::say(&head.say(session.lang));
    Ok(Exit::Done)
}

/// Writes labels as they come.
enum Writer {
    Csv(Box<csv::Writer<Box<dyn Write>>>),
    Lines(Box<dyn Write>),
}

impl Writer {
    fn new(format: Format, mut out: Box<dyn Write>) -> anyhow::Result<Self> {
        if format != Format::Csv {
            return Ok(Self::Lines(out));
        }
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self::Csv(Box::new(writer)))
    }

    fn write(&mut self, label: [&str; COLUMNS.len()]) -> anyhow::Result<()> {
        match self {
            Self::Csv(writer) => writer.write_record(label.map(cell::safe))?,
            Self::Lines(out) => {
                let pairs = COLUMNS.iter().zip(label).map(|(key, text)| ((*key).to_owned(), text.into()));
                serde_json::to_writer(&mut *out, &pairs.collect::<serde_json::Map<String, serde_json::Value>>())?;
                writeln!(out)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush()?,
            Self::Lines(mut out) => out.flush()?,
        }
        Ok(())
    }
}

/// The label of an asset; none where nothing was read and nobody has decided.
fn label(record: &AssetRecord) -> Option<[&str; COLUMNS.len()]> {
    let level = record.decision.effective()?;
    let asset = &record.examined.asset;
    Some([
        &record.id.0,
        &asset.store,
        asset.locator.as_str(),
        asset.kind.id(),
        record.category.as_ref().map_or("", CategoryId::as_str),
        Level::id(level),
        level_by(record.decision),
    ])
}

/// Who gave the level.
fn level_by(decision: LevelDecision) -> &'static str {
    match (decision.authority, decision.confirmed) {
        (Some(_), _) => "authority",
        (None, Some(_)) => "person",
        (None, None) => "proposal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture::{FINANCE, record};

    #[test]
    fn a_label_says_who_gave_the_level_and_what_was_not_read_has_none() {
        let mut one = record("mes", "a", FINANCE, Some(2), 10);
        assert_eq!(label(&one).unwrap()[1..], ["mes", "a", "file", FINANCE, "general", "proposal"]);
        one.decision.confirmed = Some(Level::Important);
        assert_eq!(label(&one).unwrap()[5..], ["important", "person"]);
        one.decision.authority = Some(Level::Core);
        assert_eq!(label(&one).unwrap()[5..], ["core", "authority"]);
        one.decision = LevelDecision::default();
        assert_eq!(label(&one), None);
    }
}
