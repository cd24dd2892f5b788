//! Archives and packed files.

use crate::open::Format;

/// Where the first member of a zip archive begins, if this is one. The first of several parts has a mark before it.
pub(super) fn zip_start(head: &[u8]) -> Option<&[u8]> {
    let start = head.strip_prefix(b"PK\x07\x08").or_else(|| head.strip_prefix(b"PK00")).unwrap_or(head);
    (start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")).then_some(start)
}

/// What the first bytes of a packed file say.
pub(super) fn kind(head: &[u8]) -> Option<Format> {
    const SIGNATURES: &[(&[u8], Format)] = &[
        (b"\x1f\x8b\x08", Format::Gzip),
        (b"\xfd7zXZ\0", Format::Xz),
        (b"\x28\xb5\x2f\xfd", Format::Zstd),
        (b"\x04\x22\x4d\x18", Format::Lz4),
        (b"\x02\x21\x4c\x18", Format::Lz4),
        (b"LZIP\x01", Format::Lzip),
        (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
        (b"Rar!\x1a\x07", Format::Rar),
        (b"MSCF\0\0\0\0", Format::Cab),
        (b"!<arch>\n", Format::Ar),
        (b"\xed\xab\xee\xdb", Format::Rpm),
        (b"ITSF\x03\0\0\0", Format::Chm),
    ];
    let known = SIGNATURES.iter().find(|(bytes, _)| head.starts_with(bytes)).map(|(_, format)| *format);
    known
        .or_else(|| is_bzip2(head).then_some(Format::Bzip2))
        .or_else(|| is_compress(head).then_some(Format::Compress))
        .or_else(|| is_cpio(head).then_some(Format::Cpio))
        .or_else(|| is_lzma(head).then_some(Format::Lzma))
        .or_else(|| is_tar(head).then_some(Format::Tar))
        // The first volume descriptor stands in sector 16.
        .or_else(|| (head.get(32_769..32_774) == Some(b"CD001")).then_some(Format::Iso))
}

/// `BZh`, the size of a block, then the mark of the first block or of the end: digits of π and of its root.
fn is_bzip2(head: &[u8]) -> bool {
    let is_block = matches!(head.get(4..10), Some(b"\x31\x41\x59\x26\x53\x59" | b"\x17\x72\x45\x38\x50\x90"));
    head.starts_with(b"BZh") && head.get(3).is_some_and(|level| (b'1'..=b'9').contains(level)) && is_block
}

/// The third byte holds the widest code, a flag, and two bits that are zero.
fn is_compress(head: &[u8]) -> bool {
    head.starts_with(b"\x1f\x9d") && head.get(2).is_some_and(|it| it & 0x60 == 0 && (9..=16).contains(&(it & 0x1f)))
}

/// A header of digits through and through: one number at the beginning of a text is none.
fn is_cpio(head: &[u8]) -> bool {
    let all = |length: usize, is_digit: fn(&u8) -> bool| head.get(6..length).is_some_and(|it| it.iter().all(is_digit));
    match head.get(..6) {
        Some(b"070701" | b"070702") => all(110, u8::is_ascii_hexdigit),
        Some(b"070707") => all(76, |byte| (b'0'..=b'7').contains(byte)),
        _ => false,
    }
}

/// LZMA alone has no signature. Its header: properties (nearly always 0x5d), a dictionary of 2ⁿ or 2ⁿ + 2ⁿ⁻¹ bytes, and a
/// length that is unknown or below 2⁴⁰; then a zero, with which its coder begins. As in xz-utils.
fn is_lzma(head: &[u8]) -> bool {
    let number = |at: usize, bytes: usize| {
        head.get(at..at + bytes).map(|it| it.iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let (Some(dictionary), Some(length)) = (number(1, 4), number(5, 8)) else { return false };
    let lowest = dictionary & dictionary.wrapping_neg();
    let is_dictionary = dictionary >= 4096 && (dictionary == lowest || dictionary == lowest | lowest << 1);
    head.first() == Some(&0x5d) && is_dictionary && (length == u64::MAX || length < 1 << 40) && head.get(13) == Some(&0)
}

/// By the mark of POSIX, or by the sum over the first header, which the oldest archives have too.
fn is_tar(head: &[u8]) -> bool {
    if head.get(257..262) == Some(b"ustar") {
        return true;
    }
    let Some(header) = head.get(..512) else { return false };
    // A name, and then numbers in octal digits.
    header.first() != Some(&0) && tar_sum_is_right(header)
}

/// Whether the sum of the bytes of a header of tar, its own place taken as blanks, is what the header says. Old programs
/// added the bytes up as signed numbers.
#[must_use]
pub fn tar_sum_is_right(header: &[u8]) -> bool {
    let Some(digits) = header.get(148..156) else { return false };
    let digits = digits.trim_ascii_start().split(|byte| !byte.is_ascii_digit()).next().unwrap_or_default();
    let Some(said) = std::str::from_utf8(digits).ok().and_then(|it| i64::from_str_radix(it, 8).ok()) else {
        return false;
    };
    let bytes = || {
        let at = header.iter().enumerate();
        at.map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte })
    };
    let unsigned: i64 = bytes().map(i64::from).sum();
    let signed: i64 = bytes().map(|byte| i64::from(byte.cast_signed())).sum();
    said == unsigned || said == signed
}

#[cfg(test)]
mod tests {
    use super::super::format;
    use crate::open::Format;

    #[test]
    fn texts_that_begin_like_an_archive_stay_texts() {
        for text in [
            "070701 is the number of the pump\n",
            "070707,7,8\n070708,1,2\n",
            "BZh is what bzip2 files begin with\n",
            "BZh9 too\n",
            "LZIP is a program\n",
            "MSCF stands for nothing here\n",
            "]\n\n",
            "Rar! he said\n",
        ] {
            assert!(matches!(format("x.txt", text.as_bytes()), Format::Text | Format::Csv), "{text}");
        }
    }

    #[test]
    fn a_table_that_looks_like_a_header_of_tar_has_no_right_sum() {
        let row = format!("{:<148}0012345\0{:<356}\n", "pump", "x").repeat(3);
        assert_eq!(format("x.txt", row.as_bytes()), Format::Binary);
        assert!(!super::tar_sum_is_right(row.as_bytes().get(..512).unwrap()));
    }
}
