//! `mulu init`: a commented `mulu.toml`.

use std::io::Write;
use std::path::Path;

use crate::model::{Lang, escape_name};

use super::complaint::Complaint;
use super::exit::Exit;
use super::progress::say;
use super::session::create_private;

const TEMPLATE: &str = include_str!("init.toml");

/// Writes the template to `config`, which need not be there yet and is never overwritten.
pub(crate) fn run(config: &Path, quiet: bool, lang: Lang) -> anyhow::Result<Exit> {
    let shown = escape_name(config.as_os_str().as_encoded_bytes());
    if config.symlink_metadata().is_ok() {
        return Err(Complaint::new(
            format!("{shown} 已存在，未改动；用 -c 指定别的文件名"),
            format!("{shown} is there already and was left as it is; name another file with -c"),
        )
        .into());
    }
    create_private(config)?.write_all(TEMPLATE.as_bytes())?;
    if !quiet {
        say(&match lang {
            Lang::Zh => format!("已写入 {shown}；填写后运行 mulu scan"),
            Lang::En => format!("wrote {shown}; fill it in, then run mulu scan"),
        });
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::super::configuration::Configuration;

    #[test]
    fn the_template_is_a_valid_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mulu.toml");
        std::fs::write(&path, super::TEMPLATE).unwrap();
        Configuration::load(&path, true).unwrap();
    }

    /// The template with every line that is an example turned on.
    fn turned_on() -> String {
        let is_key = |line: &str| {
            let key = line.split([' ', '[']).next().unwrap_or_default();
            line.starts_with("[[") || !key.is_empty() && line[key.len()..].starts_with(" = ")
        };
        let turn = |line: &str| match line.strip_prefix("# ") {
            Some(key) if is_key(key) => key.to_owned(),
            _ => line.to_owned(),
        };
        let on: Vec<String> = super::TEMPLATE.lines().map(turn).collect();
        on.join("\n").replace("credit_code = \"\"", "credit_code = \"91329900MA9Y900035\"")
    }

    #[test]
    fn the_template_turned_on_fills_every_cell_that_important_and_core_data_need() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mulu.toml");
        std::fs::write(&path, turned_on()).unwrap();
        let configuration = Configuration::load(&path, true).unwrap();
        assert_eq!((configuration.stores.len(), configuration.register.classes.len()), (2, 1));
        let regime = crate::regime::Regime::builtin().unwrap();
        let (register, enterprise) = (&configuration.register, &configuration.enterprise);
        assert_eq!(crate::catalog::strays(register, enterprise, &regime, &[]), []);
        let entity = crate::catalog::entity_cells(enterprise, &regime.form);
        for (sheet, is_filled) in [
            (&regime.form.entity, &(|id: &str| entity.contains_key(id)) as &dyn Fn(&str) -> bool),
            (&regime.form.catalog, &|id: &str| register.all.contains_key(id)),
        ] {
            let empty: Vec<&str> = sheet
                .columns
                .iter()
                .filter(|column| column.from == crate::regime::form::From::Register)
                .filter(|column| column.required.holds(Some(crate::model::Level::Core), |_| None))
                .map(|column| column.id.as_str())
                // A scan proposes these two.
                .filter(|id| !["name", "carrier_type"].contains(id) && !is_filled(id))
                .collect();
            assert_eq!(empty, Vec::<&str>::new());
        }
    }
}
