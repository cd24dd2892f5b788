//! Simple fonts (ISO 32000-1, 9.6): a byte → a name of a glyph → Unicode.

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use hayro_syntax::object::{Array, Dict, Name, Object};
use ttf_parser::{Face, cff};

use super::{Glyph, Maps, characters, glyph, numbers, standard};

/// Bytes of the head of a Type 1 program, where its encoding stands in clear.
const MOST_CLEAR_BYTES: usize = 64 << 10;

/// A font of this kind.
pub(super) struct Simple {
    texts: Vec<String>,
    /// In sizes of the font.
    widths: Vec<f64>,
}

impl Simple {
    pub(super) fn read(dict: &Dict<'_>, maps: &mut Maps<'_, '_>) -> Self {
        let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let mut texts = base_texts(dict, &descriptor, maps);
        if let Some(encoding) = dict.get::<Dict<'_>>("Encoding") {
            apply_differences(&encoding, &mut texts);
        }
        if let Some(map) = maps.stated(dict) {
            for (code, text) in (0u32..).zip(&mut texts) {
                if let Some(better) = characters(&map, code) {
                    *text = better;
                }
            }
        }
        let widths = widths(dict, &descriptor, &texts);
        Self { texts, widths }
    }

    pub(super) fn glyph(&self, code: u8) -> Glyph {
        let text = self.texts.get(usize::from(code)).cloned().unwrap_or_default();
        Glyph { text, width: self.widths.get(usize::from(code)).copied().unwrap_or(0.5), is_blank: code == b' ' }
    }
}

/// What the codes mean before the font's own differences.
fn base_texts(dict: &Dict<'_>, descriptor: &Dict<'_>, maps: &Maps<'_, '_>) -> Vec<String> {
    let entry = dict.get::<Object<'_>>("Encoding");
    let name = match &entry {
        Some(Object::Name(name)) => Some(name.clone()),
        Some(Object::Dict(encoding)) => encoding.get::<Name<'_>>("BaseEncoding"),
        _ => None,
    };
    match name.as_deref() {
        Some(b"WinAnsiEncoding") => decoded(WINDOWS_1252),
        Some(b"MacRomanEncoding") => decoded(MACINTOSH),
        _ => built_in(dict, descriptor, maps),
    }
}

fn decoded(encoding: &'static encoding_rs::Encoding) -> Vec<String> {
    (0..=255u8).map(|code| encoding.decode_without_bom_handling(&[code]).0.into_owned()).collect()
}

/// What the program of the font says, over what fonts of its kind mostly mean.
fn built_in(dict: &Dict<'_>, descriptor: &Dict<'_>, maps: &Maps<'_, '_>) -> Vec<String> {
    let name = dict.get::<Name<'_>>("BaseFont").unwrap_or(Name::new_unescaped(b""));
    let is_true_type = dict.get::<Name<'_>>("Subtype").is_some_and(|it| &*it == b"TrueType");
    let mut texts = if name.as_str().contains("Symbol") {
        standard::symbol()
    } else if is_true_type {
        decoded(WINDOWS_1252)
    } else {
        standard::latin()
    };
    match maps.program(descriptor) {
        Some(("FontFile", program)) => apply_type1(&program, &mut texts),
        Some(("FontFile3", program)) => apply_cff(&program, &mut texts),
        Some(("FontFile2", program)) => apply_true_type(&program, &mut texts),
        _ => {}
    }
    texts
}

/// `dup 65 /A put`, as the clear part of a Type 1 program has it.
fn apply_type1(program: &[u8], texts: &mut [String]) {
    let clear = program.get(..MOST_CLEAR_BYTES).unwrap_or(program);
    let clear = memchr::memmem::find(clear, b"eexec").map_or(clear, |end| clear.get(..end).unwrap_or(clear));
    let words = String::from_utf8_lossy(clear).replace('/', " /");
    let mut words = words.split_ascii_whitespace();
    while let Some(word) = words.next() {
        if word == "dup"
            && let (Some(code), Some(name)) = (words.next(), words.next())
            && let (Ok(code), Some(name)) = (code.parse::<usize>(), name.strip_prefix('/'))
            && let (Some(slot), Some(text)) = (texts.get_mut(code), glyph::text_of(name))
        {
            *slot = text;
        }
    }
}

fn apply_cff(program: &[u8], texts: &mut [String]) {
    let face = Face::parse(program, 0).ok();
    let table = match &face {
        Some(face) => face.tables().cff,
        None => cff::Table::parse(program),
    };
    let Some(table) = table else { return };
    for (code, text) in (0u8..=255).zip(texts) {
        if let Some(named) = table.glyph_index(code).and_then(|it| table.glyph_name(it)).and_then(glyph::text_of) {
            *text = named;
        }
    }
}

/// Codes of a symbolic font stand in a map of their own, from 0xF000 on; its glyphs may have names.
fn apply_true_type(program: &[u8], texts: &mut [String]) {
    let Ok(face) = Face::parse(program, 0) else { return };
    let Some(tables) = face.tables().cmap else { return };
    for table in tables.subtables.into_iter().filter(|it| !it.is_unicode()) {
        for (code, text) in (0u32..).zip(texts.iter_mut()) {
            let found = table.glyph_index(0xf000 + code).or_else(|| table.glyph_index(code));
            if let Some(named) = found.and_then(|it| face.glyph_name(it)).and_then(glyph::text_of) {
                *text = named;
            }
        }
    }
}

/// A code, and the names from it on; again and again (9.6.6.1). Where none of the names is known, they are numbers of some
/// writer's own, and the codes mean what they mostly do.
fn apply_differences(encoding: &Dict<'_>, texts: &mut [String]) {
    let differences = encoding.get::<Array<'_>>("Differences").unwrap_or_default();
    let mut named: Vec<(usize, Option<String>)> = Vec::new();
    let mut code = 0usize;
    for entry in differences.iter::<Object<'_>>().take(1 << 12) {
        match entry {
            Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(usize::MAX),
            Object::Name(name) => {
                named.push((code, glyph::text_of(name.as_str())));
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    if named.iter().all(|(_, text)| text.is_none()) {
        return;
    }
    for (code, text) in named {
        if let Some(slot) = texts.get_mut(code) {
            *slot = text.unwrap_or_default();
        }
    }
}

/// Widths of all codes: as stated, or those of the standard fonts.
fn widths(dict: &Dict<'_>, descriptor: &Dict<'_>, texts: &[String]) -> Vec<f64> {
    // Type 3 fonts have a unit of their own.
    let unit = dict.get::<[f64; 6]>("FontMatrix").map_or(0.001, |it| it[0]);
    let first = usize::try_from(dict.get::<i32>("FirstChar").unwrap_or(0)).unwrap_or(0).min(256);
    if let Some(stated) = dict.get::<Array<'_>>("Widths") {
        let missing = descriptor.get::<f64>("MissingWidth").unwrap_or(0.0);
        let mut widths = vec![missing * unit; 256];
        for (slot, width) in widths.iter_mut().skip(first).zip(numbers(&stated)) {
            *slot = width * unit;
        }
        return widths;
    }
    let name = dict.get::<Name<'_>>("BaseFont").unwrap_or(Name::new_unescaped(b""));
    texts.iter().map(|text| standard::width(name.as_str(), text)).collect()
}
