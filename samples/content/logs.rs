//! Plain texts in the encodings that a plant really has.

use encoding_rs::GB18030;

use super::{Chance, Growth, PlantFile, encode, identifiers, people, stamp};

pub(super) fn files(growth: Growth) -> anyhow::Result<Vec<PlantFile>> {
    let driver = format!("物流/承运司机_{}_交接单.txt", identifiers::mobile(777));
    Ok(vec![
        PlantFile::new("生产/中控操作日志_2026-10.log", encode(&operator_log(growth), GB18030)?),
        PlantFile::new(driver, utf_16(&handover())),
    ])
}

/// With `镕` and `㐂` in it, of which the second needs GB18030's four bytes.
fn operator_log(growth: Growth) -> String {
    let mut chance = Chance::seeded(51);
    let mut text = String::new();
    for row in 0..growth.rows(700) {
        let line = format!(
            "{} [{}] 操作员={} 终端=HMI-{:02} {}\n",
            stamp(row * 3),
            chance.pick(&["INFO", "INFO", "INFO", "WARN", "ALARM"]),
            chance.pick(&["王镕", "李㐂来", "周晓岚", "陈志远"]),
            chance.between(1, 8),
            chance.pick(&[
                "修改设定值 TIC_2101.SP 950.0 -> 955.0",
                "确认报警 LI_1103 液位高",
                "手动切换 萃取槽 3 级 搅拌停止",
                "登录成功，系统日志审计已记录",
                "联锁旁路申请 ESD-07 已批准",
                "控制器 PLC-02 通信恢复",
            ]),
        );
        text.push_str(&line);
    }
    text
}

fn handover() -> String {
    let mut chance = Chance::seeded(52);
    let mut text = String::from("危险货物道路运输 交接单\r\n\r\n");
    for row in 0..12 {
        text.push_str(&format!(
            "运单 YD26{row:06}：司机 {}，手机 {}，车牌 {}，押运员已核对罐体检验合格证。\r\n",
            people::name(&mut chance),
            identifiers::mobile(500 + row),
            identifiers::plate(row),
        ));
    }
    text
}

/// Little-endian with a byte order mark, as Notepad writes "Unicode".
fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}
