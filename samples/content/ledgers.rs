//! Tables as CSV: the historian's export, recipes, the hazard ledger, shipments.

use encoding_rs::GBK;

use super::{Chance, Growth, PlantFile, encode, identifiers, people, stamp};

pub(super) fn files(growth: Growth) -> anyhow::Result<Vec<PlantFile>> {
    Ok(vec![
        PlantFile::new("研发/稀土萃取分离_批次配方参数.csv", recipes(growth)),
        PlantFile::new("生产/DCS历史点值_2026-09.csv", encode(&point_values(growth), GBK)?),
        PlantFile::new("安全环保/重大危险源台账_罐区.csv", hazards(growth)),
        PlantFile::new("物流/发运记录_2026Q3.csv", shipments(growth)),
    ])
}

/// UTF-8 with a byte order mark, as spreadsheets export it.
fn recipes(growth: Growth) -> String {
    let mut chance = Chance::seeded(11);
    let mut text = String::from(
        "\u{feff}批次号,产品牌号,萃取剂,皂化率_百分比,料液稀土浓度_g_L,萃取级数,洗涤级数,流比,反萃酸度_mol_L,沉淀温度_℃,灼烧温度_℃,镨钕配分_百分比,产品纯度_百分比,备注\n",
    );
    for row in 0..growth.rows(1_600) {
        let line = format!(
            "PF26{row:05},{},{},{},{},{},{},1:{}:{},{},{},{},{},99.{},{}\n",
            chance.pick(&["氧化镨钕", "氧化镝", "氧化铽", "氧化镧铈", "氧化钇"]),
            chance.pick(&["P507-磺化煤油", "P204-磺化煤油", "环烷酸-异辛醇"]),
            chance.hundredths(3_000, 4_200),
            chance.hundredths(12_000, 18_500),
            chance.between(40, 86),
            chance.between(18, 42),
            chance.hundredths(80, 160),
            chance.hundredths(10, 40),
            chance.hundredths(220, 560),
            chance.hundredths(5_500, 8_200),
            chance.hundredths(90_000, 105_000),
            chance.hundredths(1_800, 2_600),
            chance.between(900, 999),
            chance.pick(&["", "", "", "稀土分离线切换", "萃取槽第三级乳化", "调整有机相流量"]),
        );
        text.push_str(&line);
    }
    text
}

fn point_values(growth: Growth) -> String {
    const POINTS: [(&str, &str, u32, u32); 8] = [
        ("TI_1101.PV", "1#萃取槽温度", 2_400, 3_600),
        ("FI_1102.PV", "有机相流量", 1_200, 1_900),
        ("LI_1103.PV", "料液储罐液位", 4_000, 8_800),
        ("PI_1104.PV", "反萃段压力", 18, 62),
        ("AI_1105.PV", "水相pH", 180, 460),
        ("TIC_2101.SP", "灼烧窑温度设定值", 90_000, 105_000),
        ("TIC_2101.PV", "灼烧窑温度测量值", 89_000, 106_000),
        ("SI_3101.PV", "搅拌转速", 12_000, 18_000),
    ];
    let mut chance = Chance::seeded(12);
    let mut text = String::from("位号,描述,时间戳,测量值,质量码,报警状态\n");
    for row in 0..growth.rows(2_000) {
        let (tag, description, low, high) = POINTS[row as usize % POINTS.len()];
        let line = format!(
            "{tag},{description},{},{},{},{}\n",
            stamp(row / 8),
            chance.hundredths(low, high),
            chance.pick(&["192", "192", "192", "192", "64"]),
            chance.pick(&["NORMAL", "NORMAL", "NORMAL", "HI", "LO"]),
        );
        text.push_str(&line);
    }
    text
}

/// Places to seven decimals in the open Yellow Sea: fine enough to matter, and nobody's yard.
fn hazards(growth: Growth) -> String {
    let mut chance = Chance::seeded(13);
    let mut text = String::from(
        "危险源编号,罐区,储罐编号,危险化学品名称,CAS号,设计储量_t,实际储量_t,R值,危险源等级,经度,纬度,液位联锁,可燃气体报警值_LEL,责任部门,应急预案编号\n",
    );
    for row in 0..growth.rows(1_200) {
        let (chemical, cas) = [
            ("盐酸", "7647-01-0"),
            ("磺化煤油", "8008-20-6"),
            ("液氨", "7664-41-7"),
            ("草酸", "144-62-7"),
            ("硫酸", "7664-93-9"),
            ("氢氧化钠", "1310-73-2"),
        ][row as usize % 6];
        let line = format!(
            "WXY{row:05},{}罐区,V-{:04},{chemical},{cas},{},{},{},{},122.{:07},33.{:07},{},{},{},YJ-{:03}\n",
            chance.pick(&["一", "二", "三", "四"]),
            1_000 + row,
            chance.hundredths(5_000, 200_000),
            chance.hundredths(1_000, 50_000),
            chance.hundredths(10, 12_000),
            chance.pick(&["一级", "二级", "三级", "四级"]),
            chance.between(1_000_000, 9_999_999),
            chance.between(1_000_000, 9_999_999),
            chance.pick(&["投用", "投用", "旁路"]),
            chance.between(20, 50),
            chance.pick(&people::DEPARTMENTS),
            chance.between(1, 40),
        );
        text.push_str(&line);
    }
    text
}

fn shipments(growth: Growth) -> String {
    let mut chance = Chance::seeded(14);
    let mut text =
        String::from("运单号,发货日期,客户名称,产品,数量_t,车牌号,车架号,司机,司机电话,承运商,到货地,签收状态\n");
    for row in 0..growth.rows(420) {
        let line = format!(
            "YD26{row:06},{},{},{},{},{},{},{},{},{},{},{}\n",
            stamp(row * 200),
            people::company(row % 9, &mut Chance::seeded(u64::from(row % 9))),
            chance.pick(&["氧化镨钕", "氧化镝", "碳酸镧铈", "草酸稀土"]),
            chance.hundredths(200, 3_200),
            identifiers::plate(row % 60),
            identifiers::vin(row % 60),
            people::name(&mut chance),
            identifiers::mobile(500 + row % 60),
            chance.pick(&["青屿危货运输", "北汀物流", "海望储运"]),
            chance.pick(&["东澜港", "云渡站", "新麓仓库"]),
            chance.pick(&["已签收", "在途", "已签收", "拒收"]),
        );
        text.push_str(&line);
    }
    text
}

/// A member of the backup archive.
pub(super) fn spare_parts(growth: Growth) -> String {
    let mut chance = Chance::seeded(15);
    let mut text = String::from("领用单号,备件编码,备件名称,数量,领用部门,维修工单,日期\n");
    for row in 0..growth.rows(160) {
        let line = format!(
            "LY{row:05},BJ-{:04},{},{},{},WX{:05},{}\n",
            chance.between(1, 300),
            chance.pick(&["机械密封", "深沟球轴承", "联轴器", "热电偶", "电磁阀"]),
            chance.between(1, 6),
            chance.pick(&people::DEPARTMENTS),
            chance.between(1, 900),
            stamp(row * 500),
        );
        text.push_str(&line);
    }
    text
}
