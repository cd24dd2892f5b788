//! Web pages: their text without tags, scripts and styles; headings as names of parts, tables as tables.
//!
//! A stripper and no browser: tags need not match, and nothing is refused.

use std::io::{BufRead, Read};

use super::{Reading, Sink, grid::Grid, transcode::Transcoder};
use crate::{
    model::{Fragment, Reason},
    open::{Limits, encoding},
};

mod entity;

/// A tag longer than this is none, but text.
const MOST_TAG_BYTES: usize = 64 << 10;
/// What follows an `&` and may be an entity.
const MOST_ENTITY_BYTES: usize = 12;

/// Reads a page whose first bytes are `head`; `reader` gives them once more.
pub(super) fn read(head: &[u8], reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let declared = encoding::named_after(head.get(..4096).unwrap_or(head), b"charset");
    let mut transcoder = Transcoder::new(reader, declared);
    let mut page = Page::new(limits);
    let partial = loop {
        match transcoder.fill_buf() {
            Ok([]) => break None,
            Ok(piece) => {
                page.pending.extend_from_slice(piece);
                let length = piece.len();
                transcoder.consume(length);
                page.consume(false, sink);
            }
            Err(error) => break Some(Reason::from(&error)),
        }
    };
    page.finish(sink);
    Reading { encoding: Some(transcoder.encoding()), partial, ..Reading::default() }
}

/// A page while it is read.
struct Page<'l> {
    limits: &'l Limits,
    /// Read and not yet understood: at most a tag or an entity that is not complete.
    pending: Vec<u8>,
    /// What ends the part that is being skipped (a comment, a script).
    skip_to: Option<&'static [u8]>,
    text: Vec<u8>,
    is_heading: bool,
    table_depth: u32,
    grid: Option<Grid<'l>>,
    row: Vec<(usize, Vec<u8>)>,
    is_in_cell: bool,
    /// Whether all cells of the row so far are header cells.
    is_header_row: bool,
    column: usize,
}

impl<'l> Page<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            pending: Vec::new(),
            skip_to: None,
            text: Vec::new(),
            is_heading: false,
            table_depth: 0,
            grid: None,
            row: Vec::new(),
            is_in_cell: false,
            is_header_row: true,
            column: 0,
        }
    }

    /// Takes what is complete out of `pending`; at the end, all of it.
    fn consume(&mut self, is_at_end: bool, sink: &mut dyn Sink) {
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        while !rest.is_empty() {
            let taken = match self.skip_to {
                Some(end) => self.skip(rest, end, is_at_end),
                None => match rest.first() {
                    Some(b'<') => self.tag(rest, is_at_end, sink),
                    Some(b'&') => self.entity(rest, is_at_end),
                    _ => Some(self.plain(rest, sink)),
                },
            };
            let Some(taken) = taken else { break };
            rest = rest.get(taken..).unwrap_or_default();
        }
        self.pending = rest.to_vec();
    }

    fn skip(&mut self, rest: &[u8], end: &'static [u8], is_at_end: bool) -> Option<usize> {
        if let Some(at) = find_ignoring_case(rest, end) {
            self.skip_to = None;
            // The end tag of a script is a tag like others; that of a comment is taken with it.
            return Some(if end.starts_with(b"</") { at } else { at + end.len() });
        }
        // The end may have begun already.
        let kept = if is_at_end { 0 } else { end.len() - 1 };
        let taken = rest.len().saturating_sub(kept);
        (taken > 0).then_some(taken)
    }

    fn plain(&mut self, rest: &[u8], sink: &mut dyn Sink) -> usize {
        let taken = memchr::memchr2(b'<', b'&', rest).unwrap_or(rest.len());
        self.text.extend_from_slice(rest.get(..taken).unwrap_or_default());
        if self.text.len() > self.limits.lookahead_bytes {
            // No cell or heading is that long; text without a tag is handed on in pieces.
            self.is_heading = false;
            if self.table_depth > 0 {
                self.end_row(sink);
            } else {
                self.emit_text(false, sink);
            }
        }
        taken
    }

    fn entity(&mut self, rest: &[u8], is_at_end: bool) -> Option<usize> {
        let window = rest.get(..MOST_ENTITY_BYTES).unwrap_or(rest);
        if let Some((character, length)) = entity::decode(window) {
            self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(length);
        }
        if window.len() == rest.len() && !is_at_end && !window.contains(&b';') {
            return None;
        }
        self.text.push(b'&');
        Some(1)
    }

    fn tag(&mut self, rest: &[u8], is_at_end: bool, sink: &mut dyn Sink) -> Option<usize> {
        if rest.starts_with(b"<!--") {
            self.skip_to = Some(b"-->");
            return Some(4);
        }
        let is_short = rest.len() < 4 && !is_at_end;
        let is_tag = rest.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || b"/!?".contains(byte));
        if is_short && (is_tag || rest.len() == 1) {
            return None;
        }
        let length = if is_tag { tag_length(rest) } else { None };
        let Some(length) = length else {
            if is_tag && !is_at_end && rest.len() < MOST_TAG_BYTES {
                return None;
            }
            // Text up to where the end was looked for: looking again from each `<` in it would take for ever.
            let taken = if is_tag { rest.len().min(MOST_TAG_BYTES) } else { 1 };
            self.text.extend_from_slice(rest.get(..taken).unwrap_or_default());
            return Some(taken);
        };
        let inside = rest.get(1..length - 1).unwrap_or_default();
        let (is_end, inside) = inside.strip_prefix(b"/").map_or((false, inside), |inside| (true, inside));
        let name_length = inside.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(inside.len());
        let name = String::from_utf8_lossy(inside.get(..name_length).unwrap_or_default()).to_ascii_lowercase();
        if is_end {
            self.close(&name, sink);
        } else {
            self.open(&name, sink);
        }
        Some(length)
    }

    fn open(&mut self, name: &str, sink: &mut dyn Sink) {
        match name {
            "script" => self.skip_to = Some(b"</script"),
            "style" => self.skip_to = Some(b"</style"),
            "table" => {
                self.table_depth = self.table_depth.saturating_add(1);
                if self.table_depth == 1 {
                    self.end_block(sink);
                    self.grid = Some(Grid::new(self.limits));
                }
            }
            "tr" if self.table_depth == 1 => self.end_row(sink),
            "td" | "th" if self.table_depth == 1 => {
                self.end_cell();
                self.is_in_cell = true;
                self.is_header_row &= name == "th";
            }
            "title" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_block(sink);
                self.is_heading = self.table_depth == 0;
            }
            _ if is_block(name) => self.end_block(sink),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, sink: &mut dyn Sink) {
        match name {
            "table" => {
                self.table_depth = self.table_depth.saturating_sub(1);
                if self.table_depth == 0 {
                    self.end_table(sink);
                }
            }
            "tr" if self.table_depth == 1 => self.end_row(sink),
            "td" | "th" if self.table_depth == 1 => self.end_cell(),
            _ if is_block(name) => self.end_block(sink),
            _ => {}
        }
    }

    /// A paragraph ends; in a table, only a line of its cell does.
    fn end_block(&mut self, sink: &mut dyn Sink) {
        if self.table_depth > 0 && self.grid.is_some() {
            if !self.text.is_empty() {
                self.text.push(b'\n');
            }
            return;
        }
        self.emit_text(true, sink);
    }

    fn emit_text(&mut self, ends: bool, sink: &mut dyn Sink) {
        let text = std::mem::take(&mut self.text);
        let is_heading = std::mem::take(&mut self.is_heading);
        if text.trim_ascii().is_empty() {
            return;
        }
        if is_heading {
            sink.fragment(Fragment::PartName(text.trim_ascii()));
            return;
        }
        sink.fragment(Fragment::Text(if ends { text.trim_ascii() } else { &text }));
        if ends {
            sink.fragment(Fragment::Break);
        }
    }

    fn end_cell(&mut self) {
        let text = std::mem::take(&mut self.text);
        let is_filled = !text.trim_ascii().is_empty();
        if is_filled && self.column < self.limits.columns {
            self.row.push((self.column, text.trim_ascii().to_vec()));
        }
        // What stands between the cells (a caption) is a cell of its own only when there is something.
        if self.is_in_cell || is_filled {
            self.column = self.column.saturating_add(1);
        }
        self.is_in_cell = false;
    }

    fn end_row(&mut self, sink: &mut dyn Sink) {
        self.end_cell();
        let row = std::mem::take(&mut self.row);
        let is_header = std::mem::replace(&mut self.is_header_row, true);
        self.column = 0;
        if let Some(grid) = &mut self.grid {
            if is_header && row.len() > 1 {
                grid.expect_header();
            }
            grid.row(row.iter().map(|(column, text)| (*column, text.as_slice())), sink);
        }
    }

    fn end_table(&mut self, sink: &mut dyn Sink) {
        self.end_row(sink);
        if let Some(grid) = self.grid.take() {
            grid.finish(sink);
        }
    }

    fn finish(&mut self, sink: &mut dyn Sink) {
        self.consume(true, sink);
        if self.grid.is_some() {
            self.end_table(sink);
        }
        self.table_depth = 0;
        self.emit_text(true, sink);
    }
}

/// Tags at which a text ends.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "br"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "table"
            | "hr"
            | "pre"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "nav"
            | "aside"
            | "form"
            | "option"
            | "select"
            | "label"
            | "blockquote"
            | "caption"
            | "body"
            | "head"
            | "html"
            | "title"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "textarea"
            | "button"
            | "fieldset"
            | "legend"
            | "tbody"
            | "thead"
            | "tfoot"
    )
}

/// The length of a tag with its brackets; `None` where it has no end (yet). A `>` in quotes is none.
fn tag_length(rest: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.iter().enumerate().take(MOST_TAG_BYTES).skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), close) if open == *close => quote = None,
            _ => {}
        }
    }
    None
}

fn find_ignoring_case(text: &[u8], lower: &[u8]) -> Option<usize> {
    let first = *lower.first()?;
    memchr::memchr_iter(first, text)
        .find(|at| text.get(*at..at + lower.len()).is_some_and(|found| found.eq_ignore_ascii_case(lower)))
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::super::recorder::read;

    fn shown(content: &str) -> String {
        read("x.html", content.as_bytes()).0.shown()
    }

    #[test]
    fn text_headings_and_tables_are_told_apart_and_scripts_dropped() {
        let content = "<html><head><title>巡检</title><style>p{}</style><SCRIPT>var pump=1<2;</SCRIPT></head>
            <body><p>轴承<b>温度</b>&nbsp;&lt;80&#x41;&amp;</p><!-- secret --><table border=1>
            <tr><th>点</th><th>限</th></tr><tr><td>甲<td>乙</tr></table>a < b</body>";
        assert_eq!(shown(content), "part 巡检\ntext 轴承温度 <80A&\ntable 点,限\nrow 0=甲 1=乙\nend\ntext a < b");
    }

    #[test]
    fn a_page_in_its_declared_encoding_is_decoded() {
        let page = "<html><meta charset=gb2312><p>编号</p>";
        let (recorder, outcome) = read("x.html", &GB18030.encode(page).0);
        assert_eq!(recorder.shown(), "text 编号");
        assert_eq!(outcome.unwrap().encoding, Some("gb18030"));
    }

    #[test]
    fn a_tag_without_an_end_is_text() {
        assert_eq!(shown("<p>valve <pump 12"), "text valve <pump 12");
        assert!(shown(&format!("<p>{}", "<a ".repeat(200_000))).contains("<a <a "));
    }

    #[test]
    fn chunk_ends_do_not_matter() {
        let row = "<tr><td>轴承&lt;1</td><td class=\"a>b\">x<!-- > --></td></tr>";
        let content = format!("<table>{}</table>", row.repeat(9_000));
        let expected = format!("table -,-\n{}end", "row 0=轴承<1 1=x\n".repeat(9_000));
        assert!(shown(&content) == expected);
    }
}
