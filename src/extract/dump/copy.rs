//! Rows behind `COPY … FROM stdin`, one a line up to `\.` (PostgreSQL, documentation of `COPY`).

use std::io::BufRead;

use super::statements::Statements;
use super::token::{TableName, Token};
use crate::open::table::copy_text::{Content, read_row};

/// How the rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CopyFormat {
    /// Tabs and backslashes.
    Text,
    /// Values with commas, or another delimiter: read as running text.
    Other,
}

impl CopyFormat {
    /// What the options of the statement ask for.
    pub(super) fn of(options: &[Token]) -> Self {
        let asks = |token: &Token| matches!(token, Token::Word(word) if ["csv", "binary", "delimiter", "delimiters"].iter().any(|other| word.eq_ignore_ascii_case(other)));
        if options.iter().any(asks) { Self::Other } else { Self::Text }
    }
}

impl<R: BufRead> Statements<'_, R> {
    /// Reads the rows; the closing line is taken.
    pub(super) fn copied_rows(&mut self, table: &TableName, columns: &[String]) {
        loop {
            let end = self.line_end();
            let rest = self.lexer.input.rest();
            let line = rest.get(..end).unwrap_or_default();
            let is_whole = rest.get(end) == Some(&b'\n');
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line == b"\\." {
                self.lexer.input.take(end + usize::from(is_whole));
                return;
            }
            if !is_whole && line.is_empty() {
                // No line says that these were all.
                self.lexer.is_unfinished = true;
                return;
            }
            if !self.out.is_in_rows {
                self.out.begin_rows(table, columns);
            }
            let is_cut = !is_whole && line.len() > self.record_bytes;
            self.copied.clear();
            read_row(line, 0, &[Content::Text], &mut self.copied);
            let row = self.copied.row();
            self.out.listener.row(row.text, row.ends, end as u64 + 1, u64::from(is_cut));
            self.lexer.input.take(end + usize::from(is_whole));
            if is_cut {
                // What is left of a line that is too long is read as running text.
                self.lexer.input.echoes = true;
                self.lexer.line(&mut self.out);
                self.lexer.flush(&mut self.out);
                self.lexer.input.echoes = false;
                self.lexer.input.take(1);
            }
        }
    }

    /// Reads rows in another format as running text.
    pub(super) fn copied_text(&mut self) {
        loop {
            let end = self.line_end();
            let rest = self.lexer.input.rest();
            let is_last = rest.get(..end).is_some_and(|line| line.trim_ascii() == b"\\.");
            if is_last || rest.is_empty() {
                self.lexer.input.take(end);
                self.lexer.input.echo.clear();
                return;
            }
            self.lexer.line(&mut self.out);
            self.lexer.flush(&mut self.out);
            self.lexer.input.take(1);
        }
    }

    /// Where the line ends that comes next: at its sign, at the end, or where it is longer than a row may be.
    fn line_end(&mut self) -> usize {
        let mut seen = 0;
        loop {
            let rest = self.lexer.input.rest();
            if let Some(at) = memchr::memchr(b'\n', rest.get(seen..).unwrap_or_default()) {
                return seen + at;
            }
            seen = rest.len();
            if seen > self.record_bytes || !self.lexer.input.fill() {
                return seen;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_text_is_read_as_rows() {
        let word = |word: &str| Token::Word(word.to_owned());
        assert_eq!(CopyFormat::of(&[]), CopyFormat::Text);
        assert_eq!(CopyFormat::of(&[word("WITH"), word("NULL")]), CopyFormat::Text);
        assert_eq!(CopyFormat::of(&[word("with"), word("csv")]), CopyFormat::Other);
    }
}
