//! Throw-away certificates: an authority, a server for 127.0.0.1 alone, a client, and an authority that nobody knows.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::servers::{Server, binary, run, start_mariadb, start_once, start_postgres};

/// The PostgreSQL server of this run that speaks TLS; the login `certified` needs a certificate.
pub(crate) fn postgres_with_tls() -> &'static Server {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    start_once(&SERVER, || {
        start_postgres(&|folder| {
            make(folder);
            let rules = "hostssl all certified 127.0.0.1/32 cert\nhost all all 127.0.0.1/32 scram-sha-256\n";
            std::fs::write(folder.join("rules"), rules).unwrap();
            let file = |name: &str| folder.join(name).display().to_string();
            let options = [
                "ssl=on".to_owned(),
                format!("ssl_ca_file={}", file("ca.pem")),
                format!("ssl_cert_file={}", file("server.pem")),
                format!("ssl_key_file={}", file("server.key")),
                format!("hba_file={}", file("rules")),
            ];
            options.into_iter().flat_map(|option| ["-c".to_owned(), option]).collect()
        })
    })
}

/// The MariaDB server of this run that speaks TLS.
pub(crate) fn mariadb_with_tls() -> &'static Server {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    start_once(&SERVER, || {
        start_mariadb(&|folder| {
            make(folder);
            let option = |name: &str, file: &str| format!("--{name}={}", folder.join(file).display());
            vec![option("ssl-ca", "ca.pem"), option("ssl-cert", "server.pem"), option("ssl-key", "server.key")]
        })
    })
}

/// Writes `ca`, `server`, `client` and `stranger` into `folder`, each as `.pem` and `.key`.
pub(crate) fn make(folder: &Path) {
    authority(folder, "ca");
    authority(folder, "stranger");
    signed(folder, "server", "subjectAltName=IP:127.0.0.1");
    signed(folder, "client", "extendedKeyUsage=clientAuth");
}

fn authority(folder: &Path, name: &str) {
    run(openssl()
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", &format!("/CN=throw-away {name}"), "-addext", "keyUsage=critical,keyCertSign"])
        .arg("-keyout")
        .arg(file(folder, name, "key"))
        .arg("-out")
        .arg(file(folder, name, "pem")));
}

fn signed(folder: &Path, name: &str, extension: &str) {
    let (request, extensions) = (file(folder, name, "request"), file(folder, name, "extensions"));
    // PostgreSQL takes the common name of a client for its login.
    let subject = if name == "client" { "/CN=certified" } else { "/CN=server" };
    run(openssl()
        .args(["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", subject])
        .arg("-keyout")
        .arg(file(folder, name, "key"))
        .arg("-out")
        .arg(&request));
    std::fs::write(&extensions, format!("{extension}\n")).unwrap();
    run(openssl()
        .args(["x509", "-req", "-days", "2", "-CAcreateserial"])
        .arg("-CA")
        .arg(file(folder, "ca", "pem"))
        .arg("-CAkey")
        .arg(file(folder, "ca", "key"))
        .arg("-in")
        .arg(&request)
        .arg("-extfile")
        .arg(&extensions)
        .arg("-out")
        .arg(file(folder, name, "pem")));
    // Neither server takes a key that others may read.
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(file(folder, name, "key"), private).unwrap();
}

fn openssl() -> Command {
    Command::new(binary("openssl", "openssl"))
}

fn file(folder: &Path, name: &str, kind: &str) -> PathBuf {
    folder.join(format!("{name}.{kind}"))
}
