//! Stores that refuse: one line, the password masked, exit code 2, and the other stores are scanned all the same.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// A way to the server at `port` that breaks, for good, when `word` has been sent to it `times` times. Gives its port.
fn breaking_way(port: u16, word: &'static [u8], times: usize) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let here = listener.local_addr().expect("an address").port();
    let seen = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if seen.load(Ordering::SeqCst) >= times {
                continue;
            }
            let server = TcpStream::connect(("127.0.0.1", port)).expect("the server answers");
            let (back, forth) = ((server.try_clone(), client.try_clone()), (client, server));
            if let (Ok(from), Ok(mut to)) = back {
                std::thread::spawn(move || {
                    let mut from = from;
                    drop(std::io::copy(&mut from, &mut to));
                });
            }
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || pump(forth, word, times, &seen));
        }
    });
    here
}

fn pump((mut from, mut to): (TcpStream, TcpStream), word: &[u8], times: usize, seen: &AtomicUsize) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let sent = &buffer[..count];
        let words = sent.windows(word.len()).filter(|window| *window == word).count();
        if seen.fetch_add(words, Ordering::SeqCst) + words >= times || to.write_all(sent).is_err() {
            break;
        }
    }
    for stream in [from, to] {
        stream.shutdown(Shutdown::Both).unwrap_or(());
    }
}

#[test]
fn a_server_that_goes_away_in_the_middle_leaves_a_store_that_is_incomplete() {
    let env = ScanEnv::new();
    let database = postgres().new_database("goes_away");
    for table in ["a", "b", "c"] {
        postgres().sql(&database, &format!("CREATE TABLE {table} AS SELECT generate_series(1, 5) AS n"));
    }
    let url = postgres().url(&database);
    let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next()).and_then(|port| port.parse().ok());
    let port: u16 = port.expect("an address has a port");
    // Each table is named once when it is counted, and once when it is read.
    for (word, times, state, read) in [(&b"\"b\""[..], 2, "partial", 1), (&b"\"a\""[..], 2, "unreachable", 0)] {
        let way = breaking_way(port, word, times);
        let url = url.replace(&format!(":{port}/"), &format!(":{way}/"));
        let answer = env.mulu(&["scan", &url, "--jobs", "1", "--format", "json"]).expect_code(2);
        let outcome = answer.json();
        let reasons: Vec<_> = env.assets().iter().map(|asset| asset["reason"].clone()).collect();
        assert_eq!(outcome["stores"][0]["state"], state, "{outcome:#} {reasons:?}");
        assert_eq!(outcome["stores"][0]["reason"], "unreachable", "{outcome:#}");
        assert_eq!(outcome["tally"]["found"], 3, "{outcome:#}");
        assert_eq!(outcome["tally"]["failed"], 3 - read, "{outcome:#}");
        assert!(answer.complaint().contains("127.0.0.1"), "{}", answer.stderr);
    }
}
