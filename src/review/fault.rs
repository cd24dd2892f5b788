//! A cell of a filled review that does not fit, and what to do about it.

use super::decide::Senseless;
use super::layout::{MOST_CHARACTERS, SHEET};
use crate::catalog::sheet::{address, located};
use crate::model::{Lang, Speak};
use crate::regime::form::Kind;

/// A cell that does not fit, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The row of the sheet, from 1; 0 where it concerns the whole workbook.
    pub row: usize,
    /// The column of the sheet, from 1; 0 where it concerns a whole row.
    pub column: usize,
    /// The header of the column, in both languages.
    pub header: Option<(String, String)>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The workbook was not written by `mulu review export`.
    NotAReview,
    /// It was written by another version.
    Layout,
    /// It was made of results that newer ones have replaced; the date of its results.
    Older(String),
    /// A column is gone, or was renamed: its id.
    ColumnGone(String),
    /// A row without an id.
    NoId,
    /// The id stands in an earlier row.
    Repeated(usize),
    /// Nothing has this id any more.
    Vanished,
    /// A locked cell was changed.
    Locked,
    /// The proposal, a decision or a fact has changed since the workbook was written.
    Changed,
    /// The cell is computed.
    Formula,
    /// The text would be taken for a formula.
    FormulaSign,
    /// The text is longer than a form takes.
    TooLong,
    /// The text holds a control character, or one that nobody sees.
    Invisible,
    /// None of the words for a decision.
    Decision,
    /// None of the levels.
    Level,
    /// Something was decided, and the decision is empty.
    NoDecision,
    /// A decision without a reason.
    NoReason,
    /// One of these belongs here.
    Choice(Vec<String>),
    /// Another kind of value belongs here.
    Kind(Kind),
    /// Facts are given for classes alone.
    FactOfAsset,
    /// A cleared value was not given for the class itself.
    NotOwn,
    /// The decision makes no sense.
    Senseless(Senseless),
}

impl Speak for Fault {
    fn say(&self, lang: Lang) -> String {
        let place = if self.row > 0 { address(SHEET, self.row, self.column) } else { String::new() };
        let header = self.header.as_ref().map_or("", |(zh, en)| lang.pick(zh, en));
        located(&place, header, &self.wrong.say(lang), lang)
    }
}

impl Speak for Wrong {
    fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::NotAReview => (
                "不是 mulu review export 写出的工作簿；请重新导出后填写",
                "not a workbook of mulu review export; export one and fill that",
            ),
            Self::Layout => {
                ("由另一版本写出；请用现版本重新导出", "another version wrote it; export it anew with this one")
            }
            Self::Older(date) => {
                return match lang {
                    Lang::Zh => format!(
                        "依据的是 {date} 的扫描结果，此后已有新的结果；请重新导出，或加 --older 只收建议未变的行"
                    ),
                    Lang::En => format!(
                        "made of results as of {date}, and there are newer ones; export it anew, or add --older to take \
                         rows whose proposal is the same"
                    ),
                };
            }
            Self::ColumnGone(id) => {
                return match lang {
                    Lang::Zh => format!("缺少列 {id}；列不能增删或改名，请重新导出"),
                    Lang::En => {
                        format!("the column {id} is gone; columns are neither removed nor renamed, export it anew")
                    }
                };
            }
            Self::NoId => ("此行没有编号；请删除此行，或从原工作簿恢复", "the row has no id; delete it, or restore it"),
            Self::Repeated(earlier) => {
                return match lang {
                    Lang::Zh => format!("编号已在第 {earlier} 行出现；每个编号只留一行"),
                    Lang::En => format!("the id stands in row {earlier} already; keep one row an id"),
                };
            }
            Self::Vanished => (
                "此编号已不存在；请删除此行，或重新导出",
                "nothing has this id any more; delete the row, or export it anew",
            ),
            Self::Locked => (
                "锁定的单元格被改动；请从原工作簿恢复此行",
                "a locked cell was changed; restore the row from the workbook as it was exported",
            ),
            Self::Changed => (
                "导出之后，此行的建议、决定或登记事项已变化；请重新导出后填写",
                "its proposal, a decision or a fact has changed since the workbook was written; export it anew and fill that",
            ),
            Self::Formula => ("是公式；请粘贴为值", "a formula; paste its value instead"),
            Self::FormulaSign => (
                "以 = + - @ 等公式符号开头；请在前面加上文字",
                "begins as a formula does (= + - @); put a word before it",
            ),
            Self::TooLong => {
                return match lang {
                    Lang::Zh => format!("超过 {MOST_CHARACTERS} 个字符；请缩短"),
                    Lang::En => format!("longer than {MOST_CHARACTERS} characters; shorten it"),
                };
            }
            Self::Invisible => (
                "含有控制字符或不可见字符；请重新键入",
                "holds a control character, or one that nobody sees; type it anew",
            ),
            Self::Decision => ("应为 确认、否定 或 主管部门认定", "confirm, reject or override belongs here"),
            Self::Level => ("应为 一般、重要 或 核心", "general, important or core belongs here"),
            Self::NoDecision => (
                "未选决定，却填了级别、类别、理由或文号；请选择决定，或清空",
                "no decision, but a level, category, reason or document; choose the decision, or clear them",
            ),
            Self::NoReason => ("决定须有理由；请填写", "a decision has a reason; give it"),
            Self::Choice(choices) => {
                return match lang {
                    Lang::Zh => format!("应为以下之一：{}", choices.join("、")),
                    Lang::En => format!("one of these belongs here: {}", choices.join(", ")),
                };
            }
            Self::Kind(kind) => return wanted(*kind, lang).to_owned(),
            Self::FactOfAsset => (
                "登记事项只对数据类填写；请清空，填在所属数据类的行",
                "facts are given for classes; clear it, and fill the row of its class",
            ),
            Self::NotOwn => (
                "此值来自 mulu.toml，或对更多条目登记，不能在此取消；请在原处更改，或在此填写另一值",
                "the value is of mulu.toml, or for more entries than this; change it there, or write another one here",
            ),
            Self::Senseless(senseless) => return senseless.say(lang),
        };
        lang.pick(zh, en).to_owned()
    }
}

/// What belongs into a cell of a kind.
fn wanted(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Integer | Kind::Bytes => {
            lang.pick("应为不带单位的非负整数", "a whole number without a unit belongs here")
        }
        Kind::Date => lang.pick("应为 YYYY-MM-DD 的日期", "a date as YYYY-MM-DD belongs here"),
        Kind::Boolean => lang.pick("应为 是 或 否", "是 (yes) or 否 (no) belongs here"),
        Kind::Text | Kind::Choice | Kind::Choices => lang.pick("不合此列", "does not fit the column"),
    }
}
