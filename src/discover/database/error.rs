//! Why a database as a whole could not be scanned.

use crate::model::{Lang, Reason, Speak};

/// Why a database could not be reached, opened or listed. `store` is always the masked address or the path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The scheme of the address is none that is read.
    #[error("{}", self.say(Lang::En))]
    UnsupportedScheme {
        /// The scheme, or `?` where it does not look like one.
        scheme: String,
    },
    /// The address cannot be understood.
    #[error("{}", self.say(Lang::En))]
    BadAddress {
        /// The masked address.
        store: String,
    },
    /// A replica is named by something else than a host.
    #[error("{}", self.say(Lang::En))]
    BadReplica {
        /// The masked address.
        store: String,
    },
    /// Nobody answers there.
    #[error("{}", self.say(Lang::En))]
    Unreachable {
        /// The masked address.
        store: String,
    },
    /// Login or password refused.
    #[error("{}", self.say(Lang::En))]
    LoginRefused {
        /// The masked address.
        store: String,
    },
    /// The server has no database of that name.
    #[error("{}", self.say(Lang::En))]
    NoSuchDatabase {
        /// The masked address.
        store: String,
    },
    /// The server takes no more connections.
    #[error("{}", self.say(Lang::En))]
    TooManyConnections {
        /// The masked address.
        store: String,
    },
    /// No encrypted connection could be made as the address asks.
    #[error("{}", self.say(Lang::En))]
    TlsFailed {
        /// The masked address.
        store: String,
    },
    /// The server's certificate is not one of a trusted authority for this host.
    #[error("{}", self.say(Lang::En))]
    CertificateRefused {
        /// The masked address.
        store: String,
    },
    /// A file with certificates or a key cannot be read.
    #[error("{}", self.say(Lang::En))]
    TlsFileMissing {
        /// The path.
        store: String,
    },
    /// A certificate was named without its key, or the other way round.
    #[error("{}", self.say(Lang::En))]
    TlsFileAlone {
        /// The path.
        store: String,
    },
    /// There is no such file.
    #[error("{}", self.say(Lang::En))]
    MissingFile {
        /// The path.
        store: String,
    },
    /// The file may not be read.
    #[error("{}", self.say(Lang::En))]
    FileDenied {
        /// The path.
        store: String,
    },
    /// The file is no SQLite database, or an encrypted one.
    #[error("{}", self.say(Lang::En))]
    NotADatabase {
        /// The path.
        store: String,
    },
    /// Another program holds the file.
    #[error("{}", self.say(Lang::En))]
    Locked {
        /// The path or masked address.
        store: String,
    },
    /// The file changed each time it was copied or read.
    #[error("{}", self.say(Lang::En))]
    ChangedWhileRead {
        /// The path.
        store: String,
    },
    /// A private copy is needed and there is no room for it.
    #[error("{}", self.say(Lang::En))]
    NoRoomForCopy {
        /// The path.
        store: String,
    },
    /// The tables could not be listed.
    #[error("{}", self.say(Lang::En))]
    CannotList {
        /// The path or masked address.
        store: String,
        /// SQLSTATE of the server, or SQLite's result code.
        code: String,
    },
    /// The answers could not be waited for: the asynchronous runtime did not start.
    #[error("{}", self.say(Lang::En))]
    NoRuntime,
}

impl Error {
    /// The same as the reason why one database among other assets was not read.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::UnsupportedScheme { .. } | Self::BadAddress { .. } | Self::BadReplica { .. } => {
                Reason::UnsupportedFormat
            }
            Self::Unreachable { .. }
            | Self::TlsFailed { .. }
            | Self::CertificateRefused { .. }
            | Self::TlsFileMissing { .. }
            | Self::TlsFileAlone { .. }
            | Self::TooManyConnections { .. }
            | Self::NoRuntime => Reason::Unreachable,
            Self::LoginRefused { .. } | Self::FileDenied { .. } => Reason::PermissionDenied,
            Self::NoSuchDatabase { .. } | Self::MissingFile { .. } => Reason::Vanished,
            Self::NotADatabase { .. } => Reason::Corrupt,
            Self::Locked { .. } => Reason::Locked,
            Self::ChangedWhileRead { .. } => Reason::ChangedWhileRead,
            Self::NoRoomForCopy { .. } => Reason::TooLarge,
            Self::CannotList { .. } => Reason::QueryFailed,
        }
    }
}

impl Speak for Error {
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    fn say(&self, lang: Lang) -> String {
        let (store, zh, en) = match self {
            Self::UnsupportedScheme { scheme } => (
                scheme,
                "不支持的地址类型，请使用 sqlite:///、postgres://、mysql:// 或 sqlserver://",
                "is no scheme that is read, use sqlite:///, postgres://, mysql:// or sqlserver://",
            ),
            Self::BadAddress { store } if store.starts_with("sqlserver") => (
                store,
                "地址无法理解，应形如 sqlserver://用户@主机:端口/数据库；参数只认 sslmode，命名实例请写它的端口",
                "is no address, write sqlserver://user@host:port/database; sslmode is the only parameter, and a named \
                 instance is reached by its port",
            ),
            Self::BadAddress { store } => (
                store,
                "地址无法理解，应形如 postgres://用户@主机:端口/数据库；密码中的 @ / : 写作 %40 %2F %3A",
                "is no address, write postgres://user@host:port/database and %40 %2F %3A for @ / : in a password",
            ),
            Self::BadReplica { store } => (
                store,
                "的 replicas 应为主机或 主机:端口，不含登录信息",
                "has a replica that is no host, write host or host:port, without a login",
            ),
            Self::Unreachable { store } => {
                (store, "无法连接，请检查主机、端口和防火墙", "cannot be reached, check host, port and firewall")
            }
            Self::LoginRefused { store } => (
                store,
                "登录被拒绝，请检查用户名、密码和权限",
                "refuses the login, check user, password and permissions",
            ),
            Self::NoSuchDatabase { store } => (
                store,
                "没有这个数据库，请检查地址末尾的名称",
                "has no such database, check the name at the end of the address",
            ),
            Self::TooManyConnections { store } => {
                (store, "连接数已满，请稍后再试", "takes no more connections, try again later")
            }
            Self::TlsFailed { store } => (
                store,
                "加密连接失败，请检查证书和 sslmode",
                "makes no encrypted connection, check its certificate and sslmode",
            ),
            Self::CertificateRefused { store } => (
                store,
                "的证书未通过验证（颁发者不可信或主机名不符），请核对主机名，并在 tls.ca 中给出颁发者证书",
                "shows a certificate that is not trusted or not made for this host, check the host name and name its \
                 authority in tls.ca",
            ),
            Self::TlsFileMissing { store } => (
                store,
                "无法读取，请检查 tls 中的路径和权限",
                "cannot be read, check the paths under tls and their permissions",
            ),
            Self::TlsFileAlone { store } => (
                store,
                "需要成对给出：请同时写 tls.certificate 和 tls.key",
                "comes alone, name both tls.certificate and tls.key",
            ),
            Self::MissingFile { store } => (store, "文件不存在，请检查路径", "does not exist, check the path"),
            Self::FileDenied { store } => {
                (store, "没有读取权限，请授予读权限", "may not be read, grant read permission")
            }
            Self::NotADatabase { store } => (
                store,
                "不是 SQLite 数据库（或已加密），请检查文件",
                "is no SQLite database or is encrypted, check the file",
            ),
            Self::Locked { store } => {
                (store, "被其他程序锁定，请在其空闲时再试", "is locked by another program, try again when it is idle")
            }
            Self::ChangedWhileRead { store } => (
                store,
                "读取时不断变化，请在其空闲时再试",
                "keeps changing while it is read, try again when it is idle",
            ),
            Self::NoRoomForCopy { store } => (
                store,
                "需要临时副本但空间不足，请先正常关闭写入程序",
                "needs a private copy and there is no room for it, close its writer properly first",
            ),
            Self::CannotList { store, code } => {
                return match lang {
                    Lang::Zh => format!("{store}：无法列出数据表（代码 {code}），请检查该登录的权限"),
                    Lang::En => {
                        format!("{store} does not list its tables (code {code}), check the permissions of the login")
                    }
                };
            }
            Self::NoRuntime => {
                return lang
                    .pick(
                        "无法启动数据库连接线程，请检查系统资源",
                        "no thread for database connections could be started, check the limits of the system",
                    )
                    .to_owned();
            }
        };
        match lang {
            Lang::Zh => format!("{store}：{zh}"),
            Lang::En => format!("{store} {en}"),
        }
    }
}
