//! Whether a word that stands in content may be shown as the name of a column.
//!
//! More is asked than for taking a row for a header: maps from people to telephones, and tables with a column for each
//! person, have real headers that are data. Only words that name columns are shown, with nobody's name before them.

use super::{is_chinese_column_word, is_known_column_word, may_be_name, words};

/// Characters of a Chinese name with its title; surnames of two characters are among them.
const LONGEST_PERSON: usize = 4;

/// Whether the words of `name` are those of a column and of nothing else.
#[must_use]
pub(crate) fn may_be_shown(name: &str) -> bool {
    is_known_column_word(name) && !is_about_somebody(name)
}

/// Whether a person or a firm is named: 张伟, 王总电话, 红星有限公司地址. Words of columns are nobody (金额, 时间).
#[must_use]
pub(crate) fn is_about_somebody(name: &str) -> bool {
    let name = name.trim();
    if name.is_ascii() {
        return false;
    }
    if name.contains("有限") || name.contains("集团") || !may_be_name(name) {
        return true;
    }
    let whole = words::WHOLE.split(' ').chain(words::ENDINGS.split(' '));
    let rest = whole.filter_map(|word| name.strip_suffix(word)).min_by_key(|rest| rest.len()).unwrap_or(name);
    let rest = rest.trim_end_matches(['的', '_', '-', ' ', '(', '（']);
    let length = rest.chars().count();
    (2..=LONGEST_PERSON).contains(&length)
        && rest.starts_with(|first| words::SURNAMES.contains(first))
        && !is_chinese_column_word(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_columns_may_be_shown() {
        for name in
            ["联系电话", "身份证号", "phone", "employee_name", "金额", "时间", "单位电话", "温度(℃)", "Serial No"]
        {
            assert!(may_be_shown(name), "{name}");
        }
    }

    #[test]
    fn names_of_people_firms_and_streets_are_not_shown() {
        for name in [
            "张伟",
            "欧阳娜娜",
            "李总",
            "王总电话",
            "张伟的手机",
            "李娜_邮箱",
            "红星有限公司地址",
            "人民路十二号",
            "人民路8号",
            "zhangsan",
            "u8372",
            "",
        ] {
            assert!(!may_be_shown(name), "{name}");
        }
    }
}
