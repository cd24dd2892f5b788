//! Names of persons, where a column or a label says that names stand there: a surname and a given name.

use super::Verdict;

/// One a line: single surnames joined, then compound ones parted by spaces. Data, not code.
const SURNAMES: &str = include_str!("../../../patterns/surnames.txt");
/// Characters of a Chinese name.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// Characters of a name that is written with a dot between its parts, as those of minorities and foreigners.
const DOTTED_LENGTHS: std::ops::RangeInclusive<usize> = 3..=25;
/// What ends the name of an organisation, a post or a thing.
const NO_NAMES: [&str; 17] = [
    "公司",
    "集团",
    "工厂",
    "中心",
    "车间",
    "部门",
    "小组",
    "科室",
    "经理",
    "主任",
    "先生",
    "女士",
    "管理员",
    "时间",
    "编号",
    "电话",
    "未知",
];

pub(super) fn verify(candidate: &[u8]) -> Option<Verdict> {
    let text = std::str::from_utf8(candidate).ok()?;
    let length = text.chars().count();
    let wide = |text: &str| text.chars().all(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
    if let Some((first, second)) = text.split_once(['·', '•']) {
        let parts = !first.is_empty() && !second.is_empty() && wide(first) && wide(&second.replace(['·', '•'], ""));
        return (parts && DOTTED_LENGTHS.contains(&length)).then_some(Verdict::Unknown);
    }
    let named = LENGTHS.contains(&length) && wide(text) && !NO_NAMES.iter().any(|word| text.ends_with(word));
    (named && begins_with_surname(text, length)).then_some(Verdict::Unknown)
}

/// A single surname before one or two characters, or a compound one; three after a single one are rare.
fn begins_with_surname(text: &str, length: usize) -> bool {
    let mut lines = SURNAMES.lines().filter(|line| !line.starts_with('#'));
    let (single, compound) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let is_compound = length > 2 && compound.split(' ').any(|surname| text.starts_with(surname));
    is_compound || length < 4 && text.starts_with(|first| single.contains(first))
}
