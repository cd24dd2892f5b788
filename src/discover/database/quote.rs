//! Names as identifiers and literals of SQL: the only way by which text from outside gets into a statement.

/// `"name"` for PostgreSQL and SQLite; a quote inside is doubled.
pub(crate) fn ansi(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `` `name` `` for MySQL; a backtick inside is doubled.
pub(crate) fn mysql(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// `[name]` for SQL Server; a bracket that closes is doubled inside.
pub(crate) fn sql_server(name: &str) -> String {
    format!("[{}]", name.replace(']', "]]"))
}

/// `'text'` as a literal of SQLite; a quote inside is doubled.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quoted_name_ends_where_it_should(name in any::<String>()) {
            for (quoted, mark) in [(ansi(&name), '"'), (mysql(&name), '`'), (literal(&name), '\'')] {
                let inner = quoted.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)).unwrap();
                let doubled: String = [mark, mark].iter().collect();
                prop_assert!(!inner.replace(&doubled, "").contains(mark));
                prop_assert_eq!(inner.replace(&doubled, &mark.to_string()), name.clone());
            }
            let quoted = sql_server(&name);
            let inner = quoted.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap();
            prop_assert!(!inner.replace("]]", "").contains(']'));
            prop_assert_eq!(inner.replace("]]", "]"), name);
        }
    }
}
