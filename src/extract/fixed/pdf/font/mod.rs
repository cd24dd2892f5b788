//! Fonts of a document: what a code stands for, and how wide it is drawn.

use std::{collections::BTreeMap, rc::Rc};

use hayro_cmap::{BfString, CMap, CMapName, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::{decode::Decoder, names::address};
use crate::model::Reason;

mod composite;
mod glyph;
mod simple;
mod standard;

use composite::Composite;
use simple::Simple;

/// Fonts that are kept; more are read anew each time.
const MOST_FONTS: usize = 512;

/// One code in so many may be without characters: bullets and rules are drawn with fonts that map nothing.
const MOST_UNREAD: u64 = 10;

/// What a code draws.
pub(super) struct Glyph {
    /// Its characters; empty where nothing says which.
    pub(super) text: String,
    /// How far the next one stands, in sizes of the font.
    pub(super) width: f64,
    /// Whether it is the single byte 32, which words are spaced by.
    pub(super) is_blank: bool,
}

/// A font of either kind.
pub(super) struct Font(Kind);

enum Kind {
    /// A byte is a code.
    Simple(Simple),
    /// Codes of one to four bytes.
    Composite(Composite),
}

impl Font {
    fn read(dict: &Dict<'_>, maps: &mut Maps<'_, '_>) -> Self {
        if dict.get::<Name<'_>>("Subtype").is_some_and(|it| &*it == b"Type0") {
            Self(Kind::Composite(Composite::read(dict, maps)))
        } else {
            Self(Kind::Simple(Simple::read(dict, maps)))
        }
    }

    /// Takes the next code from a string that is not empty.
    pub(super) fn next(&self, codes: &mut &[u8]) -> Glyph {
        match &self.0 {
            Kind::Simple(font) => {
                let (code, rest) = codes.split_first().map_or((0, [].as_slice()), |(code, rest)| (*code, rest));
                *codes = rest;
                font.glyph(code)
            }
            Kind::Composite(font) => font.next(codes),
        }
    }

    /// Whether it is written downwards.
    pub(super) fn is_vertical(&self) -> bool {
        matches!(&self.0, Kind::Composite(font) if font.is_vertical())
    }
}

/// The fonts of a document that were met, and the character maps they share.
pub(super) struct Fonts<'d, 'j> {
    maps: Maps<'d, 'j>,
    known: BTreeMap<(usize, usize), Rc<Font>>,
    /// Codes with characters, and without.
    read: u64,
    unread: u64,
}

impl<'d, 'j> Fonts<'d, 'j> {
    /// None was met yet.
    pub(super) fn new(decoder: &'d Decoder<'j>) -> Self {
        Self { maps: Maps { decoder, predefined: BTreeMap::new() }, known: BTreeMap::new(), read: 0, unread: 0 }
    }

    /// Counts a code that was drawn.
    pub(super) fn count(&mut self, glyph: &Glyph) {
        *if glyph.text.is_empty() && !glyph.is_blank { &mut self.unread } else { &mut self.read } += 1;
    }

    /// Said where more than a few signs and bullets have no characters.
    pub(super) fn unread(&self) -> Option<Reason> {
        (self.unread > (self.read + self.unread) / MOST_UNREAD).then_some(Reason::Undecodable)
    }

    /// The font that a dictionary describes.
    pub(super) fn get(&mut self, dict: &Dict<'_>) -> Rc<Font> {
        if let Some(font) = self.known.get(&address(dict)) {
            return font.clone();
        }
        let font = Rc::new(Font::read(dict, &mut self.maps));
        if self.known.len() < MOST_FONTS {
            self.known.insert(address(dict), font.clone());
        }
        font
    }
}

/// Character maps.
struct Maps<'d, 'j> {
    decoder: &'d Decoder<'j>,
    predefined: BTreeMap<Vec<u8>, Option<Rc<CMap>>>,
}

impl Maps<'_, '_> {
    /// A map that all readers know (ISO 32000-1, table 118).
    fn predefined(&mut self, name: &[u8]) -> Option<Rc<CMap>> {
        let parse = |name: &[u8]| match name {
            b"Identity-H" => Some(CMap::identity_h()),
            b"Identity-V" => Some(CMap::identity_v()),
            _ => CMap::parse(load_embedded(CMapName::from_bytes(name))?, load_embedded),
        };
        self.predefined.entry(name.to_vec()).or_insert_with(|| parse(name).map(Rc::new)).clone()
    }

    /// The map of an entry: a name, or a stream.
    fn of(&mut self, entry: &Object<'_>) -> Option<Rc<CMap>> {
        match entry {
            Object::Name(name) => self.predefined(name),
            Object::Stream(stream) => CMap::parse(&self.decoder.decode(stream), load_embedded).map(Rc::new),
            _ => None,
        }
    }

    /// What the font itself says that its codes mean.
    fn stated(&mut self, dict: &Dict<'_>) -> Option<Rc<CMap>> {
        dict.get::<Object<'_>>("ToUnicode").and_then(|entry| self.of(&entry))
    }

    /// The program of a font, and under which key it was found.
    fn program(&self, descriptor: &Dict<'_>) -> Option<(&'static str, Vec<u8>)> {
        let found = ["FontFile2", "FontFile3", "FontFile"]
            .into_iter()
            .find_map(|key| Some((key, descriptor.get::<Stream<'_>>(key)?)));
        found.map(|(key, stream)| (key, self.decoder.decode(&stream)))
    }
}

/// The characters that a map gives for a code; what only stands for "unknown" is none.
fn characters(map: &CMap, code: u32) -> Option<String> {
    let text = match map.lookup_bf_string(code)? {
        BfString::Char(character) => character.to_string(),
        BfString::String(text) => text,
    };
    let is_known = |it: char| !matches!(it, '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}');
    text.chars().any(is_known).then(|| text.chars().map(|it| glyph::spelled(it.encode_utf8(&mut [0; 4]))).collect())
}

/// Numbers of an array, no more than a font has codes.
fn numbers(array: &Array<'_>) -> impl Iterator<Item = f64> {
    array.iter::<f64>().take(1 << 16)
}
