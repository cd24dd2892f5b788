use serde::{Deserialize, Serialize};

use super::{Lang, Speak, StoreKind};

/// Who answered at the address of a database, and how safe the way there was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The protocol that it speaks.
    pub kind: StoreKind,
    /// The product and its version: `PostgreSQL 15.14`, `OceanBase 4.2.1.8`.
    pub server: String,
    /// How the connection was encrypted; `None` for a file.
    pub encryption: Option<Encryption>,
    /// The host that was read in place of that of the address.
    pub replica: Option<String>,
    /// Whom the server takes us for: a role of PostgreSQL, `user@host` of MySQL.
    pub login: Option<String>,
}

impl Speak for Connection {
    fn say(&self, lang: Lang) -> String {
        let mut parts = vec![self.server.clone()];
        parts.extend(self.replica.as_ref().map(|host| match lang {
            Lang::Zh => format!("读取副本 {host}"),
            Lang::En => format!("read from replica {host}"),
        }));
        parts.extend(self.encryption.map(|encryption| encryption.say(lang)));
        parts.join(lang.pick("，", ", "))
    }
}

/// What a connection turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// Whoever is on the way can read and change everything.
    Plain,
    /// Encrypted, with nobody knows whom.
    Unverified,
    /// Encrypted, with a certificate of a trusted authority, whatever the host it was made for (`verify-ca`).
    AuthorityOnly,
    /// Encrypted, with a certificate of a trusted authority for this host.
    Verified,
}

impl Encryption {
    /// All of them, the safest last.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Unverified, Self::AuthorityOnly, Self::Verified];

    /// The id used in JSON and the inventory.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Unverified => "unverified",
            Self::AuthorityOnly => "authority-only",
            Self::Verified => "verified",
        }
    }

    /// The encryption of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encryption| encryption.id() == id)
    }
}

impl Speak for Encryption {
    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Plain => lang.pick("连接未加密", "connection not encrypted"),
            Self::Unverified => lang.pick("连接已加密但未验证服务器身份", "connection encrypted, server not verified"),
            Self::AuthorityOnly => lang.pick(
                "连接已加密、证书可信但未核对主机名",
                "connection encrypted, certificate trusted, host name not compared",
            ),
            Self::Verified => lang.pick("连接已加密并验证服务器身份", "connection encrypted, server verified"),
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encryption_is_found_by_its_id_and_says_whether_to_worry() {
        for encryption in Encryption::ALL {
            assert_eq!(Encryption::from_id(encryption.id()), Some(encryption));
            assert_eq!(serde_json::to_value(encryption).unwrap_or_default(), encryption.id());
            assert!(!encryption.say(Lang::Zh).is_empty());
        }
        let connection = Connection {
            kind: StoreKind::Mysql,
            server: "MariaDB 10.11.6".to_owned(),
            encryption: Some(Encryption::Unverified),
            replica: Some("db2".to_owned()),
            login: None,
        };
        assert_eq!(
            connection.say(Lang::En),
            "MariaDB 10.11.6, read from replica db2, connection encrypted, server not verified"
        );
    }
}
