//! Stores that refuse: one line, the password masked, exit code 2, and the other stores are scanned all the same.

use crate::support::ScanEnv;
use crate::support::servers::{mariadb, postgres};

#[test]
fn a_wrong_password() {
    let env = ScanEnv::new();
    for url in
        [postgres().url_as("postgres", "Zq7Vxkwrong", "postgres"), mariadb().url_as("tester", "Zq7Vxkwrong", "mysql")]
    {
        let answer = env.mulu(&["scan", &url]).expect_code(2);
        let complaint = answer.complaint();
        assert!(complaint.contains("127.0.0.1") && complaint.contains("password"), "{complaint}");
        assert!(!complaint.contains("Zq7Vxkwrong"), "{complaint}");
    }
}

#[test]
fn a_host_that_does_not_answer_costs_the_others_nothing() {
    let env = ScanEnv::new();
    env.put("a.txt", "设备台账\n");
    for scheme in ["postgres", "mysql"] {
        // Port 1 is served by nobody.
        let address = format!("{scheme}://reader:Zq7Vxk@127.0.0.1:1/erp");
        let answer = env.mulu(&["scan", "share", &address]).expect_code(2);
        assert!(answer.complaint().contains("127.0.0.1:1"), "{}", answer.stderr);
        assert!(!answer.stderr.contains("Zq7Vxk"), "{}", answer.stderr);
        assert_eq!(env.asset("a.txt")["kind"], "file");
    }
}

#[test]
fn a_database_that_does_not_exist() {
    let env = ScanEnv::new();
    for url in [postgres().url("no_such_database"), mariadb().url("no_such_database")] {
        let answer = env.mulu(&["scan", &url]).expect_code(2);
        assert!(answer.complaint().contains("no_such_database"), "{}", answer.stderr);
    }
}

#[test]
fn an_address_of_a_kind_that_nobody_knows() {
    let env = ScanEnv::new();
    let answer = env.mulu(&["scan", "oracle://reader@127.0.0.1/erp"]).expect_code(2);
    assert!(answer.complaint().contains("oracle"), "{}", answer.stderr);
}

#[test]
fn a_password_comes_from_the_environment_or_a_file() {
    let env = ScanEnv::new();
    let server = postgres();
    let database = server.new_database("secrets_elsewhere");
    server.sql(
        &database,
        "CREATE TABLE work_order (id int, work_order_no text); INSERT INTO work_order VALUES (1, 'WO1')",
    );
    let url = server.url(&database);
    let (login, place) = url.split_once('@').expect("an address with a login");
    let (scheme, login) = login.split_once("://").expect("an address with a scheme");
    let (user, password) = login.split_once(':').expect("a login with a password");
    env.put_beside("password", format!("{password}\n"));
    for how in ["password_env = \"ERP_PASSWORD\"", "password_file = \"password\""] {
        env.put_beside(
            "mulu.toml",
            format!("[[store]]\nname = \"erp\"\ntarget = \"{scheme}://{user}@{place}\"\n{how}\n"),
        );
        let mut command = env.command(&["scan"]);
        crate::support::answer(command.env("ERP_PASSWORD", password)).expect_code(0);
        assert_eq!(env.asset("work_order")["store"], "erp");
    }
    let answer = {
        env.put_beside(
            "mulu.toml",
            format!("[[store]]\nname = \"erp\"\ntarget = \"{scheme}://{user}@{place}\"\npassword_env = \"UNSET\"\n"),
        );
        env.mulu(&["scan"]).expect_code(2)
    };
    assert!(answer.complaint().contains("UNSET"), "{}", answer.stderr);
}
