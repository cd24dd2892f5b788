//! Encryption of connections: as much as the server offers, verified where somebody says so, and known either way.

use std::path::{Path, PathBuf};

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::model::Encryption;

use super::{Error, shown_path};

/// How a connection is to be encrypted. What is not said here is as the address says (`sslmode`), and else
/// [`TlsMode::Prefer`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// What is demanded.
    pub mode: Option<TlsMode>,
    /// The certificates of the authorities that are trusted beside those of the system, as PEM. Naming one demands
    /// [`TlsMode::Verify`], unless `mode` says otherwise.
    pub authority: Option<PathBuf>,
    /// The certificate by which the login shows who it is, as PEM; wants `key`.
    pub certificate: Option<PathBuf>,
    /// The key of `certificate`, as PEM.
    pub key: Option<PathBuf>,
}

/// What is demanded of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// No encryption.
    Off,
    /// Encrypted when the server offers it, and else not; nothing is verified.
    Prefer,
    /// Encrypted or refused; nothing is verified.
    Require,
    /// Encrypted, with a certificate of a trusted authority for this very host, or refused.
    Verify,
}

impl TlsMode {
    /// The mode of a word of `mulu.toml`.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "off" => Some(Self::Off),
            "prefer" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify" => Some(Self::Verify),
            _ => None,
        }
    }
}

/// What is demanded of a connection to a SQL Server: a mode, or what only an address can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsDemand {
    /// As [`TlsMode::Off`].
    Off,
    /// As [`TlsMode::Prefer`].
    Prefer,
    /// As [`TlsMode::Require`].
    Require,
    /// Encrypted, with a certificate of a trusted authority for whatever host.
    Authority,
    /// As [`TlsMode::Verify`].
    Verify,
}

impl TlsDemand {
    /// The demand of `sslmode` in an address, in the words of PostgreSQL.
    pub(super) fn from_sslmode(word: &str) -> Option<Self> {
        match word {
            "disable" => Some(Self::Off),
            "prefer" | "allow" => Some(Self::Prefer),
            "require" => Some(Self::Require),
            "verify-ca" => Some(Self::Authority),
            "verify-full" => Some(Self::Verify),
            _ => None,
        }
    }

    /// What a connection is when it comes about.
    pub(super) fn encryption(self) -> Encryption {
        match self {
            Self::Off => Encryption::Plain,
            Self::Prefer | Self::Require => Encryption::Unverified,
            Self::Authority => Encryption::AuthorityOnly,
            Self::Verify => Encryption::Verified,
        }
    }
}

/// The modes to try one after the other, each with what the connection is when it comes about.
type Tries<M> = Vec<(M, Encryption)>;

impl Tls {
    /// Which files cannot be read: the driver would say that nobody answers.
    pub(super) fn require_files(&self) -> Result<(), Error> {
        let files = [&self.authority, &self.certificate, &self.key];
        for path in files.into_iter().flatten() {
            if std::fs::File::open(path).is_err() {
                return Err(Error::TlsFileMissing { store: shown_path(path) });
            }
        }
        if self.certificate.is_some() != self.key.is_some() {
            let named: &Path = self.certificate.as_deref().or(self.key.as_deref()).unwrap_or(Path::new(""));
            return Err(Error::TlsFileAlone { store: shown_path(named) });
        }
        Ok(())
    }

    fn demanded(&self) -> Option<TlsMode> {
        self.mode.or(self.authority.as_ref().map(|_| TlsMode::Verify))
    }

    /// What the settings demand, whatever the address says.
    pub(super) fn demand(&self) -> Option<TlsDemand> {
        self.demanded().map(|mode| match mode {
            TlsMode::Off => TlsDemand::Off,
            TlsMode::Prefer => TlsDemand::Prefer,
            TlsMode::Require => TlsDemand::Require,
            TlsMode::Verify => TlsDemand::Verify,
        })
    }

    pub(super) fn of_postgres(&self, mut options: PgConnectOptions) -> (PgConnectOptions, Tries<PgSslMode>) {
        let tries = match (self.demanded(), options.get_ssl_mode()) {
            (Some(TlsMode::Verify), _) | (None, PgSslMode::VerifyFull) => {
                vec![(PgSslMode::VerifyFull, Encryption::Verified)]
            }
            (None, PgSslMode::VerifyCa) => vec![(PgSslMode::VerifyCa, Encryption::AuthorityOnly)],
            (Some(TlsMode::Require), _) | (None, PgSslMode::Require) => {
                vec![(PgSslMode::Require, Encryption::Unverified)]
            }
            (Some(TlsMode::Off), _) | (None, PgSslMode::Disable) => vec![(PgSslMode::Disable, Encryption::Plain)],
            (Some(TlsMode::Prefer), _) | (None, PgSslMode::Prefer | PgSslMode::Allow) => {
                vec![(PgSslMode::Require, Encryption::Unverified), (PgSslMode::Disable, Encryption::Plain)]
            }
        };
        if let Some(path) = &self.authority {
            options = options.ssl_root_cert(path);
        }
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.key) {
            options = options.ssl_client_cert(certificate).ssl_client_key(key);
        }
        (options, tries)
    }

    pub(super) fn of_mysql(&self, mut options: MySqlConnectOptions) -> (MySqlConnectOptions, Tries<MySqlSslMode>) {
        let tries = match (self.demanded(), options.get_ssl_mode()) {
            (Some(TlsMode::Verify), _) | (None, MySqlSslMode::VerifyIdentity) => {
                vec![(MySqlSslMode::VerifyIdentity, Encryption::Verified)]
            }
            (None, MySqlSslMode::VerifyCa) => vec![(MySqlSslMode::VerifyCa, Encryption::AuthorityOnly)],
            (Some(TlsMode::Require), _) | (None, MySqlSslMode::Required) => {
                vec![(MySqlSslMode::Required, Encryption::Unverified)]
            }
            (Some(TlsMode::Off), _) | (None, MySqlSslMode::Disabled) => {
                vec![(MySqlSslMode::Disabled, Encryption::Plain)]
            }
            (Some(TlsMode::Prefer), _) | (None, MySqlSslMode::Preferred) => {
                vec![(MySqlSslMode::Required, Encryption::Unverified), (MySqlSslMode::Disabled, Encryption::Plain)]
            }
        };
        if let Some(path) = &self.authority {
            options = options.ssl_ca(path);
        }
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.key) {
            options = options.ssl_client_cert(certificate).ssl_client_key(key);
        }
        (options, tries)
    }
}

/// Whether a connection failed over its encryption alone: none offered, or none on which both sides agree.
pub(super) fn is_refused(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_demanded_wins_over_the_address_and_an_authority_demands_verification() {
        let tries = |tls: &Tls, address: &str| {
            let (_, tries) = tls.of_postgres(address.parse().expect("an address"));
            tries.into_iter().map(|(_, encryption)| encryption.id()).collect::<Vec<_>>()
        };
        let plain = Tls::default();
        assert_eq!(tries(&plain, "postgres://h/d?sslmode=prefer"), ["unverified", "plain"]);
        assert_eq!(tries(&plain, "postgres://h/d?sslmode=disable"), ["plain"]);
        assert_eq!(tries(&plain, "postgres://h/d?sslmode=verify-ca"), ["authority-only"]);
        assert_eq!(tries(&plain, "postgres://h/d?sslmode=verify-full"), ["verified"]);
        let verify = Tls { mode: Some(TlsMode::Verify), ..Tls::default() };
        assert_eq!(tries(&verify, "postgres://h/d?sslmode=disable"), ["verified"]);
        let authority = Tls { authority: Some("ca.pem".into()), ..Tls::default() };
        assert_eq!(tries(&authority, "postgres://h/d?sslmode=require"), ["verified"]);
        let (_, mysql) = authority.of_mysql("mysql://h/d?ssl-mode=DISABLED".parse().expect("an address"));
        assert_eq!(mysql.first().map(|(_, encryption)| *encryption), Some(Encryption::Verified));
    }
}
