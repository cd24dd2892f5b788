//! Drawings, models, controllers, measurements and logs, by content: names, texts and properties, and none of the geometry
//! and samples between them.

use std::io::Read;

use super::{Job, Reading, Sink, Source};
use crate::{
    model::{Fragment, Reason},
    open::Format,
};

mod bytes;
mod comtrade;
mod dwg;
mod dxf;
mod evtx;
mod gdsii;
mod iges;
mod kicad;
mod lines;
mod mat;
mod mdf;
mod step;
mod stl;
mod tdms;

#[cfg(test)]
mod tests;

/// Reads a file of engineering back and forth.
pub(super) fn read(
    job: &Job<'_>,
    format: Format,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Dwg => dwg::read(job.limits, source, sink),
        Format::Tdms => tdms::read(job.limits, source, sink),
        Format::Mdf => mdf::read(job.limits, source, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Reads a file of engineering in order.
pub(super) fn read_in_order(
    job: &Job<'_>,
    format: Format,
    head: &[u8],
    reader: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<Reading, Reason> {
    match format {
        Format::Dxf => Ok(dxf::read(head, reader, sink)),
        Format::Step => Ok(step::read(reader, sink)),
        Format::Iges => Ok(iges::read(reader, sink)),
        Format::Stl => stl::read(head, reader, sink),
        Format::Kicad => Ok(kicad::read(reader, job.limits, sink)),
        Format::Comtrade => Ok(comtrade::read(reader, sink)),
        Format::Gdsii => gdsii::read(reader, sink),
        Format::Mat => mat::read(reader, sink),
        Format::Evtx => evtx::read(reader, sink),
        _ => Err(Reason::UnsupportedFormat),
    }
}

/// Hands on the name of a part.
fn name(text: &str, sink: &mut dyn Sink) {
    let text = text.trim();
    if !text.is_empty() {
        sink.fragment(Fragment::PartName(text.as_bytes()));
    }
}

/// Hands on a text by itself.
fn say(text: &str, sink: &mut dyn Sink) {
    let text = text.trim();
    if !text.is_empty() {
        sink.fragment(Fragment::Text(text.as_bytes()));
        sink.fragment(Fragment::Break);
    }
}

/// Hands on a text with what it is called.
fn say_labelled(label: &str, text: &str, sink: &mut dyn Sink) {
    if text.trim().is_empty() || label.trim().is_empty() {
        say(text, sink);
    } else {
        say(&format!("{}: {}", label.trim(), text.trim()), sink);
    }
}
