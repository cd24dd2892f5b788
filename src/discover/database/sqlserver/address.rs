//! The address of a SQL Server, in the parts that its driver wants.

use crate::model::percent_decoded;

use super::super::target::Host;
use super::super::tls::TlsDemand;
use super::super::{DatabaseTarget, Error, Tls};

/// The port of an instance that is not named.
const PORT: u16 = 1433;

/// Where to go, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: String,
    /// `None`: all that the login may enter.
    pub(super) database: Option<String>,
    /// What `sslmode` says.
    pub(super) demand: Option<TlsDemand>,
}

impl Address {
    /// Reads `sqlserver://user:password@host:port/database?sslmode=…`; percent signs are undone.
    ///
    /// # Errors
    /// It is no address, names an instance (`host\name`), or has a parameter that means nothing here: whoever writes
    /// `encrypt=true` must not get a plain connection.
    pub(super) fn of(target: &DatabaseTarget) -> Result<Self, Error> {
        let bad = || target.bad_address();
        let whole = target.url.reveal().split(['?', '#']).next().unwrap_or_default();
        let (_, rest) = whole.split_once("://").ok_or_else(bad)?;
        let (login, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let host = Host::parse(place.split('/').next().unwrap_or_default()).ok_or_else(bad)?;
        let mut demand = None;
        for (key, value) in target.url.parameters() {
            if !key.eq_ignore_ascii_case("sslmode") {
                return Err(bad());
            }
            demand = Some(TlsDemand::from_sslmode(&value).ok_or_else(bad)?);
        }
        let user = if user.is_empty() { target.user().unwrap_or_default().to_owned() } else { percent_decoded(user) };
        Ok(Self {
            host: host.name,
            port: host.port.unwrap_or(PORT),
            user,
            password: target.password().map_or_else(|| percent_decoded(password), str::to_owned),
            database: target.database(),
            demand,
        })
    }

    /// The same at a replica.
    pub(super) fn at(mut self, host: &Host) -> Self {
        self.host.clone_from(&host.name);
        self.port = host.port.unwrap_or(self.port);
        self
    }

    /// The ways of encryption to try one after the other.
    pub(super) fn demands(&self, tls: &Tls) -> Vec<TlsDemand> {
        match tls.demand().or(self.demand).unwrap_or(TlsDemand::Prefer) {
            TlsDemand::Prefer => vec![TlsDemand::Require, TlsDemand::Off],
            demand => vec![demand],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(typed: &str) -> Result<Address, Error> {
        Address::of(&DatabaseTarget::parse(typed).expect("a target"))
    }

    #[test]
    fn an_address_is_taken_apart_and_its_percent_signs_undone() {
        let found = address("sqlserver://re%40der:s3c/r%3At@DB1:1434/%E7%94%9F%E4%BA%A7?sslmode=verify-full").unwrap();
        assert_eq!((found.host.as_str(), found.port), ("DB1", 1434));
        assert_eq!((found.user.as_str(), found.password.as_str()), ("re@der", "s3c/r:t"));
        assert_eq!((found.database.as_deref(), found.demand), (Some("生产"), Some(TlsDemand::Verify)));
        let bare = address("mssql://[::1]").unwrap();
        assert_eq!((bare.host.as_str(), bare.port, bare.database, bare.user.as_str()), ("::1", 1433, None, ""));
        let replica = Host::parse("db2").unwrap();
        assert_eq!((address("mssql://h:99").unwrap().at(&replica).host.as_str(), 99), ("db2", 99));
    }

    #[test]
    fn a_login_that_came_from_elsewhere_is_used() {
        let target = DatabaseTarget::parse("mssql://h/d").unwrap().with_user("reader").with_password("p%41");
        let found = Address::of(&target).unwrap();
        assert_eq!((found.user.as_str(), found.password.as_str()), ("reader", "p%41"));
        let target = DatabaseTarget::parse("mssql://u:p@h/d").unwrap().with_user("reader").with_password("other");
        let found = Address::of(&target).unwrap();
        assert_eq!((found.user.as_str(), found.password.as_str()), ("u", "other"));
    }

    #[test]
    fn what_would_be_passed_over_is_refused() {
        for typed in ["mssql://h/d?encrypt=true", "mssql://h/d?sslmode=yes", "mssql://h\\INST/d", "mssql://h:0/d"] {
            assert!(matches!(address(typed), Err(Error::BadAddress { .. })), "{typed}");
        }
    }

    #[test]
    fn encryption_is_tried_first_and_a_demand_is_kept() {
        let tries = |typed: &str, tls: &Tls| address(typed).unwrap().demands(tls);
        let plain = Tls::default();
        assert_eq!(tries("mssql://h", &plain), [TlsDemand::Require, TlsDemand::Off]);
        assert_eq!(tries("mssql://h?sslmode=disable", &plain), [TlsDemand::Off]);
        assert_eq!(tries("mssql://h?sslmode=verify-ca", &plain), [TlsDemand::Authority]);
        let authority = Tls { authority: Some("ca.pem".into()), ..Tls::default() };
        assert_eq!(tries("mssql://h?sslmode=disable", &authority), [TlsDemand::Verify]);
    }
}
