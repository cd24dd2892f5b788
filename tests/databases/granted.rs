//! What a login needs, as docs/databases.md says it: with that everything is read, and what is missing costs one table.

use super::*;
use crate::support::ScanEnv;
use crate::support::servers::{Server, mariadb, postgres};

/// The statements of the documentation for one product, for a database and a login of a test.
fn documented(product: &str, database: &str, login: &str) -> String {
    let text = crate::support::text_of(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/databases.md"));
    let block = text.split("```sql\n").skip(1).find(|block| block.starts_with(&format!("-- {product}")));
    let block = block.and_then(|block| block.split("```").next()).expect("the documentation says what is needed");
    let wanted: Vec<&str> = block.lines().filter(|line| !line.starts_with("--")).collect();
    assert!(wanted.iter().all(|line| line.starts_with("CREATE ") || line.starts_with("GRANT ")), "{wanted:?}");
    wanted.join("\n").replace("erp", database).replace("mulu_reader", login).replace("'%'", "'127.0.0.1'")
}

fn plant(server: &Server) -> String {
    let name = server.new_database("granted");
    server.sql(
        &name,
        "CREATE TABLE batch (id int PRIMARY KEY, note varchar(40)); INSERT INTO batch VALUES (1, 'x'), (2, 'y');
         CREATE TABLE recipe (id int PRIMARY KEY, temperature int); INSERT INTO recipe VALUES (1, 180);
         CREATE VIEW few AS SELECT id FROM batch",
    );
    name
}

#[test]
fn the_documented_grants_are_enough_for_everything() {
    for (server, product) in [(postgres(), "PostgreSQL"), (mariadb(), "MySQL")] {
        let name = plant(server);
        let login = format!("r_{name}");
        server.sql(&name, &documented(product, &name, &login));
        let url = server.url_as(&login, "secret", &name);
        let database = open(&url).unwrap();
        let listing = database.tables().unwrap();
        assert_eq!(listing.tables.len(), 3);
        for table in &listing.tables {
            assert!(table.records.is_some_and(|records| records.exact), "{table:?}");
            assert!(table.bytes.is_some() || table.name == "few");
            assert!(rows_of(&database, table, Sampling::default()).is_ok(), "{}", table.name);
        }
        assert!(database.connection().login.as_deref().is_some_and(|it| it.starts_with(&login)));
        let refused = server.try_sql(&url, "INSERT INTO batch VALUES (3, 'z')").unwrap_err();
        assert!(refused.as_database_error().is_some(), "and not for more: {refused}");
    }
}

#[test]
fn a_table_without_a_grant_fails_alone_and_carries_the_statement_that_opens_it() {
    let name = plant(postgres());
    let login = format!("Few {name}");
    postgres().sql(
        &name,
        &format!(
            "CREATE ROLE \"{login}\" LOGIN PASSWORD 'secret'; GRANT SELECT ON batch, few TO \"{login}\";
             CREATE SCHEMA \"Line; 2\"; CREATE TABLE \"Line; 2\".\"it's \"\"mine\"\" 🏭\" AS SELECT 7 AS a"
        ),
    );
    let env = ScanEnv::new();
    let url = postgres().url_as(&login.replace(' ', "%20"), "secret", &name);
    let answer = env.done(&["scan", &url]);
    assert!(
        answer.stdout.contains("connection not encrypted") && answer.stdout.contains("PostgreSQL "),
        "{}",
        answer.stdout
    );
    let statements: Vec<&str> =
        answer.stdout.lines().map(str::trim).filter(|line| line.starts_with("GRANT ")).collect();
    assert_eq!(statements.len(), 2, "{}", answer.stdout);
    let assets = env.assets();
    let of = |status: &str| assets.iter().filter(|asset| asset["status"] == status).count();
    assert_eq!((assets.len(), of("failed")), (4, 2));
    let denied = env.asset("recipe");
    assert_eq!((&denied["status"], &denied["reason"]), (&"failed".into(), &"permission-denied".into()));
    let id = denied["id"].as_str().unwrap();
    let explained = env.done(&["explain", id, "--format", "json"]).json();
    assert!(statements.contains(&format!("{};", explained["grant"].as_str().unwrap()).as_str()), "{explained}");
    assert!(env.done(&["explain", id]).stdout.contains("GRANT SELECT ON \"public\".\"recipe\" TO"));
    for statement in statements {
        postgres().sql(&name, statement);
    }
    let answer = env.done(&["scan", &url]);
    assert!(!answer.stdout.contains("GRANT"), "{}", answer.stdout);
    assert!(env.assets().iter().all(|asset| asset["status"] != "failed"), "each statement opened its table");
}

#[test]
fn a_table_of_which_policies_hide_rows_is_refused_and_not_empty() {
    let name = plant(postgres());
    let login = format!("policed_{name}");
    postgres().sql(
        &name,
        &format!(
            "CREATE ROLE {login} LOGIN PASSWORD 'secret'; GRANT SELECT ON batch, recipe, few TO {login};
             ALTER TABLE batch ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON batch USING (false)"
        ),
    );
    let url = postgres().url_as(&login, "secret", &name);
    let database = open(&url).unwrap();
    let batch = facts(&database, "batch");
    assert!(batch.hides_rows && !batch.records.is_some_and(|records| records.exact), "{batch:?}");
    assert_eq!(rows_of(&database, &batch, Sampling::default()).unwrap_err(), Reason::PermissionDenied);
    assert!(rows_of(&database, &facts(&database, "recipe"), Sampling::default()).is_ok());
    let env = ScanEnv::new();
    let answer = env.done(&["scan", &url]);
    let statement = format!("ALTER ROLE \"{login}\" BYPASSRLS;");
    assert!(answer.stdout.contains(&statement) && !answer.stdout.contains("GRANT SELECT"), "{}", answer.stdout);
    postgres().sql(&name, &statement);
    env.done(&["scan", &url]);
    assert_eq!(env.asset("batch")["records"]["value"], 2);
}

#[test]
fn a_login_is_found_where_the_clients_of_the_database_look() {
    let name = plant(postgres());
    let env = ScanEnv::new();
    let home = env.folder().display().to_string();
    let scan = |url: &str, environment: &[(&str, &str)]| {
        let mut command = env.command(&["scan", url]);
        crate::support::answer(command.env("HOME", &home).envs(environment.iter().copied()))
    };
    // Colons and backslashes are escaped in ~/.pgpass.
    postgres().sql(
        &name,
        &format!(
            "CREATE ROLE p_{name} LOGIN PASSWORD 'se:cr\\et'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO p_{name}"
        ),
    );
    let url = format!("postgres://p_{name}@127.0.0.1:{}/{name}", postgres().port());
    scan(&url, &[]).expect_code(2);
    let pgpass = env.put_beside(
        ".pgpass",
        format!("# of tests\n127.0.0.1:1:*:*:wrong\n127.0.0.1:*:{name}:p_{name}:se\\:cr\\\\et\n"),
    );
    let open_to_all = scan(&url, &[]).expect_code(2);
    assert!(open_to_all.complaint().contains("chmod 600"), "{}", open_to_all.stderr);
    private(&pgpass);
    scan(&url, &[]).expect_code(0);
    let name = plant(mariadb());
    mariadb().sql(
        &name,
        &format!(
            "CREATE USER m_{name}@'127.0.0.1' IDENTIFIED BY 'se#cret'; GRANT SELECT ON {name}.* TO m_{name}@'127.0.0.1'"
        ),
    );
    let url = format!("mysql://127.0.0.1:{}/{name}", mariadb().port());
    scan(&url, &[]).expect_code(2);
    let options = env.put_beside(".my.cnf", format!("[client]\nuser = m_{name}\npassword = \"se#cret\"\n"));
    let open_to_all = scan(&url, &[]).expect_code(2);
    assert!(open_to_all.complaint().contains("chmod 600") && !open_to_all.stderr.contains("se#cret"));
    private(&options);
    scan(&url, &[]).expect_code(0);
}

fn private(path: &std::path::Path) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}
