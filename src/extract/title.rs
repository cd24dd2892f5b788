//! What a text calls itself: its first line, its headings, its subject, the tables that a dump makes.

/// Lines of the beginning that are looked at.
const MOST_LINES: usize = 400;
/// Titles that are told: more say no more.
const MOST_TITLES: usize = 40;
/// A longer line is a sentence.
const LONGEST_TITLE_CHARACTERS: usize = 60;
/// Beginnings of lines, lower case, behind which the rest of the line is a title.
const LABELS: [&str; 9] =
    ["subject:", "title:", "标题：", "标题:", "主题：", "主题:", "题目：", "名称：", "文件名称："];
/// Beginnings of statements, lower case, behind which a name of a table stands.
const STATEMENTS: [&str; 5] =
    ["create table if not exists ", "create table ", "insert into ", "copy ", "drop table if exists "];

/// The titles in the beginning of a text, in their order. They are content: what they say may be weighed, never shown.
pub(crate) fn titles(beginning: &str) -> Vec<&str> {
    let lines = beginning.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_LINES);
    let mut titles: Vec<&str> = Vec::new();
    for (number, line) in lines.enumerate() {
        let first = || Some(line).filter(|line| number == 0 && is_short(line) && !is_of_a_machine(line));
        let title = table(line).or_else(|| labelled(line)).or_else(|| heading(line)).or_else(first);
        if let Some(title) = title.filter(|title| titles.last() != Some(title)) {
            titles.push(title);
        }
    }
    titles.truncate(MOST_TITLES);
    titles
}

fn is_short(line: &str) -> bool {
    line.chars().nth(LONGEST_TITLE_CHARACTERS).is_none()
}

/// Rows, settings, records and statements are no titles.
fn is_of_a_machine(line: &str) -> bool {
    line.contains(['=', ';', '{', '}', '<', '>', '|', '\t', '\\']) || line.matches([',', '，']).count() > 1
}

/// `# Heading`, as notes are written.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    (rest.len() < line.len() && rest.starts_with(' ')).then(|| rest.trim()).filter(|title| is_short(title))
}

fn labelled(line: &str) -> Option<&str> {
    LABELS.iter().find_map(|label| behind(line, label)).map(str::trim).filter(|title| is_short(title))
}

/// The name of the table that a statement is about, without its schema.
fn table(line: &str) -> Option<&str> {
    let rest = STATEMENTS.iter().find_map(|statement| behind(line, statement))?.trim_start();
    let end = rest.find([' ', '(', ';', ',']).unwrap_or(rest.len());
    let name = rest.get(..end)?.trim_matches(['`', '"', '[', ']', '\'']);
    let name = name.rsplit('.').next()?.trim_matches(['`', '"', '[', ']']);
    Some(name).filter(|name| !name.is_empty() && is_short(name))
}

/// What stands behind a beginning of a line, whatever its case.
fn behind<'l>(line: &'l str, beginning: &str) -> Option<&'l str> {
    let (start, rest) = line.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_note_is_called_by_its_first_line_and_its_headings() {
        assert_eq!(titles("\n 夜班交接记录\n一切正常，无事故\n# 设备\n"), ["夜班交接记录", "设备"]);
        assert_eq!(titles("From: a\nSubject: 报价单\n\n正文"), ["From: a", "报价单"]);
    }

    #[test]
    fn a_dump_is_called_by_its_tables() {
        let dump = "CREATE TABLE IF NOT EXISTS `shop`.`order_item` (\n  id int);\ninsert into order_item values (1);\n\
            COPY public.payment (id) FROM stdin;\n";
        assert_eq!(titles(dump), ["order_item", "payment"]);
    }

    #[test]
    fn rows_settings_and_sentences_are_no_titles() {
        assert!(titles("a,b,c\n1,2,3\n").is_empty());
        assert!(titles("key=value\n").is_empty());
        assert!(titles(&format!("{}\n", "很长的句子".repeat(20))).is_empty());
    }

    proptest! {
        #[test]
        fn titles_stand_in_the_text_and_are_short(text in "(?s).{0,300}") {
            for title in titles(&text) {
                prop_assert!(text.contains(title) && is_short(title));
            }
        }
    }
}
