//! What was given, by whom, and what it adds up to in an entry.

use std::io::Write;

use crate::catalog::Scope;
use crate::cli::arguments::Format;
use crate::cli::catalog;
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::table::Table;
use crate::export::cell;
use crate::model::{Giver, Lang, RegisterEdit, RegisterScope, Stated};

use super::words;

/// Facts about the enterprise that persons gave and that stand, each with who gave it.
fn of_enterprise(edits: &[RegisterEdit]) -> Vec<(String, Stated)> {
    let mut latest = std::collections::BTreeMap::new();
    for edit in edits.iter().filter(|edit| edit.scope == RegisterScope::Enterprise) {
        latest.insert(&edit.field, edit);
    }
    let stated = |(field, edit): (&String, &RegisterEdit)| {
        let giver = Giver { by: edit.by.clone(), date: edit.date.clone() };
        Some((
            field.clone(),
            Stated { scope: RegisterScope::Enterprise, value: edit.value.clone()?, giver: Some(giver) },
        ))
    };
    latest.into_iter().filter_map(stated).collect()
}

/// Facts about the enterprise as `mulu.toml` and persons state them together, in the words of the form.
fn of_configuration(session: &Session, given: &[(String, Stated)]) -> Vec<(String, Stated)> {
    let cells = crate::catalog::entity_cells(&session.configuration().enterprise, &session.regime().form);
    let is_given = |field: &str| given.iter().any(|(known, _)| known == field);
    cells
        .into_iter()
        .filter(|(field, _)| !is_given(field))
        .map(|(field, cell)| (field, Stated { scope: RegisterScope::Enterprise, value: cell.value, giver: None }))
        .collect()
}

pub(super) fn list(session: &mut Session) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let edits = session.inventory()?.register_edits()?;
    let mut all = of_enterprise(&edits);
    let configured = of_configuration(session, &all);
    all.extend(configured);
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.extend(session.configuration().register.all_stated());
    let mut out = session.output()?;
    if format == Format::Json {
        let lines: Vec<serde_json::Value> = all.iter().map(|(column, stated)| line(column, stated)).collect();
        writeln!(out, "{}", serde_json::json!({ "register": lines }))?;
    } else {
        let mut table = Table::new(match lang {
            Lang::Zh => ["适用于", "列", "值", "由谁给出", "日期"],
            Lang::En => ["for", "column", "value", "given by", "date"],
        });
        for (column, stated) in &all {
            let (by, date) = given_by(stated.giver.as_ref());
            table.row([words(&stated.scope)(lang), column.clone(), cell::plain(&stated.value), by, date]);
        }
        table.print(&mut *out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn line(column: &str, stated: &Stated) -> serde_json::Value {
    let (category, store) = stated.scope.parts();
    serde_json::json!({
        "scope": stated.scope.id(), "category": category, "store": store, "column": column, "value": stated.value,
        "by": stated.giver.as_ref().map(|giver| &giver.by), "date": stated.giver.as_ref().map(|giver| &giver.date),
    })
}

fn given_by(giver: Option<&Giver>) -> (String, String) {
    giver.map_or_else(|| ("mulu.toml".to_owned(), String::new()), |giver| (cell::plain(&giver.by), giver.date.clone()))
}

pub(super) fn columns(session: &mut Session) -> anyhow::Result<Exit> {
    let lang = session.lang;
    let form = session.regime().form.clone();
    let mut out = session.output()?;
    let mut table = Table::new(match lang {
        Lang::Zh => ["适用于", "列", "名称", "可选"],
        Lang::En => ["for", "column", "label", "takes"],
    });
    let sheets = [(RegisterScope::Enterprise, &form.entity), (RegisterScope::All, &form.catalog)];
    for (scope, sheet) in sheets {
        for column in &sheet.columns {
            let choices = column.choices.join("、");
            table.row([words(&scope)(lang), column.id.clone(), column.label.say(lang).to_owned(), choices]);
        }
    }
    let facts = [
        ("export_control", lang.pick("涉及管制物项数据", "data on controlled items"), "是、否"),
        ("provinces", lang.pick("数据覆盖的省级行政区", "provinces that the data cover"), ""),
        ("sectors", lang.pick("另有规定的领域", "sectors with rules of their own"), "government、defence"),
        ("industrial_internet", lang.pick("工业互联网企业类型与级别", "roles of miit-68 and levels"), "networked:1…"),
    ];
    for (id, label, takes) in facts {
        table.row([words(&RegisterScope::Enterprise)(lang), id.to_owned(), label.to_owned(), takes.to_owned()]);
    }
    table.print(&mut *out)?;
    out.flush()?;
    Ok(Exit::Done)
}

pub(super) fn entry(session: &mut Session, id: &str) -> anyhow::Result<Exit> {
    let (format, lang) = (session.format(), session.lang);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(session.wrong_format("table|json").into());
    }
    let catalog = catalog::of_now(session, Scope::AllLevels, &catalog::Wanted::default())?;
    let Some(entry) = catalog.entries.iter().find(|entry| entry.class.id.0 == id) else {
        return Err(Complaint::new(
            format!("没有编号为 {id} 的数据类；用 mulu classes 查看编号"),
            format!("no class {id}; look ids up with mulu classes"),
        )
        .into());
    };
    let form = session.regime().form.clone();
    let register = session.configuration().register.clone();
    let (category, store) = (entry.class.category.as_str(), entry.class.store.as_str());
    let mut out = session.output()?;
    let mut table = Table::new(match lang {
        Lang::Zh => ["列", "值", "由谁给出", "日期", "适用于"],
        Lang::En => ["column", "value", "given by", "date", "for"],
    });
    let mut lines = Vec::new();
    for column in &form.catalog.columns {
        let Some(value) = entry.value(&column.id) else { continue };
        let is_scanned = entry.cells.get(&column.id).is_none_or(|cell| cell.source == crate::catalog::CellSource::Scan);
        let stated = register.stated(category, store, &column.id).filter(|_| !is_scanned);
        let (by, date, scope) = match &stated {
            Some(stated) => {
                let (by, date) = given_by(stated.giver.as_ref());
                (by, date, words(&stated.scope)(lang))
            }
            None => (lang.pick("扫描", "scan").to_owned(), String::new(), String::new()),
        };
        table.row([column.label.say(lang).to_owned(), cell::plain(value), by, date, scope]);
        lines.push(match &stated {
            Some(stated) => line(&column.id, stated),
            None => serde_json::json!({ "scope": "scan", "column": column.id, "value": value }),
        });
    }
    if format == Format::Json {
        writeln!(out, "{}", serde_json::json!({ "id": id, "cells": lines, "missing": entry.missing }))?;
    } else {
        writeln!(out, "{id}  {category} · {store}")?;
        table.print(&mut *out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
