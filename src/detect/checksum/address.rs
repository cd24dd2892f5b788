//! Addresses of places, in words. Nothing is verified: their parts must be there, in their order.

use super::Verdict;

/// What ends the name of a region, from large to small.
const REGIONS: [&str; 9] = ["省", "自治区", "市", "州", "盟", "区", "县", "旗", "镇"];
/// What ends the name of a road, a village or an estate.
const ROADS: [&str; 17] = [
    "路",
    "街",
    "大道",
    "道",
    "巷",
    "弄",
    "胡同",
    "村",
    "乡",
    "镇",
    "园",
    "开发区",
    "工业区",
    "社区",
    "小区",
    "屯",
    "庄",
];
/// What follows the number of a house.
const HOUSES: [&str; 9] = ["号", "栋", "幢", "楼", "室", "单元", "组", "座", "层"];
/// Bytes of an address; longer ones are prose.
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=180;

/// A region before a road, or a road before a house, without the marks that end a sentence.
pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let text = std::str::from_utf8(candidate).ok()?;
    if !LENGTHS.contains(&text.len()) || text.contains(['。', '；', '？', '！', '\n', '<', '>', '=']) {
        return None;
    }
    let wide = text.chars().filter(|character| ('\u{4e00}'..='\u{9fff}').contains(character)).count();
    let region = first_of(text, &REGIONS);
    let road = last_of(text, &ROADS);
    let house = last_of(text, &HOUSES).filter(|house| digit_before(text, *house));
    let regional = region.zip(road).is_some_and(|(region, road)| region < road);
    let numbered = road.zip(house).is_some_and(|(road, house)| road < house);
    (wide * 2 >= text.chars().count() && (regional && house.is_some() || numbered || regional && wide >= 8))
        .then_some(Verdict::Unknown)
}

/// Where the first of the words stands, behind two characters of a name.
fn first_of(text: &str, words: &[&str]) -> Option<usize> {
    words.iter().filter_map(|word| text.find(word)).filter(|at| *at >= 3).min()
}

fn last_of(text: &str, words: &[&str]) -> Option<usize> {
    words.iter().filter_map(|word| text.rfind(word)).filter(|at| *at >= 3).max()
}

fn digit_before(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_some_and(|before| before.is_ascii_alphanumeric() || "一二三四五六七八九十甲乙丙".contains(before))
}
