//! `mulu.toml`: as written ([`Written`]), then as meant ([`Configuration`]).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::catalog::profile;
use crate::model::{Enterprise, Fields, Lang, Register, RegisterEdit, Speak, escape_name};
use crate::pipeline::DetectorChoice;

use super::authorities::{self, Authority};
use super::caps::CapsEntry;
use super::complaint::Complaint;
use super::store_entry::StoreEntry;

/// The largest `mulu.toml` that is read: thousands of stores fit, a wrong file named by mistake does not.
const MOST_BYTES: u64 = 4 << 20;

/// The configuration as meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    /// Facts about the data processor.
    pub(crate) enterprise: Enterprise,
    /// What no scan can know.
    pub(crate) register: Register,
    /// The authority to file with.
    pub(crate) authority: Option<String>,
    /// Several authorities, each for some stores.
    pub(crate) authorities: Vec<Authority>,
    /// A filing form of one's own, instead of the one built in.
    pub(crate) form: Option<PathBuf>,
    /// The stores to scan when no target is named.
    pub(crate) stores: Vec<StoreEntry>,
    /// How to scan.
    pub(crate) scan: ScanEntry,
    /// A holiday table, or a folder of them, beside the built-in ones.
    pub(crate) calendar: Option<PathBuf>,
    /// Categories of one's own, below those of the tree.
    pub(crate) taxonomy: Option<PathBuf>,
    /// The authority's own catalog of important and core data, a table.
    pub(crate) authority_catalog: Option<PathBuf>,
    /// Which detectors count.
    pub(crate) detectors: DetectorChoice,
    /// Caps on what is read.
    pub(crate) caps: CapsEntry,
}

/// How to scan.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ScanEntry {
    /// Threads.
    pub(crate) jobs: Option<usize>,
    /// Rows of a table that are read when not all are.
    pub(crate) sample_rows: Option<u64>,
    /// Read no row of a table.
    pub(crate) metadata_only: bool,
    /// Path prefixes that are left out.
    pub(crate) exclude: Vec<String>,
    /// A folder of rule packs beside the built-in ones.
    pub(crate) rules: Option<PathBuf>,
    /// Look for vocabulary in all bytes.
    pub(crate) thorough: bool,
    /// Days for which scans are kept; `None` keeps all.
    pub(crate) keep_days: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    authority: Option<String>,
    authorities: Vec<Authority>,
    form: Option<PathBuf>,
    enterprise: Enterprise,
    register: Fields,
    store: Vec<StoreEntry>,
    class: Vec<ClassEntry>,
    scan: ScanEntry,
    calendar: Option<PathBuf>,
    taxonomy: Option<PathBuf>,
    authority_catalog: Option<PathBuf>,
    detectors: DetectorEntry,
    limits: CapsEntry,
}

/// Detectors that a person switched off, or wants to be surer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DetectorEntry {
    off: BTreeSet<String>,
    /// Between 0 and 1, by detector.
    least_confidence: BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassEntry {
    category: String,
    /// Without one, the values are for the entries of the category in every store.
    store: Option<String>,
    #[serde(default)]
    register: Fields,
}

impl Configuration {
    /// Reads the file. A missing one is the default, unless it was named.
    pub(crate) fn load(path: &Path, was_named: bool) -> Result<Self, Complaint> {
        let shown = escape_name(path.as_os_str().as_encoded_bytes());
        let mut text = String::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
        match read {
            Ok(_) => Self::parse(&text, &shown),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !was_named => Ok(Self::default()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Complaint::new(
                format!("找不到配置文件 {shown}；可用 mulu init 生成"),
                format!("no configuration file {shown}; write one with mulu init"),
            )),
            Err(_) => Err(Complaint::new(
                format!("无法读取配置文件 {shown}；请检查权限与编码（UTF-8）"),
                format!("cannot read {shown}; check its permissions and that it is UTF-8"),
            )),
        }
    }

    /// Adds what persons gave, oldest first: it outranks what stands in the file for the same entries.
    pub(crate) fn give(&mut self, edits: &[RegisterEdit]) {
        self.register.give(edits);
        self.enterprise = profile::enterprise_with(std::mem::take(&mut self.enterprise), edits);
    }

    fn parse(text: &str, shown: &str) -> Result<Self, Complaint> {
        // A mark at the beginning, as editors under Windows write it, says nothing.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let written: Written = toml::from_str(text).map_err(|error| fault(text, shown, &error))?;
        written.check(shown)?;
        Ok(written.meant())
    }
}

/// A mistake in the file, in our own words: the parser's would quote a value, which may be a password.
fn fault(text: &str, shown: &str, error: &toml::de::Error) -> Complaint {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let number = memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count() + 1;
    let message = error.message();
    // What stands in backticks is a name of ours, or a key as it was typed.
    let named = message.split('`').nth(1).unwrap_or_default();
    let kind = |text: &'static str| message.contains(text);
    let (zh, en) = if kind("unknown field") {
        (format!("没有名为 {named} 的键"), format!("there is no key {named}"))
    } else if kind("missing field") {
        (format!("缺少键 {named}"), format!("the key {named} is missing"))
    } else if kind("unknown variant") {
        let choices = message.rsplit_once("expected ").map_or("", |(_, choices)| choices).replace('`', "");
        (format!("取值不在可选之列：{choices}"), format!("the value is none of these: {choices}"))
    } else if kind("did not match any variant") {
        (
            "应为 \"verify\" 这样的文字，或 { ca = \"…\" } 这样的表".to_owned(),
            "text such as \"verify\" or a table such as { ca = \"…\" } is wanted".to_owned(),
        )
    } else if kind("duplicate") {
        ("同一个键或表出现了两次".to_owned(), "a key or a table stands there twice".to_owned())
    } else if kind("invalid type") || kind("invalid value") {
        let (zh, en) = match message.rsplit_once("expected ").map_or("", |(_, wanted)| wanted) {
            wanted if wanted.contains("string") => (
                "应为带引号的文字，是否写作 \"是\"/\"否\"",
                "text in quotes is wanted, yes and no are \"是\" and \"否\"",
            ),
            wanted if wanted.contains("a size") => {
                ("应为大小，写作 \"512MB\"、\"4GB\"", "a size is wanted, as in \"512MB\" or \"4GB\"")
            }
            wanted if wanted.contains("bool") => ("应为 true 或 false", "true or false is wanted"),
            wanted if wanted.contains("sequence") => {
                ("应为列表，写作 [\"…\"] 或 [[表]]", "a list is wanted, as in [\"…\"] or [[table]]")
            }
            wanted if ["usize", "u64", "u32", "u8"].iter().any(|kind| wanted.contains(kind)) => {
                ("应为非负整数", "a whole number is wanted")
            }
            _ => ("取值类型不对", "the value is of another kind than is wanted"),
        };
        (zh.to_owned(), en.to_owned())
    } else {
        (
            "不是合法的 TOML（引号、方括号或等号）".to_owned(),
            "this is no TOML (quotes, brackets or the equals sign)".to_owned(),
        )
    };
    Complaint::new(
        format!("{shown} 第 {number} 行：{zh}；请参照 mulu init 生成的示例修改"),
        format!("{shown}, line {number}: {en}; compare with what mulu init writes"),
    )
}

impl Written {
    fn check(&self, shown: &str) -> Result<(), Complaint> {
        let enterprise = &self.enterprise;
        let checks = [
            enterprise.credit_code.as_deref().map(profile::check_credit_code),
            enterprise.industry.as_deref().map(profile::check_industry),
            Some(profile::sectors(enterprise.sectors.iter().map(String::as_str)).map(|_| ())),
            enterprise.provinces.as_ref().map(|named| profile::provinces(named.iter().map(String::as_str)).map(|_| ())),
        ];
        if let Some(Err(unfit)) = checks.into_iter().flatten().find(Result::is_err) {
            return Err(Complaint::new(
                format!("{shown}：enterprise.{}", unfit.say(Lang::Zh)),
                format!("{shown}: enterprise.{}", unfit.say(Lang::En)),
            ));
        }
        if self.detectors.least_confidence.values().any(|least| !(0.0..=1.0).contains(least)) {
            return Err(Complaint::new(
                format!("{shown}：detectors.least_confidence 应在 0 与 1 之间；请更正"),
                format!("{shown}: detectors.least_confidence is between 0 and 1; correct it"),
            ));
        }
        let roles = self.enterprise.industrial_internet.iter().flatten();
        if roles.clone().any(|role| !(1..=3).contains(&role.level)) {
            return Err(Complaint::new(
                format!("{shown}：enterprise.industrial_internet 的 level 应为 1、2 或 3（miit-68/6）"),
                format!("{shown}: level of enterprise.industrial_internet is 1, 2 or 3 (miit-68/6); correct it"),
            ));
        }
        self.limits.check(shown)?;
        authorities::check(&self.authorities, shown)?;
        let mut seen = BTreeSet::new();
        for store in &self.store {
            store.check(shown)?;
            if !seen.insert(&store.name) {
                return Err(Complaint::new(
                    format!("{shown}：数据载体 {} 出现两次；请改名", store.name),
                    format!("{shown}: store {} stands twice; rename one", store.name),
                ));
            }
        }
        Ok(())
    }

    fn meant(self) -> Configuration {
        let mut register = Register { all: self.register, ..Register::default() };
        register.stores = self.store.iter().map(|store| (store.name.clone(), store.register.clone())).collect();
        for ClassEntry { category, store, register: fields } in self.class {
            match store {
                Some(store) => register.classes.entry((category, store)).or_default().extend(fields),
                None => register.categories.entry(category).or_default().extend(fields),
            }
        }
        let mut enterprise = self.enterprise;
        // Checked before; kept as codes, so that a province counts once however it is named.
        enterprise.provinces =
            enterprise.provinces.map(|named| profile::provinces(named.iter().map(String::as_str)).unwrap_or_default());
        enterprise.sectors = profile::sectors(enterprise.sectors.iter().map(String::as_str)).unwrap_or_default();
        Configuration {
            enterprise,
            register,
            authority: self.authority,
            authorities: self.authorities,
            form: self.form,
            stores: self.store,
            scan: self.scan,
            calendar: self.calendar,
            taxonomy: self.taxonomy,
            authority_catalog: self.authority_catalog,
            caps: self.limits,
            detectors: DetectorChoice {
                off: self.detectors.off,
                least_percent: self
                    .detectors
                    .least_confidence
                    .into_iter()
                    .map(|(id, least)| (id, (least * 100.0).round() as u8))
                    .collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        Configuration::parse(text, "mulu.toml").map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_broken_file_is_told_with_its_line() {
        assert!(complaint("\n\n[scan]\njobs = \"many\"").starts_with("mulu.toml, line 4: "));
        for (text, wanted) in [
            ("[scna]", "line 1: there is no key scna; "),
            ("[[store]]\nname = \"a\"", "the key target is missing; "),
            ("[scan]\njobs = 1\njobs = 2", "line 3: a key or a table stands there twice; "),
            (
                "[register]\ncross_border = false",
                "line 2: text in quotes is wanted, yes and no are \"是\" and \"否\"; ",
            ),
            ("[enterprise]\nbackbone = \"否\"", "true or false is wanted; "),
            ("[scan]\nexclude = \"a\"", "line 2: a list is wanted"),
            ("[scan]\njobs = -1", "a whole number is wanted; "),
            ("[scan]\nkeep_days = -1", "a whole number is wanted; "),
            ("[detectors]\nleast_confidence = { vin = 2.0 }", "between 0 and 1"),
            ("[enterprise]\nindustry = \"稀土\"", "GB/T 4754"),
            ("[enterprise]\nprovinces = [\"示例省\"]", "GB/T 2260"),
            ("[enterprise]\nsectors = [\"烟草\"]", "government, defence"),
            ("[enterprise]\nindustrial_internet = [{ kind = \"x\", level = 1 }]", "none of these: "),
            ("[enterprise]\nindustrial_internet = [{ kind = \"platform\", level = 4 }]", "is 1, 2 or 3"),
            ("[store]\nname = \"a\"", "a list is wanted"),
            ("[[store]]\nname = \"a\"\ntarget = \"b\"\ntls = 3", "text such as \"verify\" or a table"),
            ("[[store]]\nname = \"a\"\ntarget = \"mysql://h/d\"\ntls = \"on\"", "prefer, require or verify"),
            ("[enterprise\n", "line 1: this is no TOML"),
            ("name = \"", "this is no TOML"),
            ("[[store]]\nname = \"\"\ntarget = \"/x\"", "empty name or target; "),
        ] {
            assert!(complaint(text).contains(wanted), "{text}: {}", complaint(text));
        }
        assert!(Configuration::parse("\u{feff}authority = \"x\"", "mulu.toml").is_ok());
    }

    #[test]
    fn a_value_in_the_wrong_place_is_not_repeated() {
        for text in [
            "[scan]\njobs = \"geheim, expected x\"",
            "[[store]]\nname = \"x\"\ntarget = \"/x\"\npassword_env = 83746512",
            "[[store]]\nname = \"x\"\ntarget = \"/x\"\npassword = \"geheim\"",
            "[[store]]\nname = \"x\"\ntarget = \"mysql://u:geheim?x@h/db\"",
            "[scan]\nthorough = \"geheim\"",
        ] {
            let told = complaint(text);
            assert!(!told.contains("geheim") && !told.contains("8374"), "{told}");
        }
        assert!(complaint("[scan]\njobs = \"many\"").contains("a whole number is wanted"));
    }

    #[test]
    fn a_password_in_an_address_is_refused_without_showing_it() {
        let told = complaint("[[store]]\nname = \"mes\"\ntarget = \"mysql://reader:geheim@db/mes\"");
        assert!(told.contains("password_env") && !told.contains("geheim"));
    }

    #[test]
    fn a_wrong_credit_code_is_refused() {
        assert!(complaint("[enterprise]\ncredit_code = \"91330100799655058C\"").contains("check digit"));
    }

    #[test]
    fn defaults_flow_from_all_to_store_to_class() {
        let configuration = Configuration::parse(
            "[register]\npurpose = \"a\"\nmanner = \"m\"\n[[store]]\nname = \"s\"\ntarget = \"/x\"\n\
             register = { purpose = \"b\" }\n[[class]]\ncategory = \"k\"\nstore = \"s\"\nregister = { purpose = \"c\" }",
            "mulu.toml",
        )
        .unwrap();
        let register = configuration.register;
        assert_eq!(register.value("k", "s", "purpose"), Some("c"));
        assert_eq!(register.value("l", "s", "purpose"), Some("b"));
        assert_eq!(register.value("l", "t", "purpose"), Some("a"));
        assert_eq!(register.value("k", "s", "manner"), Some("m"));
        assert_eq!(register.value("k", "s", "source"), None);
    }
}
