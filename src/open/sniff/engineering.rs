//! Drawings, models and measurements that have readers of their own, by signature or by their first lines.

use crate::open::Format;

/// Cards of an IGES file are so long.
const CARD: usize = 80;
/// Remark and count of a binary STL file, and bytes of one of its triangles.
const STL_HEADER: usize = 84;
const STL_TRIANGLE: usize = 50;

/// What a file that is no text is by its first bytes, if it is one of these.
pub(super) fn binary_kind(extension: &str, head: &[u8]) -> Option<Format> {
    const SIGNATURES: &[(&[u8], Format)] = &[
        (b"AutoCAD Binary DXF\r\n\x1a\0", Format::Dxf),
        (b"TDSm", Format::Tdms),
        (b"MDF     ", Format::Mdf),
        (b"ElfFile\0", Format::Evtx),
        // A header of six bytes with its version, and the dates of the library (Calma, GDSII Stream Format).
        (b"\0\x06\0\x02", Format::Gdsii),
    ];
    let known = SIGNATURES.iter().find(|(bytes, _)| head.starts_with(bytes)).map(|(_, format)| *format);
    known
        .filter(|format| match format {
            Format::Gdsii => head.get(6..10) == Some(b"\0\x1c\x01\x02"),
            Format::Tdms | Format::Mdf => head.contains(&0),
            _ => true,
        })
        .or_else(|| is_mat(head).then_some(Format::Mat))
        .or_else(|| is_binary_stl(extension, head).then_some(Format::Stl))
}

/// The mark of the order of bytes stands behind the text of the header, whatever that says.
fn is_mat(head: &[u8]) -> bool {
    matches!(head.get(124..128), Some(b"\0\x01IM" | b"\x01\0MI")) && head.starts_with(b"MATLAB")
}

fn is_binary_stl(extension: &str, head: &[u8]) -> bool {
    let Some(count) = head.get(STL_HEADER - 4..STL_HEADER).and_then(|it| it.first_chunk::<4>()) else { return false };
    let triangles = u32::from_le_bytes(*count) as usize;
    let declared = triangles.saturating_mul(STL_TRIANGLE).saturating_add(STL_HEADER);
    let is_as_long = triangles > 0 && declared == head.len();
    is_as_long || (extension == "stl" && triangles > 0 && declared > head.len() && head.contains(&0))
}

/// What a text is, if it is one of these. `body` is the beginning of the text without blanks before it.
pub(super) fn kind(extension: &str, body: &str) -> Option<Format> {
    if body.starts_with("ISO-10303-21;") {
        Some(Format::Step)
    } else if is_dxf(body) {
        Some(Format::Dxf)
    } else if is_iges(body) {
        Some(Format::Iges)
    } else if body.starts_with("solid") && body.contains("facet normal") && body.contains("outer loop") {
        Some(Format::Stl)
    } else if is_kicad(body) {
        Some(Format::Kicad)
    } else if matches!(extension, "cfg" | "cff") && is_comtrade(body) {
        Some(Format::Comtrade)
    } else {
        None
    }
}

/// Group code 0 and the word SECTION, remarks (999) before it aside.
fn is_dxf(body: &str) -> bool {
    let mut lines = body.lines().map(str::trim);
    loop {
        match (lines.next(), lines.next()) {
            (Some("999"), Some(_)) => {}
            (Some("0"), Some("SECTION")) => return true,
            _ => return false,
        }
    }
}

/// The first card: 72 columns of text, the letter of the start section, its number.
fn is_iges(body: &str) -> bool {
    let Some(card) = body.lines().next().map(str::trim_end) else { return false };
    let number = card.trim_end_matches(|it: char| it.is_ascii_digit());
    let is_first = card.get(number.len()..).and_then(|it| it.parse().ok()) == Some(1);
    is_first && number.trim_end().ends_with('S') && card.chars().count() <= CARD && card.len() >= CARD - 1
}

fn is_kicad(body: &str) -> bool {
    const LISTS: [&str; 7] =
        ["(kicad_pcb", "(kicad_sch", "(kicad_symbol_lib", "(kicad_wks", "(footprint", "(module", "(export (version"];
    let first: String = body.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    LISTS.iter().any(|list| {
        first
            .strip_prefix(list)
            .is_some_and(|rest| rest.starts_with([' ', '\n', '"', ')']) || *list == "(export (version")
    }) && ["(layer", "(version", "(generator", "(tedit", "(host"].iter().any(|list| body.contains(list))
}

/// The second line counts the channels: `12,8A,4D`.
fn is_comtrade(body: &str) -> bool {
    let Some(line) = body.lines().nth(1) else { return false };
    let parts: Vec<&str> = line.split(',').map(str::trim).collect();
    let is_count = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [all, analogue, digital] => {
            is_count(all)
                && analogue.strip_suffix(['A', 'a']).is_some_and(is_count)
                && digital.strip_suffix(['D', 'd']).is_some_and(is_count)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::open::{Format, sniff::format};

    #[test]
    fn ordinary_texts_are_not_taken_for_drawings() {
        for (name, text) in [
            ("x.txt", "see ISO-10303-21; for more"),
            ("x.txt", "solid waste\nis collected on Monday"),
            ("x.lisp", "(module test\n (define x 1))"),
            ("x.cfg", "station,device\nvlan,10A,4D,x\n"),
            ("x.txt", "MDF     is a board of fibres"),
            ("x.txt", "TDSm stands for nothing here"),
            ("x.txt", "the sections are listed in chapter S1\nnext"),
        ] {
            assert_eq!(format(name, text.as_bytes()), Format::Text, "{text}");
        }
        assert_eq!(format("x.csv", b"0,1\nSECTION,2\n"), Format::Csv);
    }
}
