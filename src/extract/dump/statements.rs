//! The statements of a dump, one after the other: rows are told apart from everything else.

use std::io::BufRead;

use super::copy::CopyFormat;
use super::dialect::Dialect;
use super::insert::Filled;
use super::lexer::{Lexed, Lexer, TextSink};
use super::token::{Cursor, TableName, Token, Words, is_word};
use super::values::Values;
use crate::model::Reason;
use crate::open::Limits;
use crate::open::table::RowBuffer;

/// Takes what a dump says, in order.
pub(super) trait Listener: TextSink {
    /// A statement that holds no rows.
    fn statement(&mut self, tokens: &[Token]);
    /// The running text ends; what follows is not its continuation.
    fn text_end(&mut self);
    /// Rows of this table follow, with values of these columns; of all of them where none are listed.
    fn rows_begin(&mut self, table: &TableName, columns: &[String]);
    /// One row: its values, and the bytes that it takes in the dump.
    fn row(&mut self, text: &[u8], ends: &[usize], bytes: u64, cut: u64);
    /// No more rows follow for now.
    fn rows_end(&mut self);
    /// Not all rows of this table were read, or not as they are. No rows are begun.
    fn unsound(&mut self, table: &TableName, reason: Reason);
}

/// Reads a whole dump.
pub(super) struct Statements<'l, R> {
    pub(super) lexer: Lexer<R>,
    pub(super) out: Out<'l>,
    pub(super) values: Values,
    pub(super) copied: RowBuffer,
    pub(super) record_bytes: usize,
    /// The head of the last `INSERT`, as it is written, up to `VALUES`.
    pub(super) head: Vec<u8>,
    /// Whether a statement that fills a table is not at its end.
    pub(super) is_filling: bool,
    /// The table whose making broke off.
    broken_in: Option<TableName>,
}

/// Ends rows before running text goes on.
pub(super) struct Out<'l> {
    pub(super) listener: &'l mut dyn Listener,
    pub(super) is_in_rows: bool,
    has_text: bool,
}

impl Out<'_> {
    /// Ends the rows that were begun.
    pub(super) fn end_rows(&mut self) {
        if std::mem::take(&mut self.is_in_rows) {
            self.listener.rows_end();
        }
    }

    /// Ends the running text.
    fn end_text(&mut self) {
        if std::mem::take(&mut self.has_text) {
            self.listener.text_end();
        }
    }

    /// Not all rows of this table were read, or not as they are.
    pub(super) fn unsound(&mut self, table: &TableName, reason: Reason) {
        self.end_text();
        self.end_rows();
        self.listener.unsound(table, reason);
    }

    /// Begins rows of a table.
    pub(super) fn begin_rows(&mut self, table: &TableName, columns: &[String]) {
        self.end_text();
        self.end_rows();
        self.listener.rows_begin(table, columns);
        self.is_in_rows = true;
    }
}

impl TextSink for Out<'_> {
    fn text(&mut self, text: &[u8]) {
        self.end_rows();
        self.has_text = true;
        self.listener.text(text);
    }
}

impl<'l, R: BufRead> Statements<'l, R> {
    /// Before the first statement.
    pub(super) fn new(reader: R, dialect: Dialect, limits: &Limits, listener: &'l mut dyn Listener) -> Self {
        Self {
            lexer: Lexer::new(reader, dialect),
            out: Out { listener, is_in_rows: false, has_text: false },
            values: Values::new(limits.record_bytes, limits.columns),
            copied: RowBuffer::new(limits.record_bytes),
            record_bytes: limits.record_bytes,
            head: Vec::new(),
            is_filling: false,
            broken_in: None,
        }
    }

    /// Reads all of it; gives the reason where it broke off, and back what it was read from.
    pub(super) fn read(mut self) -> (Option<Reason>, Lexer<R>) {
        let mut filled = Filled::default();
        while self.statement(&mut filled) {}
        self.lexer.flush(&mut self.out);
        self.out.end_text();
        self.out.end_rows();
        let unfinished = self.lexer.is_unfinished.then_some(Reason::Corrupt);
        let broken = self.lexer.input.broken().or(unfinished);
        let broken_in = self.broken_in.or(self.is_filling.then_some(filled.table));
        if let (Some(reason), Some(table)) = (broken, broken_in) {
            self.out.unsound(&table, reason);
        }
        (broken, self.lexer)
    }

    /// Reads a statement; gives `false` at the end.
    fn statement(&mut self, filled: &mut Filled) -> bool {
        self.lexer.input.echoes = true;
        self.lexer.blanks(&mut self.out);
        self.lexer.flush(&mut self.out);
        self.is_filling &= self.lexer.is_unfinished;
        let repeats = !self.head.is_empty() && self.lexer.input.starts_with(&self.head);
        let dialect = self.lexer.dialect;
        let may_be_sqlplus = !dialect.ends_with_lines && !dialect.has_hash_comments && self.lexer.delimiter == b";";
        let rest = self.lexer.input.rest();
        match rest {
            [] => return false,
            // A line for the client.
            [b'\\' | b'#', ..] => self.client_line(),
            _ if begins_with(rest, b"delimiter ") => self.client_line(),
            _ if may_be_sqlplus && is_of_sqlplus(rest) => self.client_line(),
            _ if repeats => {
                self.is_filling = true;
                self.lexer.input.echoes = false;
                self.lexer.input.take(self.head.len());
                if !self.out.is_in_rows {
                    self.out.begin_rows(&filled.table, &filled.columns);
                }
                if self.rows(filled) {
                    self.insert(filled);
                }
            }
            _ if begins_with(rest, b"insert") || begins_with(rest, b"replace") => self.insert(filled),
            _ if begins_with(rest, b"copy ") => self.copy(filled),
            _ => self.other(Vec::new()),
        }
        self.lexer.flush(&mut self.out);
        self.out.end_text();
        true
    }

    /// A line that is for the client that reads the dump.
    fn client_line(&mut self) {
        self.lexer.input.echo.clear();
        self.lexer.line(&mut self.out);
        let line = String::from_utf8_lossy(self.lexer.input.echo.trim_ascii()).into_owned();
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        if first.eq_ignore_ascii_case("delimiter") {
            self.lexer.delimiter = words.next().unwrap_or(";").as_bytes().to_vec();
        } else if matches!(first, "\\connect" | "\\c") {
            let named = words.find(|word| !word.starts_with('-')).unwrap_or_default().trim_matches('"').to_owned();
            self.out.listener.statement(&[Token::Word(first.to_owned()), Token::Quoted(named)]);
        }
    }

    /// Reads a statement that holds no rows, of which some words were read.
    pub(super) fn other(&mut self, tokens: Vec<Token>) {
        let mut words = Words::behind(tokens);
        let (mut depth, mut blocks) = (0usize, 0usize);
        let mut was_end = false;
        loop {
            if depth == 0 && !words.all.is_empty() && self.begins_next_statement(&words.all) {
                break;
            }
            match self.lexer.token(&mut self.out) {
                Lexed::End => {
                    if depth > 0 {
                        self.lexer.is_unfinished = true;
                        self.broken_in = made_table(&words.all);
                    }
                    break;
                }
                Lexed::Terminator => {
                    // In a routine, the signs between its own statements end nothing.
                    if blocks == 0 || self.lexer.delimiter != b";" || !is_routine(&words.all) {
                        break;
                    }
                    was_end = false;
                }
                Lexed::Token(token) => {
                    match &token {
                        Token::Sign(b'(') => depth += 1,
                        Token::Sign(b')') => depth = depth.saturating_sub(1),
                        Token::Word(word) if word.eq_ignore_ascii_case("begin") => blocks += 1,
                        Token::Word(word) if word.eq_ignore_ascii_case("case") && !was_end => blocks += 1,
                        Token::Word(word) if word.eq_ignore_ascii_case("end") => blocks = blocks.saturating_sub(1),
                        // `END IF` closes what was not counted.
                        Token::Word(word) if was_end && is_loop(word) => blocks += 1,
                        _ => {}
                    }
                    was_end = is_word(Some(&token), "end");
                    let is_transaction = words.all.is_empty() && is_word(Some(&token), "begin");
                    if words.all.len() < 12 || is_understood(&words.all) {
                        words.push(token);
                    }
                    if is_transaction {
                        // What follows in the block is read as what it is.
                        break;
                    }
                }
            }
        }
        if words.all.is_empty() {
            // Nothing but a sign or a line that ends one.
            self.lexer.input.echo.clear();
        }
        self.lexer.is_cut |= words.is_cut;
        self.out.listener.statement(&words.all);
    }

    /// Where statements end with lines: whether the next line begins one.
    fn begins_next_statement(&mut self, tokens: &[Token]) -> bool {
        let ends_with_lines = self.lexer.dialect.ends_with_lines;
        // No table goes on with rows, whatever its dialect.
        let openers = if ends_with_lines { OPENERS } else { &[b"insert".as_slice()] };
        if !ends_with_lines && made_table(tokens).is_none() || is_routine(tokens) {
            return false;
        }
        self.lexer.blanks(&mut self.out);
        let is_condition = is_word(tokens.first(), "if");
        let rest = self.lexer.input.rest();
        let is_next = openers.iter().any(|opener| begins_with(rest, opener)) && !is_condition;
        let is_over = self.lexer.is_line_start && is_next;
        if is_over {
            self.line_ended_statement();
        }
        is_over
    }

    /// A line ended a statement where no sign did: others will end so, too, unless it is MySQL and a mistake.
    pub(super) fn line_ended_statement(&mut self) {
        self.lexer.dialect.ends_with_lines |= !self.lexer.dialect.has_hash_comments;
    }

    /// Reads a `COPY` and the rows behind it.
    fn copy(&mut self, filled: &mut Filled) {
        self.lexer.input.echo.clear();
        let mut words = Words::behind(Vec::new());
        while let Lexed::Token(token) = self.lexer.token(&mut self.out) {
            words.push(token);
        }
        self.lexer.is_cut |= words.is_cut;
        let mut cursor = Cursor::new(&words.all);
        cursor.next();
        let Some(table) = cursor.table() else { return };
        self.head.clear();
        *filled = Filled { table, columns: cursor.names_in_group() };
        let Filled { table, columns } = &*filled;
        if !cursor.accept_all("from stdin") {
            return;
        }
        self.lexer.input.echo.clear();
        self.lexer.line(&mut self.out);
        self.lexer.input.echo.clear();
        self.lexer.input.take(1);
        match CopyFormat::of(cursor.rest()) {
            CopyFormat::Text => {
                self.lexer.input.echoes = false;
                self.is_filling = true;
                self.out.begin_rows(table, columns);
                self.copied_rows(table, columns);
            }
            CopyFormat::Other => {
                self.copied_text();
                self.out.unsound(table, Reason::UnsupportedFormat);
            }
        }
    }
}

/// Words that begin a statement where the one before has no end of its own.
pub(super) const OPENERS: &[&[u8]] = &[
    b"insert", b"create", b"alter", b"drop", b"set", b"use", b"go", b"exec", b"execute", b"print", b"commit",
    b"update", b"delete", b"declare", b"if",
];

/// Whether the rest begins with a word, in any case, and the word ends there.
pub(super) fn begins_with(rest: &[u8], word: &[u8]) -> bool {
    let is_word = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    is_word
        && (word.ends_with(b" ")
            || rest.get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | 0x80..)))
}

/// Whether the rest begins with a command of SQL*Plus, which ends with its line ("SQL*Plus Command Reference").
fn is_of_sqlplus(rest: &[u8]) -> bool {
    const COMMANDS: &[&[u8]] = &[b"prompt", b"rem", b"remark", b"spool", b"whenever"];
    const SETTINGS: &[&[u8]] = &[
        b"define",
        b"echo",
        b"feedback",
        b"heading",
        b"linesize",
        b"pagesize",
        b"scan",
        b"serveroutput",
        b"sqlblanklines",
        b"termout",
        b"timing",
        b"trimspool",
        b"verify",
    ];
    let setting = if begins_with(rest, b"set ") { rest.get(4..).unwrap_or_default() } else { &[] };
    COMMANDS.iter().any(|command| begins_with(rest, command)) || SETTINGS.iter().any(|it| begins_with(setting, it))
}

/// The table that a statement makes, if it does.
fn made_table(tokens: &[Token]) -> Option<TableName> {
    let mut cursor = Cursor::new(tokens);
    let makes_one = cursor.accept("create") && (0..3).any(|_| cursor.accept("table") || cursor.next().is_none());
    cursor.accept_all("if not exists");
    cursor.table().filter(|_| makes_one)
}

/// Whether a statement makes something that has statements of its own.
fn is_routine(tokens: &[Token]) -> bool {
    const KINDS: &[&str] = &["procedure", "proc", "function", "trigger", "package", "event", "type"];
    let is_made = is_word(tokens.first(), "create") || is_word(tokens.first(), "alter");
    is_made && tokens.iter().take(10).any(|token| KINDS.iter().any(|kind| is_word(Some(token), kind)))
}

fn is_loop(word: &str) -> bool {
    ["if", "loop", "while", "repeat"].iter().any(|kind| word.eq_ignore_ascii_case(kind))
}

/// Whether more than the first words of a statement are wanted.
fn is_understood(tokens: &[Token]) -> bool {
    const FIRST: &[&str] = &["create", "alter", "comment", "exec", "execute", "if", "use", "set", "drop", "begin"];
    !is_routine(tokens) && FIRST.iter().any(|word| is_word(tokens.first(), word))
}
