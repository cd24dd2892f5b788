//! Invented people, companies and departments.

use super::Chance;

const SURNAMES: [&str; 20] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "许",
    "何",
];
const GIVEN: [&str; 24] = [
    "晓岚", "志远", "文博", "雨桐", "建国", "思远", "子涵", "海燕", "立新", "明哲", "春生", "若溪", "国栋", "佳宁",
    "振华", "慧敏", "一鸣", "秀英", "长河", "欣怡", "永安", "梦洁", "少华", "凯旋",
];
const PLACES: [&str; 12] =
    ["东澜", "北汀", "青屿", "云渡", "海望", "新麓", "南埠", "星河", "长汀", "临沧湾", "白鹭洲", "石桥"];
const TRADES: [&str; 8] =
    ["化工原料", "稀土新材料", "机电设备", "仪表科技", "物流", "包装制品", "环保工程", "特种气体"];

/// Departments of the plant.
pub(crate) const DEPARTMENTS: [&str; 8] =
    ["萃取车间", "灼烧车间", "质量检验科", "设备动力科", "安全环保部", "人力资源部", "供应链管理部", "研发中心"];

/// A person's name.
pub(crate) fn name(chance: &mut Chance) -> String {
    format!("{}{}", chance.pick(&SURNAMES), chance.pick(&GIVEN))
}

/// A company's name; `sequence` keeps them apart.
pub(crate) fn company(sequence: u32, chance: &mut Chance) -> String {
    let place = PLACES[sequence as usize % PLACES.len()];
    format!(
        "{place}{}{}有限公司",
        chance.pick(&["恒信", "瑞丰", "中远达", "华腾", "德润", "启明"]),
        chance.pick(&TRADES)
    )
}
