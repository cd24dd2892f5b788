use crate::model::{Lang, Speak};

/// Why an export could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub enum Error {
    /// The workbook writer refused: more rows or columns than a sheet takes.
    Workbook,
    /// The document could not be packed.
    Document,
}

impl Speak for Error {
    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Workbook => lang.pick(
                "目录超出 xlsx 工作表的容量；请改用 --format csv 或 json",
                "the catalog does not fit into a workbook sheet; use --format csv or json",
            ),
            Self::Document => lang.pick(
                "文档过大，无法写成 docx；请改用 --format xlsx 或 csv",
                "the document is too large for a docx; use --format xlsx or csv",
            ),
        }
        .to_owned()
    }
}
