//! Boards, schematics and libraries of KiCad: s-expressions whose texts, names, nets and title blocks are handed on.

use std::io::{BufRead, Read};

use super::{name, say, say_labelled};
use crate::{
    extract::{Reading, Sink, transcode::Transcoder},
    model::Reason,
    open::Limits,
};

/// A longer atom is handed on in pieces.
const LONGEST_ATOM_BYTES: usize = 64 << 10;
/// Atoms of a list that are looked at: a property has two, a net two, a layer four.
const MOST_ATOMS: usize = 8;
/// Lists whose atoms name a part.
const PARTS: [&str; 9] =
    ["module", "footprint", "symbol", "sheetname", "part", "libpart", "kicad_pcb", "kicad_sch", "kicad_symbol_lib"];
/// Lists whose atoms are told with their name.
const LABELLED: [&str; 9] = ["title", "date", "rev", "company", "comment", "property", "value", "ref", "datasheet"];
/// Lists whose atoms are texts.
const TEXTS: [&str; 17] = [
    "descr",
    "description",
    "tags",
    "text",
    "gr_text",
    "fp_text",
    "gr_text_box",
    "text_box",
    "label",
    "global_label",
    "hierarchical_label",
    "net",
    "net_name",
    "add_net",
    "net_class",
    "source",
    "name",
];

/// Reads a design.
pub(super) fn read(reader: &mut dyn Read, limits: &Limits, sink: &mut dyn Sink) -> Reading {
    let mut text = Transcoder::new(reader, None);
    let mut design = Design { most_open: limits.xml_depth, ..Design::default() };
    let partial = loop {
        match text.fill_buf() {
            Ok([]) => break (design.open_lists > 0).then_some(Reason::Corrupt),
            Ok(piece) => {
                for byte in piece {
                    design.byte(*byte, sink);
                }
                let length = piece.len();
                text.consume(length);
            }
            Err(error) => break Some(Reason::from(&error)),
        }
    };
    design.end_list(sink);
    let partial = partial.or(design.is_too_deep.then_some(Reason::TooDeep));
    Reading { encoding: Some(text.encoding()), partial, ..Reading::default() }
}

/// A design while its bytes come. Only the innermost list is held: what stands behind a list in a list is not its text.
#[derive(Default)]
struct Design {
    open_lists: usize,
    most_open: usize,
    is_too_deep: bool,
    /// The list that began last: its name and its atoms.
    list: Vec<String>,
    atom: Vec<u8>,
    is_quoted: bool,
    is_escaped: bool,
}

impl Design {
    fn byte(&mut self, byte: u8, sink: &mut dyn Sink) {
        match byte {
            _ if self.is_escaped => {
                self.is_escaped = false;
                self.atom.push(if byte == b'n' { b' ' } else { byte });
            }
            b'\\' if self.is_quoted => self.is_escaped = true,
            b'"' => {
                self.is_quoted = !self.is_quoted;
                if self.is_quoted {
                    self.end_atom();
                } else {
                    self.push_atom();
                }
            }
            _ if self.is_quoted => self.atom.push(byte),
            b'(' => {
                self.end_atom();
                self.end_list(sink);
                self.open_lists += 1;
                self.is_too_deep |= self.open_lists > self.most_open;
            }
            b')' => {
                self.end_atom();
                self.end_list(sink);
                self.open_lists = self.open_lists.saturating_sub(1);
            }
            byte if byte.is_ascii_whitespace() => self.end_atom(),
            _ => self.atom.push(byte),
        }
        if self.atom.len() >= LONGEST_ATOM_BYTES && byte.is_ascii() {
            self.end_atom();
            self.end_list(sink);
        }
    }

    fn end_atom(&mut self) {
        if !self.atom.is_empty() {
            self.push_atom();
        }
    }

    /// Adds an atom, an empty one in quotes too.
    fn push_atom(&mut self) {
        if self.list.len() <= MOST_ATOMS {
            self.list.push(String::from_utf8_lossy(&self.atom).into_owned());
        }
        self.atom.clear();
    }

    fn end_list(&mut self, sink: &mut dyn Sink) {
        self.end_atom();
        let list = std::mem::take(&mut self.list);
        let Some((head, atoms)) = list.split_first() else { return };
        // A tilde is an empty text.
        let atoms: Vec<&str> = atoms.iter().map(String::as_str).filter(|atom| *atom != "~").collect();
        let is_number = |atom: &str| atom.parse::<f64>().is_ok();
        match head.as_str() {
            "property" => {
                if let [label, value, ..] = *atoms
                    && !value.is_empty()
                {
                    say_labelled(label, value, sink);
                }
            }
            head if PARTS.contains(&head) => name(&atoms.join(" "), sink),
            head if LABELLED.contains(&head) => say_labelled(head, &atoms.join(" "), sink),
            head if TEXTS.contains(&head) => {
                let words: Vec<&str> = atoms.into_iter().filter(|it| !is_number(it)).collect();
                say(&words.join(" "), sink);
            }
            // A layer: its number, its name, its kind.
            _ if is_number(head) => atoms.first().into_iter().for_each(|layer| name(layer, sink)),
            _ => {}
        }
    }
}
