//! Real files of other people, and what hostile ones end as.

use super::super::{recorder::read, tests::corpus, tests::fixtures};
use crate::model::Reason;

#[test]
fn drawings_boards_and_meshes_of_other_people_are_read() {
    corpus::expect("libredwg/entities-2d.dxf", &["part BLOCK1", "text ATTR2: 3"]);
    corpus::expect("ezdxf/bin_dxf_r12.dxf", &["part $MODEL_SPACE"]);
    corpus::expect("ezdxf/dimension_in_block.dxf", &["part BLK_WITH_DIM", "part Layout1"]);
    corpus::expect("tika/testDWG2010_custom_props.dwg", &["text customprop1: valueforcustomprop1"]);
    corpus::expect("tika/testSTL-ascii.stl", &["part "]);
    corpus::expect("kikit/assembly_project_1_KiCAD6.kicad_sch", &["part Device:R", "text Value: R"]);
    corpus::expect("open62541/prosys_basic256sha256.pcap", &["text urn:prosysopc.com:OPCUA:SimulationServer"]);
}

/// The fixture of this name.
fn fixture(name: &str) -> Vec<u8> {
    let all = fixtures::all("Zq7Vxkw");
    all.into_iter().find(|it| it.name == name).map(|it| it.content).unwrap_or_default()
}

/// Writes `bytes` at a place of a file.
fn with(mut content: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    content[at..at + bytes.len()].copy_from_slice(bytes);
    content
}

#[test]
fn blocks_that_lead_to_each_other_are_read_once() {
    // The remark of the header of MDF 4 leads back to the header: its last link.
    let looped = with(fixture("x.mf4"), 64 + 24 + 5 * 8, &64u64.to_le_bytes());
    let (recorder, outcome) = read("x.mf4", &looped);
    assert_eq!(recorder.shown().matches("part Zq7Vxkw").count(), 1);
    assert_eq!(outcome.map(|it| it.partial), Ok(None));
    // The next group of MDF 3 is the group itself.
    let looped = with(fixture("x.mdf"), 64 + 200 + 4, &(64u32 + 200).to_le_bytes());
    let (recorder, outcome) = read("x.mdf", &looped);
    assert_eq!(recorder.shown().matches("part Zq7Vxkw").count(), 1);
    assert_eq!(outcome.map(|it| it.partial), Ok(None));
}

#[test]
fn lengths_and_counts_are_not_believed() {
    // So many objects, properties and bytes as four bytes can say, in the metadata of a measurement.
    for (name, at, partial) in [
        ("x.tdms", 28, Reason::Corrupt),
        ("x.tdms", 32, Reason::Corrupt),
        ("x.tdms", 12, Reason::Corrupt),
        ("x.mat", 132, Reason::Corrupt),
        ("b.stl", 80, Reason::Corrupt),
        ("x.gds", 6 + 28, Reason::Corrupt),
    ] {
        let huge = with(fixture(name), at, &[0xff, 0xff, 0xff, 0x7f]);
        let (_, outcome) = read(name, &huge);
        assert_eq!(outcome.map(|it| it.partial), Ok(Some(partial)), "{name} {at}");
    }
}

#[test]
fn an_array_that_inflates_without_end_is_told_by_its_beginning() {
    use std::io::Write;
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 32 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let mut content = fixture("x.mat")[..128].to_vec();
    content.extend(15u32.to_le_bytes());
    content.extend((packed.len() as u32).to_le_bytes());
    content.extend(packed);
    assert!(read("x.mat", &content).1.is_ok());
}

#[test]
fn lists_in_lists_without_end_are_too_deep_and_still_read() {
    let content = format!("(kicad_sch (version 1) {}(label \"valve\"", "(a ".repeat(100_000));
    let (recorder, outcome) = read("x.kicad_sch", content.as_bytes());
    assert!(recorder.shown().contains("text valve"));
    assert_eq!(outcome.map(|it| it.partial), Ok(Some(Reason::Corrupt)));
}
