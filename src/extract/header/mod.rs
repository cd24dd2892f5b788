//! Whether the first row of a table names its columns.
//!
//! Names of columns are shown, values never are: **a row of data must not be taken for a header**. So every cell of a
//! header must pass as a name, and something must speak for it besides. When in doubt the columns stay nameless.

use std::collections::BTreeSet;

mod shown;
mod words;

pub(crate) use shown::{is_about_somebody, may_be_shown};

/// Rows below a possible header that must differ from it.
pub(super) const ROWS_BELOW: usize = 20;
/// Lines above a header that hold one cell each: the title of a report, a date, a unit.
pub(super) const MOST_TITLES: usize = 3;
/// Names are short; sentences are data.
const MOST_CHARACTERS: usize = 64;

type Row = Vec<(usize, Vec<u8>)>;

/// The index of the header row among the first rows of a table; rows above it are titles. `is_marked`: the source says
/// that the first row is one, which stands for what else would speak for it, but excuses no cell from passing as a name.
pub(super) fn find(rows: &[Row], is_marked: bool) -> Option<usize> {
    let titles = rows.iter().take(MOST_TITLES).take_while(|row| row.len() == 1).count();
    let at = if rows.get(titles).is_some_and(|row| row.len() > 1) { titles } else { 0 };
    let below = rows.get(at + 1..)?;
    is_header(rows.get(at)?, below.get(..ROWS_BELOW).unwrap_or(below), is_marked && at == 0).then_some(at)
}

fn is_header(first: &Row, below: &[Row], is_marked: bool) -> bool {
    let cells: Vec<(usize, String)> =
        first.iter().map(|(column, text)| (*column, String::from_utf8_lossy(text).trim().to_owned())).collect();
    if cells.is_empty() || below.is_empty() || cells.iter().any(|(_, cell)| is_figure(cell) || is_address(cell)) {
        return false;
    }
    let (mut worded, mut unfit, mut contrasting, mut explained) = (0usize, 0usize, 0usize, 0usize);
    for (column, cell) in &cells {
        let values: Vec<_> = below.iter().filter_map(|row| value_at(row, *column)).collect();
        // A header's word is not a value of its own column, and a numbered one not the first of a series.
        let is_of_series = has_digit(cell) && !values.is_empty() && values.iter().all(|it| shape(it) == shape(cell));
        if is_of_series || values.iter().any(|value| value == cell) {
            return false;
        }
        let is_word = is_column_word(cell);
        let contrasts = values.len() >= 2 && values.iter().all(|value| is_value(value));
        unfit += usize::from(!may_be_name(cell));
        worded += usize::from(is_word);
        contrasting += usize::from(contrasts);
        explained += usize::from(is_word || contrasts);
    }
    let distinct: BTreeSet<String> = cells.iter().map(|(_, cell)| cell.to_lowercase()).collect();
    let enough = |count: usize| count > 0 && count.saturating_mul(2) >= cells.len();
    let nearly_all = |count: usize| cells.len() >= 4 && count.saturating_mul(5) >= cells.len().saturating_mul(4);
    if unfit > 0 || distinct.len() != cells.len() {
        // A join repeats its columns, and some names are sentences: only where the words of all others leave no doubt.
        return nearly_all(cells.len() - unfit) && enough(worded) && nearly_all(distinct.len().max(worded));
    }
    // Words over figures: a row of data may lack a value too (张三, 待定), so most columns must bear it out.
    let most = |count: usize| count.saturating_mul(4) >= cells.len().saturating_mul(3);
    is_marked
        || enough(worded)
        || (worded > 0 && most(explained))
        || (below.len() >= 3 && cells.len() > 1 && most(contrasting))
}

/// The form of a text: letters and digits as such, whatever they are, in any number.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for character in text.chars() {
        let class = match character {
            it if is_digit(it) => '9',
            it if it.is_alphabetic() => 'a',
            it => it,
        };
        if !shape.ends_with(class) {
            shape.push(class);
        }
    }
    shape
}

fn value_at(row: &Row, column: usize) -> Option<String> {
    let (_, text) = row.iter().find(|(index, _)| *index == column)?;
    Some(String::from_utf8_lossy(text).trim().to_owned())
}

/// Whether a text could be shown as the name of a column: short, and nothing in it that only values have.
pub(super) fn may_be_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MOST_CHARACTERS && !text.contains(['\n', '\r']) && !is_value(text)
}

/// Whether a text has the form of a value: a number, a date, an address, or four digits in a row anywhere.
fn is_value(text: &str) -> bool {
    is_figure(text) || is_address(text) || has_digit_run(text)
}

/// Nothing but digits and the signs that numbers and dates are written with.
fn is_figure(text: &str) -> bool {
    has_digit(text) && text.chars().all(|it| is_digit(it) || "+-−.,:/年月日时分秒T %‰¥$€()eE".contains(it))
}

/// A mail or web address.
fn is_address(text: &str) -> bool {
    text.contains('@') || text.contains("://")
}

fn has_digit(text: &str) -> bool {
    text.chars().any(is_digit)
}

fn has_digit_run(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|character| {
        run = if is_digit(character) { run + 1 } else { 0 };
        run >= 4
    })
}

/// ASCII and full-width digits.
fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || ('０'..='９').contains(&character)
}

/// Whether a text looks like the name of a column: `work_order`, `Serial No`, 设备编号, 温度(℃).
pub(super) fn is_column_word(text: &str) -> bool {
    bare_name(text).is_some_and(|bare| is_known(bare) || is_identifier(bare))
}

/// Whether a text is the name of a column by its words alone. For a key that stands by itself the form of an identifier
/// is not enough: what maps from data to data has such keys too.
pub(super) fn is_known_column_word(text: &str) -> bool {
    bare_name(text).is_some_and(is_known)
}

/// A name without its unit and its marks; `None` where it may not be a name.
fn bare_name(text: &str) -> Option<&str> {
    let before_unit = text.split(['(', '（', '[', '【', '/']).next().unwrap_or(text);
    // Programs that measure put the header into a remark: `# time,load`.
    let bare = before_unit.trim().trim_start_matches(['#', ' ']).trim_end_matches(['*', ':', '：']);
    (may_be_name(text) && !bare.is_empty()).then_some(bare)
}

fn is_known(bare: &str) -> bool {
    if !bare.is_ascii() {
        return is_chinese_column_word(bare);
    }
    is_plain_english(bare) && split_words(bare).iter().any(|word| words::ENGLISH.split(' ').any(|known| known == word))
}

fn is_identifier(bare: &str) -> bool {
    is_plain_english(bare) && bare.contains('_') && !bare.contains([' ', '.', '-']) && split_words(bare).len() > 1
}

fn is_plain_english(bare: &str) -> bool {
    const MOST: usize = 48;
    bare.len() <= MOST
        && bare.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. #".contains(&byte))
}

fn is_chinese_column_word(bare: &str) -> bool {
    const MOST: usize = 12;
    bare.chars().count() <= MOST
        && !bare.contains(['，', '。', '；', ',', ' '])
        && !is_house_number(bare)
        && (words::WHOLE.split(' ').any(|word| word == bare)
            || (bare.chars().count() > 1 && words::ENDINGS.split(' ').any(|end| bare.ends_with(end))))
}

/// 人民路十二号: an address ends like the name of a column does.
fn is_house_number(bare: &str) -> bool {
    let before = bare.strip_suffix('号').and_then(|before| before.chars().next_back());
    before.is_some_and(|it| is_digit(it) || "一二三四五六七八九十百零〇".contains(it))
}

/// The words of an identifier, lower case: `workOrder_No` → work, order, no.
fn split_words(identifier: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for character in identifier.chars() {
        if !character.is_ascii_alphabetic() || (was_lower && character.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_ascii_alphabetic()) {
            word.push(character.to_ascii_lowercase());
        }
        was_lower = character.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a key of JSON or a tag of XML could be shown: letters, digits, `_`, `-`, `.`, `:` and Chinese characters.
pub(super) fn may_be_key(key: &str) -> bool {
    may_be_name(key)
        && key
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "_-.:@$".contains(it) || ('\u{4e00}'..='\u{9fff}').contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        let cells = |line: &str| line.split(',').map(|cell| cell.as_bytes().to_vec()).enumerate().collect();
        let is_filled = |cell: &(usize, Vec<u8>)| !cell.1.is_empty();
        text.lines()
            .map(|line| {
                let row: Row = cells(line);
                row.into_iter().filter(is_filled).collect()
            })
            .collect()
    }

    #[test]
    fn rows_that_name_columns_are_headers() {
        for text in [
            "姓名,身份证号,电话\n张三,x,y\n",
            "name,phone\nzhang,li\n",
            "work_order,qty\nA,B\n",
            "Zeit,Wert,Druck\n1,2,3\n4,5,6\n7,8,9\n",
            "温度(℃),压力(MPa)\n1.5,2\n",
            "# time,value\na,b\n",
            "order_id\nA-1\n",
            "工序ID,工序名称,工序编号,工序ID\n7,x,y,8\n",
            "产品,单位,数量,2025年产量,备注\n轴承,只,3,9,无\n",
        ] {
            assert_eq!(find(&rows(text), false), Some(0), "{text}");
        }
        assert_eq!(find(&rows("2026年花名册\n工号,姓名,部门\n7,张三,一车间\n8,李四,二车间\n"), false), Some(1));
    }

    #[test]
    fn rows_of_data_are_never_headers() {
        for text in [
            "张三,男,工程师\n李四,女,技师\n王五,男,会计\n",
            "张三,13812345678\n李四,13912345678\n",
            "P-101,72.5\nP-102,73.1\nP-103,70.0\n",
            "张三,zhang@example.com\n李四,li@example.com\n",
            "张三,人民路十二号\n李四,见附件\n",
            "北京市朝阳区,待定\n上海市浦东区,待定\n",
            "name,phone\n",
            "status,status\nx,y\n",
            "名称,名称\nx,y\n",
            "编号,名称\n编号,名称\n",
            "label A6,value C6\nlabel A8,value C8\n",
            "工程部,编号,车间主任,13812345678\n质检部,x,y,13912345678\n",
            "张三,产品,待定\n李四,x,35\n王五,y,36\n赵六,z,37\n",
            "张三,无,待补\n李四,12,35\n王五,13,36\n赵六,14,37\n",
            "2026-01-01,开机\n2026-01-02,停机\n",
        ] {
            assert_eq!(find(&rows(text), false), None, "{text}");
        }
    }
}
