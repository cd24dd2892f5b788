//! A SQLite database inside a container: copied to a private folder, and its tables read whole. One that lies in a share is
//! scanned as the database that it is.

use std::fs::File;

use super::{
    super::{Reading, Sink, Source, documents::Documents, rows},
    copy,
};
use crate::{
    discover::database::{Connector, Database, TableFacts},
    model::{AssetKind, Fragment, Measure, Reason},
    open::{Limits, table::Sampling},
};

/// Reads all tables; views only say again what stands in them.
pub(super) fn read(source: &mut dyn Source, limits: &Limits, sink: &mut dyn Sink) -> Result<Reading, Reason> {
    let folder = tempfile::tempdir().map_err(|error| Reason::from(&error))?;
    let path = folder.path().join("copy");
    copy::whole(source, &mut File::create_new(&path).map_err(|error| Reason::from(&error))?, limits.database_bytes)?;
    let connector = Connector::new().map_err(|_| Reason::Unreachable)?;
    let database = connector.open_sqlite_file(&path).map_err(|_| Reason::Corrupt)?;
    let listing = database.tables().map_err(|_| Reason::Corrupt)?;
    let (mut records, mut partial) = (0u64, listing.unlistable.first().map(|(_, reason)| *reason));
    for table in listing.tables.iter().filter(|table| table.kind == AssetKind::Table) {
        sink.fragment(Fragment::PartName(table.name.as_bytes()));
        match read_table(&database, table, limits, sink) {
            Ok((rows, cut)) => {
                records = records.saturating_add(rows);
                partial = partial.or(cut);
            }
            Err(reason) => partial = partial.or(Some(reason)),
        }
    }
    let records = Measure { value: records, exact: partial.is_none() };
    Ok(Reading { records: Some(records), partial, ..Reading::default() })
}

fn read_table(
    database: &Database,
    table: &TableFacts,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(u64, Option<Reason>), Reason> {
    let sampling = Sampling { full: true, ..Sampling::default() };
    let mut documents = Documents::new(limits, &table.columns, sampling.cell_bytes);
    let read = rows::extract(database, table, &sampling, &mut documents, &mut |fragment| sink.fragment(fragment))?;
    let is_cut = read.cut_cells > 0 || documents.are_unread();
    Ok((read.rows, is_cut.then_some(Reason::TooLarge)))
}
