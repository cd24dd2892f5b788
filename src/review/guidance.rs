//! The sheet of a review's workbook that says how it is filled, in both languages.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::layout::GUIDANCE;
use crate::export::cell;
use crate::export::xlsx::{Style, fit, set_up};

/// Width of the guidance, in digits: what an upright page of A4 takes. A single column is scaled to no page.
const GUIDANCE_WIDTH: u16 = 68;

/// How a person fills the workbook, in both languages.
const HOW: [(&str, &str); 10] = [
    (
        "每行是一个数据类（c…）或数据资产（a…）。灰色单元格已锁定，白色单元格可填，黄色单元格为备案必填而尚缺的登记事项。",
        "Each row is a class of data (c…) or an asset (a…). Grey cells are locked, white ones are yours to fill, yellow ones hold facts \
         that the filing asks for and nobody has given.",
    ),
    (
        "决定：确认（建议正确，或在“决定的级别”中给出正确级别）、否定（建议有误）、主管部门认定（须填文号）。不作决定的行留空。",
        "decision: 确认 confirm (the proposal is right, or the level decided is), 否定 reject (it is wrong), 主管部门认定 override (the \
         authority has decided; give the document). Leave it empty in rows that you do not decide.",
    ),
    (
        "确认而不填级别，即确认“建议级别”。否定而不填级别，数据类按一般数据处理。",
        "A confirmation without a level confirms the proposed one. A rejection without a level makes a class general.",
    ),
    ("每个决定须填理由。", "Each decision has a reason."),
    (
        "“决定的类别”只用于数据资产；数据类由其资产的类别组成。",
        "The category decided is for assets; a class is made of its assets' categories.",
    ),
    (
        "右侧各列是备案登记事项，只对数据类填写；已有的值可以改，清空即取消本类自己的值。多选项用“、”分隔。",
        "The columns to the right are facts for the filing, of classes alone: what stands there may be changed, and clearing a cell takes \
         the class's own value back. Several choices are parted by 、.",
    ),
    (
        "不要填写公式；不要填写任何数据内容（姓名、号码、样例），备案内容不包括数据内容本身。",
        "No formulas, and nothing of the data itself (names, numbers, samples): a filing holds no content of the data.",
    ),
    (
        "不需要的行可以删除，可以排序和筛选；不要增删、移动或改名列。",
        "Rows may be deleted, sorted and filtered; columns are neither added, moved nor renamed.",
    ),
    (
        "导入：mulu review import 文件 --by 姓名 --dry-run 先看将改变什么，去掉 --dry-run 即写入；有一处不合则全部不写入。",
        "To import: mulu review import FILE --by NAME --dry-run shows what will change, without --dry-run it is recorded; where one cell \
         does not fit, nothing is.",
    ),
    (
        "导出之后若重新扫描，请重新导出；或用 --older 只收建议未变的行。",
        "After another scan export it anew, or give --older to take rows whose proposal is the same.",
    ),
];

/// The sheet that says how, above the rows it is about.
pub(super) fn sheet(sheet: &mut Worksheet, as_of: &str, style: &Style) -> Result<(), XlsxError> {
    set_up(sheet, GUIDANCE)?;
    sheet.set_portrait().set_column_width(0, GUIDANCE_WIDTH)?;
    sheet.write_string_with_format(0, 0, "分类分级审核工作簿 · review workbook", &style.title)?;
    let as_of = format!("扫描结果日期 results as of：{as_of}");
    let mut line = 1;
    let mut write = |text: &str| -> Result<(), XlsxError> {
        sheet.write_string_with_format(line, 0, cell::plain(text), &style.text)?;
        fit(sheet, line, [(text, GUIDANCE_WIDTH)])?;
        line += 1;
        Ok(())
    };
    write(&as_of)?;
    for (zh, _) in HOW {
        write(zh)?;
    }
    for (_, en) in HOW {
        write(en)?;
    }
    sheet.protect();
    Ok(())
}
