//! The type of a column.

use super::token::{Cursor, Token, is_word};

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
/// The type of a column as it is written, its words in lower case.
pub(super) fn declared_type(cursor: &mut Cursor<'_>) -> Option<String> {
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
