//! Initial graphics exchange: the start section, and the Hollerith texts (`6HFLANGE`) of the global section and of the
//! parameters of entities (notes, names, properties). Cards have 80 columns; column 73 names the section.

use std::io::Read;

use super::{lines::Lines, say};
use crate::{
    extract::{Reading, Sink},
    model::Reason,
};

/// Where the letter of the section stands.
const SECTION: usize = 72;
/// How far the data of a card of parameters reach: behind it stands a pointer.
const PARAMETERS: usize = 64;
/// A longer text is no text.
const LONGEST_TEXT: usize = 64 << 10;

/// Reads a model.
pub(super) fn read(reader: &mut dyn Read, sink: &mut dyn Sink) -> Reading {
    let mut lines = Lines::new(reader);
    let mut hollerith = Hollerith::default();
    let mut is_ended = false;
    while let Some(line) = lines.next() {
        let section = section(&line);
        let card = |columns: usize| line.chars().take(columns).collect::<String>();
        match section {
            Some('S') => say(&card(SECTION), sink),
            Some('G') => hollerith.card(&card(SECTION), sink),
            Some('P') => hollerith.card(&card(PARAMETERS), sink),
            Some('T') => is_ended = true,
            _ => {}
        }
    }
    let mut reading = lines.reading();
    reading.partial = reading.partial.or((!is_ended).then_some(Reason::Corrupt));
    reading
}

/// The letter of the section of a card. Characters of several bytes shift it: the last letter before the number is it.
fn section(line: &str) -> Option<char> {
    let line = line.trim_end();
    let number = line.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end();
    number.chars().next_back().filter(|letter| number.len() < line.len() && "SGDPT".contains(*letter))
}

/// Texts with their lengths before them, that go on from card to card.
#[derive(Default)]
struct Hollerith {
    digits: String,
    missing: usize,
    text: String,
}

impl Hollerith {
    fn card(&mut self, card: &str, sink: &mut dyn Sink) {
        for character in card.chars() {
            if self.missing > 0 {
                self.text.push(character);
                self.missing = self.missing.saturating_sub(width(character));
                if self.missing == 0 {
                    say(&std::mem::take(&mut self.text), sink);
                }
            } else if character.is_ascii_digit() {
                self.digits.push(character);
            } else {
                if character == 'H' {
                    self.missing = self.digits.parse().ok().filter(|length| *length <= LONGEST_TEXT).unwrap_or(0);
                }
                self.digits.clear();
            }
        }
    }
}

/// Bytes that a character took where it was written: two in GBK.
fn width(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}
