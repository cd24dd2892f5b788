//! What a command speaks of: the asset or the class of an id, or everything under a place.

use crate::catalog::decide::Subject;
use crate::export::cell;
use crate::inventory::StoreNow;
use crate::model::Under;

use super::classes::classes_of_now;
use super::complaint::Complaint;
use super::session::Session;

/// The class or asset of an id, or of the beginning of one where that is unique.
pub(crate) fn find(session: &mut Session, id: &str) -> anyhow::Result<Subject> {
    if let Some(place) = place(session, id)? {
        return Ok(Subject::Place(place));
    }
    if id.starts_with('c') {
        let classes = classes_of_now(session)?.into_iter().filter(|class| class.id.0.starts_with(id));
        return Ok(Subject::Class(Box::new(only(classes, id)?)));
    }
    let inventory = session.inventory()?;
    if let Some(record) = inventory.asset(id)? {
        return Ok(Subject::Asset(Box::new(record)));
    }
    let mut matching = Vec::new();
    inventory.assets_now(&mut |record| {
        if record.id.0.starts_with(id) && matching.len() < 2 {
            matching.push(record);
        }
    })?;
    Ok(Subject::Asset(Box::new(only(matching.into_iter(), id)?)))
}

/// The place of `STORE:PREFIX`, where a store is called so: everything under a folder or a schema, or the whole store.
pub(crate) fn place(session: &mut Session, text: &str) -> anyhow::Result<Option<Under>> {
    if !text.contains(':') {
        return Ok(None);
    }
    let stores = session.inventory()?.stores_now()?;
    let of_store = |now: &StoreNow| {
        let prefix = text.strip_prefix(now.store.name.as_str())?.strip_prefix(':')?;
        Some(Under { store: now.store.name.clone(), prefix: prefix.to_owned() })
    };
    let found = stores.iter().filter_map(of_store).max_by_key(|under| under.store.len());
    if found.is_none() {
        let names: Vec<&str> = stores.iter().map(|now| now.store.name.as_str()).collect();
        let shown = cell::plain(text);
        return Err(Complaint::new(
            format!("没有载体属于 {shown}；位置写作 载体:前缀，载体有 {}", names.join("、")),
            format!("no store of {shown}; a place is written STORE:PREFIX, the stores are {}", names.join(", ")),
        )
        .into());
    }
    Ok(found)
}

fn only<T>(mut matching: impl Iterator<Item = T>, id: &str) -> Result<T, Complaint> {
    match (matching.next(), matching.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Complaint::new(
            format!("没有编号为 {id} 的资产或数据类；用 mulu assets 或 mulu classes 查看编号"),
            format!("no asset or class {id}; look ids up with mulu assets or mulu classes"),
        )),
        (Some(_), Some(_)) if id.is_empty() => Err(Complaint::new(
            "编号为空；用 mulu assets 或 mulu classes 查看编号",
            "the id is empty; look ids up with mulu assets or mulu classes",
        )),
        (Some(_), Some(_)) => Err(Complaint::new(
            format!("编号 {id} 不唯一；请多写几位"),
            format!("more than one id begins with {id}; give more of it"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_an_id_suffices_where_it_is_unique() {
        assert_eq!(only(["c1"].iter(), "c1").unwrap(), &"c1");
        assert!(only(["c11", "c12"].iter(), "c1").unwrap_err().to_string().contains("more than one"));
        assert!(only(std::iter::empty::<()>(), "c9").unwrap_err().to_string().contains("mulu classes"));
    }
}
