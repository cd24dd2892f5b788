//! The catalog sheet as comma-separated values: UTF-8 with a mark, so that Excel and WPS read Chinese.

use super::{Error, cell};
use crate::catalog::Catalog;
use crate::model::Lang;
use crate::regime::Form;

/// The catalog as csv. Missing cells are empty, and named in the last column.
pub fn catalog_csv(catalog: &Catalog, form: &Form) -> Result<Vec<u8>, Error> {
    let columns = &form.catalog.columns;
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let header = columns.iter().map(|column| cell::safe(&column.label.zh));
    let header = header.chain(["确认状态".to_owned(), "缺项".to_owned()]);
    writer.write_record(header).map_err(|_| Error::Workbook)?;
    for entry in &catalog.entries {
        let cells = columns.iter().map(|column| cell::safe(entry.value(&column.id).unwrap_or_default()));
        let confirmed = if entry.level().is_confirmed() { "已确认" } else { "待确认" };
        let missing: Vec<&str> = entry.missing.iter().map(|id| label(form, id)).collect();
        let row = cells.chain([confirmed.to_owned(), cell::safe(&missing.join("、"))]);
        writer.write_record(row).map_err(|_| Error::Workbook)?;
    }
    writer.into_inner().map_err(|_| Error::Workbook)
}

fn label<'f>(form: &'f Form, id: &'f str) -> &'f str {
    form.catalog.column(id).map_or(id, |column| column.label.say(Lang::Zh))
}
