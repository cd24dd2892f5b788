//! Writes `samples/plant`, the share of an invented plant: `cargo run --example generate-plant -- [--growth PERCENT] [TARGET]`.
//!
//! The same arguments give the same bytes. `--growth 40` gives every file that has rows 40 % more of them, the old
//! ones first: a later state of the same plant.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

mod content;

fn main() -> anyhow::Result<()> {
    let mut growth_percent = 0;
    let mut target = PathBuf::from("samples/plant");
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--growth" {
            let percent = arguments.next().context("--growth needs a number of percent, such as 40")?;
            growth_percent = percent.parse().context("--growth needs a number of percent, such as 40")?;
        } else if argument.starts_with('-') {
            bail!("unknown option; usage: generate-plant [--growth PERCENT] [TARGET]");
        } else {
            target = PathBuf::from(argument);
        }
    }
    content::write(&target, content::Growth { percent: growth_percent })
}
