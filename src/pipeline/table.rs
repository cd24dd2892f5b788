//! One table of a database: its rows, the documents in them, its level and its size.

use std::io::Write;

use crate::discover::database::Database;
use crate::extract::documents::{Document, Documents};
use crate::extract::rows;
use crate::level::{self, Facts};
use crate::model::{Asset, AssetKind, ClassId, Examined, Fragment, Reason, Sample, Status};
use crate::open::table::{Long, Row, RowSink, RowsRead, Sampling, long_values};

use super::conclude;
use super::examine::{self, FileToExamine};
use super::surveyed::Surveyed;
use super::{Context, Engine};

/// Reads a table as far as is wanted: by its names alone, a sample, or all of it. Where a sample leaves open what level
/// the table has, it is read whole at once, unless it is too large for that.
pub(super) fn examine(context: &Context<'_>, database: &Database, table: &Surveyed<'_>, asset: Asset) -> Examined {
    let engine = context.engine;
    if engine.options().metadata_only {
        return by_metadata(engine, asset, table);
    }
    let sampling = examine::sampling(engine);
    let mut examined = examine_rows(context, database, table, &asset, &sampling);
    if examined.reason == Some(Reason::Sampled) && is_level_open(&examined) {
        examined = settle_level(context, database, table, examined, &sampling);
    }
    count_when_filed(context, database, table, &mut examined);
    examined
}

/// Reads all rows of a table of which a sample left the level open; what is too large, or cannot be read whole, is
/// marked as open.
fn settle_level(
    context: &Context<'_>,
    database: &Database,
    table: &Surveyed<'_>,
    mut sampled: Examined,
    sampling: &Sampling,
) -> Examined {
    if sampled.records.is_some_and(|records| records.value <= context.engine.limits.settled_rows) {
        let full = Sampling { full: true, ..*sampling };
        let whole = examine_rows(context, database, table, &sampled.asset, &full);
        if matches!(whole.status, Status::Classified | Status::Unclassified) {
            return whole;
        }
    }
    sampled.reason = Some(Reason::LevelOpen);
    sampled
}

fn examine_rows(
    context: &Context<'_>,
    database: &Database,
    table: &Surveyed<'_>,
    asset: &Asset,
    sampling: &Sampling,
) -> Examined {
    let engine = context.engine;
    let examined = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let (mut guarded, mut are_some, mut are_unread) = (Vec::new(), false, false);
        let rows = |each: &mut dyn FnMut(Fragment<'_>)| {
            let mut documents = Documents::new(&engine.limits, &table.columns, sampling.cell_bytes);
            let read = rows::extract(database, table, sampling, &mut documents, each)?;
            fetch_long(context, database, table, sampling, &mut documents);
            are_some = read.sampled || documents.are_some();
            are_unread = documents.are_unread();
            guarded = documents.open(each);
            Ok(read)
        };
        let mut examined = examine::table(engine, asset.clone(), table, rows);
        let results: Vec<Examined> =
            guarded.iter().flat_map(|document| open_guarded(context, asset, document).unwrap_or_default()).collect();
        add_documents(engine, &mut examined, &results, are_some);
        if are_unread && matches!(examined.status, Status::Classified | Status::Unclassified) {
            // That it is long, too, matters no more.
            let reason = examined.reason.filter(|reason| *reason != Reason::TooLarge);
            examined.reason = reason.or(Some(Reason::ContentNotRead));
        }
        examined
    }));
    // A driver that stumbles over what a server or a damaged file gives costs this one table.
    examined.unwrap_or_else(|_| examine::unread_table(asset.clone(), table, Reason::Crashed))
}

/// Fetches some of the documents of which only the beginning was read. That none can be had costs nothing else.
fn fetch_long(
    context: &Context<'_>,
    database: &Database,
    table: &Surveyed<'_>,
    sampling: &Sampling,
    documents: &mut Documents<'_>,
) {
    for (column, most) in documents.wanted() {
        let Some(column) = table.columns.get(column) else { continue };
        let long = Long { most, longer_than: sampling.cell_bytes, bytes: context.engine.limits.document_bytes };
        long_values(database, table, column, long, &mut Keeping(documents)).unwrap_or(());
    }
}

/// Keeps the values of a column that are documents.
struct Keeping<'k, 'l>(&'k mut Documents<'l>);

impl RowSink for Keeping<'_, '_> {
    fn row(&mut self, row: Row<'_>) {
        self.0.keep(row.text);
    }

    fn cluster_end(&mut self, _: u64) {}
}

/// Gives a document to the guarded reader, as a file that nobody else can open and that is gone afterwards.
fn open_guarded(context: &Context<'_>, table: &Asset, document: &Document) -> std::io::Result<Vec<Examined>> {
    let mut file = tempfile::Builder::new().prefix("mulu-").tempfile()?;
    file.write_all(&document.content)?;
    let asset = Asset {
        store: table.store.clone(),
        locator: table.locator.clone(),
        kind: AssetKind::Member,
        parent: Some(table.locator.clone()),
        stat: None,
    };
    let task = FileToExamine { path: file.path(), asset, relative: b"" };
    Ok(match &context.guards {
        Some(guards) => guards.examine(&task),
        None => examine::file(context.engine, &task),
    })
}

/// A table of which no row is read, as was asked for: what is known of it is all that is weighed.
fn by_metadata(engine: &Engine, asset: Asset, facts: &Surveyed<'_>) -> Examined {
    let mut examined = examine::table(engine, asset, facts, |each| {
        each(Fragment::Table(&facts.columns));
        each(Fragment::TableEnd);
        Ok(RowsRead { of: facts.records, ..RowsRead::default() })
    });
    examined.reason = Some(Reason::MetadataOnly);
    examined
}

/// Adds what guarded readers found in documents that are values of a table: identifiers and markers are the table's own,
/// its category is theirs where it has none. Where there are others that were not opened, what they hold is not known.
fn add_documents(engine: &Engine, table: &mut Examined, documents: &[Examined], are_some: bool) {
    if documents.is_empty() || !matches!(table.status, Status::Classified | Status::Unclassified) {
        return;
    }
    for document in documents {
        let mut findings = document.findings.clone();
        if are_some {
            let rows = documents.len() as u64;
            let of = table.records.map_or(rows, |records| records.value.max(rows));
            for found in &mut findings {
                found.sample = Some(Sample { rows, of, matched: 1, share: [0.0, 1.0] });
            }
        }
        conclude::add_findings(&mut table.findings, findings);
        table.markers.extend(document.markers.iter().cloned());
    }
    table.markers.sort();
    table.markers.dedup();
    if table.status == Status::Unclassified {
        conclude::take_category_of_members(table, documents);
    }
    let facts = Facts::of_examined(table);
    table.proposal = Some(level::propose(&facts, &engine.regime.criteria, &engine.enterprise));
}

/// Whether rows that a sample did not show could ask for a higher level.
fn is_level_open(examined: &Examined) -> bool {
    examined.proposal.as_ref().is_some_and(|proposal| proposal.could_be().is_some())
}

/// A filed class is measured exactly, however large its tables: the 30 % rule allows no estimate.
fn count_when_filed(context: &Context<'_>, database: &Database, table: &Surveyed<'_>, examined: &mut Examined) {
    let is_estimate = examined.records.is_some_and(|records| !records.exact);
    let best = examined.classification.as_ref().and_then(|classification| classification.best.as_ref());
    let Some(best) = best.filter(|_| is_estimate) else { return };
    let class = ClassId::of(best.id.as_str(), &examined.asset.store);
    if context.plan.filed.contains(&class)
        && let Ok(counted) = database.count(table)
    {
        examined.records = Some(counted);
    }
}
