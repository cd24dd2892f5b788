use encoding_rs::GB18030;

use super::*;

/// A reader that gives `step` bytes at a time.
struct Dripping<'a>(&'a [u8], usize);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(self.1).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn transcode(bytes: &[u8], step: usize) -> (String, &'static str) {
    let mut transcoder = Transcoder::new(Dripping(bytes, step), None);
    let mut text = Vec::new();
    transcoder.read_to_end(&mut text).unwrap();
    (String::from_utf8_lossy(&text).into_owned(), transcoder.encoding())
}

#[test]
fn an_ascii_log_that_turns_to_gbk_after_a_megabyte_is_decoded() {
    let mut bytes = b"2026-11-20 08:00:00 pump started, pressure nominal\n".repeat(20_000);
    bytes.extend(&*GB18030.encode("轴承温度超过上限，停机检修").0);
    let (text, encoding) = transcode(&bytes, 4096);
    assert!(text.ends_with("停机检修"), "{}", &text[text.len() - 40..]);
    assert_eq!(encoding, "gb18030");
}

#[test]
fn the_size_of_the_steps_does_not_matter() {
    let texts: [Vec<u8>; 5] = [
        "plain ASCII, then 编号".repeat(9).into_bytes(),
        format!("\u{feff}{}", "设备编号：泵十二；轴承温度正常".repeat(40)).into_bytes(),
        GB18030.encode(&"设备编号：泵十二；轴承温度正常𠮷".repeat(40)).0.into_owned(),
        [0xff, 0xfe].into_iter().chain("编号 P-12\n".encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        "编号 P-12 巡检记录\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ];
    for bytes in &texts {
        let whole = transcode(bytes, usize::MAX);
        assert!(whole.0.contains("编号") && !whole.0.contains(['\u{fffd}', '\u{feff}']), "{whole:?}");
        for step in [1, 2, 3, 7, 4096] {
            assert_eq!(transcode(bytes, step), whole, "{step}");
        }
    }
}
