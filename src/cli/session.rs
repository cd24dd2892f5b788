//! What every command has at hand: language, formats, configuration, and the inventory once it is wanted.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::catalog::manual;
use crate::inventory::{self, Inventory};
use crate::model::{Lang, Signature, Speak, escape_name};
use crate::regime::Regime;

use super::arguments::{Common, Format, ProgressArgument};
use super::complaint::Complaint;
use super::configuration::Configuration;
use super::exit::Exit;
use super::filled_file;
use super::holidays;

/// What every command has at hand.
pub(crate) struct Session {
    /// The language of everything a person reads.
    pub(crate) lang: Lang,
    /// How results are written; `None` where the person did not say.
    pub(crate) format: Option<Format>,
    /// Where results go; `None` is standard output.
    pub(crate) output_path: Option<PathBuf>,
    /// When progress is shown.
    pub(crate) progress: ProgressArgument,
    /// Say only results and errors.
    pub(crate) quiet: bool,
    /// Say more.
    pub(crate) verbose: bool,
    configuration: Configuration,
    regime: Regime,
    inventory_path: PathBuf,
    inventory: Option<Box<dyn Inventory>>,
}

impl Session {
    pub(crate) fn new(common: &Common, lang: Lang) -> anyhow::Result<Self> {
        if common.inventory.as_os_str().as_encoded_bytes().windows(3).any(|part| part == b"://") {
            // Not shown: it may hold a password.
            return Err(Complaint::new(
                "--inventory 目前只支持本机文件；请给出路径，如 mulu.db",
                "--inventory takes a file of this machine only for now; give a path such as mulu.db",
            )
            .into());
        }
        let config = common.config.clone().unwrap_or_else(|| PathBuf::from("mulu.toml"));
        let configuration = Configuration::load(&config, common.config.is_some())?;
        let mut regime = match &configuration.calendar {
            Some(path) => holidays::added(Regime::builtin()?, path)?,
            None => Regime::builtin()?,
        };
        if let Some(path) = &configuration.taxonomy {
            regime = regime.with_tree(path)?;
        }
        if let Some(path) = &configuration.form {
            regime = with_form(regime, path)?;
        }
        if let Some(path) = &configuration.authority_catalog {
            regime = with_authority(regime, path)?;
        }
        Ok(Self {
            lang,
            format: common.format,
            output_path: common.output.clone(),
            progress: common.progress,
            quiet: common.quiet,
            verbose: common.verbose,
            configuration,
            regime,
            inventory_path: common.inventory.clone(),
            inventory: None,
        })
    }

    /// The configuration, or its defaults; once the inventory was opened, with what persons gave since.
    pub(crate) fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Taxonomy, criteria, form and calendar.
    pub(crate) fn regime(&self) -> &Regime {
        &self.regime
    }

    /// Takes a form of the user's for the rest of the command.
    pub(crate) fn use_form(&mut self, path: &Path) -> anyhow::Result<()> {
        self.regime = with_form(self.regime.clone(), path)?;
        Ok(())
    }

    /// The inventory that an earlier scan has made.
    pub(crate) fn inventory(&mut self) -> anyhow::Result<&mut dyn Inventory> {
        let path = self.inventory_path.clone();
        self.opened(|| inventory::open_existing(&path))
    }

    /// The inventory, made when there is none.
    pub(crate) fn inventory_or_new(&mut self) -> anyhow::Result<&mut dyn Inventory> {
        let path = self.inventory_path.clone();
        self.opened(|| inventory::open(&path))
    }

    fn opened(
        &mut self,
        open: impl FnOnce() -> Result<Box<dyn Inventory>, inventory::Error>,
    ) -> anyhow::Result<&mut dyn Inventory> {
        let opened = if let Some(opened) = self.inventory.take() {
            opened
        } else {
            let mut opened = open()?;
            let mut given = manual::declared(&opened.manual_classes()?);
            given.extend(opened.register_edits()?);
            self.configuration.give(&given);
            opened
        };
        Ok(self.inventory.insert(opened).as_mut())
    }

    /// How results are written; a table where the person did not say.
    pub(crate) fn format(&self) -> Format {
        self.format.unwrap_or(Format::Table)
    }

    /// The complaint that a command does not write this format.
    pub(crate) fn wrong_format(&self, allowed: &str) -> Complaint {
        let _ = self;
        Complaint::new(
            format!("此命令不支持这种格式；请用 --format {allowed}"),
            format!("this command does not write that format; use --format {allowed}"),
        )
    }

    /// Where results go: the file of `-o`, made with mode 0600 and remembered as our own, or standard output.
    pub(crate) fn output(&mut self) -> anyhow::Result<Box<dyn Write>> {
        match self.output_path.clone() {
            None => Ok(Box::new(std::io::BufWriter::new(std::io::stdout().lock()))),
            Some(path) => {
                let file = create_private(&path)?;
                self.remember(&path)?;
                Ok(Box::new(std::io::BufWriter::new(file)))
            }
        }
    }

    /// Tells one sentence as the result.
    pub(crate) fn tell(&mut self, sentence: impl Fn(Lang) -> String) -> anyhow::Result<Exit> {
        let lang = self.lang;
        let mut out = self.output()?;
        writeln!(out, "{}", sentence(lang))?;
        out.flush()?;
        Ok(Exit::Done)
    }

    /// Notes a file that mulu wrote, so that no scan reads it.
    pub(crate) fn remember(&mut self, path: &Path) -> anyhow::Result<()> {
        if let Some(inventory) = &mut self.inventory {
            inventory.remember_own_file(path)?;
        }
        Ok(())
    }
}

/// The largest form that is read: the one built in has a fiftieth of it.
const MOST_FORM_BYTES: u64 = 1 << 20;

/// The regime with a form of the user's.
fn with_form(regime: Regime, path: &Path) -> anyhow::Result<Regime> {
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_FORM_BYTES).read_to_string(&mut text));
    read.map_err(|_| {
        Complaint::new(
            format!("无法读取备案表 {shown}；请检查路径、权限与编码（UTF-8）"),
            format!("cannot read the form {shown}; check its path, its rights, and that it is UTF-8"),
        )
    })?;
    Ok(regime.with_form(&text, &shown)?)
}

/// The regime with the criteria of the authority's own catalog: the first sheet of a workbook, or a csv.
fn with_authority(mut regime: Regime, path: &Path) -> Result<Regime, Complaint> {
    let sheets = filled_file::read(path)?;
    let rows = sheets.first().map(|sheet| sheet.rows.as_slice()).unwrap_or_default();
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    regime.criteria = regime.criteria.with_authority(rows, &regime.taxonomy).map_err(|unfit| {
        Complaint::new(format!("{shown} {}", unfit.say(Lang::Zh)), format!("{shown}, {}", unfit.say(Lang::En)))
    })?;
    Ok(regime)
}

/// Creates or empties a file that only its owner may read.
pub(crate) fn create_private(path: &Path) -> Result<File, Complaint> {
    let shown = escape_name(path.as_os_str().as_encoded_bytes());
    let complaint = |_| {
        Complaint::new(
            format!("无法写入 {shown}；请检查目录是否存在及写权限"),
            format!("cannot write {shown}; check that its folder exists and may be written"),
        )
    };
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map_err(complaint)?;
    // A file that was there before keeps its mode unless it is told otherwise.
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(complaint)?;
    Ok(file)
}

/// Who answers for an act in the audit log: the name that was given, else the login that the command runs under.
pub(crate) fn signature(by: Option<&str>) -> Signature {
    let given = by.map(str::trim).filter(|name| !name.is_empty());
    given.map_or_else(|| Signature::of(&login()), Signature::of)
}

/// The name of the login, else its number.
fn login() -> String {
    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    let name = std::env::var("USER").ok().filter(|name| !name.is_empty());
    name.map_or_else(
        || format!("login {}", rustix::process::getuid().as_raw()),
        |name| format!("login {}", escape_name(name.as_bytes())),
    )
}
