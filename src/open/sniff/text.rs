//! Texts: tables, markup, settings, and what is only text.

use super::{data, delimiter, dump, engineering, mail, office};
use crate::open::{
    Format,
    encoding::{self, Guess},
};

/// What a text is; the name counts where the content leaves it open.
pub(super) fn text_kind(extension: &str, head: &[u8]) -> Format {
    let guess = encoding::guess(head, None);
    if guess == Guess::Binary {
        // Values of a dump may be bytes as they are.
        if is_mostly_text(head)
            && let Some(known) = dump::kind(extension, String::from_utf8_lossy(head).trim_start())
        {
            return known;
        }
        let is_text = is_text_extension(extension) && is_mostly_text(head);
        return if is_text { Format::Text } else { Format::Binary };
    }
    let text = encoding::decode(guess, head);
    let body = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    match extension {
        "csv" | "psv" => return Format::Csv,
        "tsv" | "tab" => return Format::Tsv,
        "jsonl" | "ndjson" => return Format::Jsonl,
        "json" | "geojson" if body.starts_with(['{', '[']) => {
            return if is_json_lines(body) { Format::Jsonl } else { Format::Json };
        }
        "htm" | "html" | "xhtml" => return Format::Html,
        _ => {}
    }
    if let Some(known) = mail::kind(extension, body)
        .or_else(|| dump::kind(extension, body))
        .or_else(|| engineering::kind(extension, body))
        .or_else(|| data::kind(extension, body))
        .or_else(|| office::kind(extension, body))
    {
        return known;
    }
    if is_html(body) {
        return Format::Html;
    }
    if body.starts_with("<?xml") || (body.starts_with('<') && extension == "xml") {
        return Format::Xml;
    }
    if is_json_lines(body) {
        return Format::Jsonl;
    }
    if looks_like_json(body) {
        return Format::Json;
    }
    // Many systems export plain text and call it a workbook.
    if matches!(extension, "txt" | "dat" | "asc" | "prn" | "out" | "xls" | "") {
        let whole_lines =
            if head.len() < 1024 { body } else { body.rsplit_once('\n').map_or(body, |(lines, _)| lines) };
        return match delimiter(whole_lines).filter(|found| found.is_certain) {
            Some(found) if found.byte == b'\t' => Format::Tsv,
            Some(_) => Format::Csv,
            None => Format::Text,
        };
    }
    Format::Text
}

/// Names of text files that some writers pad with zeros (a log after a power cut).
fn is_text_extension(extension: &str) -> bool {
    matches!(extension, "txt" | "log" | "csv" | "tsv" | "out" | "ini" | "cfg" | "conf")
}

fn is_mostly_text(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    odd.saturating_mul(10) <= head.len()
}

fn is_html(body: &str) -> bool {
    let start: String = body.chars().take(1024).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<') && start.contains("<html"))
        || start.starts_with("<table")
}

/// An opening bracket alone says little (a log line, a section of settings): what follows must be JSON's too.
fn looks_like_json(body: &str) -> bool {
    let mut characters = body.chars();
    let opening = characters.next();
    let next = characters.find(|character| !character.is_whitespace());
    match opening {
        Some('{') => matches!(next, Some('"' | '}')),
        Some('[') => matches!(next, Some('{' | '[' | '"' | ']')) && !body.lines().next().is_some_and(is_section),
        _ => false,
    }
}

fn is_section(line: &str) -> bool {
    line.starts_with("[[") || (line.starts_with('[') && line.ends_with(']') && !line.contains(['"', '{', ',']))
}

/// Two or more lines that each open and close an object.
fn is_json_lines(body: &str) -> bool {
    let mut lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = |line: &str| line.starts_with("{\"") && line.ends_with('}');
    match (lines.next(), lines.next()) {
        (Some(first), Some(second)) => whole(first) && second.starts_with("{\""),
        _ => false,
    }
}
