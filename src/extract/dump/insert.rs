//! Rows of `INSERT` and `REPLACE`: the table and columns that they are for, then row after row.

use std::io::BufRead;

use super::lexer::Lexed;
use super::statements::{OPENERS, Statements, begins_with};
use super::token::{Cursor, TableName, Token, Words, is_word};
use crate::model::Reason;

/// Bytes of the head of an `INSERT` that is recognised when it comes again.
const HEAD_BYTES: usize = 16 << 10;

/// The table and columns that an `INSERT` fills.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled {
    pub(super) table: TableName,
    pub(super) columns: Vec<String>,
}

/// How the head of an `INSERT` ended.
enum Head {
    /// Values follow.
    Values,
    /// The statement was at its end.
    Ended,
    /// The dump was at its end, and the statement was not.
    Cut,
    /// No values follow: a query does, or what nobody knows.
    Other,
}

impl<R: BufRead> Statements<'_, R> {
    /// Reads an `INSERT` or `REPLACE`, with as many tables as it fills.
    pub(super) fn insert(&mut self, filled: &mut Filled) {
        while self.insert_into_one(filled) {}
    }

    /// Reads the head and rows of one table; gives whether the statement goes on with another.
    fn insert_into_one(&mut self, filled: &mut Filled) -> bool {
        self.lexer.input.echo.clear();
        let mut words = Words::behind(Vec::new());
        let head = self.head(&mut words);
        self.lexer.is_cut |= words.is_cut;
        let tokens = words.all;
        match head {
            Head::Ended => {}
            Head::Cut => {
                self.lexer.is_unfinished = true;
                self.head.clear();
                *filled = target(&tokens).unwrap_or_default();
                self.is_filling = true;
            }
            Head::Other => self.other(tokens),
            Head::Values => {
                let Some(target) = target(&tokens) else {
                    self.other(tokens);
                    return false;
                };
                self.head.clear();
                if self.lexer.input.echo.len() <= HEAD_BYTES {
                    self.head.append(&mut self.lexer.input.echo);
                }
                self.lexer.input.echo.clear();
                self.lexer.input.echoes = false;
                *filled = target;
                self.is_filling = true;
                self.out.begin_rows(&filled.table, &filled.columns);
                return self.rows(filled);
            }
        }
        false
    }

    /// Reads up to `VALUES`.
    fn head(&mut self, words: &mut Words) -> Head {
        loop {
            match self.lexer.token(&mut self.out) {
                Lexed::Terminator => return Head::Ended,
                Lexed::End => {
                    // `DEFAULT VALUES`, and no sign behind it.
                    let is_whole = is_word(words.all.last(), "values");
                    return if is_whole { Head::Ended } else { Head::Cut };
                }
                Lexed::Token(token) => {
                    let is = |word| is_word(Some(&token), word);
                    // A column may be called so; where values follow, a parenthesis or `ROW` does.
                    if (is("values") || is("value")) && words.all.len() > 1 {
                        self.lexer.blanks(&mut self.out);
                        let rest = self.lexer.input.rest();
                        if rest.first() == Some(&b'(') || begins_with(rest, b"row") {
                            return Head::Values;
                        }
                    }
                    let is_query = is("select") || is("with") || is("exec") || is("set");
                    words.push(token);
                    if is_query && words.all.len() > 2 || words.is_cut {
                        return Head::Other;
                    }
                }
            }
        }
    }

    /// Reads rows, from behind `VALUES` to the end of the statement; gives whether it goes on with another table.
    pub(super) fn rows(&mut self, filled: &Filled) -> bool {
        let mut is_odd = false;
        loop {
            self.lexer.blanks(&mut self.out);
            if begins_with(self.lexer.input.rest(), b"row") {
                self.lexer.input.take(3);
                self.lexer.blanks(&mut self.out);
            }
            if self.lexer.input.peek(0) != Some(b'(') {
                break;
            }
            let before = self.lexer.input.passed();
            self.lexer.input.take(1);
            self.lexer.is_line_start = false;
            let is_whole = self.lexer.values(&mut self.values, &mut self.out);
            if is_whole || !self.values.ends.is_empty() {
                self.emit_row(filled, before);
            }
            is_odd |= self.values.is_odd || self.has_other_width(filled);
            self.lexer.blanks(&mut self.out);
            if self.lexer.input.peek(0) != Some(b',') {
                break;
            }
            self.lexer.input.take(1);
            self.lexer.blanks(&mut self.out);
            // Another row was to follow.
            self.lexer.is_unfinished |= self.lexer.input.rest().is_empty();
        }
        self.lexer.is_unfinished |= self.lexer.input.broken().is_some() && self.lexer.input.rest().is_empty();
        if is_odd {
            self.out.unsound(&filled.table, Reason::Corrupt);
        }
        self.after_rows()
    }

    /// Whether the row that was read has more values or fewer than columns are listed.
    fn has_other_width(&self, filled: &Filled) -> bool {
        let listed = filled.columns.len();
        listed > 0 && self.values.ends.len() != self.values.at_most(listed)
    }

    fn emit_row(&mut self, filled: &Filled, before: u64) {
        if !self.out.is_in_rows {
            // A value that was too long went on as running text.
            self.out.begin_rows(&filled.table, &filled.columns);
        }
        let bytes = self.lexer.input.passed() - before;
        self.out.listener.row(&self.values.text, &self.values.ends, bytes, self.values.cut);
    }

    /// Reads what stands between the last row and the end of the statement; gives whether another table follows there.
    fn after_rows(&mut self) -> bool {
        if self.lexer.accept_delimiter() {
            return false;
        }
        self.lexer.input.echoes = true;
        let rest = self.lexer.input.rest();
        if begins_with(rest, b"into") {
            // `INSERT ALL`: another table, in the same statement.
            return true;
        }
        let is_next = OPENERS.iter().any(|opener| begins_with(rest, opener)) || begins_with(rest, b"go");
        if !is_next && !rest.is_empty() {
            self.other(Vec::new());
        } else if is_next && self.lexer.is_line_start {
            self.line_ended_statement();
        }
        false
    }
}

/// The table and columns that the head of an `INSERT` names.
pub(super) fn target(tokens: &[Token]) -> Option<Filled> {
    let mut cursor = Cursor::new(tokens);
    cursor.accept_any(&["insert", "replace"]);
    if cursor.accept("or") {
        cursor.next();
    }
    cursor.accept_any(&[
        "low_priority",
        "delayed",
        "high_priority",
        "ignore",
        "all",
        "first",
        "overwrite",
        "into",
        "table",
    ]);
    let table = cursor.table()?;
    if cursor.accept("partition") {
        cursor.group();
    }
    if cursor.rest().first() != Some(&Token::Sign(b'(')) && cursor.name().is_some() {
        // `INTO t AS x`, `INTO t x`.
        cursor.name();
    }
    Some(Filled { table, columns: cursor.names_in_group() })
}
