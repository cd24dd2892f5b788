//! The authorities that a catalog is filed with, each for some stores (`miit-166/4`): industrial, telecom and radio data of one
//! enterprise go to three of them.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::model::escape_name;

use super::complaint::Complaint;
use super::configuration::Configuration;

/// The domains of `miit-166/3` that have an authority of their own (`miit-166/4`).
const DOMAINS: [&str; 3] = ["industrial", "telecom", "radio"];

/// An authority, as `mulu.toml` names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authority {
    /// Its name, as filings name it.
    pub(crate) name: String,
    /// `industrial`, `telecom` or `radio`.
    pub(crate) domain: String,
    /// The region that it is for.
    pub(crate) region: Option<String>,
    /// The stores whose entries it gets; of one without stores those that no other gets.
    #[serde(default)]
    pub(crate) stores: Vec<String>,
}

/// What is wrong with the authorities of a configuration.
pub(crate) fn check(authorities: &[Authority], shown: &str) -> Result<(), Complaint> {
    let mut names = BTreeSet::new();
    let mut stores = BTreeSet::new();
    for authority in authorities {
        let name = escape_name(authority.name.as_bytes());
        if authority.name.trim().is_empty() || !names.insert(&authority.name) {
            return Err(Complaint::new(
                format!("{shown}：[[authorities]] 的 name {name} 为空或重复；请更正"),
                format!("{shown}: the name {name} of [[authorities]] is empty or stands twice; correct it"),
            ));
        }
        if !DOMAINS.contains(&authority.domain.as_str()) {
            return Err(Complaint::new(
                format!("{shown}：{name} 的 domain 应为 industrial、telecom 或 radio（miit-166/4）"),
                format!("{shown}: domain of {name} is industrial, telecom or radio (miit-166/4); correct it"),
            ));
        }
        if let Some(store) = authority.stores.iter().find(|store| !stores.insert(*store)) {
            return Err(Complaint::new(
                format!("{shown}：载体 {store} 属于两个主管部门；请只留一个"),
                format!("{shown}: store {store} belongs to two authorities; leave it with one"),
            ));
        }
    }
    let general = authorities.iter().filter(|authority| authority.stores.is_empty()).count();
    if !authorities.is_empty() && general != 1 {
        return Err(Complaint::new(
            format!("{shown}：[[authorities]] 中须恰有一个不写 stores，负责其余载体；现有 {general} 个"),
            format!("{shown}: exactly one of [[authorities]] has no stores and gets the rest; there are {general}"),
        ));
    }
    Ok(())
}

/// The authority that a name or a domain means, by its name. Where the configuration names authorities it is one of them; where
/// it names none, anything stands for itself.
pub(crate) fn named(configuration: &Configuration, typed: &str) -> Result<String, Complaint> {
    let authorities = &configuration.authorities;
    let by_domain = || {
        let mut of_domain = authorities.iter().filter(|authority| authority.domain == typed);
        of_domain.next().filter(|_| of_domain.next().is_none())
    };
    let found = authorities.iter().find(|authority| authority.name == typed).or_else(by_domain);
    match found {
        Some(authority) => Ok(authority.name.clone()),
        None if authorities.is_empty() => Ok(typed.to_owned()),
        None => Err(Complaint::new(
            format!("mulu.toml 中没有主管部门 {typed}；--authority 可用：{}", names(configuration, "、")),
            format!("no authority {typed} in mulu.toml; --authority takes one of: {}", names(configuration, ", ")),
        )),
    }
}

/// The names of all authorities of a configuration.
fn names(configuration: &Configuration, separator: &str) -> String {
    configuration.authorities.iter().map(|authority| authority.name.as_str()).collect::<Vec<_>>().join(separator)
}

/// Whether the entries of a store are filed with an authority. Where the configuration parts no stores, every one is.
pub(crate) fn is_for(configuration: &Configuration, authority: &str, store: &str) -> bool {
    let authorities = &configuration.authorities;
    if !authorities.iter().any(|known| known.name == authority) {
        return true;
    }
    let of_store = authorities.iter().find(|known| known.stores.iter().any(|name| name == store));
    let rest = || authorities.iter().find(|known| known.stores.is_empty());
    of_store.or_else(rest).is_some_and(|known| known.name == authority)
}

/// The complaint that somebody has to say which authority is meant.
pub(crate) fn which(configuration: &Configuration) -> Complaint {
    Complaint::new(
        format!("有多个主管部门，请用 --authority 指明：{}", names(configuration, "、")),
        format!("there are several authorities; say which with --authority: {}", names(configuration, ", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(name: &str, domain: &str, stores: &[&str]) -> Authority {
        Authority {
            name: name.to_owned(),
            domain: domain.to_owned(),
            region: None,
            stores: stores.iter().map(|store| (*store).to_owned()).collect(),
        }
    }

    fn three() -> Vec<Authority> {
        vec![
            authority("工信厅", "industrial", &[]),
            authority("通管局", "telecom", &["bss", "oss"]),
            authority("无管办", "radio", &["stations"]),
        ]
    }

    #[test]
    fn each_store_is_filed_with_one_authority_and_every_store_with_some() {
        let configuration = Configuration { authorities: three(), ..Configuration::default() };
        for store in ["bss", "oss", "stations", "erp", "mes"] {
            let for_it = three().iter().filter(|one| is_for(&configuration, &one.name, store)).count();
            assert_eq!(for_it, 1, "{store}");
        }
        assert!(is_for(&configuration, "工信厅", "erp") && is_for(&configuration, "通管局", "bss"));
        assert_eq!(named(&configuration, "radio").unwrap(), "无管办");
        assert_eq!(named(&configuration, "通管局").unwrap(), "通管局");
        let unknown = named(&configuration, "工信局").unwrap_err().to_string();
        assert!(three().iter().all(|known| unknown.contains(&known.name)), "{unknown}");
        assert_eq!(named(&Configuration::default(), "工信局").unwrap(), "工信局");
        assert!(is_for(&Configuration::default(), "任何", "erp"));
    }

    #[test]
    fn authorities_that_contradict_each_other_are_refused_with_what_to_do() {
        let told = |list: &[Authority]| check(list, "mulu.toml").map_err(|error| error.to_string());
        assert_eq!(told(&three()), Ok(()));
        assert_eq!(told(&[]), Ok(()));
        assert!(told(&three()[1..]).unwrap_err().contains("exactly one"));
        let mut twice = three();
        twice[2].stores.push("bss".to_owned());
        assert!(told(&twice).unwrap_err().contains("two authorities"));
        assert!(told(&[authority("a", "tobacco", &[])]).unwrap_err().contains("industrial, telecom or radio"));
        assert!(told(&[authority(" ", "radio", &[])]).unwrap_err().contains("empty"));
    }
}
