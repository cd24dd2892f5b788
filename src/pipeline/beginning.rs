//! What the first bytes of a file tell, before a reader makes anything of them: its format, and what it calls itself.

use crate::detect::names;
use crate::extract;
use crate::model::{Evidence, Place};
use crate::open::encoding::{self, Guess};
use crate::open::{Format, sniff};
use crate::rules::{FormatRule, RulePack};

/// So much of a file is looked at: a licence of two pages stands before many a source.
const BEGINNING_BYTES: usize = 16 << 10;

/// What a beginning tells.
pub(super) struct Beginning<'p> {
    /// The format by signature, name or grammar.
    pub(super) format: Option<&'p FormatRule>,
    /// The words of its titles.
    pub(super) titles: Vec<Evidence>,
}

pub(super) fn read<'p>(pack: &'p RulePack, file_name: &str, head: &[u8]) -> Beginning<'p> {
    let bytes = head.get(..BEGINNING_BYTES).unwrap_or(head);
    let text = match encoding::guess(bytes, None) {
        Guess::Binary => None,
        guess => Some(encoding::decode(guess, bytes)),
    };
    let format = pack.format_of_file(file_name, text.as_deref().map_or(bytes, str::as_bytes));
    // Readers of other formats know their parts themselves.
    let is_running_text = sniff::format(file_name, bytes) == Format::Text;
    let text = text.as_deref().filter(|_| is_running_text).unwrap_or_default();
    let titles =
        extract::titles(text).into_iter().flat_map(|title| names::evidence(pack, title, Place::Part)).collect();
    Beginning { format, titles }
}
