//! What the first bytes of a file tell, before a reader makes anything of them: its format, and what it calls itself.

use crate::detect::names;
use crate::extract;
use crate::model::{Evidence, Place};
use crate::open::encoding::{self, Guess};
use crate::open::{Format, sniff};
use crate::rules::{RulePack, ToldFormat};

/// So much of a file is looked at: a licence of two pages stands before many a source.
const BEGINNING_BYTES: usize = 16 << 10;

/// What a beginning tells.
pub(super) struct Beginning<'p> {
    /// What it is by content.
    pub(super) content: Format,
    /// The format by signature, name or grammar.
    pub(super) format: Option<ToldFormat<'p>>,
    /// The words of its titles.
    pub(super) titles: Vec<Evidence>,
}

pub(super) fn read<'p>(pack: &'p RulePack, file_name: &str, head: &[u8]) -> Beginning<'p> {
    let bytes = head.get(..BEGINNING_BYTES).unwrap_or(head);
    let text = match encoding::guess(bytes, None) {
        Guess::Binary => None,
        guess => Some(encoding::decode(guess, bytes)),
    };
    let content = sniff::format(file_name, head);
    let format = pack.format_of_file(file_name, content.id(), text.as_deref().map_or(bytes, str::as_bytes));
    // Readers of other formats know their parts themselves.
    let is_running_text = content == Format::Text;
    let text = text.as_deref().filter(|_| is_running_text).unwrap_or_default();
    let mut titles: Vec<Evidence> = Vec::new();
    for piece in extract::titles(text).into_iter().flat_map(|title| names::evidence(pack, title, Place::Part)) {
        match titles
            .iter_mut()
            .find(|known| known.term == piece.term && known.rule == piece.rule && known.weights == piece.weights)
        {
            Some(known) => known.count += piece.count,
            None => titles.push(piece),
        }
    }
    Beginning { content, format, titles }
}
