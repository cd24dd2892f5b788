//! What unpacks to much, to itself, or says that it does.

use std::io::Write;

use super::*;
use crate::extract::recorder::Recorder;

/// Everything is a bomb early.
fn tight() -> Limits {
    Limits { ratio_floor_bytes: 64 << 10, stream_floor_bytes: 64 << 10, ..Limits::default() }
}

fn stops(recorder: &Recorder) -> Vec<&str> {
    recorder.lines.iter().filter(|line| line.starts_with("failed")).map(String::as_str).collect()
}

fn gzip_by_crate(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn streams_of_blanks_without_end_are_bombs() {
    let blanks = vec![b' '; 16 << 20];
    let zstd = zstd::stream::encode_all(blanks.as_slice(), 19).unwrap();
    for (name, content) in [("x.gz", gzip_by_crate(&blanks)), ("x.bz2", bzip2_of(&blanks)), ("x.zst", zstd)] {
        let (recorder, outcome) = read_within(name, &content, &tight());
        assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb), "{name}");
        assert!(recorder.shown().contains("done text Some(Bomb)"), "{name}");
    }
}

/// Ten gigabytes of blanks, deflated: a piece that ends at a byte, over and over.
fn ten_gigabytes_deflated() -> Vec<u8> {
    let mut deflate = flate2::Compress::new(flate2::Compression::best(), false);
    let blanks = vec![b' '; 1 << 20];
    let mut piece = Vec::with_capacity(1 << 16);
    deflate.compress_vec(&blanks, &mut piece, flate2::FlushCompress::Full).unwrap();
    assert_eq!(deflate.total_in(), 1 << 20);
    // An empty stored block is the last one.
    [piece.repeat(10 << 10).as_slice(), &[1, 0, 0, 0xff, 0xff]].concat()
}

#[test]
fn ten_gigabytes_in_one_member_of_a_zip_archive_are_a_bomb() {
    let packed = ten_gigabytes_deflated();
    let stand_in = zip_of(&[("a.txt", b"pump")]);
    let directory_at = memchr::memmem::find(&stand_in, b"PK\x01\x02").unwrap();
    let end_at = memchr::memmem::rfind(&stand_in, b"PK\x05\x06").unwrap();
    let packed_bytes = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let (mut local, mut directory, mut end) =
        (stand_in[..35].to_vec(), stand_in[directory_at..end_at].to_vec(), stand_in[end_at..].to_vec());
    local[18..22].copy_from_slice(&packed_bytes);
    directory[20..24].copy_from_slice(&packed_bytes);
    // Of more than was declared nothing would be unpacked; this is the most that can be without the extension for 64 bits.
    local[22..26].copy_from_slice(&(u32::MAX - 1).to_le_bytes());
    directory[24..28].copy_from_slice(&(u32::MAX - 1).to_le_bytes());
    end[16..20].copy_from_slice(&u32::try_from(local.len() + packed.len()).unwrap().to_le_bytes());
    let limits = Limits { ratio: 2, ..Limits::default() };
    let most_bytes = packed.len() * 2 + (1 << 20);
    let (recorder, outcome) = read_within("x.zip", &[local, packed, directory, end].concat(), &limits);
    assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb));
    assert!(recorder.shown().ends_with("done text Some(Bomb)"));
    let read_bytes = recorder.lines[1].len();
    assert!(read_bytes < most_bytes, "{read_bytes} bytes were read");
}

#[test]
fn zeros_that_an_archive_lays_out_ahead_do_not_hide_what_is_behind_them() {
    let zeros = vec![0; 8 << 20];
    let archive = tar_of(&[("ib_logfile0", &zeros), ("notes.txt", &b"valve 12 ".repeat(9000))]);
    let (recorder, outcome) = read("x.tgz", &gzip_by_crate(&archive));
    assert!(recorder.shown().contains("text valve 12"));
    assert_eq!(outcome.unwrap().partial, None);
}

/// A zip archive in which one content has `count` entries in the directory (Fifield, "A better zip bomb", 2019).
fn overlapping_zip(content: &[u8], count: u16) -> Vec<u8> {
    let single = zip_of(&[("a.txt", content)]);
    let directory_at = memchr::memmem::find(&single, b"PK\x01\x02").unwrap();
    let end_at = memchr::memmem::rfind(&single, b"PK\x05\x06").unwrap();
    let entry = &single[directory_at..end_at];
    let mut zip = single[..directory_at].to_vec();
    for number in 0..count {
        let mut entry = entry.to_vec();
        let name = format!("{number:05}");
        entry[46..51].copy_from_slice(name.as_bytes());
        zip.extend(entry);
    }
    let mut end = single[end_at..].to_vec();
    end[8..10].copy_from_slice(&count.to_le_bytes());
    end[10..12].copy_from_slice(&count.to_le_bytes());
    end[12..16].copy_from_slice(&u32::try_from(entry.len() * usize::from(count)).unwrap().to_le_bytes());
    zip.extend(end);
    zip
}

#[test]
fn many_entries_for_one_content_are_a_bomb_together() {
    // Each by itself stays below the ratio.
    let content: Vec<u8> = (0..40_000u32).flat_map(|number| format!("pump {number} ").into_bytes()).collect();
    let zip = overlapping_zip(&content, 4000);
    let (recorder, outcome) = read_within("x.zip", &zip, &tight());
    assert!(recorder.shown().contains("done text None"));
    assert!(stops(&recorder).contains(&"failed Bomb"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::Bomb));
}

#[test]
fn files_of_a_disc_in_one_place_are_a_bomb_together() {
    let text = b"pump 12 is well\n".repeat(4000);
    let names: Vec<String> = (0..30).map(|number| format!("{number}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let mut image = iso_of(&members);
    // The records of the root of Joliet all lead to one place behind the image.
    let place = image.len() / 2048;
    let root: Vec<u8> = names
        .iter()
        .flat_map(|name| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
            iso_record(&name, place, text.len(), false)
        })
        .collect();
    image[20 * 2048..20 * 2048 + root.len()].copy_from_slice(&root);
    image.extend(&text);
    let limits = Limits { decompressed_bytes: 200_000, ..Limits::default() };
    let (recorder, outcome) = read_within("x.iso", &image, &limits);
    assert!(recorder.shown().contains("done text None") && stops(&recorder).contains(&"failed TooLarge"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooLarge));
}

#[test]
fn packed_files_in_packed_files_end_at_the_limit() {
    for (name, pack) in PACKERS {
        let mut content = b"valve".to_vec();
        for _ in 0..20 {
            content = pack(&content);
        }
        let (recorder, outcome) = read(name, &content);
        assert!(recorder.shown().contains("failed TooDeep"), "{name}");
        assert!(!recorder.shown().contains("valve") && outcome.is_ok(), "{name}");
    }
    corpus::expect("tika/quine.gz", &["failed TooDeep"]);
}

#[test]
fn members_that_are_held_whole_are_limited_together() {
    let noise: Vec<u8> = (0..200_000u32).flat_map(|it| it.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let inner = zip_of(&[("core.zip", &zip_of(&[("noise.bin", &noise), ("notes.txt", b"valve")]))]);
    let outer = zip_of(&[("in.zip", &inner)]);
    let limits = Limits { member_bytes: 3 << 19, ..Limits::default() };
    assert!(read("x.zip", &outer).0.shown().contains("valve"));
    assert!(stops(&read_within("x.zip", &outer, &limits).0).contains(&"failed TooLarge"));
}

#[test]
fn decoders_that_ask_for_too_much_memory_get_none() {
    let text = b"pump 12 is well";
    // A dictionary of 4 GiB less one byte in xz, with the sum of its header; of 2 GiB in lzma; of 512 MiB in lzip.
    let mut xz = xz_of(text);
    xz[16] = 40;
    let sum = crc32(&xz[12..20]).to_le_bytes();
    xz[20..24].copy_from_slice(&sum);
    let mut lzma = lzma_of(text);
    lzma[1..5].copy_from_slice(&(1u32 << 31).to_le_bytes());
    let mut lzip = lzip_of(text);
    lzip[5] = 29;
    // A window of 2 GiB: no single segment, a window descriptor instead.
    let zstd = [b"\x28\xb5\x2f\xfd\x00\xa8".as_slice(), &(15u32 << 3 | 1).to_le_bytes()[..3], text].concat();
    for (name, content) in [("x.xz", xz), ("x.lzma", lzma), ("x.lz", lzip), ("x.zst", zstd)] {
        let (recorder, outcome) = read(name, &content);
        let reason = outcome.map_or_else(Some, |extracted| extracted.partial);
        assert_eq!(reason, Some(Reason::MemoryLimit), "{name}: {}", recorder.shown());
    }
    // LZMA2 with the largest dictionary.
    let members: &[(&str, &[u8])] = &[("a.txt", text)];
    let header = seven_zip_header(members, 15, 15, &[0x21, 0x21, 1, 40]);
    let (recorder, outcome) = read("x.7z", &seven_zip_from(text, &header));
    assert_eq!(recorder.shown(), "begin a.txt\nfailed MemoryLimit");
    assert_eq!(outcome.unwrap().partial, Some(Reason::MemoryLimit));
}

#[test]
fn lengths_that_no_file_has_are_not_believed() {
    let text = b"pump 12 is well";
    let members: &[(&str, &[u8])] = &[("a.txt", text)];
    let header = seven_zip_header(members, 1 << 60, 1 << 60, &[1, 0]);
    let seven_zip = seven_zip_from(text, &header);
    let mut start = seven_zip_of(members);
    // The header itself, of 2⁶⁰ bytes.
    start[20..28].copy_from_slice(&(1u64 << 60).to_le_bytes());
    let sum = crc32(&start[12..32]).to_le_bytes();
    start[8..12].copy_from_slice(&sum);
    let huge = format!("{:011o}\0", (8u64 << 30) - 1);
    let tar = [tar_header(b"a.txt", b'0', &huge).as_slice(), text].concat();
    let long_name = [tar_header(b"././@LongLink", b'L', &huge).as_slice(), text].concat();
    let mut cpio = cpio_of(members);
    cpio[54..62].copy_from_slice(b"ffffffff");
    let mut ar = ar_of(members);
    ar[56..66].copy_from_slice(b"9999999999");
    for (name, content) in
        [("x.7z", seven_zip), ("y.7z", start), ("x.tar", tar), ("y.tar", long_name), ("x.cpio", cpio), ("x.ar", ar)]
    {
        let (recorder, outcome) = read(name, &content);
        let reason = outcome.map_or_else(Some, |extracted| extracted.partial);
        let is_told = [Some(Reason::Corrupt), Some(Reason::TooLarge), Some(Reason::MemoryLimit)].contains(&reason);
        assert!(is_told || stops(&recorder) == ["failed Corrupt"], "{name}: {reason:?}\n{}", recorder.shown());
    }
}

#[test]
fn more_members_than_an_inventory_should_hold_are_too_many() {
    let many = [tar_entry(b"empty", b'0', b"").repeat(100_000), vec![0; 1024]].concat();
    let (recorder, outcome) = read("x.tar", &many);
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
    assert_eq!(stops(&recorder).len() as u64, Limits::default().members);
    // More than fit into a directory without the extension for 64 bits.
    let names: Vec<String> = (0..70_000).map(|number| number.to_string()).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    let (recorder, outcome) = read("x.zip", &zip_of(&members));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooMany));
    assert_eq!(stops(&recorder).len() as u64, Limits::default().members);
}

#[test]
fn a_container_that_takes_too_long_keeps_what_was_read() {
    let limits = Limits { cpu_seconds: 0, ..Limits::default() };
    let (recorder, outcome) = read_within("x.tar", &tar_of(&[("a.txt", b"pump"), ("b.txt", b"valve")]), &limits);
    assert_eq!((recorder.shown().as_str(), outcome.unwrap().partial), ("", Some(Reason::Deadline)));
}

#[test]
fn folders_of_a_disc_that_lead_back_are_gone_through_once() {
    let mut image = iso_of(&[("a.txt", b"pump")]);
    let record = iso_record(b"\0l\0o\0o\0p", 20, 2048, true);
    // Behind the three records that the root of Joliet has.
    let used: usize = {
        let mut end = 20 * 2048;
        while image[end] != 0 {
            end += usize::from(image[end]);
        }
        end
    };
    image[used..used + record.len()].copy_from_slice(&record);
    let (recorder, outcome) = read("x.iso", &image);
    assert_eq!(recorder.shown(), "begin a.txt\ntext pump\ndone text None");
    assert_eq!(outcome.unwrap().partial, None);
}
