//! `[[store]]` of `mulu.toml`: where a store is, how to log in, and how gently it is to be read.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use crate::discover::database::{Choice, DatabaseTarget, Tls, TlsMode, Told, Window, is_pattern};
use crate::model::{Fields, StoreUrl};

use super::complaint::Complaint;
use super::timeouts_entry::TimeoutsEntry;

/// A store of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreEntry {
    /// Its name in output and entries.
    pub(crate) name: String,
    /// A folder, or `sqlite:///…`, `postgres://…`, `mysql://…`, `sqlserver://…` without a password.
    pub(crate) target: String,
    /// The environment variable that holds the password.
    pub(crate) password_env: Option<String>,
    /// The file that holds the password.
    pub(crate) password_file: Option<PathBuf>,
    /// How the connection is encrypted.
    tls: Option<TlsEntry>,
    /// Hosts to be read in place of that of the target, the first that answers.
    #[serde(default)]
    replicas: Vec<String>,
    /// Connections at a time.
    connections: Option<u32>,
    /// Statements of others that may run on the server while it is read.
    max_load: Option<u32>,
    /// Seconds by which a replica may be behind.
    max_lag_seconds: Option<u32>,
    /// How long anything may take.
    timeouts: Option<TimeoutsEntry>,
    /// The hours in which it may be read.
    window: Option<String>,
    /// Schemas and tables that are wanted; without any, all.
    #[serde(default)]
    include: Vec<String>,
    /// Schemas and tables that are left out.
    #[serde(default)]
    exclude: Vec<String>,
    /// Columns of the filing form for the entries of this store.
    #[serde(default)]
    pub(super) register: Fields,
}

/// `tls = "verify"`, or a table with its files.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum TlsEntry {
    Mode(String),
    Table(TlsTable),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsTable {
    mode: Option<String>,
    ca: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// What the command line adds to every database.
#[derive(Clone, Default)]
pub(crate) struct Limits {
    /// As `max_load` of a store; it wins over the configuration.
    pub(crate) max_load: Option<u32>,
    /// Who is told when a scan waits.
    pub(crate) told: Option<Arc<Told>>,
    /// Beside those of the configuration.
    pub(crate) include: Vec<String>,
    /// Beside those of the configuration.
    pub(crate) exclude: Vec<String>,
}

impl Limits {
    /// Puts them into a target of which the configuration says nothing.
    pub(super) fn settle(&self, target: &mut DatabaseTarget) {
        target.courtesy.max_load = self.max_load;
        target.courtesy.told.clone_from(&self.told);
        target.choice = Choice::new(&self.include, &self.exclude);
    }
}

impl StoreEntry {
    /// What is wrong with it by itself; `shown` is the file that it stands in.
    pub(super) fn check(&self, shown: &str) -> Result<(), Complaint> {
        if self.name.trim().is_empty() || self.target.trim().is_empty() {
            return Err(Complaint::new(
                format!("{shown}：有 [[store]] 的 name 或 target 为空；请填写"),
                format!("{shown}: a [[store]] has an empty name or target; fill it in"),
            ));
        }
        let name = &self.name;
        let url = StoreUrl::new(&self.target);
        if url.masked() != self.target.split(['?', '#']).next().unwrap_or("") || url.parameters().any(is_secret) {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 的地址里有密码；请改用 password_env 或 password_file"),
                format!("{shown}: the address of store {name} holds a password; use password_env or password_file"),
            ));
        }
        if self.tls_modes().any(|mode| TlsMode::from_id(mode).is_none()) {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 的 tls 应为 off、prefer、require 或 verify"),
                format!("{shown}: tls of store {name} is off, prefer, require or verify; correct it"),
            ));
        }
        if self.window.as_deref().is_some_and(|window| Window::parse(window).is_none()) {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 的 window 应形如 \"22:00-06:00\""),
                format!("{shown}: window of store {name} is written as \"22:00-06:00\"; correct it"),
            ));
        }
        if self.connections == Some(0) {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 的 connections 至少为 1"),
                format!("{shown}: connections of store {name} is at least 1; correct it"),
            ));
        }
        if self.timeouts.is_some_and(TimeoutsEntry::has_nothing) {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 的 timeouts 以秒计，至少为 1"),
                format!("{shown}: timeouts of store {name} are seconds, at least 1; correct them"),
            ));
        }
        if !self.include.iter().chain(&self.exclude).all(|pattern| is_pattern(pattern)) {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 的 include 或 exclude 里有未成对的双引号；请改正"),
                format!(
                    "{shown}: include or exclude of store {name} has a double quote without its partner; correct it"
                ),
            ));
        }
        if self.password_env.is_some() && self.password_file.is_some() {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 同时写了 password_env 和 password_file；请只留一个"),
                format!("{shown}: store {name} has both password_env and password_file; keep one"),
            ));
        }
        let is_sqlite = self.target.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("sqlite:"));
        if is_sqlite && self.speaks_of_a_server() {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 是 SQLite 文件，但写了只用于数据库服务器的键；请删去"),
                format!(
                    "{shown}: store {name} is a SQLite file and has keys that are for servers only; take them away"
                ),
            ));
        }
        if !self.target.contains("://") && !is_sqlite && self.speaks_of_a_database() {
            return Err(Complaint::new(
                format!("{shown}：数据载体 {name} 是目录，但写了只用于数据库的键；请删去"),
                format!("{shown}: store {name} is a folder and has keys that are for databases only; take them away"),
            ));
        }
        Ok(())
    }

    /// Puts its settings into the target.
    pub(super) fn settle(&self, target: &mut DatabaseTarget, limits: &Limits) {
        limits.settle(target);
        target.connections = self.connections.unwrap_or(target.connections);
        target.timeouts = self.timeouts.unwrap_or_default().over(target.timeouts);
        target.replicas.clone_from(&self.replicas);
        target.courtesy.window = self.window.as_deref().and_then(Window::parse);
        target.courtesy.max_load = limits.max_load.or(self.max_load);
        target.courtesy.max_lag_seconds = self.max_lag_seconds;
        let together = |own: &[String], more: &[String]| [own, more].concat();
        target.choice =
            Choice::new(&together(&self.include, &limits.include), &together(&self.exclude, &limits.exclude));
        target.tls = match &self.tls {
            None => Tls::default(),
            Some(TlsEntry::Mode(mode)) => Tls { mode: TlsMode::from_id(mode), ..Tls::default() },
            Some(TlsEntry::Table(table)) => Tls {
                mode: table.mode.as_deref().and_then(TlsMode::from_id),
                authority: table.ca.clone(),
                certificate: table.certificate.clone(),
                key: table.key.clone(),
            },
        };
    }

    fn tls_modes(&self) -> impl Iterator<Item = &str> {
        let mode = match &self.tls {
            Some(TlsEntry::Mode(mode)) => Some(mode.as_str()),
            Some(TlsEntry::Table(table)) => table.mode.as_deref(),
            None => None,
        };
        mode.into_iter()
    }

    fn speaks_of_a_database(&self) -> bool {
        self.speaks_of_a_server() || self.window.is_some() || !self.include.is_empty() || !self.exclude.is_empty()
    }

    /// Whether it has keys that mean nothing for a file.
    fn speaks_of_a_server(&self) -> bool {
        self.tls.is_some()
            || self.password_env.is_some()
            || self.password_file.is_some()
            || [self.connections, self.max_load, self.max_lag_seconds].iter().any(Option::is_some)
            || self.timeouts.is_some()
            || !self.replicas.is_empty()
    }
}

/// Whether a parameter of an address is there to hold a password, in whatever case it is written.
fn is_secret((key, _): (String, String)) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("password") || matches!(key.as_str(), "passwd" | "pwd")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::discover::database::Timeouts;

    fn entry(keys: &str) -> Result<StoreEntry, String> {
        let text = format!("name = \"erp\"\ntarget = \"postgres://reader@db/erp\"\n{keys}");
        let entry: StoreEntry = toml::from_str(&text).map_err(|error| error.to_string())?;
        entry.check("mulu.toml").map_err(|complaint| complaint.to_string())?;
        Ok(entry)
    }

    fn settled(keys: &str, limits: &Limits) -> DatabaseTarget {
        let mut target = DatabaseTarget::parse("postgres://reader@db/erp").unwrap();
        entry(keys).unwrap().settle(&mut target, limits);
        target
    }

    #[test]
    fn each_setting_arrives_at_the_target() {
        let target = settled(
            "connections = 1\nmax_load = 8\nmax_lag_seconds = 60\nwindow = \"22:00-06:00\"\nreplicas = [\"db2\"]
             include = [\"public\"]\nexclude = [\"*.tmp_*\"]\ntls = { ca = \"ca.pem\", certificate = \"c.pem\", key = \"k.pem\" }",
            &Limits { exclude: vec!["public.log".to_owned()], ..Limits::default() },
        );
        let courtesy = &target.courtesy;
        assert_eq!((target.connections, courtesy.max_load, courtesy.max_lag_seconds), (1, Some(8), Some(60)));
        assert_eq!(courtesy.window.map(|window| window.to_string()).as_deref(), Some("22:00-06:00"));
        assert_eq!(target.replicas, ["db2"]);
        let wants = |table: &str| target.choice.wants(&["public", table]);
        assert_eq!([wants("task"), wants("tmp_1"), wants("log")], [true, false, false]);
        assert_eq!(target.tls.authority.as_deref(), Some(std::path::Path::new("ca.pem")));
        assert!(target.tls.certificate.is_some() && target.tls.key.is_some() && target.tls.mode.is_none());
        assert_eq!(settled("tls = \"verify\"", &Limits::default()).tls.mode, Some(TlsMode::Verify));
        let stricter = Limits { max_load: Some(2), ..Limits::default() };
        assert_eq!(settled("max_load = 8", &stricter).courtesy.max_load, Some(2), "what is typed wins");
        let patient = settled("timeouts = { statement = 300, reconnect = 600 }", &Limits::default()).timeouts;
        let wanted =
            Timeouts { statement: Duration::from_mins(5), reconnect: Duration::from_mins(10), ..Timeouts::default() };
        assert_eq!(patient, wanted);
        let plain = settled("", &Limits::default());
        assert_eq!((plain.connections, plain.tls, plain.courtesy.window), (2, Tls::default(), None));
    }

    #[test]
    fn a_setting_that_means_nothing_is_refused_in_one_line() {
        for (keys, wanted) in [
            ("tls = \"on\"", "off, prefer, require or verify"),
            ("tls = { mode = \"yes\" }", "off, prefer, require or verify"),
            ("window = \"at night\"", "22:00-06:00"),
            ("connections = 0", "at least 1"),
            ("exclude = ['public.\"a.b']", "without its partner"),
            ("timeouts = { lock = 0 }", "at least 1"),
        ] {
            let told = entry(keys).unwrap_err();
            assert!(told.contains(wanted) && !told.contains('\n'), "{keys}: {told}");
        }
        assert!(entry("password_env = \"A\"\npassword_file = \"b\"").unwrap_err().contains("keep one"));
        let of = |target: &str, keys: &str| {
            let entry: StoreEntry = toml::from_str(&format!("name = \"n\"\ntarget = \"{target}\"\n{keys}")).unwrap();
            entry.check("mulu.toml").map_err(|complaint| complaint.to_string())
        };
        assert!(of("sqlite:///srv/mes.db", "max_load = 3").unwrap_err().contains("servers only"));
        assert_eq!(of("sqlite:///srv/mes.db", "window = \"22:00-06:00\"\ninclude = [\"main\"]"), Ok(()));
        for key in ["password", "PassWord", "p%61ssword", "sslpassword", "pwd"] {
            let told = of(&format!("postgres://u@h/d?sslmode=require&{key}=hunter22"), "").unwrap_err();
            assert!(told.contains("password_env") && !told.contains("hunter22"), "{key}: {told}");
        }
        assert_eq!(of("postgres://u@h/d?sslmode=require", ""), Ok(()));
        let folder: StoreEntry = toml::from_str("name = \"plant\"\ntarget = \"/srv\"\nmax_load = 3").unwrap();
        assert!(folder.check("mulu.toml").unwrap_err().to_string().contains("databases only"));
    }
}
