//! `mulu register`: what no scan can know, said by named persons.

mod by_hand;
mod show;

use crate::catalog::profile::check_edit;
use crate::export::cell;
use crate::inventory::Deed;
use crate::model::{Lang, RegisterEdit, RegisterScope, Speak};

use super::arguments::register::{RegisterAction, RegisterArguments, ScopeArguments, WhoArguments};
use super::complaint::Complaint;
use super::exit::Exit;
use super::filing::today;
use super::session::Session;

pub(crate) fn run(arguments: &RegisterArguments, session: &mut Session) -> anyhow::Result<Exit> {
    match &arguments.action {
        RegisterAction::Set { column, value, scope, who } => give(session, (column, Some(value)), scope, who),
        RegisterAction::Unset { column, scope, who } => give(session, (column, None), scope, who),
        RegisterAction::List { columns: true } => show::columns(session),
        RegisterAction::List { columns: false } => show::list(session),
        RegisterAction::Show { id } => show::entry(session, id),
        RegisterAction::AddClass(class) => by_hand::add(session, class),
        RegisterAction::EndClass { id, who } => by_hand::end(session, id, who),
    }
}

fn give(
    session: &mut Session,
    (column, value): (&str, Option<&String>),
    scope: &ScopeArguments,
    who: &WhoArguments,
) -> anyhow::Result<Exit> {
    let edit = RegisterEdit {
        scope: scope_of(scope),
        field: column.to_owned(),
        value: value.map(|value| cell::plain(value.trim())),
        by: name(who)?,
        date: who.date.unwrap_or_else(today).to_string(),
        reason: who.reason.clone(),
    };
    if edit.value.as_deref() == Some("") {
        return Err(Complaint::new(
            "值为空；如需撤回请用 mulu register unset",
            "the value is empty; mulu register unset takes a value back",
        )
        .into());
    }
    check_edit(&edit, session.regime()).map_err(|unfit| Complaint::new(unfit.say(Lang::Zh), unfit.say(Lang::En)))?;
    session.inventory_or_new()?.record(&[Deed::Register(edit.clone())])?;
    let of = words(&edit.scope);
    let (field, by) = (&edit.field, &edit.by);
    session.tell(|lang| match (lang, &edit.value) {
        (Lang::Zh, Some(value)) => format!("已登记：{} {field} = {value}（{by}）", of(lang)),
        (Lang::Zh, None) => format!("已撤回：{} {field}（{by}）", of(lang)),
        (Lang::En, Some(value)) => format!("registered: {} {field} = {value} (by {by})", of(lang)),
        (Lang::En, None) => format!("taken back: {} {field} (by {by})", of(lang)),
    })
}

/// The name of a person, which must be one.
fn name(who: &WhoArguments) -> Result<String, Complaint> {
    let by = cell::plain(who.by.trim());
    if by.is_empty() {
        return Err(Complaint::new(
            "--by 不能为空：每个值须有人负责",
            "--by must not be empty: somebody answers for every value",
        ));
    }
    Ok(by)
}

fn scope_of(arguments: &ScopeArguments) -> RegisterScope {
    match (arguments.enterprise, arguments.category.clone(), arguments.store.clone()) {
        (true, _, _) => RegisterScope::Enterprise,
        (false, None, None) => RegisterScope::All,
        (false, None, Some(store)) => RegisterScope::Store { store },
        (false, Some(category), None) => RegisterScope::Category { category },
        (false, Some(category), Some(store)) => RegisterScope::Entry { category, store },
    }
}

/// Which entries a value is for, in words.
fn words(scope: &RegisterScope) -> impl Fn(Lang) -> String {
    let scope = scope.clone();
    move |lang| match &scope {
        RegisterScope::Enterprise => lang.pick("单位", "enterprise").to_owned(),
        RegisterScope::All => lang.pick("全部条目", "every entry").to_owned(),
        RegisterScope::Store { store } => match lang {
            Lang::Zh => format!("载体 {store}"),
            Lang::En => format!("store {store}"),
        },
        RegisterScope::Category { category } => match lang {
            Lang::Zh => format!("类别 {category}"),
            Lang::En => format!("category {category}"),
        },
        RegisterScope::Entry { category, store } => format!("{category} · {store}"),
    }
}
