//! What a `CREATE TABLE` says of its columns and keys.

use super::token::{Cursor, TableName, Token, is_word, parts};
use crate::model::Column;

/// What a list of columns and keys defines.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) columns: Vec<Column>,
    pub(super) keys: Keys,
}

/// Keys of a table.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) primary: Vec<String>,
    pub(super) unique: Vec<Vec<String>>,
    pub(super) foreign: Vec<(Vec<String>, TableName, Vec<String>)>,
}

/// Words behind the type of a column: they end it.
const ATTRIBUTES: &[&str] = &[
    "not",
    "null",
    "default",
    "primary",
    "unique",
    "key",
    "comment",
    "charset",
    "collate",
    "auto_increment",
    "autoincrement",
    "references",
    "check",
    "constraint",
    "generated",
    "identity",
    "on",
    "as",
    "stored",
    "virtual",
    "invisible",
    "visible",
    "encode",
    "sparse",
    "rowguidcol",
    "enable",
    "disable",
    "column_format",
    "storage",
    "srid",
    "masked",
    "options",
    "compression",
    "first",
    "after",
];
/// Words that begin a key or a condition where a column could stand.
const CONSTRAINTS: &[&str] = &[
    "constraint",
    "primary",
    "unique",
    "foreign",
    "check",
    "exclude",
    "key",
    "index",
    "fulltext",
    "spatial",
    "like",
    "period",
    "not",
    "cluster",
];

impl Definition {
    /// Reads what stands in the parentheses of a `CREATE TABLE`; no more columns than `most`.
    pub(super) fn of(inside: &[Token], most: usize) -> Self {
        let mut definition = Self::default();
        for part in parts(inside) {
            if is_constraint(part) {
                definition.keys.constraint(part);
            } else if definition.columns.len() < most
                && let Some(column) = definition.keys.column(part)
            {
                definition.columns.push(column);
            }
        }
        definition
    }
}

impl Keys {
    /// Reads a key or a condition.
    pub(super) fn constraint(&mut self, part: &[Token]) {
        let mut cursor = Cursor::new(part);
        if cursor.accept("constraint") && !CONSTRAINTS.iter().any(|word| cursor.is(word)) {
            cursor.name();
        }
        cursor.accept_any(&["not", "cluster"]);
        if cursor.accept_all("primary key") {
            cursor.accept_any(&["clustered", "nonclustered"]);
            self.primary = cursor.names_in_group();
        } else if cursor.accept("unique") {
            cursor.accept_any(&["key", "index", "clustered", "nonclustered"]);
            cursor.name();
            let columns = cursor.names_in_group();
            if !columns.is_empty() {
                self.unique.push(columns);
            }
        } else if cursor.accept_all("foreign key") {
            cursor.name();
            let columns = cursor.names_in_group();
            self.reference(&mut cursor, columns);
        }
    }

    fn reference(&mut self, cursor: &mut Cursor<'_>, columns: Vec<String>) {
        if cursor.accept("references")
            && let Some(table) = cursor.table()
        {
            let targets = cursor.names_in_group();
            self.foreign.push((columns, table, targets));
        }
    }

    /// Reads a column with the keys that stand behind its type.
    pub(super) fn column(&mut self, part: &[Token]) -> Option<Column> {
        let mut cursor = Cursor::new(part);
        let name = cursor.name()?;
        let mut column = Column { name: Some(name.clone()), from_schema: true, ..Column::default() };
        column.declared_type = declared_type(&mut cursor);
        while let Some(token) = cursor.rest().first() {
            if is_word(Some(token), "comment") {
                cursor.next();
                column.comment = cursor.text().filter(|text| !text.is_empty()).map(str::to_owned);
            } else if cursor.accept_all("primary key") {
                self.primary = vec![name.clone()];
            } else if is_word(Some(token), "unique") {
                cursor.next();
                self.unique.push(vec![name.clone()]);
            } else if is_word(Some(token), "references") {
                self.reference(&mut cursor, vec![name.clone()]);
            } else if cursor.group().is_none() {
                cursor.next();
            }
        }
        Some(column)
    }
}

/// Whether a part of a definition is a key or a condition. A column may be called like the word that begins one.
pub(super) fn is_constraint(part: &[Token]) -> bool {
    let mut cursor = Cursor::new(part);
    if !CONSTRAINTS.iter().any(|word| cursor.is(word)) {
        return false;
    }
    let is_key = cursor.is("key") || cursor.is("index");
    cursor.next();
    if !is_key {
        return cursor.rest().first().is_some_and(|next| !is_type(next));
    }
    // `KEY name (columns)`, and no `key varchar(20)`: there a number follows.
    cursor.name();
    cursor.accept_any(&["using", "btree", "hash"]);
    let first = cursor.group().and_then(<[Token]>::first);
    first.is_some_and(|first| !matches!(first, Token::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit())))
}

/// Whether a word is a type that every dialect has, so that the one before it names a column.
fn is_type(token: &Token) -> bool {
    const TYPES: &[&str] = &[
        "int",
        "integer",
        "bigint",
        "smallint",
        "tinyint",
        "varchar",
        "varchar2",
        "nvarchar",
        "char",
        "text",
        "datetime",
        "timestamp",
        "date",
        "decimal",
        "numeric",
        "number",
        "float",
        "double",
        "boolean",
        "bit",
        "json",
    ];
    TYPES.iter().any(|word| is_word(Some(token), word))
}

/// The type of a column as it is written, its words in lower case.
fn declared_type(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut text = String::new();
    let mut depth = 0usize;
    while let Some(token) = cursor.rest().first() {
        if depth == 0 && ends_type(cursor) {
            break;
        }
        let piece = match token {
            Token::Word(word) => word.to_ascii_lowercase(),
            Token::Quoted(name) => name.clone(),
            Token::Text(value) => format!("'{}'", value.replace('\'', "''")),
            Token::Sign(sign) => char::from(*sign).to_string(),
        };
        match token {
            Token::Sign(b'(') => depth += 1,
            Token::Sign(b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_sign = matches!(token, Token::Sign(_));
        if !is_sign && !text.is_empty() && !text.ends_with(['(', ',', '.', '[', '-', '+']) {
            text.push(' ');
        }
        text.push_str(&piece);
        cursor.next();
    }
    (!text.is_empty()).then_some(text)
}

fn ends_type(cursor: &Cursor<'_>) -> bool {
    let rest = cursor.rest();
    if ATTRIBUTES.iter().any(|word| cursor.is(word)) {
        return true;
    }
    // `CHARACTER SET` is none of the type, `CHARACTER VARYING` is; `WITH TIME ZONE` is, other options are not.
    let next = rest.get(1);
    cursor.is("character") && is_word(next, "set")
        || cursor.is("with") && !is_word(next, "time") && !is_word(next, "local")
        || matches!(rest.first(), Some(Token::Sign(sign)) if !b"()[].,%-+*".contains(sign))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor as Bytes;

    use super::super::dialect::Dialect;
    use super::super::lexer::{Lexed, Lexer, TextSink};
    use super::*;

    struct Nobody;

    impl TextSink for Nobody {
        fn text(&mut self, _: &[u8]) {}
    }

    fn tokens(text: &str) -> Vec<Token> {
        let mut lexer = Lexer::new(Bytes::new(text.as_bytes().to_vec()), Dialect::of("`"));
        std::iter::from_fn(|| match lexer.token(&mut Nobody) {
            Lexed::Token(token) => Some(token),
            _ => None,
        })
        .collect()
    }

    #[test]
    fn a_type_is_kept_as_it_is_written_without_what_follows() {
        for (written, declared) in [
            ("a varchar(20) NOT NULL DEFAULT ''", "varchar(20)"),
            ("a DECIMAL (10, 2) unsigned zerofill COMMENT 'x'", "decimal(10,2) unsigned zerofill"),
            ("a enum('x','it''s') CHARACTER SET utf8", "enum('x','it''s')"),
            ("a character varying(20) COLLATE \"C\"", "character varying(20)"),
            ("a timestamp(0) with time zone DEFAULT now()", "timestamp(0) with time zone"),
            ("a integer[]", "integer[]"),
            ("a NUMBER(*,0)", "number(*,0)"),
            ("a double precision", "double precision"),
            ("a VARCHAR2(20 CHAR) ENABLE", "varchar2(20 char)"),
        ] {
            let tokens = tokens(written);
            let column = Keys::default().column(&tokens).unwrap();
            assert_eq!(column.declared_type.as_deref(), Some(declared), "{written}");
        }
    }

    #[test]
    fn a_column_that_is_called_like_a_key_is_none() {
        for (part, is_one) in [
            ("KEY `idx` (`a`)", true),
            ("key varchar(20)", false),
            ("`key` varchar(20)", false),
            ("PRIMARY KEY (`a`)", true),
            ("UNIQUE KEY u (a)", true),
            ("index int", false),
            ("CONSTRAINT c CHECK (a > 0)", true),
            ("period varchar(3)", false),
            ("NOT CLUSTER PRIMARY KEY(\"id\")", true),
        ] {
            assert_eq!(is_constraint(&tokens(part)), is_one, "{part}");
        }
    }

    #[test]
    fn keys_are_read_wherever_they_stand() {
        let inside = tokens(
            "id int PRIMARY KEY, code char(3) UNIQUE, dept int REFERENCES dept (id), \
             CONSTRAINT f FOREIGN KEY (a, b) REFERENCES s.t (c, d) ON DELETE CASCADE, UNIQUE KEY u (a, b)",
        );
        let keys = Definition::of(&inside, 100).keys;
        assert_eq!(keys.primary, ["id"]);
        assert_eq!(keys.unique, [vec!["code"], vec!["a", "b"]]);
        let referred: Vec<&str> = keys.foreign.iter().map(|(_, table, _)| table.name.as_str()).collect();
        assert_eq!(referred, ["dept", "t"]);
    }
}
