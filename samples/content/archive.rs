//! Archives: a zip writer of fixed times and no compression, and the backup that lies on the share.
//!
//! Written by hand because the names of its members are GBK without a flag, as older Chinese tools leave them, and
//! because the bytes shall not depend on the version of a compressor.

use encoding_rs::GBK;

use super::{Growth, PlantFile, encode, identifiers, ledgers, people};

/// One member of an archive: its raw name and content.
pub(crate) struct Member {
    /// The name as it stands in the archive.
    pub(crate) name: Vec<u8>,
    /// The content, stored as it is.
    pub(crate) bytes: Vec<u8>,
}

impl Member {
    /// A member with an ASCII name.
    pub(crate) fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.as_bytes().to_vec(), bytes: bytes.into() }
    }
}

/// The zip archive of `members`, all dated 1980-01-01.
pub(crate) fn zip(members: &[Member]) -> Vec<u8> {
    const VERSION_NEEDED: u16 = 20;
    const FIRST_OF_JANUARY_1980: u16 = 0x21;
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for member in members {
        let offset = archive.len() as u32;
        let mut facts = Vec::new();
        for number in [VERSION_NEEDED, 0, 0, 0, FIRST_OF_JANUARY_1980] {
            facts.extend(number.to_le_bytes());
        }
        for number in [crc32(&member.bytes), member.bytes.len() as u32, member.bytes.len() as u32] {
            facts.extend(number.to_le_bytes());
        }
        facts.extend((member.name.len() as u16).to_le_bytes());
        facts.extend(0_u16.to_le_bytes());

        archive.extend(b"PK\x03\x04");
        archive.extend(&facts);
        archive.extend(&member.name);
        archive.extend(&member.bytes);

        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION_NEEDED.to_le_bytes());
        directory.extend(&facts);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(&member.name);
    }
    let (start, count) = (archive.len() as u32, members.len() as u16);
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    archive
}

/// CRC-32 (ISO 3309), bit by bit: the samples are small.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

pub(super) fn files(growth: Growth) -> anyhow::Result<Vec<PlantFile>> {
    let inner = zip(&[Member::new("readme.txt", "巡检数据的内层压缩包：阀门开度核对记录。\n")]);
    let archive = zip(&[
        Member { name: encode("设备巡检/巡检记录.csv", GBK)?, bytes: encode(&inspections(growth), GBK)? },
        Member {
            name: encode("设备巡检/备件领用.csv", GBK)?, bytes: encode(&ledgers::spare_parts(growth), GBK)?
        },
        Member::new("inner.zip", inner),
    ]);
    Ok(vec![PlantFile::new("运维/巡检备份_2026Q3.zip", archive)])
}

fn inspections(growth: Growth) -> String {
    let mut chance = super::Chance::seeded(71);
    let mut text = String::from("巡检编号,设备编号,设备名称,巡检日期,振动mm_s,轴承温度,结论,巡检人,联系电话\n");
    for row in 0..growth.rows(240) {
        let line = format!(
            "XJ{row:05},EQ-{:03},{},{},{},{},{},{},{}\n",
            chance.between(1, 60),
            chance.pick(&["搅拌釜", "离心泵", "回转窑", "冷却塔", "引风机"]),
            super::stamp(row * 360),
            chance.hundredths(80, 710),
            chance.hundredths(3_500, 7_800),
            chance.pick(&["正常", "正常", "正常", "需复查", "停机检修"]),
            people::name(&mut chance),
            identifiers::mobile(row % 40),
        );
        text.push_str(&line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_of_the_check_string_comes_out() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
