//! The commitment and the summary of a filing as a document that is printed, signed and sealed.

use super::docx::{Block, Document};
use super::{TO_BE_FILLED, annex};
use crate::catalog::{Catalog, check};
use crate::export::cell;
use crate::regime::{Form, Taxonomy};

/// Columns of the annex that the summary shows: level, category, entries, unconfirmed, records, bytes, persons.
const SHOWN: [usize; 7] = [0, 2, 4, 5, 6, 7, 9];

/// What a summary is printed with.
#[derive(Clone, Copy, Debug)]
pub struct Imprint<'a> {
    /// Length and head of the audit log, in a line.
    pub chain: &'a str,
}

/// Commitment, processor, summary, and what is still open.
#[must_use]
pub fn commitment(catalog: &Catalog, form: &Form, taxonomy: &Taxonomy, imprint: Imprint<'_>) -> Document {
    let known = |id: &str| catalog.entity.get(id).map_or(TO_BE_FILLED, |cell| cell.value.as_str());
    let authority = catalog.authority.as_deref().unwrap_or(TO_BE_FILLED);
    let gaps = check(catalog, form).len();
    let unconfirmed = catalog.unconfirmed().count();
    let mut blocks = vec![
        Block::Title("重要数据和核心数据目录备案承诺书".to_owned()),
        Block::Text(format!("{authority}：")),
        Block::Text(format!(
            "根据《工业和信息化领域数据安全管理办法（试行）》（工信部网安〔2022〕166号）第十二条，{}（统一社会信用代码 {}）现将本单位重要数据和核心数据目录报送备案，并承诺：",
            known("name"),
            known("credit_code"),
        )),
        Block::Text("一、所报目录内容真实、完整、准确，不包括数据内容本身。".to_owned()),
        Block::Text("二、备案内容发生重大变化的，在发生变化的三个月内履行备案变更手续。".to_owned()),
        Block::Text("三、对数据处理活动负安全主体责任，对各类数据实行分级防护。".to_owned()),
        Block::ToSign("法定代表人或主要负责人（签字）：".to_owned()),
        Block::ToSign("单位（盖章）：".to_owned()),
        Block::ToSign("日期：        年    月    日".to_owned()),
        Block::NewPage,
        Block::Title("备案情况汇总".to_owned()),
        Block::Heading(form.entity.label.zh.clone()),
    ];
    let mut entity = vec![vec!["项目".to_owned(), "内容".to_owned()]];
    entity.extend(form.entity.columns.iter().filter_map(|column| {
        let value = catalog.entity.get(&column.id).map(|cell| cell.value.clone());
        let is_asked = column.required.holds(None, |id| catalog.entity.get(id).map(|cell| cell.value.as_str()));
        let value = value.or_else(|| is_asked.then(|| TO_BE_FILLED.to_owned()))?;
        Some(vec![column.label.zh.clone(), value])
    }));
    blocks.push(Block::Table(entity));
    blocks.push(Block::Heading("目录汇总".to_owned()));
    let summary = annex::annex(catalog, taxonomy);
    let header = SHOWN.iter().map(|place| summary.columns[*place].1.zh.clone()).collect();
    let rows = summary.rows.iter().map(|row| SHOWN.iter().map(|place| row[*place].text()).collect());
    blocks.push(Block::Table(std::iter::once(header).chain(rows).collect()));
    blocks.push(Block::Text(format!("统计时点：{}。目录共 {} 条。", catalog.as_of, catalog.entries.len())));
    if gaps > 0 || unconfirmed > 0 {
        blocks.push(Block::Text(format!("本稿尚不能报送：缺项或矛盾 {gaps} 处，级别待确认 {unconfirmed} 条。")));
    }
    blocks.push(Block::Text(cell::plain(imprint.chain)));
    Document { blocks }
}
