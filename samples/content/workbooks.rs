//! Workbooks: the roster and the list of suppliers.

use anyhow::Context as _;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::{Chance, Growth, PlantFile, identifiers, people, stamp};

pub(super) fn files(growth: Growth) -> anyhow::Result<Vec<PlantFile>> {
    Ok(vec![
        PlantFile::new("管理/员工花名册.xlsx", roster(growth)?),
        PlantFile::new("管理/供应商名录.xlsx", suppliers(growth)?),
    ])
}

fn roster(growth: Growth) -> anyhow::Result<Vec<u8>> {
    let mut chance = Chance::seeded(61);
    let staff = (0..growth.rows(320)).map(|row| {
        vec![
            format!("XL{row:05}"),
            people::name(&mut chance),
            chance.pick(&["男", "女"]).to_owned(),
            identifiers::resident_id(row),
            identifiers::mobile(row),
            chance.pick(&people::DEPARTMENTS).to_owned(),
            chance.pick(&["操作工", "班长", "工程师", "检验员", "主管"]).to_owned(),
            stamp(row * 60).split(' ').next().unwrap_or_default().to_owned(),
            identifiers::bank_card(row),
        ]
    });
    let staff: Vec<_> = staff.collect();
    let training: Vec<_> = (0..growth.rows(90))
        .map(|row| vec![format!("XL{row:05}"), "危险化学品作业".to_owned(), stamp(row * 700), "合格".to_owned()])
        .collect();
    workbook(&[
        ("在职员工", &["工号", "姓名", "性别", "身份证号", "手机号码", "部门", "岗位", "入职日期", "工资卡号"], &staff),
        ("培训记录", &["工号", "培训项目", "培训时间", "考核结果"], &training),
    ])
}

fn suppliers(growth: Growth) -> anyhow::Result<Vec<u8>> {
    let mut chance = Chance::seeded(62);
    let rows: Vec<_> = (0..growth.rows(140))
        .map(|row| {
            vec![
                format!("GYS{row:04}"),
                people::company(row, &mut chance),
                identifiers::credit_code(row),
                chance.pick(&["盐酸", "草酸", "P507萃取剂", "磺化煤油", "电机备件"]).to_owned(),
                people::name(&mut chance),
                identifiers::mobile(300 + row),
                chance.pick(&["A", "B", "C"]).to_owned(),
                format!("CG-2026-{:04}", chance.between(1, 900)),
            ]
        })
        .collect();
    workbook(&[(
        "供应商",
        &["供应商编号", "供应商名称", "统一社会信用代码", "供应物料", "联系人", "联系电话", "评级", "采购合同号"],
        &rows,
    )])
}

/// A sheet's name, header and rows.
type Sheet<'s> = (&'s str, &'s [&'s str], &'s [Vec<String>]);

/// A workbook of sheets; its properties hold a fixed date, so that its bytes do not depend on today.
fn workbook(sheets: &[Sheet<'_>]) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 9, 1).context("a fixed date is a date")?;
    workbook.set_properties(&DocProperties::new().set_author("星澜稀土").set_creation_datetime(&created));
    for (name, header, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name)?;
        for (column, title) in (0_u16..).zip(*header) {
            sheet.write_string(0, column, *title)?;
        }
        for (row, cells) in (1_u32..).zip(*rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                sheet.write_string(row, column, cell)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}
