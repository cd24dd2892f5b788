//! `mulu catalog export`: the catalog, its commitment, the annex of a risk assessment, or labels.

use std::io::{IsTerminal, Write};

use clap::ValueEnum as _;

use crate::catalog::{Catalog, Scope, check};
use crate::cli::arguments::Format;
use crate::cli::arguments::catalog::ExportKind;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::progress;
use crate::cli::session::Session;
use crate::export::{
    Block, Document, Error, Grid, Imprint, annex, catalog_csv, catalog_json, catalog_xlsx, commitment, docx, grids_xlsx,
};
use crate::model::{Lang, Speak};
use crate::regime::Form;

use super::{Wanted, labels, of_now, warn_of_unread_stores};

pub(super) fn run(what: ExportKind, wanted: &Wanted, session: &mut Session) -> anyhow::Result<Exit> {
    if what.labels {
        return labels::run(session);
    }
    let format = export_format(session, &[Format::Xlsx, Format::Csv, Format::Docx, Format::Json])?;
    let scope = if what.all_levels { Scope::AllLevels } else { Scope::Filed };
    let catalog = of_now(session, scope, wanted)?;
    let form = session.regime().form.clone();
    let bytes =
        if what.annex { annex_bytes(&catalog, format, session) } else { bytes(&catalog, &form, format, session) };
    let bytes = bytes.map_err(|error| Complaint::new(error.say(Lang::Zh), error.say(Lang::En)))?;
    let mut out = session.output()?;
    out.write_all(&bytes)?;
    out.flush()?;
    // Rows alone have no place for it.
    if let Some(head) = catalog.audit.as_ref().filter(|_| format == Format::Csv) {
        progress::say(&head.say(session.lang));
    }
    warn_of_unread_stores(session)?;
    let (gaps, unconfirmed) = (check(&catalog, &form).len(), catalog.unconfirmed().count());
    if gaps > 0 || unconfirmed > 0 {
        progress::say(&match session.lang {
            Lang::Zh => format!("缺项或矛盾 {gaps} 处，待确认 {unconfirmed} 条；详见 mulu catalog check"),
            Lang::En => format!("cells missing or wrong: {gaps}, unconfirmed: {unconfirmed}; see mulu catalog check"),
        });
    }
    Ok(Exit::Done)
}

fn bytes(catalog: &Catalog, form: &Form, format: Format, session: &Session) -> Result<Vec<u8>, Error> {
    match format {
        Format::Xlsx => catalog_xlsx(catalog, form),
        Format::Csv => catalog_csv(catalog, form),
        Format::Docx => {
            let chain = chain(catalog);
            docx(&commitment(catalog, form, &session.regime().taxonomy, Imprint { chain: &chain }))
        }
        _ => json(&catalog_json(catalog, form)),
    }
}

/// The annex of a risk assessment: kinds and quantities.
fn annex_bytes(catalog: &Catalog, format: Format, session: &Session) -> Result<Vec<u8>, Error> {
    const TITLE: &str = "重要数据种类、数量及处理情况（风险评估报告附件）";
    let grid = annex(catalog, &session.regime().taxonomy);
    let basis = "《中华人民共和国数据安全法》第三十条：风险评估报告应当包括处理的重要数据的种类、数量，开展数据处理活动的情况，面临的数据安全风险及其应对措施等";
    match format {
        Format::Xlsx => {
            let lines = [("依据", basis.to_owned()), ("统计时点", catalog.as_of.clone()), ("审计日志", chain(catalog))];
            grids_xlsx(TITLE, &lines, &[&grid])
        }
        Format::Csv => grid.csv(),
        Format::Docx => docx(&annex_document(TITLE, basis, &grid, catalog)),
        _ => json(&serde_json::json!({
            "basis": "dsl/30",
            "as_of": catalog.as_of,
            "audit": catalog.audit,
            "kinds": grid.json(),
        })),
    }
}

/// A page a kind: a table of eighteen columns is read nowhere.
fn annex_document(title: &str, basis: &str, grid: &Grid, catalog: &Catalog) -> Document {
    let mut blocks = vec![Block::Title(title.to_owned()), Block::Text(basis.to_owned())];
    for row in &grid.rows {
        blocks.push(Block::Heading(format!("{}：{}", row[0].text(), row[2].text())));
        let facts = grid.columns.iter().zip(row).map(|((_, label), fact)| vec![label.zh.clone(), fact.text()]);
        blocks.push(Block::Table(std::iter::once(vec!["项目".to_owned(), "内容".to_owned()]).chain(facts).collect()));
    }
    blocks.push(Block::Text(format!("统计时点：{}", catalog.as_of)));
    blocks.push(Block::Text(chain(catalog)));
    Document { blocks }
}

/// Where the audit log stood, for a later one to be held against; the workbook and the document are Chinese.
fn chain(catalog: &Catalog) -> String {
    catalog.audit.as_ref().map_or_else(String::new, |head| head.say(Lang::Zh))
}

fn json(value: &serde_json::Value) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|_| Error::Document)?;
    text.push(b'\n');
    Ok(text)
}

/// The format that was asked for, else the one that the file's name says, else the last of `allowed`, which are those that the
/// command writes.
pub(crate) fn export_format(session: &Session, allowed: &[Format]) -> Result<Format, Complaint> {
    let extension = session.output_path.as_ref().and_then(|path| path.extension()).and_then(|text| text.to_str());
    let named = extension.and_then(|extension| Format::from_str(extension, true).ok());
    let format = session.format.or(named.filter(|format| allowed.contains(format))).or(allowed.last().copied());
    let format = format.unwrap_or(Format::Json);
    if !allowed.contains(&format) {
        let names: Vec<String> =
            allowed.iter().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned())).collect();
        return Err(session.wrong_format(&names.join("|")));
    }
    let is_packed = matches!(format, Format::Xlsx | Format::Docx);
    if is_packed && session.output_path.is_none() && std::io::stdout().is_terminal() {
        return Err(Complaint::new(
            "xlsx、docx 不能显示在终端上；请用 -o 指定文件",
            "xlsx and docx cannot be shown on a terminal; name a file with -o",
        ));
    }
    Ok(format)
}
