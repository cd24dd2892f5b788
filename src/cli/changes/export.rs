//! `mulu changes export`: the form of the change filing.

use std::io::Write;

use crate::change::filled;
use crate::cli::arguments::Format;
use crate::cli::catalog::export_format;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::progress;
use crate::cli::session::Session;
use crate::export::{change_csv, change_json, change_xlsx};
use crate::model::{Lang, Speak};

use super::{Compared, compared};

pub(super) fn run(filing: Option<i64>, session: &mut Session) -> anyhow::Result<Exit> {
    let format = export_format(session, &[Format::Xlsx, Format::Csv, Format::Json])?;
    let Compared { stores, comparison, .. } = compared(filing, session)?;
    let processor = session.configuration().enterprise.name.clone();
    let filled = filled(&comparison, processor.as_deref(), &stores, session.regime());
    let form = session.regime().change_form.clone();
    let refused = |error: crate::export::Error| Complaint::new(error.say(Lang::Zh), error.say(Lang::En));
    let bytes = match format {
        Format::Xlsx => change_xlsx(&filled, &form).map_err(refused)?,
        Format::Csv => change_csv(&filled, &form).map_err(refused)?,
        _ => {
            let mut text = serde_json::to_vec_pretty(&change_json(&filled, &form))?;
            text.push(b'\n');
            text
        }
    };
    let mut out = session.output()?;
    out.write_all(&bytes)?;
    out.flush()?;
    let open = comparison.changes.iter().filter(|change| change.material.is_none()).count();
    if filled.changes.is_empty() {
        progress::say(session.lang.pick("没有须备案的变化", "no change asks for a filing"));
    }
    if open > 0 {
        progress::say(&match session.lang {
            Lang::Zh => format!("另有 {open} 处变化尚不能断定，未写入表单；详见 mulu changes"),
            Lang::En => format!("changes that cannot be said yet, and are not in the form: {open}; see mulu changes"),
        });
    }
    Ok(Exit::Done)
}
