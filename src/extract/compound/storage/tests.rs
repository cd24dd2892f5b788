use std::io::{Cursor, Read, Write};

use proptest::prelude::*;

use super::*;
use crate::extract::tests::fixtures::compound::compound_of;

fn read_back(file: &[u8], path: &[&str]) -> Option<Vec<u8>> {
    let mut source = Cursor::new(file);
    let mut storage = Storage::open(&mut source, &Limits::default()).ok()?;
    let mut id = ROOT;
    for name in path {
        id = storage.find(id, name)?;
    }
    Some(storage.bytes(id, u64::MAX).0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_another_implementation_writes_is_read_back(
        sizes in prop::collection::vec(0usize..20_000, 1..6),
        is_large in any::<bool>(),
    ) {
        let version = if is_large { cfb::Version::V4 } else { cfb::Version::V3 };
        let mut file = cfb::CompoundFile::create_with_version(version, Cursor::new(Vec::new())).unwrap();
        file.create_storage("/内").unwrap();
        for (number, size) in sizes.iter().enumerate() {
            let content = vec![number as u8 + 1; *size];
            file.create_stream(format!("/内/s{number}")).unwrap().write_all(&content).unwrap();
        }
        file.flush().unwrap();
        let file = file.into_inner().into_inner();
        for (number, size) in sizes.iter().enumerate() {
            let content = read_back(&file, &["内", &format!("S{number}")]);
            prop_assert_eq!(content, Some(vec![number as u8 + 1; *size]));
        }
    }
}

#[test]
fn a_stream_is_read_from_any_place() {
    let content: Vec<u8> = (0..30_000u32).map(|at| (at / 7) as u8).collect();
    let file = compound_of(&[("a", content.clone()), ("b", vec![1; 600])]);
    let mut source = Cursor::new(file);
    let mut storage = Storage::open(&mut source, &Limits::default()).unwrap();
    let id = storage.find(ROOT, "a").unwrap();
    let mut stream = storage.stream(id);
    for at in [0usize, 511, 512, 29_999, 30_000, 40_000] {
        let mut bytes = Vec::new();
        std::io::Seek::seek(&mut stream, std::io::SeekFrom::Start(at as u64)).unwrap();
        (&mut stream).take(700).read_to_end(&mut bytes).unwrap();
        let expected = content.get(at..).unwrap_or_default();
        assert_eq!(bytes, expected.get(..700).unwrap_or(expected), "{at}");
    }
}

/// Where the table of sectors lies in a file of one: the header names its sector.
fn table_offset(file: &[u8]) -> usize {
    (u32_at(file, 76).unwrap() as usize + 1) * 512
}

#[test]
fn a_chain_that_runs_in_a_circle_ends() {
    let mut file = compound_of(&[("a", vec![7; 5_000])]);
    let table = table_offset(&file);
    for sector in 0..100u32 {
        // Every sector is followed by itself.
        file[table + sector as usize * 4..][..4].copy_from_slice(&sector.to_le_bytes());
    }
    let mut source = Cursor::new(&file);
    // The directory runs in a circle too: the same entries again and again, each taken once.
    let mut storage = Storage::open(&mut source, &Limits::default()).unwrap();
    let id = storage.find(ROOT, "a").unwrap();
    assert_eq!(storage.bytes(id, u64::MAX).0.len(), 5_000);
}

#[test]
fn a_tree_that_runs_in_a_circle_gives_each_entry_once() {
    let mut file = compound_of(&[("a", vec![7; 5_000]), ("b", vec![7; 5_000])]);
    let directory = (u32_at(&file, 48).unwrap() as usize + 1) * 512;
    for entry in 0..3 {
        for link in [68, 72, 76] {
            file[directory + entry * ENTRY_BYTES + link..][..4].copy_from_slice(&1u32.to_le_bytes());
        }
    }
    let mut source = Cursor::new(&file);
    let storage = Storage::open(&mut source, &Limits::default()).unwrap();
    assert_eq!(storage.children(ROOT), [1]);
}

#[test]
fn a_declared_size_takes_no_memory() {
    let mut file = compound_of(&[("a", vec![7; 5_000])]);
    let directory = (u32_at(&file, 48).unwrap() as usize + 1) * 512;
    file[directory + ENTRY_BYTES + 120..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut source = Cursor::new(&file);
    let mut storage = Storage::open(&mut source, &Limits::default()).unwrap();
    let id = storage.find(ROOT, "a").unwrap();
    let (bytes, partial) = storage.bytes(id, u64::MAX);
    assert_eq!((bytes.len(), partial), (5_120, Some(Reason::Corrupt)));
}

#[test]
fn more_entries_than_the_limit_are_said_to_be_too_many() {
    let names: Vec<String> = (0..40).map(|number| format!("s{number}")).collect();
    let file = compound_of(&names.iter().map(|name| (name.as_str(), vec![1])).collect::<Vec<_>>());
    let mut source = Cursor::new(&file);
    let limits = Limits { directory_entries: 8, ..Limits::default() };
    assert_eq!(Storage::open(&mut source, &limits).unwrap().damage(), Some(Reason::TooMany));
}

#[test]
fn a_file_that_was_cut_gives_what_is_left() {
    let file = compound_of(&[("a", vec![7; 50_000])]);
    let cut = &file[..file.len() - 20_000];
    let mut source = Cursor::new(cut);
    let mut storage = Storage::open(&mut source, &Limits::default()).unwrap();
    let id = storage.find(ROOT, "a").unwrap();
    let (bytes, partial) = storage.bytes(id, u64::MAX);
    assert!(bytes.len() >= 20_000 && partial == Some(Reason::Corrupt), "{} {partial:?}", bytes.len());
}
