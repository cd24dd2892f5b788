//! Composite fonts (ISO 32000-1, 9.7): codes of several bytes → characters of a collection → Unicode.

use std::{collections::BTreeMap, rc::Rc};

use hayro_cmap::{CMap, CidFamily, WritingMode};
use hayro_syntax::object::{self, Array, Dict, Name, Number, Object, Stream};
use ttf_parser::{Face, GlyphId, cff, cmap::Subtable};

use super::{Glyph, Maps, characters, glyph, numbers};

/// Glyphs whose names are looked at. Names lie one behind the other, and finding one means passing those before it.
const MOST_NAMED: u16 = 4096;
/// Single widths of one font.
const MOST_WIDTHS: usize = 1 << 16;

/// The order of glyphs that fonts have had since the Macintosh (Apple's TrueType Reference, table `post`): the blank is the
/// third, and ASCII follows it. Fonts of Windows keep to it; it is asked last, where a file has thrown away all else.
const STANDARD_ASCII: std::ops::RangeInclusive<u16> = 3..=97;
/// From there to ASCII.
const STANDARD_SHIFT: u32 = 29;
/// A program with fewer glyphs is a part of a font whose glyphs were numbered anew.
const FEWEST_OF_A_SYSTEM: u16 = 200;

/// A font of this kind.
pub(super) struct Composite {
    encoding: Option<Rc<CMap>>,
    /// Codes that are Unicode themselves.
    unicode: Option<Unicode>,
    to_unicode: Option<Rc<CMap>>,
    /// From the characters of a collection (Adobe-GB1 and its like) to Unicode.
    collection: Option<Rc<CMap>>,
    /// From the glyphs of the program to Unicode, where nothing else says it.
    glyphs: BTreeMap<u16, String>,
    glyph_of_character: Vec<u8>,
    /// Whether glyphs most likely stand where the fonts of systems have them.
    is_in_standard_order: bool,
    widths: Widths,
}

/// The forms of Unicode that predefined maps take codes in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unicode {
    Utf8,
    Utf16,
    Utf32,
}

/// Widths by character, in thousandths of the size.
struct Widths {
    usual: f64,
    ranges: Vec<(u32, u32, f64)>,
    single: BTreeMap<u32, f64>,
    /// Downwards: one for all.
    vertical: f64,
}

impl Composite {
    pub(super) fn read(dict: &Dict<'_>, maps: &mut Maps<'_, '_>) -> Self {
        let fonts = dict.get::<Array<'_>>("DescendantFonts").unwrap_or_default();
        let font = fonts.iter::<Dict<'_>>().next().unwrap_or_default();
        let entry = dict.get::<Object<'_>>("Encoding");
        let encoding = entry.as_ref().and_then(|entry| maps.of(entry));
        let name = entry.and_then(Object::into_name);
        // Codes that are said to map to themselves are Unicode.
        let is_itself = dict.get::<Name<'_>>("ToUnicode").is_some_and(|map| map.as_str().starts_with("Identity"));
        let unicode = name.and_then(|name| unicode_of(&name)).or(is_itself.then_some(Unicode::Utf16));
        let to_unicode = maps.stated(dict);
        let family = encoding
            .as_ref()
            .and_then(|map| Some(map.metadata().character_collection.as_ref()?.family.clone()))
            .filter(|family| family.ucs2_cmap().is_some())
            .or_else(|| family_of(&font));
        let collection = family.and_then(|it| it.ucs2_cmap()).and_then(|name| maps.predefined(name.to_bytes()));
        let mut composite = Self {
            encoding,
            unicode,
            to_unicode,
            collection,
            glyphs: BTreeMap::new(),
            glyph_of_character: Vec::new(),
            is_in_standard_order: false,
            widths: Widths::read(&font),
        };
        if composite.to_unicode.is_none() && composite.collection.is_none() {
            composite.read_program(&font, maps);
        }
        composite
    }

    /// The program knows which characters its glyphs are for.
    fn read_program(&mut self, font: &Dict<'_>, maps: &Maps<'_, '_>) {
        let descriptor = font.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let Some((_, program)) = maps.program(&descriptor) else {
            self.is_in_standard_order = font.get::<Name<'_>>("Subtype").is_some_and(|it| &*it == b"CIDFontType2");
            return;
        };
        if let Ok(face) = Face::parse(&program, 0) {
            self.read_face(&face);
        } else {
            let table = cff::Table::parse(&program);
            self.read_names(|glyph| table.as_ref()?.glyph_name(glyph));
        }
        if let Some(stream) = font.get::<Stream<'_>>("CIDToGIDMap") {
            self.glyph_of_character = maps.decoder.decode(&stream);
        }
    }

    fn read_face(&mut self, face: &Face<'_>) {
        for table in face.tables().cmap.iter().flat_map(|it| it.subtables).filter(Subtable::is_unicode) {
            table.codepoints(|code| {
                if let (Some(character), Some(glyph)) = (char::from_u32(code), table.glyph_index(code)) {
                    self.glyphs.entry(glyph.0).or_insert_with(|| glyph::spelled(character.encode_utf8(&mut [0; 4])));
                }
            });
        }
        self.read_names(|glyph| face.glyph_name(glyph));
        self.is_in_standard_order = face.number_of_glyphs() >= FEWEST_OF_A_SYSTEM;
    }

    fn read_names<'n>(&mut self, name_of: impl Fn(GlyphId) -> Option<&'n str>) {
        for id in 0..MOST_NAMED {
            if let Some(text) = name_of(GlyphId(id)).and_then(glyph::text_of) {
                self.glyphs.entry(id).or_insert(text);
            }
        }
    }

    pub(super) fn is_vertical(&self) -> bool {
        self.encoding.as_ref().is_some_and(|it| it.metadata().writing_mode == Some(WritingMode::Vertical))
    }

    /// Takes the next code from a string that is not empty.
    pub(super) fn next(&self, codes: &mut &[u8]) -> Glyph {
        let (length, character) = self.code_length(codes);
        let (code, rest) = codes.split_at(length.min(codes.len()));
        *codes = rest;
        let number = code.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        let text = self.text(code, number, character).unwrap_or_default();
        let width = if self.is_vertical() { self.widths.vertical } else { self.widths.of(character) } / 1000.0;
        Glyph { text, width, is_blank: code == b" " }
    }

    /// The length of the next code, and its character in the collection.
    fn code_length(&self, codes: &[u8]) -> (usize, u32) {
        if let Some(Unicode::Utf8 | Unicode::Utf32) = self.unicode {
            return (self.unicode.map_or(1, |it| it.length(codes)), 0);
        }
        let mut number = 0;
        for (length, byte) in (1u8..=4).zip(codes) {
            number = number << 8 | u32::from(*byte);
            if let Some(character) = self.encoding.as_ref().and_then(|map| map.lookup_cid_code(number, length)) {
                return (usize::from(length), character);
            }
        }
        // Unknown codes are two bytes long in nearly all maps, and one below the lead bytes of others.
        let is_single = self.unicode.is_none() && codes.first().is_some_and(u8::is_ascii) && self.is_mixed();
        (if is_single { 1 } else { 2 }, 0)
    }

    /// Whether codes of one byte occur.
    fn is_mixed(&self) -> bool {
        self.encoding.as_ref().is_some_and(|map| map.lookup_cid_code(0x41, 1).is_some())
    }

    fn text(&self, code: &[u8], number: u32, character: u32) -> Option<String> {
        if let Some(text) = self.to_unicode.as_ref().and_then(|map| characters(map, number)) {
            return Some(text);
        }
        if let Some(unicode) = self.unicode {
            return unicode.decode(code);
        }
        if let Some(collection) = &self.collection {
            return characters(collection, character);
        }
        let place = usize::try_from(character).ok()?.checked_mul(2)?;
        let glyph = match self.glyph_of_character.get(place..place + 2) {
            Some(mapped) => mapped.iter().fold(0u16, |number, byte| number << 8 | u16::from(*byte)),
            None => u16::try_from(character).ok()?,
        };
        let in_order = || {
            let is_ascii = self.is_in_standard_order && STANDARD_ASCII.contains(&glyph);
            is_ascii.then(|| char::from_u32(u32::from(glyph) + STANDARD_SHIFT)).flatten().map(String::from)
        };
        self.glyphs.get(&glyph).cloned().or_else(in_order)
    }
}

impl Unicode {
    fn length(self, codes: &[u8]) -> usize {
        match (self, codes.first()) {
            (Self::Utf32, _) | (Self::Utf8, Some(0xf0..)) => 4,
            (Self::Utf8, Some(0xe0..)) => 3,
            (Self::Utf8, Some(0xc0..)) | (Self::Utf16, _) => 2,
            (Self::Utf8, _) => 1,
        }
    }

    fn decode(self, code: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(code).ok().map(str::to_owned),
            Self::Utf16 => {
                let units: Vec<u16> =
                    code.chunks_exact(2).map(|it| it.iter().fold(0, |n, b| n << 8 | u16::from(*b))).collect();
                String::from_utf16(&units).ok()
            }
            Self::Utf32 => char::from_u32(code.iter().fold(0, |n, b| n << 8 | u32::from(*b))).map(String::from),
        }
    }
}

fn unicode_of(encoding: &Name<'_>) -> Option<Unicode> {
    let name = encoding.as_str();
    if !name.starts_with("Uni") {
        return None;
    }
    [("UTF8", Unicode::Utf8), ("UTF32", Unicode::Utf32), ("UTF16", Unicode::Utf16), ("UCS2", Unicode::Utf16)]
        .into_iter()
        .find(|(form, _)| name.contains(form))
        .map(|(_, unicode)| unicode)
}

/// The collection that the characters of a font are of.
fn family_of(font: &Dict<'_>) -> Option<CidFamily> {
    let system = font.get::<Dict<'_>>("CIDSystemInfo")?;
    let part = |key| system.get::<object::String<'_>>(key);
    let (registry, ordering) = (part("Registry")?, part("Ordering")?);
    Some(CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes()))
}

impl Widths {
    /// Two notations follow each other freely (9.7.4.3): a first code with a list, or a first and a last with one width.
    fn read(font: &Dict<'_>) -> Self {
        let vertical = font.get::<[f64; 2]>("DW2").map_or(-1000.0, |it| it[1]);
        let usual = font.get::<f64>("DW").unwrap_or(1000.0);
        let mut widths = Self { usual, ranges: Vec::new(), single: BTreeMap::new(), vertical };
        let entries = font.get::<Array<'_>>("W").unwrap_or_default();
        let mut entries = entries.iter::<Object<'_>>();
        let code = |number: &Number| u32::try_from(number.as_i64()).ok();
        while let (Some(Object::Number(first)), Some(second)) = (entries.next(), entries.next()) {
            let Some(first) = code(&first) else { break };
            match second {
                Object::Array(list) => {
                    let room = MOST_WIDTHS.saturating_sub(widths.single.len());
                    widths.single.extend((first..=u32::MAX).zip(numbers(&list)).take(room));
                }
                Object::Number(last) => {
                    let (Some(last), Some(Object::Number(width))) = (code(&last), entries.next()) else { break };
                    if widths.ranges.len() < MOST_WIDTHS {
                        widths.ranges.push((first, last, width.as_f64()));
                    }
                }
                _ => break,
            }
        }
        widths.ranges.sort_by_key(|(first, ..)| *first);
        widths
    }

    fn of(&self, character: u32) -> f64 {
        if let Some(width) = self.single.get(&character) {
            return *width;
        }
        let behind = self.ranges.partition_point(|(first, ..)| *first <= character);
        let range = behind.checked_sub(1).and_then(|at| self.ranges.get(at)).filter(|(_, last, _)| character <= *last);
        range.map_or(self.usual, |(.., width)| *width)
    }
}
