//! The words of a statement, and a cursor over them.

/// Characters of a name: SQL Server and Oracle allow 128, the others fewer ("Database Identifiers", "Database Object Names
/// and Qualifiers").
const NAME_CHARACTERS: usize = 128;

/// Words of a statement that are kept: a table of 16,384 columns takes a few for each.
const MOST_TOKENS: usize = 1 << 18;
/// Bytes of their texts that are kept: 256 for each of 16,384 columns.
const STATEMENT_BYTES: usize = 4 << 20;

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word or number.
    Word(String),
    /// A quoted name; in MySQL double quotes may also hold a text.
    Quoted(String),
    /// A text in quotes.
    Text(String),
    /// Any other sign.
    Sign(u8),
}

impl Token {
    /// Bytes of its text.
    fn length(&self) -> usize {
        match self {
            Self::Word(text) | Self::Quoted(text) | Self::Text(text) => text.len(),
            Self::Sign(_) => 0,
        }
    }

    /// The same without its text.
    fn without_text(&self) -> Self {
        match self {
            Self::Word(_) => Self::Word(String::new()),
            Self::Quoted(_) => Self::Quoted(String::new()),
            Self::Text(_) => Self::Text(String::new()),
            Self::Sign(sign) => Self::Sign(*sign),
        }
    }
}

/// The words of a statement, as far as there is room for them.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) all: Vec<Token>,
    room: usize,
    /// Whether words, or what they say, were left out.
    pub(super) is_cut: bool,
}

impl Words {
    /// Those that were read before, and more.
    pub(super) fn behind(all: Vec<Token>) -> Self {
        Self { all, room: STATEMENT_BYTES, is_cut: false }
    }

    /// Keeps a word; where its text has no room, that it stands there.
    pub(super) fn push(&mut self, token: Token) {
        if self.all.len() >= MOST_TOKENS {
            self.is_cut = true;
        } else if let Some(room) = self.room.checked_sub(token.length()) {
            self.room = room;
            self.all.push(token);
        } else {
            self.is_cut = true;
            self.all.push(token.without_text());
        }
    }
}

/// A table that a statement names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableName {
    /// The schema, where it is written.
    pub(super) schema: Option<String>,
    /// The name itself.
    pub(super) name: String,
}

/// A place in the words of a statement.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    rest: &'t [Token],
}

impl<'t> Cursor<'t> {
    /// Before the first word.
    pub(super) fn new(rest: &'t [Token]) -> Self {
        Self { rest }
    }

    /// What follows.
    pub(super) fn rest(&self) -> &'t [Token] {
        self.rest
    }

    /// The next word or sign.
    pub(super) fn next(&mut self) -> Option<&'t Token> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Whether this word follows, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        is_word(self.rest.first(), word)
    }

    /// Goes past this word, if it follows.
    pub(super) fn accept(&mut self, word: &str) -> bool {
        let is = self.is(word);
        if is {
            self.next();
        }
        is
    }

    /// Goes past these words, if they follow one another.
    pub(super) fn accept_all(&mut self, words: &str) -> bool {
        let mut ahead = *self;
        let follow = words.split(' ').all(|word| ahead.accept(word));
        if follow {
            *self = ahead;
        }
        follow
    }

    /// Goes past whichever of these words follow.
    pub(super) fn accept_any(&mut self, words: &[&str]) {
        while words.iter().any(|word| self.accept(word)) {}
    }

    /// Goes past one of these words, if it follows.
    pub(super) fn accept_any_of(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.accept(word))
    }

    /// Goes past this sign, if it follows.
    pub(super) fn accept_sign(&mut self, sign: u8) -> bool {
        let is = self.rest.first() == Some(&Token::Sign(sign));
        if is {
            self.next();
        }
        is
    }

    /// A name: a bare word or what stands in quotes. What is longer than any is none, and is not shown as one.
    pub(super) fn name(&mut self) -> Option<String> {
        let (Token::Word(name) | Token::Quoted(name)) = self.rest.first()? else { return None };
        if name.chars().nth(NAME_CHARACTERS).is_some() || name.contains(['\n', '\r']) {
            return None;
        }
        self.next();
        Some(name.clone())
    }

    /// The parts of a name with dots.
    pub(super) fn dotted(&mut self) -> Vec<String> {
        let mut parts = Vec::new();
        while let Some(part) = self.name() {
            parts.push(part);
            // Two dots leave out the schema between them (SQL Server).
            if !self.accept_sign(b'.') {
                break;
            }
            self.accept_sign(b'.');
        }
        parts
    }

    /// The name of a table.
    pub(super) fn table(&mut self) -> Option<TableName> {
        let mut parts = self.dotted();
        let name = parts.pop()?;
        Some(TableName { schema: parts.pop(), name })
    }

    /// A text in quotes.
    pub(super) fn text(&mut self) -> Option<&'t str> {
        let (Token::Text(text) | Token::Quoted(text)) = self.rest.first()? else { return None };
        self.next();
        Some(text)
    }

    /// What stands in the parentheses that follow.
    pub(super) fn group(&mut self) -> Option<&'t [Token]> {
        if self.rest.first() != Some(&Token::Sign(b'(')) {
            return None;
        }
        let mut depth = 0usize;
        let mut end = None;
        for (at, token) in self.rest.iter().enumerate() {
            match token {
                Token::Sign(b'(') => depth += 1,
                Token::Sign(b')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = Some(at);
                break;
            }
        }
        // A statement that was cut off has no end.
        let end = end.unwrap_or(self.rest.len());
        let inside = self.rest.get(1..end).unwrap_or_default();
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(inside)
    }

    /// The names in the parentheses that follow: columns of a key, with lengths and directions left out.
    pub(super) fn names_in_group(&mut self) -> Vec<String> {
        let inside = self.group().unwrap_or_default();
        parts(inside).filter_map(|part| Cursor::new(part).name()).collect()
    }
}

/// Whether a token is this word, in any case.
pub(super) fn is_word(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
}

/// What commas outside parentheses part.
pub(super) fn parts(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0usize;
    tokens.split(move |token| {
        match token {
            Token::Sign(b'(') => depth += 1,
            Token::Sign(b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == Token::Sign(b',')
    })
}
