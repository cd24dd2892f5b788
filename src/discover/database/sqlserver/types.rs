//! Declared types of a SQL Server as a person writes them, from the parts in which its catalog keeps them.

use super::super::rows::Cells as _;
use super::connection::TextRow;

/// Where the parts stand in a row on a column.
const SYSTEM_TYPE: usize = 4;
const LENGTH: usize = 5;
const PRECISION: usize = 6;
const SCALE: usize = 7;
const USER_TYPE: usize = 8;

/// `nvarchar(50)`, `decimal(18,2)`, `varbinary(max)`. A name that somebody gave to a type (`dbo.Phone`) is undone: how to
/// read a column, and what it may hold, is told by the type of the server.
pub(super) fn declared_type(row: &TextRow) -> Option<String> {
    let (system, user) = (row.cell(SYSTEM_TYPE), row.cell(USER_TYPE));
    // Types of its runtime (`hierarchyid`, `geography`) have no type of the server of their own, or a collective one.
    let Some(name) = system.filter(|name| name != "sysname").or(user.clone()) else { return user };
    let number = |index: usize| row.cell(index).and_then(|text| text.parse::<i64>().ok());
    let behind = match name.as_str() {
        "char" | "varchar" | "nchar" | "nvarchar" | "binary" | "varbinary" => match number(LENGTH) {
            Some(-1) => "(max)".to_owned(),
            Some(length) => format!("({length})"),
            None => String::new(),
        },
        "decimal" | "numeric" => match (number(PRECISION), number(SCALE)) {
            (Some(precision), Some(scale)) => format!("({precision},{scale})"),
            _ => String::new(),
        },
        "datetime2" | "datetimeoffset" | "time" => number(SCALE).map(|scale| format!("({scale})")).unwrap_or_default(),
        _ => String::new(),
    };
    Some(format!("{name}{behind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_put_together_as_they_were_declared() {
        for ([system, length, precision, scale, user], wanted) in [
            (["nvarchar", "50", "0", "0", "nvarchar"], Some("nvarchar(50)")),
            (["nvarchar", "-1", "0", "0", "nvarchar"], Some("nvarchar(max)")),
            (["varchar", "11", "0", "0", "Phone"], Some("varchar(11)")),
            (["decimal", "9", "18", "2", "decimal"], Some("decimal(18,2)")),
            (["datetime2", "8", "27", "7", "datetime2"], Some("datetime2(7)")),
            (["int", "4", "10", "0", "int"], Some("int")),
            (["xml", "-1", "0", "0", "xml"], Some("xml")),
            (["", "892", "0", "0", "hierarchyid"], Some("hierarchyid")),
            (["encrypted", "65", "0", "0", "nvarchar"], Some("encrypted")),
            (["", "", "", "", ""], None),
        ] {
            let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let row: TextRow = [None, None, None, None]
                .into_iter()
                .chain([system, length, precision, scale, user].map(cell))
                .collect();
            assert_eq!(declared_type(&row).as_deref(), wanted);
        }
    }
}
