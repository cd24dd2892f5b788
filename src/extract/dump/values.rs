//! The values of one row of an `INSERT`.

use std::io::BufRead;

use super::lexer::{Lexer, TextSink, is_of_word};
use super::quoted::{Quoted, dollar_tag, read_quoted};

/// A row in the making: its values one behind the other.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) text: Vec<u8>,
    pub(super) ends: Vec<usize>,
    /// Values that were longer than a row may be, and of which the rest was read as running text.
    pub(super) cut: u64,
    /// Whether a word stands at a quote that closed: it did not close there.
    pub(super) is_odd: bool,
    /// Bytes of a row.
    most_bytes: usize,
    /// Values of a row; what is behind them is read as running text.
    kept_at_most: usize,
}

/// Where in a value that is an expression the reader is.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says what stood in the expression, and they combine freely")]
struct Expression {
    /// Where the value begins in the row.
    start: usize,
    /// Whether it has a text, which then is the value.
    has_text: bool,
    /// Open parentheses.
    depth: u64,
    /// Open brackets: a list.
    brackets: u64,
    /// The first argument of a function was the value, the others say how it is read.
    is_past_first_argument: bool,
    /// Whether the word that came last is such a function.
    names_reading: bool,
    /// How deep the arguments of such a function stand; zero outside.
    reading_at: u64,
    /// Whether the next text is another argument than the one before.
    is_parted: bool,
}

/// Functions whose later arguments say how the first is read.
const READING: &[&str] = &[
    "aes_encrypt",
    "cast",
    "convert",
    "date_format",
    "hextoraw",
    "replace",
    "str_to_date",
    "strptime",
    "to_char",
    "to_date",
    "to_number",
    "to_timestamp",
    "to_timestamp_tz",
    "try_cast",
    "try_convert",
];

impl Expression {
    /// Takes notice of a sign or the beginning of a word.
    fn notice(&mut self, byte: u8, word: &[u8]) {
        let was_reading = std::mem::take(&mut self.names_reading);
        match byte {
            b'(' => {
                self.depth += 1;
                if was_reading && self.reading_at == 0 {
                    self.reading_at = self.depth;
                }
            }
            b')' => {
                if self.depth == self.reading_at {
                    (self.reading_at, self.is_past_first_argument) = (0, false);
                }
                self.depth = self.depth.saturating_sub(1);
            }
            b'[' => self.brackets += 1,
            b']' => self.brackets = self.brackets.saturating_sub(1),
            b',' if self.brackets == 0 => {
                self.is_past_first_argument |= self.has_text && self.depth == self.reading_at;
                self.is_parted = self.has_text;
            }
            byte if byte.is_ascii_whitespace() => self.names_reading = was_reading,
            byte if byte.is_ascii_alphabetic() => {
                self.names_reading = READING.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
            }
            _ => {}
        }
    }
}

impl Values {
    /// No values yet; a row may take so many bytes and have so many values.
    pub(super) fn new(most_bytes: usize, kept_at_most: usize) -> Self {
        Self { most_bytes, kept_at_most, ..Self::default() }
    }

    /// How many of so many values are kept.
    pub(super) fn at_most(&self, values: usize) -> usize {
        values.min(self.kept_at_most)
    }

    /// Before the first value of a row.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.cut = 0;
        self.is_odd = false;
    }

    /// Adds to the value; what there is no room for goes to `rest`.
    fn push(&mut self, piece: &[u8], rest: &mut dyn TextSink, is_cut: &mut bool) {
        let room =
            if self.ends.len() < self.kept_at_most { self.most_bytes.saturating_sub(self.text.len()) } else { 0 };
        if piece.len() <= room {
            self.text.extend_from_slice(piece);
            return;
        }
        let (fits, more) = piece.split_at(room);
        self.text.extend_from_slice(fits);
        *is_cut = true;
        rest.text(more);
    }

    fn end_value(&mut self, expression: &Expression, is_cut: bool) {
        if !expression.has_text {
            self.settle_bare(expression.start);
        }
        self.cut += u64::from(is_cut);
        if self.ends.len() < self.kept_at_most {
            self.ends.push(self.text.len());
        } else {
            self.text.truncate(expression.start);
        }
    }

    /// A value without quotes: nothing, bytes in hexadecimal, or what it says.
    fn settle_bare(&mut self, start: usize) {
        let bare = self.text.get(start..).unwrap_or_default().trim_ascii_end();
        let length = bare.len();
        if bare.eq_ignore_ascii_case(b"null") || bare.eq_ignore_ascii_case(b"default") {
            self.text.truncate(start);
            return;
        }
        if let Some(bytes) = bare.strip_prefix(b"0x").and_then(from_hexadecimal) {
            self.text.truncate(start);
            self.text.extend_from_slice(&bytes);
            return;
        }
        self.text.truncate(start + length);
    }
}

/// The bytes of hexadecimal digits, if they are.
fn from_hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

impl<R: BufRead> Lexer<R> {
    /// Reads the values behind an opening parenthesis, the closing one included. Gives `false` where the text ends
    /// before.
    pub(super) fn values(&mut self, values: &mut Values, text: &mut dyn TextSink) -> bool {
        values.clear();
        let mut expression = Expression::default();
        let mut is_cut = false;
        loop {
            let rest = self.input.rest();
            let Some(byte) = rest.first().copied() else {
                self.is_unfinished = true;
                return false;
            };
            match byte {
                b'\'' | b'"' | b'`' => self.quoted(byte, values, &mut expression, &mut is_cut, text),
                b',' | b')' if expression.depth == 0 && expression.brackets == 0 => {
                    self.input.take(1);
                    // `()`: a row of which all values are what the table gives them.
                    if byte == b','
                        || !values.ends.is_empty()
                        || values.text.len() > expression.start
                        || expression.has_text
                    {
                        values.end_value(&expression, is_cut);
                    }
                    is_cut = false;
                    expression = Expression { start: values.text.len(), ..Expression::default() };
                    if byte == b')' {
                        return true;
                    }
                }
                b'$' if self.dialect.has_dollar_quotes && dollar_tag(rest).is_some() => {
                    self.dollar_value(values, &mut expression, &mut is_cut, text);
                }
                b'-' | b'/' | b'#' | b'*' if self.skips_comment(byte, text) => {}
                _ => self.bare(byte, values, &mut expression, &mut is_cut, text),
            }
        }
    }

    /// Goes past a comment, if one begins here.
    fn skips_comment(&mut self, byte: u8, text: &mut dyn TextSink) -> bool {
        let before = self.input.passed();
        let next = self.input.peek(1);
        let may_be = match byte {
            b'-' => next == Some(b'-'),
            b'/' => next == Some(b'*'),
            b'*' => next == Some(b'/'),
            _ => true,
        };
        if may_be {
            self.blanks(text);
        }
        self.input.passed() > before
    }

    fn quoted(
        &mut self,
        quote: u8,
        values: &mut Values,
        expression: &mut Expression,
        is_cut: &mut bool,
        text: &mut dyn TextSink,
    ) {
        let bare = values.text.get(expression.start..).unwrap_or_default();
        let prefix_at = bare.iter().rposition(|byte| !is_of_word(*byte)).map_or(0, |at| at + 1);
        let prefix = if expression.has_text { &[][..] } else { bare.get(prefix_at..).unwrap_or_default() };
        let escapes = quote != b'`' && (self.dialect.has_backslashes || prefix.eq_ignore_ascii_case(b"e"));
        let is_hexadecimal = prefix.eq_ignore_ascii_case(b"x");
        let alternative = quote == b'\'' && (prefix.eq_ignore_ascii_case(b"q") || prefix.eq_ignore_ascii_case(b"nq"));
        if !expression.has_text {
            // What stands before it is its character set, or the name of a function.
            values.text.truncate(expression.start);
        }
        self.input.take(1);
        if expression.is_past_first_argument {
            let quoted = read_quoted(&mut self.input, quote, escapes, usize::MAX, &mut |_| {});
            self.is_unfinished |= quoted != Quoted::Closed;
            return;
        }
        expression.has_text = true;
        if std::mem::take(&mut expression.is_parted) && values.text.len() > expression.start {
            values.push(b" ", text, is_cut);
        }
        let is_finished = if alternative {
            self.alternative_quote(&mut |piece| values.push(piece, text, is_cut))
        } else {
            let push = &mut |piece: &[u8]| values.push(piece, text, is_cut);
            read_quoted(&mut self.input, quote, escapes, usize::MAX, push) == Quoted::Closed
        };
        self.is_unfinished |= !is_finished;
        values.is_odd |= self.input.peek(0).is_some_and(is_of_word);
        if is_hexadecimal && let Some(bytes) = values.text.get(expression.start..).and_then(from_hexadecimal) {
            values.text.truncate(expression.start);
            values.text.extend_from_slice(&bytes);
        }
    }

    /// Reads `[it's]'` behind `q'` (Oracle, "Text Literals"): up to the counterpart of the first sign with a quote
    /// behind it.
    fn alternative_quote(&mut self, out: &mut dyn FnMut(&[u8])) -> bool {
        let close = match self.input.peek(0) {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            Some(b'(') => b')',
            Some(b'<') => b'>',
            Some(other) => other,
            None => return false,
        };
        self.input.take(1);
        loop {
            let rest = self.input.rest();
            if rest.is_empty() {
                return false;
            }
            if rest.starts_with(&[close, b'\'']) {
                self.input.take(2);
                return true;
            }
            let from = usize::from(rest.first() == Some(&close));
            let next = memchr::memchr(close, rest.get(from..).unwrap_or_default()).map_or(rest.len(), |at| at + from);
            out(rest.get(..next).unwrap_or_default());
            self.input.take(next);
        }
    }

    fn dollar_value(
        &mut self,
        values: &mut Values,
        expression: &mut Expression,
        is_cut: &mut bool,
        text: &mut dyn TextSink,
    ) {
        let tag = dollar_tag(self.input.rest()).unwrap_or_default().to_vec();
        self.input.take(tag.len());
        expression.has_text = true;
        loop {
            if self.input.starts_with(&tag) {
                return self.input.take(tag.len());
            }
            let rest = self.input.rest();
            if rest.is_empty() {
                self.is_unfinished = true;
                return;
            }
            let next = memchr::memchr(b'$', rest.get(1..).unwrap_or_default()).map_or(rest.len(), |at| at + 1);
            values.push(rest.get(..next).unwrap_or_default(), text, is_cut);
            self.input.take(next);
        }
    }

    /// Signs, words and numbers of a value.
    fn bare(
        &mut self,
        byte: u8,
        values: &mut Values,
        expression: &mut Expression,
        is_cut: &mut bool,
        text: &mut dyn TextSink,
    ) {
        let rest = self.input.rest();
        let length = rest.iter().take_while(|byte| is_of_word(**byte) || matches!(byte, b'.' | b'+')).count().max(1);
        expression.notice(byte, rest.get(..length).unwrap_or_default());
        let is_blank = byte.is_ascii_whitespace() && values.text.len() == expression.start;
        // A comma in a list parts two values that are texts.
        let is_kept = !is_blank && (!expression.has_text || byte == b',' && expression.brackets > 0);
        if is_kept && !expression.is_past_first_argument {
            values.push(rest.get(..length).unwrap_or_default(), text, is_cut);
        }
        self.input.take(length);
    }
}
