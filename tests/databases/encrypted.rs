//! Encrypted connections: plain, unverified, verified, and each way in which a certificate can be wrong.

use std::path::PathBuf;

use mulu::discover::database::{Tls, TlsMode};
use mulu::model::Encryption;

use super::*;
use crate::support::certificates::{mariadb_with_tls, postgres_with_tls};
use crate::support::servers::{Server, mariadb, postgres};

fn connect(url: &str, tls: Tls) -> Result<Database, Error> {
    let mut target = DatabaseTarget::parse(url)?;
    target.tls = tls;
    Connector::new().unwrap().connect(&target)
}

fn encryption(url: &str, tls: Tls) -> Encryption {
    let database = connect(url, tls).unwrap();
    assert!(database.tables().is_ok(), "and it can be read");
    database.connection().encryption.expect("a server")
}

fn mode(mode: TlsMode) -> Tls {
    Tls { mode: Some(mode), ..Tls::default() }
}

fn trusting(server: &Server, name: &str) -> Tls {
    Tls { authority: Some(server.folder().join(name)), ..Tls::default() }
}

/// Both servers, with a database that exists on each.
fn servers() -> [(&'static Server, &'static str); 2] {
    [(postgres_with_tls(), "postgres"), (mariadb_with_tls(), "mysql")]
}

#[test]
fn a_connection_is_encrypted_when_the_server_offers_it_and_plain_when_it_is_told_to_be() {
    for (server, database) in servers() {
        let url = server.url(database);
        assert_eq!(encryption(&url, Tls::default()), Encryption::Unverified);
        assert_eq!(encryption(&url, mode(TlsMode::Require)), Encryption::Unverified);
        assert_eq!(encryption(&url, mode(TlsMode::Off)), Encryption::Plain);
    }
    assert_eq!(
        encryption(&format!("{}?sslmode=disable", postgres_with_tls().url("postgres")), Tls::default()),
        Encryption::Plain
    );
    assert_eq!(
        encryption(&format!("{}?ssl-mode=DISABLED", mariadb_with_tls().url("mysql")), Tls::default()),
        Encryption::Plain
    );
}

#[test]
fn the_servers_themselves_say_whether_a_connection_is_encrypted() {
    let (server, _) = servers()[0];
    let database = connect(&server.url("postgres"), Tls::default()).unwrap();
    assert!(database.tables().is_ok());
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name = 'mulu' AND ssl";
    assert!(server.number("postgres", encrypted) >= 1);
}

#[test]
fn a_server_without_encryption_is_read_and_named_unless_encryption_is_demanded() {
    for (server, database) in [(postgres(), "postgres"), (mariadb(), "mysql")] {
        let url = server.url(database);
        let plain = connect(&url, Tls::default()).unwrap();
        assert_eq!(plain.connection().encryption, Some(Encryption::Plain));
        for demanded in [TlsMode::Require, TlsMode::Verify] {
            let error = connect(&url, mode(demanded)).unwrap_err();
            assert!(matches!(error, Error::TlsFailed { .. }), "{error:?}");
            assert_one_line(&error);
        }
    }
}

#[test]
fn a_certificate_is_verified_when_an_authority_is_named() {
    for (server, database) in servers() {
        let url = server.url(database);
        assert_eq!(encryption(&url, trusting(server, "ca.pem")), Encryption::Verified);
        let both = Tls { mode: Some(TlsMode::Verify), ..trusting(server, "ca.pem") };
        assert_eq!(encryption(&url, both), Encryption::Verified);
    }
    let (server, database) = servers()[0];
    let in_address = |mode: &str| {
        let authority = server.folder().join("ca.pem");
        format!("{}?sslmode={mode}&sslrootcert={}", server.url(database), authority.display())
    };
    assert_eq!(encryption(&in_address("verify-full"), Tls::default()), Encryption::Verified);
    assert_eq!(encryption(&in_address("verify-ca"), Tls::default()), Encryption::AuthorityOnly);
}

#[test]
fn a_certificate_of_an_unknown_authority_or_for_another_host_is_refused() {
    for (server, database) in servers() {
        let url = server.url(database);
        let elsewhere = url.replace("127.0.0.1", "localhost");
        for (url, tls) in [
            (&url, trusting(server, "stranger.pem")),
            (&url, mode(TlsMode::Verify)),
            (&elsewhere, trusting(server, "ca.pem")),
        ] {
            let error = connect(url, tls.clone()).unwrap_err();
            assert!(matches!(error, Error::CertificateRefused { .. }), "{url} {tls:?}: {error:?}");
            assert_one_line(&error);
            assert!(!error.to_string().contains("throw-away"), "{error}");
        }
    }
}

#[test]
fn a_login_can_show_a_certificate_in_place_of_a_password() {
    let (server, _) = servers()[0];
    server.sql("postgres", "CREATE ROLE certified LOGIN");
    let url = server.url_as("certified", "none", "postgres");
    let shown = |name: &str| Tls {
        certificate: Some(server.folder().join(format!("{name}.pem"))),
        key: Some(server.folder().join(format!("{name}.key"))),
        ..trusting(server, "ca.pem")
    };
    assert_eq!(encryption(&url, shown("client")), Encryption::Verified);
    assert!(connect(&url, trusting(server, "ca.pem")).is_err(), "without one it is refused");
    let (server, database) = servers()[1];
    server.sql(database, "CREATE USER certified@'127.0.0.1' IDENTIFIED BY 'p' REQUIRE X509");
    let url = server.url_as("certified", "p", "");
    let shown = Tls {
        certificate: Some(server.folder().join("client.pem")),
        key: Some(server.folder().join("client.key")),
        ..trusting(server, "ca.pem")
    };
    assert_eq!(encryption(&url, shown), Encryption::Verified);
    let error = connect(&url, trusting(server, "ca.pem")).unwrap_err();
    assert!(matches!(error, Error::LoginRefused { .. }), "{error:?}");
}

#[test]
fn a_file_that_is_not_there_or_comes_alone_is_said_to_be() {
    let (server, database) = servers()[0];
    let url = server.url(database);
    let missing = Tls { authority: Some(PathBuf::from("/nowhere/ca.pem")), ..Tls::default() };
    let error = connect(&url, missing).unwrap_err();
    assert!(matches!(error, Error::TlsFileMissing { .. }), "{error:?}");
    assert!(error.to_string().contains("/nowhere/ca.pem"));
    assert_one_line(&error);
    let alone = Tls { certificate: Some(server.folder().join("client.pem")), ..Tls::default() };
    let error = connect(&url, alone).unwrap_err();
    assert!(matches!(error, Error::TlsFileAlone { .. }), "{error:?}");
    assert_one_line(&error);
}
