//! Whose SQL it is, as far as it decides where a string, a name or a comment ends.

/// What a dialect allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit that a dialect has or not")]
pub(super) struct Dialect {
    /// A backslash in a string takes the next character with it, and double quotes make strings too (MySQL).
    pub(super) has_backslashes: bool,
    /// `#` begins a comment, and `--` only before a blank (MySQL).
    pub(super) has_hash_comments: bool,
    /// `[name]` (SQL Server).
    pub(super) has_brackets: bool,
    /// `$tag$ … $tag$` (PostgreSQL).
    pub(super) has_dollar_quotes: bool,
    /// Comments nest (PostgreSQL, SQL Server).
    pub(super) nests_comments: bool,
    /// Statements may end with a line, without a sign (SQL Server).
    pub(super) ends_with_lines: bool,
}

/// MySQL, MariaDB and their relatives.
const MYSQL: Dialect = Dialect {
    has_backslashes: true,
    has_hash_comments: true,
    has_brackets: false,
    has_dollar_quotes: false,
    nests_comments: false,
    ends_with_lines: false,
};
/// SQL Server.
const SQL_SERVER: Dialect = Dialect {
    has_backslashes: false,
    has_hash_comments: false,
    has_brackets: true,
    has_dollar_quotes: false,
    nests_comments: true,
    ends_with_lines: true,
};
/// PostgreSQL and its relatives.
const POSTGRES: Dialect = Dialect {
    has_backslashes: false,
    has_hash_comments: false,
    has_brackets: false,
    has_dollar_quotes: true,
    nests_comments: true,
    ends_with_lines: false,
};
/// Oracle, Dameng, SQLite: the standard.
const STANDARD: Dialect = Dialect { nests_comments: false, ..POSTGRES };

/// What tools write at the head of what they export, lower case.
const HEADS: &[(&str, Dialect)] = &[
    ("target server type    : mysql", MYSQL),
    ("target server type    : mariadb", MYSQL),
    ("target server type    : postgresql", POSTGRES),
    ("target server type    : sql server", SQL_SERVER),
    ("target server type    : oracle", STANDARD),
    ("target server type    : dm", STANDARD),
    ("target server type    : sqlite", STANDARD),
    ("-- mysql dump", MYSQL),
    ("-- mariadb dump", MYSQL),
    ("phpmyadmin sql dump", MYSQL),
    ("heidisql", MYSQL),
    ("postgresql database dump", POSTGRES),
    ("pragma foreign_keys=off", STANDARD),
];
/// What only one of them writes in its statements, lower case.
const HABITS: &[(&str, Dialect)] = &[
    ("engine=", MYSQL),
    ("engine =", MYSQL),
    ("auto_increment", MYSQL),
    ("\ngo\n", SQL_SERVER),
    ("\ngo\r\n", SQL_SERVER),
    (" from stdin", POSTGRES),
    ("set search_path", POSTGRES),
];
/// A tool says what it is within so many bytes.
const HEAD_BYTES: usize = 2048;

impl Dialect {
    /// Tells the dialect from the beginning of a dump.
    pub(super) fn of(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let beginning = lower.get(..HEAD_BYTES).unwrap_or_else(|| {
            let end = (0..=HEAD_BYTES.min(lower.len())).rev().find(|at| lower.is_char_boundary(*at)).unwrap_or(0);
            lower.get(..end).unwrap_or_default()
        });
        if let Some((_, dialect)) = HEADS.iter().find(|(head, _)| beginning.contains(head)) {
            return *dialect;
        }
        match lower.lines().find_map(first_quote) {
            Some('`') => MYSQL,
            Some('[') => SQL_SERVER,
            _ => {
                let habit = HABITS.iter().find(|(habit, _)| lower.contains(habit)).map(|(_, dialect)| *dialect);
                habit.unwrap_or(Self { has_backslashes: is_escaped_by_backslash(&lower), ..STANDARD })
            }
        }
    }
}

/// How the first table that a line speaks of is quoted.
fn first_quote(line: &str) -> Option<char> {
    const OPENERS: &[&str] =
        &["create table ", "insert into ", "drop table ", "insert ", "lock tables ", "alter table ", "replace into "];
    let line = line.trim_start();
    let mut rest = OPENERS.iter().find_map(|opener| line.strip_prefix(opener))?;
    for word in ["if not exists ", "if exists ", "only "] {
        rest = rest.trim_start().strip_prefix(word).unwrap_or(rest);
    }
    rest.trim_start().chars().next()
}

/// Whether quotes in texts are written `\'`: nobody else writes a quote behind a backslash before a letter or a digit, nor
/// before a sign of Chinese.
fn is_escaped_by_backslash(lower: &str) -> bool {
    lower.split("\\'").skip(1).any(|behind| behind.starts_with(|it: char| !it.is_ascii() || it.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_the_quotes_or_the_habits_tell_whose_it_is() {
        for (text, dialect) in [
            ("-- MySQL dump 10.13\nCREATE TABLE \"a\" (x int);", MYSQL),
            ("DROP TABLE IF EXISTS `a`;", MYSQL),
            ("CREATE TABLE a (id int) ENGINE=InnoDB;", MYSQL),
            ("/*\n Source Server Type    : MySQL\n Target Server Type    : PostgreSQL\n*/", POSTGRES),
            ("COPY public.a (x) FROM stdin;\n1\n\\.\n", POSTGRES),
            ("INSERT [dbo].[a] ([x]) VALUES (1)", SQL_SERVER),
            ("create table a (x int)\nGO\n", SQL_SERVER),
            ("CREATE TABLE \"A\" (\"X\" NUMBER);", STANDARD),
            ("INSERT INTO a VALUES ('it\\'s');", Dialect { has_backslashes: true, ..STANDARD }),
            ("INSERT INTO a VALUES ('他说\\'好', '\\'张');", Dialect { has_backslashes: true, ..STANDARD }),
            ("INSERT INTO a VALUES ('C:\\','b'), ('C:\\' , 'C:\\'), ('C:\\'||'b');", STANDARD),
        ] {
            assert_eq!(Dialect::of(text), dialect, "{text}");
        }
    }
}
