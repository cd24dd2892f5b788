//! How the workbook of a review is laid out: what its writer and its reader have to agree on.

/// The sheet that a person fills.
pub const SHEET: &str = "审核";

/// The sheet that says how.
pub const GUIDANCE: &str = "说明";

/// The hidden sheet that says what the workbook was made of.
pub const ORIGIN: &str = "_mulu";

/// The hidden sheet of the choices.
pub const CHOICES: &str = "_choices";

/// What the first cell of [`ORIGIN`] holds, with the version of the layout beside it.
pub const SCHEMA: (&str, &str) = ("mulu review", "1");

/// The row of the ids of the columns, hidden; the headers stand below it, and then the rows.
pub const ID_ROW: usize = 0;

/// The row of the headers.
pub const HEADER_ROW: usize = 1;

/// What a person decides, by column id and header in both languages.
pub const DECISION: [(&str, &str, &str); 5] = [
    ("decision", "决定", "decision"),
    ("level", "决定的级别", "level decided"),
    ("category_decided", "决定的类别（仅资产）", "category decided (assets only)"),
    ("reason", "理由", "reason"),
    ("document", "主管部门文号", "document of the authority"),
];

/// The hidden column that seals a row.
pub const SEAL: &str = "seal";

/// What stands before the id of a column of the form.
pub const FACT: &str = "fact.";

/// Headers of the locked columns, in both languages, in the order of [`super::LOCKED`].
pub const HEADERS: [(&str, &str); super::LOCKED.len()] = [
    ("编号", "id"),
    ("对象", "what"),
    ("载体", "store"),
    ("位置", "locator"),
    ("类别编号", "category"),
    ("类别", "name of the category"),
    ("建议级别", "proposed"),
    ("现级别", "effective"),
    ("依据条款", "criteria"),
    ("条目数", "records"),
    ("字节数", "bytes"),
    ("人数", "persons"),
    ("资产数", "assets"),
];

/// Most characters of a cell that a person fills: what a form takes, and far from what a cell takes.
pub const MOST_CHARACTERS: usize = 2_000;

/// Most rows of a workbook: more than a person reviews, and less than slows a spreadsheet down.
pub const MOST_ROWS: usize = 100_000;

/// How a sheet is written at the end of a sentence about the column of a fact.
#[must_use]
pub fn fact(column: &str) -> String {
    format!("{FACT}{column}")
}
