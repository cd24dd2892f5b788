//! What to type so that a login may read a table that was closed to it.

use crate::discover::database::{name_parts, quote};
use crate::model::{AssetKind, Connection, Examined, Reason, StoreKind, unescape_name};

/// The statement that lets the login of a scan read this table; `None` where it was not denied, where the login is not
/// known, where its name was masked and so cannot be written, and of a view, which reads with the rights of its owner.
pub(super) fn statement(examined: &Examined, connection: Option<&Connection>) -> Option<String> {
    if examined.reason != Some(Reason::PermissionDenied) || examined.asset.kind == AssetKind::View {
        return None;
    }
    let connection = connection?;
    let login = connection.login.as_deref()?;
    let raw = String::from_utf8(unescape_name(examined.asset.locator.as_str())?).ok()?;
    // A statement is one line of text, whatever a name holds; what a backslash in a literal means is the server's choice.
    if raw.chars().chain(login.chars()).any(char::is_control) || login.contains('\\') {
        return None;
    }
    let parts = name_parts(&raw);
    let [.., schema, table] = parts.as_slice() else { return None };
    if connection.kind == StoreKind::Mysql {
        let (user, host) = login.rsplit_once('@').unwrap_or((login, "%"));
        let (schema, table) = (quote::mysql(schema), quote::mysql(table));
        let (user, host) = (quote::literal(user), quote::literal(host));
        return Some(format!("GRANT SELECT ON {schema}.{table} TO {user}@{host}"));
    }
    // No statement can name another database than the one it runs in.
    let place = match parts.as_slice() {
        [database, _, _] if database.contains("*/") || database.contains("/*") => return None,
        [database, _, _] => format!("/* {database} */ "),
        _ => String::new(),
    };
    if connection.kind == StoreKind::SqlServer {
        let (schema, table) = (quote::sql_server(schema), quote::sql_server(table));
        return Some(format!("{place}GRANT SELECT ON {schema}.{table} TO {}", quote::sql_server(login)));
    }
    if connection.kind != StoreKind::Postgres {
        return None;
    }
    let (schema, table, login) = (quote::ansi(schema), quote::ansi(table), quote::ansi(login));
    if examined.table.as_ref().is_some_and(|table| table.hides_rows) {
        return Some(format!("ALTER ROLE {login} BYPASSRLS"));
    }
    Some(format!("{place}GRANT USAGE ON SCHEMA {schema} TO {login}; GRANT SELECT ON {schema}.{table} TO {login}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Asset, Locator, TableSummary};

    fn denied(locator: &str, kind: StoreKind, login: &str) -> Option<String> {
        of(&denied_one(locator), kind, login)
    }

    fn of(examined: &Examined, kind: StoreKind, login: &str) -> Option<String> {
        let connection =
            Connection { kind, server: String::new(), encryption: None, replica: None, login: Some(login.to_owned()) };
        statement(examined, Some(&connection))
    }

    fn denied_one(locator: &str) -> Examined {
        let asset = Asset {
            store: "erp".to_owned(),
            locator: Locator::stored(locator.to_owned()),
            kind: AssetKind::Table,
            parent: None,
            stat: None,
        };
        Examined::unread(asset, Reason::PermissionDenied)
    }

    #[test]
    fn a_view_has_no_statement_and_hidden_rows_have_another() {
        let mut examined = denied_one("public.few");
        examined.table = Some(TableSummary { hides_rows: true, ..TableSummary::default() });
        let wanted = "ALTER ROLE \"reader\" BYPASSRLS";
        assert_eq!(of(&examined, StoreKind::Postgres, "reader").as_deref(), Some(wanted));
        examined.asset.kind = AssetKind::View;
        assert_eq!(of(&examined, StoreKind::Postgres, "reader"), None);
        assert_eq!(denied("a*/ b.public.t", StoreKind::Postgres, "reader"), None, "it would end the comment");
    }

    #[test]
    fn a_denied_table_carries_the_statement_that_opens_it() {
        let wanted =
            "GRANT USAGE ON SCHEMA \"public\" TO \"reader\"; GRANT SELECT ON \"public\".\"Order\" TO \"reader\"";
        assert_eq!(denied("public.Order", StoreKind::Postgres, "reader").as_deref(), Some(wanted));
        assert_eq!(denied("erp.public.Order", StoreKind::Postgres, "reader"), Some(format!("/* erp */ {wanted}")));
        assert_eq!(
            denied("mes.\"a.b\"", StoreKind::Mysql, "reader@10.%").as_deref(),
            Some("GRANT SELECT ON `mes`.`a.b` TO 'reader'@'10.%'")
        );
        assert_eq!(
            denied("mes.dbo.\"a]b\"", StoreKind::SqlServer, "reader").as_deref(),
            Some("/* mes */ GRANT SELECT ON [dbo].[a]]b] TO [reader]")
        );
    }

    #[test]
    fn a_hostile_name_stays_a_name() {
        let statement = denied("s.\"t\"\"; DROP TABLE x; --\"", StoreKind::Postgres, "reader").expect("a statement");
        assert!(statement.contains("\"s\".\"t\"\"; DROP TABLE x; --\""), "{statement}");
        assert_eq!(denied("public.line\\x0abreak", StoreKind::Postgres, "reader"), None);
        assert_eq!(denied("public.<cn.mobile:0a1b2c>", StoreKind::Postgres, "reader"), None, "masked");
        assert_eq!(denied("main.t", StoreKind::Sqlite, "reader"), None);
    }
}
