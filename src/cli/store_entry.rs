//! `[[store]]` of `mulu.toml`: where a store is, how to log in, and how gently it is to be read.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use crate::discover::database::{Choice, DatabaseTarget, Tls, TlsMode, Told, Window};
use crate::model::{Fields, StoreUrl};

use super::complaint::Complaint;

/// A store of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreEntry {
    /// Its name in output and entries.
    pub(crate) name: String,
    /// A folder, or `sqlite:///…`, `postgres://…`, `mysql://…` without a password.
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
        if StoreUrl::new(&self.target).masked() != self.target.split(['?', '#']).next().unwrap_or("") {
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
        if !self.target.contains("://") && self.speaks_of_a_database() {
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
        let numbers = [self.connections, self.max_load, self.max_lag_seconds];
        let lists = [&self.replicas, &self.include, &self.exclude];
        self.tls.is_some()
            || self.window.is_some()
            || self.password_env.is_some()
            || self.password_file.is_some()
            || numbers.iter().any(Option::is_some)
            || lists.iter().any(|list| !list.is_empty())
    }
}
