//! What was named for a scan: paths and addresses, each brought to the one store that it means.

use std::path::{Path, PathBuf};

use crate::detect::names;
use crate::discover::database::{self, DatabaseTarget};
use crate::discover::share;
use crate::inventory::Inventory;
use crate::model::{Reason, StoreKind, StoreUrl, escape_name, mask_logins};
use crate::pipeline::{self, Access, Engine, Target};

use super::complaint::Complaint;
use super::configuration::Configuration;
use super::credentials;
use super::store_entry::{Limits, StoreEntry};

/// Links that are followed on the way to a share before it is taken as it was named; Linux stops at as many.
const MOST_LINKS: u32 = 40;

/// A store that a person named, before the inventory has named it.
pub(crate) struct Wanted {
    /// Its name, where the configuration gives one.
    name: Option<String>,
    target: String,
    password: Option<String>,
    /// What the configuration says of it.
    entry: Option<StoreEntry>,
}

impl Wanted {
    /// Whether it is named by an address, and so is no folder.
    pub(crate) fn is_database(&self) -> bool {
        self.target.contains("://")
    }
}

/// What was typed, or the stores of the configuration.
pub(crate) fn wanted(typed: &[String], configuration: &Configuration) -> Result<Vec<Wanted>, Complaint> {
    if !typed.is_empty() {
        // A store of the configuration may be named by its name, with what the configuration says of it.
        return typed.iter().map(|target| named_or_typed(target, configuration)).collect();
    }
    if configuration.stores.is_empty() {
        return Err(Complaint::new(
            "没有扫描目标；请给出路径或数据库地址，或在 mulu.toml 中写 [[store]]",
            "nothing to scan; name a path or the address of a database, or write [[store]] in mulu.toml",
        ));
    }
    configuration.stores.iter().map(configured).collect()
}

fn named_or_typed(target: &str, configuration: &Configuration) -> Result<Wanted, Complaint> {
    if target.trim().is_empty() {
        return Err(Complaint::new(
            "扫描目标为空；请给出路径或数据库地址",
            "a target is empty; name a path or the address of a database",
        ));
    }
    let by_name = configuration.stores.iter().find(|store| store.name == target);
    let place = place(target, &escape_name);
    match by_name
        .or_else(|| configuration.stores.iter().find(|store| self::place(&store.target, &escape_name) == place))
    {
        Some(store) => configured(store),
        None => Ok(Wanted { name: None, target: target.to_owned(), password: None, entry: None }),
    }
}

fn configured(store: &StoreEntry) -> Result<Wanted, Complaint> {
    let password = credentials::password(store)?;
    Ok(Wanted { name: Some(store.name.clone()), target: store.target.clone(), password, entry: Some(store.clone()) })
}

/// The stores that are to be scanned, each once, and what a person should be told of paths that lead nowhere: a path
/// mistyped once must not stand in the inventory for ever as a store that cannot be reached.
pub(crate) fn resolve(
    wanted: Vec<Wanted>,
    limits: &Limits,
    engine: &Engine,
    inventory: &mut dyn Inventory,
) -> anyhow::Result<(Vec<Target>, Vec<pipeline::Error>)> {
    // A name that nobody chose comes from the outside, like those of the files in it.
    let published = |raw: &[u8]| names::publish(&engine.pack, engine.key, raw).name.to_string();
    let known: Vec<String> = inventory.stores_now()?.into_iter().map(|now| now.store.identity).collect();
    let mut targets: Vec<Target> = Vec::new();
    let mut missing = Vec::new();
    for one in wanted {
        let is_typed = one.name.is_none();
        let is_new = |identity: &str| is_typed && !known.iter().any(|store| store == identity);
        match target(one, limits, inventory, &published, is_new)? {
            // Named twice is meant once.
            Ok(target) if targets.iter().any(|other| other.store == target.store) => {}
            Ok(target) => targets.push(target),
            Err(error) => missing.push(error),
        }
    }
    Ok((targets, missing))
}

fn target(
    wanted: Wanted,
    limits: &Limits,
    inventory: &mut dyn Inventory,
    published: &dyn Fn(&[u8]) -> String,
    is_new: impl Fn(&str) -> bool,
) -> anyhow::Result<Result<Target, pipeline::Error>> {
    let identity = place(&wanted.target, published);
    let is_missing = |path: &Path| is_new(&identity) && matches!(path.try_exists(), Ok(false));
    if !wanted.target.contains("://") {
        let path = PathBuf::from(&wanted.target);
        if mask_logins(&wanted.target) != wanted.target && !path.exists() {
            return Err(Complaint::new(
                "目标像是不完整的数据库地址；请写成 postgres://用户@主机:端口/数据库",
                "the target looks like an address without a scheme; write postgres://user@host:port/database",
            )
            .into());
        }
        if is_missing(&path) {
            return Ok(Err(share::Error::Root { path, reason: Reason::Vanished }.into()));
        }
        let real = real_path(&path);
        let name = wanted.name.unwrap_or_else(|| share_name(&real, published));
        let store = inventory.store_for(&name, StoreKind::Share, &identity)?;
        // Through the real path: a root that is a link would be listed as a link.
        let path = if real.exists() { real } else { path };
        return Ok(Ok(Target { store, access: Access::Share(path) }));
    }
    let mut database = DatabaseTarget::parse(&wanted.target)?;
    if database.kind == StoreKind::Sqlite && is_missing(&database.path()) {
        let store = escape_name(database.path().as_os_str().as_encoded_bytes());
        return Ok(Err(database::Error::MissingFile { store }.into()));
    }
    if let Some(password) = wanted.password {
        database = database.with_password(&password);
    }
    database = credentials::complete(database)?;
    match &wanted.entry {
        Some(entry) => entry.settle(&mut database, limits),
        None => limits.settle(&mut database),
    }
    let name = wanted.name.unwrap_or_else(|| database_name(&identity, database.kind, published));
    let store = inventory.store_for(&name, database.kind, &identity)?;
    Ok(Ok(Target { store, access: Access::Database(Box::new(database)) }))
}

/// The same text for all ways to name one place: relative or absolute, through a link or not, with a trailing slash,
/// with or without the usual port, whoever logs in.
fn place(target: &str, published: &dyn Fn(&[u8]) -> String) -> String {
    if !target.contains("://") {
        return published(real_path(Path::new(target)).as_os_str().as_encoded_bytes());
    }
    let Ok(database) = DatabaseTarget::parse(target) else { return target.to_owned() };
    let (scheme, port) = match database.kind {
        StoreKind::Postgres => ("postgres", ":5432"),
        StoreKind::Mysql => ("mysql", ":3306"),
        StoreKind::SqlServer => ("sqlserver", ":1433"),
        _ => {
            let path = real_path(&database.path());
            return format!("sqlite://{}", published(path.as_os_str().as_encoded_bytes()));
        }
    };
    let masked = StoreUrl::new(target).masked();
    let place = masked.split_once("://").map_or("", |(_, place)| place);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let (host, name) = place.split_once('/').unwrap_or((place, ""));
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host);
    format!("{scheme}://{host}/{}", name.trim_matches('/')).trim_end_matches('/').to_owned()
}

/// The path without links, `.` and `..`; of a path that leads nowhere, as far as it goes.
fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    real_from(&absolute, MOST_LINKS)
}

fn real_from(path: &Path, links: u32) -> PathBuf {
    if let Ok(real) = std::fs::canonicalize(path) {
        return real;
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return path.to_owned() };
    match std::fs::read_link(path) {
        // A link to a share that is not mounted right now still means that share.
        Ok(target) if links > 0 => real_from(&parent.join(target), links - 1),
        _ => real_from(parent, links).join(name),
    }
}

/// A share is called as its folder.
fn share_name(path: &Path, published: &dyn Fn(&[u8]) -> String) -> String {
    let mut parts = path.components().rev().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(published(name.as_encoded_bytes())),
        _ => None,
    });
    parts.next().unwrap_or_else(|| "root".to_owned())
}

/// A database is called by its name, or its host where all databases are meant; of a SQLite file the identity holds
/// its published path already.
fn database_name(identity: &str, kind: StoreKind, published: &dyn Fn(&[u8]) -> String) -> String {
    let place = identity.split_once("://").map_or("", |(_, place)| place);
    match place.rsplit_once('/') {
        Some((_, name)) if kind == StoreKind::Sqlite => name.to_owned(),
        Some((_, name)) if !name.is_empty() => published(name.as_bytes()),
        _ => {
            let host = place.split(':').next().filter(|host| !host.is_empty()).unwrap_or("database");
            escape_name(host.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(target: &str) -> String {
        super::place(target, &escape_name)
    }

    #[test]
    fn a_share_is_one_place_however_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("plant")).unwrap();
        std::os::unix::fs::symlink(root.join("plant"), root.join("link")).unwrap();
        let plant = place(&format!("{}/plant", root.display()));
        for way in ["plant/", "plant/.", "plant/../plant", "link", "link/"] {
            assert_eq!(place(&format!("{}/{way}", root.display())), plant, "{way}");
        }
        assert_eq!(place(&format!("sqlite://{}/link/mes.db", root.display())), format!("sqlite://{plant}/mes.db"));
        assert_ne!(place(&format!("{}/plan", root.display())), plant);
    }

    #[test]
    fn a_share_keeps_its_place_while_it_is_not_mounted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::os::unix::fs::symlink(root.join("mount/plant"), root.join("link")).unwrap();
        let link = format!("{}/link", root.display());
        let unmounted = place(&link);
        std::fs::create_dir_all(root.join("mount/plant")).unwrap();
        assert_eq!(place(&link), unmounted);
        // Two links that mean each other lead nowhere, and end.
        std::os::unix::fs::symlink(root.join("two"), root.join("one")).unwrap();
        std::os::unix::fs::symlink(root.join("one"), root.join("two")).unwrap();
        assert!(!place(&format!("{}/one", root.display())).is_empty());
    }

    #[test]
    fn a_database_is_one_place_whoever_logs_in() {
        let erp = "postgres://erp.example/erp";
        for way in [
            "postgresql://reader@ERP.example:5432/erp",
            "postgres://other:geheim@erp.example/erp?sslmode=require",
            "postgres://erp.example/erp/",
        ] {
            assert_eq!(place(way), erp, "{way}");
        }
        assert_ne!(place("postgres://erp.example:5433/erp"), erp);
        assert_ne!(place("mysql://erp.example/erp"), erp);
        assert_eq!(place("mariadb://mes.example:3306"), "mysql://mes.example");
        assert_eq!(place("mssql://sa@mes.example:1433/mes"), "sqlserver://mes.example/mes");
        assert_eq!(database_name(erp, StoreKind::Postgres, &escape_name), "erp");
        assert_eq!(database_name("mysql://mes.example:3307", StoreKind::Mysql, &escape_name), "mes.example");
    }
}
