//! Tables in plain text: CSV, TSV and their relatives.

use std::io::Read;

use super::{Reading, Sink, bounded::RecordGuard, grid::Grid, text, transcode::Transcoder};
use crate::{
    model::{Fragment, Measure, Reason},
    open::{Format, Limits, encoding, sniff},
};

/// Reads a table whose first bytes are `head`; `reader` gives them once more.
pub(super) fn read(
    format: Format,
    head: &[u8],
    reader: &mut dyn Read,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Reading {
    let guard = RecordGuard::new(Transcoder::new(reader, None), limits.record_bytes);
    let mut table = csv::ReaderBuilder::new()
        .delimiter(delimiter(format, head))
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(64 << 10)
        .from_reader(guard);
    let mut grid = Grid::new(limits);
    let (mut record, mut ends) = (csv::ByteRecord::new(), Vec::new());
    let mut partial = None;
    loop {
        let begins_at = table.position().byte();
        match table.read_byte_record(&mut record) {
            Ok(true) => {
                table.get_mut().mark();
                ends.clear();
                ends.extend((0..record.len()).filter_map(|column| Some(record.range(column)?.end)));
                grid.record(record.as_slice(), &ends, sink);
            }
            Ok(false) => break,
            Err(error) => {
                partial = Some((reason_of(&error), begins_at));
                break;
            }
        }
    }
    let records = grid.finish(sink);
    let partial = partial.and_then(|(reason, begins_at)| {
        let guard = table.get_mut();
        if !guard.is_tripped() {
            return Some(reason);
        }
        // Not a table from here on: all the rest is read as text, so nothing is left out.
        sink.fragment(Fragment::Text(guard.unread(begins_at)));
        text::pour(guard.rest(), sink)
    });
    let records = Measure { value: records, exact: partial.is_none() && !table.get_ref().is_tripped() };
    let encoding = Some(table.get_mut().rest().encoding());
    Reading { encoding, records: Some(records), partial, ..Reading::default() }
}

fn reason_of(error: &csv::Error) -> Reason {
    match error.kind() {
        csv::ErrorKind::Io(error) => Reason::from(error),
        _ => Reason::Corrupt,
    }
}

fn delimiter(format: Format, head: &[u8]) -> u8 {
    let text = encoding::decode(encoding::guess(head, None), head);
    // The last line may be cut; a short text is whole.
    let whole_lines =
        if text.len() < 4096 { &*text } else { text.rsplit_once('\n').map_or(&*text, |(lines, _)| lines) };
    let by_name = if format == Format::Tsv { b'\t' } else { b',' };
    sniff::delimiter(whole_lines).map_or(by_name, |found| found.byte)
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::super::recorder::{read, read_within};
    use crate::{model::Measure, open::Limits};

    #[test]
    fn a_gbk_table_with_a_header_gives_named_cells() {
        let text = "工号,姓名,手机号\n0001,张三,见注\n0002,\"李,四\",\"两\n行\"\n";
        let (recorder, outcome) = read("staff.csv", &GB18030.encode(text).0);
        assert_eq!(
            recorder.shown(),
            "table 工号,姓名,手机号\nrow 0=0001 1=张三 2=见注\nrow 0=0002 1=李,四 2=两\n行\nend"
        );
        let extracted = outcome.unwrap();
        assert_eq!(extracted.records, Some(Measure::exact(2)));
        assert_eq!((extracted.format, extracted.encoding), ("csv", Some("gb18030")));
    }

    #[test]
    fn semicolons_and_tabs_are_found_whatever_the_name_says() {
        assert!(
            read("x.csv", b"order_id;qty\nA;1,5\nB;2,5\n").0.shown().starts_with("table order_id,qty\nrow 0=A 1=1,5")
        );
        assert!(read("x.tsv", b"order_id\tqty\nA\t1\n").0.shown().starts_with("table order_id,qty\nrow 0=A 1=1"));
        let utf16: Vec<u8> = "\u{feff}order_id\tqty\nA\t1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(read("x.csv", &utf16).0.shown().starts_with("table order_id,qty\nrow 0=A 1=1"));
    }

    #[test]
    fn delimiters_of_other_programs_are_found_too() {
        let expected = "table order_id,qty\nrow 0=A 1=1,5\nrow 0=B 1=2,5\nend";
        for delimiter in ["^", "\u{1}", "\u{1f}"] {
            let text = "order_id;qty\nA;1,5\nB;2,5\n".replace(';', delimiter);
            assert_eq!(read("x.csv", text.as_bytes()).0.shown(), expected, "{delimiter:?}");
        }
        let three = "order_id\u{1}qty\u{1}note\nA\u{1}1\u{1}x\nB\u{1}2\u{1}y\n";
        assert!(read("000000_0", three.as_bytes()).0.shown().starts_with("table order_id,qty,note\n"));
        assert_eq!(read("x.csv", b"sep=;\norder_id;qty\nA;1,5\nB;2,5\n").0.shown(), format!("text sep=\n{expected}"));
    }

    #[test]
    fn a_table_without_a_header_has_nameless_columns_and_counts_its_first_row() {
        let (recorder, outcome) = read("x.csv", "张三,男\n李四,女\n".as_bytes());
        assert_eq!(recorder.shown(), "table -,-\nrow 0=张三 1=男\nrow 0=李四 1=女\nend");
        assert_eq!(outcome.unwrap().records, Some(Measure::exact(2)));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_read_as_text_and_nothing_is_read_twice_or_lost() {
        let mut text = String::from("order_id,note\nA,fine\nB,\"open\n");
        for line in 0..20_000 {
            text.push_str(&format!("L{line},x\n"));
        }
        let limits = Limits { record_bytes: 10_000, ..Limits::default() };
        let (recorder, outcome) = read_within("x.csv", text.as_bytes(), &limits);
        let shown = recorder.shown();
        assert!(
            shown.starts_with("table order_id,note\nrow 0=A 1=fine\nend\ntext B,\"open\nL0,x\n"),
            "{}",
            &shown[..99]
        );
        assert_eq!(shown.matches("L19999,x").count(), 1);
        assert_eq!(shown.matches("L7,x").count(), 1);
        let extracted = outcome.unwrap();
        let at_least_one = Measure { value: 1, exact: false };
        assert_eq!((extracted.partial, extracted.records), (None, Some(at_least_one)), "the rest was not counted");
    }
}
