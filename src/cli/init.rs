//! `mulu init`: a commented `mulu.toml`.

use std::io::Write;
use std::path::Path;

use crate::model::Lang;

use super::complaint::Complaint;
use super::exit::Exit;
use super::progress::say;
use super::session::{Session, create_private};

const TEMPLATE: &str = include_str!("init.toml");

pub(crate) fn run(config: &Path, session: &Session) -> anyhow::Result<Exit> {
    if config.exists() {
        return Err(Complaint::new(
            format!("{} 已存在，未改动；用 -c 指定别的文件名", config.display()),
            format!("{} is there already and was left as it is; name another file with -c", config.display()),
        )
        .into());
    }
    create_private(config)?.write_all(TEMPLATE.as_bytes())?;
    if !session.quiet {
        say(&match session.lang {
            Lang::Zh => format!("已写入 {}；填写后运行 mulu scan", config.display()),
            Lang::En => format!("wrote {}; fill it in, then run mulu scan", config.display()),
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
}
