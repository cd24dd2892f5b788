//! Control and design: PLC tags, an NC program, a gateway's settings, files that nobody here can open.

use super::{Chance, PlantFile};

pub(super) fn files() -> Vec<PlantFile> {
    vec![
        PlantFile::new("生产/PLC标签导出_萃取线.xml", plc_tags()),
        PlantFile::new("研发/数控程序/O1021_搅拌轴套.nc", numeric_control()),
        PlantFile::new("研发/搅拌釜总装图.dwg", drawing()),
        PlantFile::new("运维/scada_gateway.ini", gateway_settings()),
        PlantFile::new("运维/历史库快照.hdb", unreadable()),
        PlantFile::new("运维/待办.txt", ""),
    ]
}

fn plc_tags() -> String {
    let mut chance = Chance::seeded(31);
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<project>\n  <fileHeader companyName=\"星澜稀土\" productName=\"萃取线控制程序\"/>\n  <types>\n    <pous>\n      <pou name=\"ExtractionInterlock\" pouType=\"program\">\n        <documentation>萃取槽液位高高联锁：停进料泵，关切断阀</documentation>\n        <body><ST>IF LIT_1103 &gt; LIMIT_HH THEN PUMP_FEED := FALSE; XV_1106 := FALSE; END_IF;</ST></body>\n      </pou>\n    </pous>\n  </types>\n  <tags>\n",
    );
    for tag in 0..180_u32 {
        let (name, comment, address) = [
            ("PUMP_FEED", "进料泵启停命令", "%Q"),
            ("XV_OPEN", "切断阀开到位", "%I"),
            ("TIC_SP", "温度设定值", "%MD"),
            ("LIT_PV", "液位测量值", "%ID"),
            ("ESD_TRIP", "紧急停车联锁", "%M"),
        ][tag as usize % 5];
        text.push_str(&format!(
            "    <variable name=\"{name}_{tag:03}\" address=\"{address}{}.{}\" dataType=\"{}\"><comment>{comment}</comment></variable>\n",
            chance.between(0, 120),
            tag % 8,
            chance.pick(&["BOOL", "REAL", "INT"]),
        ));
    }
    text.push_str("  </tags>\n</project>\n");
    text
}

fn numeric_control() -> String {
    let mut text =
        String::from("%\nO1021 (STIRRER BUSHING)\nG21 G40 G80 G90\nT0101 M06\nG54 S1800 M03\nG00 X62.0 Z5.0 M08\n");
    for pass in 0..120_u32 {
        text.push_str(&format!(
            "N{:04} G01 X{}.{} Z-{}.{} F0.2\n",
            pass * 10,
            60 - pass / 8,
            pass % 10,
            40 + pass / 10,
            pass % 7
        ));
    }
    text.push_str("G00 X100.0 Z100.0 M09\nM05\nM30\n%\n");
    text
}

/// The signature of an AutoCAD 2018 drawing and nothing that a reader could use.
fn drawing() -> Vec<u8> {
    let mut bytes = b"AC1032".to_vec();
    bytes.resize(128, 0);
    bytes.extend(noise(41, 4_096));
    bytes
}

/// The password opens nothing.
fn gateway_settings() -> String {
    "; SCADA gateway, line 1\n[opcua]\nendpoint=opc.tcp://10.20.1.5:4840\nuser=gateway\npassword=Lx9#fT2qVw8m\n\n[historian]\nhost=10.20.1.9\nport=5450\nbackup_dir=/data/backup\n\n[network]\nvlan=120\ngateway=10.20.1.1\nsnmp_community=plant-ro-sample\n"
        .to_owned()
}

/// A snapshot of a historian that only its maker reads.
fn unreadable() -> Vec<u8> {
    let mut bytes = b"\x01HDB\xff\xfe\0\0".to_vec();
    bytes.extend(noise(42, 16_384));
    bytes
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut chance = Chance::seeded(seed);
    (0..length).map(|_| (chance.next() >> 56) as u8).collect()
}
