//! Comments in the text of a CREATE TABLE: the only place where a designer of a SQLite table can say what it is.

use std::collections::BTreeMap;

/// What the designer wrote.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comments {
    /// In front of the first column.
    pub(super) table: Option<String>,
    /// By the column's name in lower case.
    pub(super) columns: BTreeMap<String, String>,
}

/// Characters of one comment that are kept.
const KEPT_CHARACTERS: usize = 200;

/// A piece of a statement.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Comment { text: String, starts_line: bool },
    Open,
    Close,
    Comma,
    Other,
}

/// Reads the comments of a statement as SQLite keeps it, which is as it was typed.
///
/// A comment belongs to the column in whose line it ends, else to the column that follows it.
pub(super) fn read(statement: &str) -> Comments {
    let mut comments = Comments::default();
    let mut depth = 0usize;
    let mut column: Option<String> = None;
    let mut expects_name = false;
    let mut waiting: Option<String> = None;
    for token in tokens(statement) {
        match token {
            Token::Open => {
                depth += 1;
                expects_name |= depth == 1;
            }
            Token::Close => depth = depth.saturating_sub(1),
            Token::Comma if depth == 1 => expects_name = true,
            Token::Word(name) if depth == 1 && expects_name => {
                expects_name = false;
                let name = name.to_lowercase();
                if let Some(text) = waiting.take() {
                    comments.columns.insert(name.clone(), text);
                }
                column = Some(name);
            }
            Token::Comment { text, starts_line: false } => match &column {
                Some(name) => {
                    comments.columns.entry(name.clone()).or_insert(text);
                }
                None => comments.table = comments.table.or(Some(text)),
            },
            Token::Comment { text, starts_line: true } => {
                if depth == 0 {
                    comments.table = comments.table.or(Some(text));
                } else {
                    waiting = Some(text);
                }
            }
            Token::Word(_) | Token::Comma | Token::Other => {}
        }
    }
    comments
}

fn tokens(statement: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = statement;
    let mut line_is_blank = true;
    while let Some(first) = rest.chars().next() {
        let (token, after) = if let Some(after) = rest.strip_prefix("--") {
            let (text, after) = after.split_once('\n').unwrap_or((after, ""));
            let starts_line = std::mem::replace(&mut line_is_blank, true);
            (comment(text, starts_line), after)
        } else if let Some(after) = rest.strip_prefix("/*") {
            let (text, after) = after.split_once("*/").unwrap_or((after, ""));
            (comment(text, line_is_blank), after)
        } else if let Some(end) = closing(first) {
            let (name, after) = quoted(&rest[first.len_utf8()..], end);
            (Some(if first == '\'' { Token::Other } else { Token::Word(name) }), after)
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_' && character != '$');
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            (Some(Token::Word(word.to_owned())), after)
        } else {
            let token = match first {
                '(' => Some(Token::Open),
                ')' => Some(Token::Close),
                ',' => Some(Token::Comma),
                _ if first.is_whitespace() => None,
                _ => Some(Token::Other),
            };
            line_is_blank |= first == '\n';
            (token, &rest[first.len_utf8()..])
        };
        line_is_blank &= matches!(token, None | Some(Token::Comment { .. }));
        tokens.extend(token);
        rest = after;
    }
    tokens
}

fn comment(text: &str, starts_line: bool) -> Option<Token> {
    let text = text.trim_matches(|character: char| character.is_whitespace() || matches!(character, '*' | '-' | '='));
    let text: String = text.chars().take(KEPT_CHARACTERS).collect();
    (!text.is_empty()).then_some(Token::Comment { text, starts_line })
}

/// The mark that ends what this one opens.
fn closing(first: char) -> Option<char> {
    match first {
        '"' | '`' | '\'' => Some(first),
        '[' => Some(']'),
        _ => None,
    }
}

/// Text up to its closing mark, doubled marks undone, and what follows.
fn quoted(text: &str, end: char) -> (String, &str) {
    let mut name = String::new();
    let mut rest = text;
    while let Some((part, after)) = rest.split_once(end) {
        name.push_str(part);
        rest = after;
        match after.strip_prefix(end) {
            Some(after) if end != ']' => {
                name.push(end);
                rest = after;
            }
            _ => return (name, rest),
        }
    }
    (name, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_comment_belongs_to_the_column_of_its_line_or_the_next() {
        let comments = read(
            "CREATE TABLE pro_task ( -- 生产任务\n  id INTEGER PRIMARY KEY, -- 任务编号\n  -- 计划数量, 件\n  \"plan, qty\" DECIMAL(10, 2) DEFAULT '--x',\n  [name] TEXT /* 名称 */, code TEXT\n)",
        );
        assert_eq!(comments.table.as_deref(), Some("生产任务"));
        let columns: Vec<(&str, &str)> = comments.columns.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert_eq!(columns, [("id", "任务编号"), ("name", "名称"), ("plan, qty", "计划数量, 件")]);
    }

    proptest! {
        #[test]
        fn no_statement_makes_it_panic(statement in "(?s).{0,80}", marks in "[-/*'\"`\\[\\](), \n\u{4e2d}a]{0,60}") {
            read(&statement);
            read(&marks);
        }
    }
}
