//! Settings and keys, and data by their first bytes.

use super::dbf::Header;
use crate::open::Format;

/// Lines of a text that are looked at.
const LINES: usize = 40;

/// What the first bytes of a file that is no text say.
pub(super) fn signature(head: &[u8]) -> Option<Format> {
    const SIGNATURES: &[(&[u8], Format)] = &[
        (b"PAR1", Format::Parquet),
        // With its description encrypted too.
        (b"PARE", Format::Parquet),
        (b"ARROW1\0\0", Format::Arrow),
        (b"Obj\x01", Format::Avro),
        (b"bplist00", Format::PropertyList),
        (b"\x89HDF\r\n\x1a\n", Format::Hdf5),
        (b"HEADER RECORD*******LIB", Format::Statistics),
        (b"$FL2@(#) SPSS DATA FILE", Format::Statistics),
        (b"$FL3@(#) SPSS DATA FILE", Format::Statistics),
        (b"<stata_dta>", Format::Statistics),
        (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3\x14\x11\xcf", Format::Statistics),
        // The record that begins a file, and its version: WK1, WK3 and later, WKS, WQ and WB.
        (b"\0\0\x02\0\x04\x04", Format::OldWorkbook),
        (b"\0\0\x02\0\x06\x04", Format::OldWorkbook),
        (b"\0\0\x1a\0\0\x10", Format::OldWorkbook),
        (b"\xff\0\x02\0\x04\x04", Format::OldWorkbook),
        (b"\0\0\x02\0\x20\x51", Format::OldWorkbook),
        (b"\0\0\x02\0\x21\x51", Format::OldWorkbook),
        (b"\0\0\x02\0\x01\x10", Format::OldWorkbook),
        (b"\0\0\x02\0\x02\x10", Format::OldWorkbook),
        (b"\0\x01\0\0Standard Jet DB\0", Format::Access),
        (b"\0\x01\0\0Standard ACE DB\0", Format::Access),
        (b"\0\x01\0\0MSISAM Database\0", Format::Access),
    ];
    let known = SIGNATURES.iter().find(|(bytes, _)| head.starts_with(bytes)).map(|(_, format)| *format);
    known
        .or_else(|| (head.starts_with(b"ORC") && head.contains(&0)).then_some(Format::Orc))
        .or_else(|| is_arrow_stream(head).then_some(Format::Arrow))
        .or_else(|| Header::parse(head).map(|_| Format::Dbf))
}

/// A stream of Arrow begins with the length of its schema behind a mark, and the schema with where its table stands.
fn is_arrow_stream(head: &[u8]) -> bool {
    let length = head.strip_prefix(&[0xff; 4]).and_then(|rest| rest.first_chunk());
    let root = head.get(8..).and_then(|rest| rest.first_chunk());
    let (Some(length), Some(root)) = (length.map(|it| u32::from_le_bytes(*it)), root.map(|it| u32::from_le_bytes(*it)))
    else {
        return false;
    };
    // Messages are padded to eight bytes.
    length % 8 == 0 && length > 0 && (4..length).contains(&root) && length < 1 << 26
}

/// What a text is, if it is one of these. `body` is the beginning of the text without blanks before it.
pub(super) fn kind(extension: &str, body: &str) -> Option<Format> {
    match extension {
        // JSON is YAML too, and has a reader that knows more of it.
        "yaml" | "yml" if !body.starts_with(['{', '[']) => Some(Format::Yaml),
        "json5" | "jsonc" if body.starts_with(['{', '[', '/']) => Some(Format::Json),
        "json" if body.starts_with("//") || body.starts_with("/*") => Some(Format::Json),
        // XML without its declaration.
        "svg" | "kml" | "gpx" | "plist" | "xsd" | "xsl" | "xslt" | "rss" | "atom" | "wsdl" | "config" | "csproj"
            if body.starts_with('<') && !body.starts_with("<!DOCTYPE html") =>
        {
            Some(Format::Xml)
        }
        "toml" if holds_settings(body) => Some(Format::Toml),
        "ini" | "properties" | "env" | "cfg" | "conf" | "cnf" | "inf" | "url" | "desktop" | "service" | "reg"
            if holds_settings(body) =>
        {
            Some(Format::Ini)
        }
        _ => None,
    }
}

/// Whether most lines that are no remarks assign something to a name, or begin a section.
fn holds_settings(body: &str) -> bool {
    let is_remark = |line: &&str| line.is_empty() || line.starts_with(['#', ';', '!']) || line.starts_with("//");
    let lines = body.lines().map(str::trim).filter(|line| !is_remark(line)).take(LINES);
    let (mut seen, mut settings) = (0usize, 0usize);
    for line in lines {
        seen += 1;
        settings += usize::from(is_section(line) || is_assignment(line));
    }
    settings > 0 && settings.saturating_mul(2) >= seen
}

fn is_section(line: &str) -> bool {
    line.starts_with('[') && line.ends_with(']') && !line.contains(['"', '{', ','])
}

/// `name = value`; a colon only where nothing but a name stands before it.
fn is_assignment(line: &str) -> bool {
    let name = line.split(['=', ':']).next().unwrap_or_default().trim();
    let name = name.strip_prefix("export ").unwrap_or(name);
    name.len() < line.len()
        && !name.is_empty()
        && name.chars().all(|it| it.is_alphanumeric() || "_-.$/\\*@\" ".contains(it))
        && name.split(' ').count() <= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_by_their_lines_and_not_by_their_name_alone() {
        for (extension, body, format) in [
            ("ini", "[server]\nhost=1\n", Some(Format::Ini)),
            ("properties", "# remark\nspring.url=jdbc\nlog: on\n", Some(Format::Ini)),
            ("env", "export A=1\n", Some(Format::Ini)),
            ("toml", "[a]\nb = \"c\"\n", Some(Format::Toml)),
            ("yaml", "a: b\n", Some(Format::Yaml)),
            ("yaml", "{\"a\": 1}", None),
            ("json5", "// remark\n{a: 1}", Some(Format::Json)),
            ("svg", "<svg><text>x</text></svg>", Some(Format::Xml)),
            ("gpx", "no markup", None),
            ("ini", "[a, b]\n", None),
            ("conf", "server {\n  listen 80;\n  root /srv;\n}\n", None),
            ("conf", "interface GigabitEthernet0/1\n ip address 10.0.0.1\n!\n", None),
            ("cfg", "Dear all,\nwe met.\n", None),
            ("txt", "[server]\nhost=1\n", None),
            ("py", "a = 1\nb = 2\n", None),
        ] {
            assert_eq!(kind(extension, body), format, "{extension} {body}");
        }
    }

    #[test]
    fn signatures_tell_data_whatever_its_name() {
        assert_eq!(signature(b"PAR1...."), Some(Format::Parquet));
        assert_eq!(signature(b"ARROW1\0\0...."), Some(Format::Arrow));
        assert_eq!(signature(&[0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0x10, 0, 0, 0]), Some(Format::Arrow));
        assert_eq!(signature(&[0xff; 64]), None);
        assert_eq!(signature(b"Objects and others"), None);
    }
}
