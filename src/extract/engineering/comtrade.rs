//! What a fault recorder says of a recording (IEC 60255-24, the configuration): station, device, and a table of channels.

use std::io::Read;

use super::{lines::Lines, name, say};
use crate::{
    extract::{Reading, Sink},
    model::{Column, Fragment, Measure, Reason},
};

/// The columns of a channel that are named alike for analogue and for digital ones (IEC 60255-24, 7.4.4 and 7.4.5).
const COLUMNS: [&str; 5] = ["channel_no", "channel", "phase", "circuit", "unit"];

/// Reads a configuration.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut lines = Lines::new(reader);
    if let Some(first) = lines.next() {
        // The year of the edition stands behind the station and the device.
        first.split(',').take(2).for_each(|part| name(part, sink));
    }
    let declared = lines.next().as_deref().and_then(channels).unwrap_or((0, 0));
    let columns = COLUMNS.map(|name| Column { name: Some(name.to_owned()), ..Column::default() });
    sink.fragment(Fragment::Table(&columns));
    let mut read = 0;
    while read < declared.0.saturating_add(declared.1) {
        let Some(line) = lines.next() else { break };
        let is_analogue = read < declared.0;
        // Behind the circuit a digital channel has its normal state, and no unit.
        for (column, value) in line.split(',').take(if is_analogue { 5 } else { 4 }).enumerate() {
            sink.fragment(Fragment::Cell { column, text: value.trim().as_bytes() });
        }
        sink.fragment(Fragment::RowEnd);
        read += 1;
    }
    sink.fragment(Fragment::TableEnd);
    while let Some(line) = lines.next() {
        say(&line, sink);
    }
    let mut reading = lines.reading();
    reading.partial = reading.partial.or((read < declared.0.saturating_add(declared.1)).then_some(Reason::Corrupt));
    reading.records = Some(Measure::exact(read));
    reading
}

/// Analogue and digital channels of `12,8A,4D`.
fn channels(line: &str) -> Option<(u64, u64)> {
    let mut parts = line.split(',').map(str::trim);
    parts.next()?.parse::<u64>().ok()?;
    let analogue = parts.next()?.strip_suffix(['A', 'a'])?.parse().ok()?;
    let digital = parts.next()?.strip_suffix(['D', 'd'])?.parse().ok()?;
    Some((analogue, digital))
}
