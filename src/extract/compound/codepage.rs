//! Numbers of code pages and of languages → character encodings.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_8859_2, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

/// The encoding of a code page of Windows; western Europe's where the number is not known.
pub(super) fn encoding_of(code_page: u32) -> &'static Encoding {
    match code_page {
        65001 => UTF_8,
        936 | 20936 | 54936 => GB18030,
        950 => BIG5,
        932 => SHIFT_JIS,
        949 | 51949 => EUC_KR,
        51932 | 20932 => EUC_JP,
        874 => WINDOWS_874,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10000 => MACINTOSH,
        28592 => ISO_8859_2,
        _ => WINDOWS_1252,
    }
}

/// The encoding in which Windows of a language (LCID, MS-LCID) writes.
pub(super) fn encoding_of_language(language: u16) -> &'static Encoding {
    let code_page = match (language, language & 0x3ff) {
        // Taiwan, Hong Kong and Macao write Chinese with other characters than the mainland and Singapore.
        (0x0404 | 0x0c04 | 0x1404, _) => 950,
        (_, 0x04) => 936,
        (_, 0x11) => 932,
        (_, 0x12) => 949,
        (_, 0x19 | 0x22 | 0x23 | 0x02) => 1251,
        (_, 0x05 | 0x0e | 0x15 | 0x18 | 0x1b) => 1250,
        (_, 0x08) => 1253,
        (_, 0x1f) => 1254,
        (_, 0x0d) => 1255,
        (_, 0x01) => 1256,
        (_, 0x1e) => 874,
        _ => 1252,
    };
    encoding_of(code_page)
}
