//! The roll-up of a group as tables: one row a member, one row a kind of data.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::TO_BE_FILLED;
use super::grid::{Fact, Grid};
use crate::catalog::roll_up::{Member, MemberScale};
use crate::model::{Lang, Level, Measure, Speak};
use crate::regime::Taxonomy;
use crate::regime::taxonomy::Label;

/// What `miit-166/37` has a group report of each member, and no catalog says.
const DUTIES: [(&str, &str, &str); 4] = [
    ("risk_assessment", "风险评估状态", "risk assessment"),
    ("core_review", "核心数据跨主体处理审查", "review of core data across entities"),
    ("incident_report", "年度事件处置报告", "yearly report on incidents"),
    ("risk_reports", "风险信息上报次数", "risks reported"),
];

/// One row a member, in the order of the files; `files` are their names.
#[must_use]
pub fn members(members: &[Member], files: &[String]) -> Grid {
    let row = |(member, file): (&Member, &String)| {
        let text = |column: &str| Some(member.text(column).to_owned()).filter(|text| !text.is_empty());
        let filing = member.filing.as_ref();
        let unconfirmed = member.entries.iter().filter(|entry| !entry.confirmed).count() as u64;
        let missing = member.entries.iter().map(|entry| entry.missing.len() as u64).sum();
        let mut row: Vec<Fact> = vec![
            text("name").into(),
            text("credit_code").into(),
            text("region").into(),
            member.authority.clone().into(),
            filing.map(|filing| filing.state.say(Lang::Zh)).into(),
            filing.and_then(|filing| filing.number.clone()).into(),
            filing.and_then(|filing| filing.accepted.clone().or(Some(filing.submitted.clone()))).into(),
            member.as_of.clone().into(),
        ];
        for level in [Level::Important, Level::Core] {
            row.extend(figures(member.scale(level)));
        }
        row.extend([Fact::Number(unconfirmed), Fact::Number(missing)]);
        row.extend(DUTIES.map(|_| Fact::from(TO_BE_FILLED)));
        row.extend([member.audit.as_ref().map(|audit| audit.head.clone()).into(), file.clone().into()]);
        row
    };
    let mut columns = vec![
        ("name", label("所属公司", "member")),
        ("credit_code", label("统一社会信用代码", "unified social credit code")),
        ("region", label("所在地区", "region")),
        ("authority", label("属地监管部门", "authority")),
        ("filing_state", label("备案状态", "state of the filing")),
        ("filing_number", label("备案编号", "number of the filing")),
        ("filing_date", label("备案日期", "date of the filing")),
        ("as_of", label("统计时点", "as of")),
        ("important_classes", label("重要数据类数", "classes of important data")),
        ("important_records", label("重要数据条目数量(条)", "records of important data")),
        ("important_bytes", label("重要数据存储总量(字节)", "bytes of important data")),
        ("important_persons", label("重要数据涉及人数(单类最大)", "persons, of the largest class of important data")),
        ("core_classes", label("核心数据类数", "classes of core data")),
        ("core_records", label("核心数据条目数量(条)", "records of core data")),
        ("core_bytes", label("核心数据存储总量(字节)", "bytes of core data")),
        ("core_persons", label("核心数据涉及人数(单类最大)", "persons, of the largest class of core data")),
        ("unconfirmed", label("待确认条目数", "unconfirmed")),
        ("missing", label("缺项", "cells missing")),
    ];
    columns.extend(DUTIES.map(|(id, zh, en)| (id, label(zh, en))));
    columns.extend([("audit_head", label("审计链头", "head of the audit log")), ("file", label("来源文件", "file"))]);
    Grid { title: label("所属公司", "members"), columns, rows: members.iter().zip(files).map(row).collect() }
}

/// What members hold of one category and level.
#[derive(Default)]
struct Kind {
    files: Vec<usize>,
    scale: MemberScale,
}

/// One row a category and level over all members, core before important.
#[must_use]
pub fn kinds(members: &[Member], taxonomy: &Taxonomy) -> Grid {
    let mut kinds: BTreeMap<(Reverse<Level>, &str), Kind> = BTreeMap::new();
    for (file, member) in members.iter().enumerate() {
        for entry in &member.entries {
            let Some(level) = entry.level.effective.filter(|level| level.is_filed()) else { continue };
            let kind = kinds.entry((Reverse(level), &entry.category)).or_default();
            if kind.files.last() != Some(&file) {
                kind.files.push(file);
            }
            kind.scale.classes += 1;
            kind.scale.records = Measure::together(kind.scale.records, entry.records);
            kind.scale.bytes = Measure::together(kind.scale.bytes, entry.bytes);
            kind.scale.persons = kind.scale.persons.max(entry.persons());
        }
    }
    let mut rows = Vec::new();
    for ((level, category), kind) in kinds {
        let mut row: Vec<Fact> = vec![
            format!("{}数据", level.0.label(Lang::Zh)).into(),
            taxonomy.label(category, Lang::Zh).into(),
            category.into(),
            Fact::Number(kind.files.len() as u64),
        ];
        row.extend(figures(kind.scale));
        rows.push(row);
    }
    let columns = [
        ("level", "级别", "level"),
        ("name", "类别", "name of the category"),
        ("category", "类别编号", "category"),
        ("members", "所属公司数", "members"),
        ("classes", "类数", "classes"),
        ("records", "数据条目数量(条)", "records"),
        ("bytes", "存储总量(字节)", "bytes"),
        ("persons", "涉及人数(单类最大)", "persons, of the largest class"),
    ];
    let columns = columns.into_iter().map(|(id, zh, en)| (id, label(zh, en))).collect();
    Grid { title: label("种类汇总", "kinds"), columns, rows }
}

fn figures(scale: MemberScale) -> [Fact; 4] {
    [
        Fact::Number(scale.classes),
        scale.records.map(|records| records.value).into(),
        scale.bytes.map(|bytes| bytes.value).into(),
        scale.persons.into(),
    ]
}

fn label(zh: &str, en: &str) -> Label {
    Label { zh: zh.to_owned(), en: en.to_owned() }
}
