//! What a command speaks of: the asset or the class of an id, or everything under a place.

use crate::catalog::class::Class;
use crate::inventory::{AssetRecord, StoreNow};
use crate::model::{Basis, CategoryId, LevelDecision, Proposal, Saw, Under};

use super::classes::classes_of_now;
use super::complaint::Complaint;
use super::session::Session;

/// An asset, a class, or everything under a place.
pub(crate) enum Target {
    Class(Box<Class>),
    Asset(Box<AssetRecord>),
    Place(Place),
}

/// Everything under a folder, a schema or a store, and its id.
pub(crate) struct Place {
    pub(crate) under: Under,
    id: String,
}

impl Target {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Class(class) => &class.id.0,
            Self::Asset(record) => &record.id.0,
            Self::Place(place) => &place.id,
        }
    }

    /// Of a place there is none: each asset under it has its own.
    pub(crate) fn level(&self) -> LevelDecision {
        match self {
            Self::Class(class) => class.level,
            Self::Asset(record) => record.decision,
            Self::Place(_) => LevelDecision::default(),
        }
    }

    pub(crate) fn category(&self) -> Option<&CategoryId> {
        match self {
            Self::Class(class) => Some(&class.category),
            Self::Asset(record) => record.category.as_ref(),
            Self::Place(_) => None,
        }
    }

    pub(crate) fn under(&self) -> Option<&Under> {
        match self {
            Self::Place(place) => Some(&place.under),
            _ => None,
        }
    }

    /// What a scan proposes for it now, for a decision to keep.
    pub(crate) fn saw(&self) -> Option<Saw> {
        let classified = match self {
            Self::Class(class) => Some(class.category.clone()),
            Self::Asset(record) => record.classified().cloned(),
            Self::Place(_) => return None,
        };
        Some(Saw { level: self.level().proposed, category: classified })
    }

    pub(crate) fn proposal(&self) -> Option<&Proposal> {
        match self {
            Self::Class(class) => Some(&class.proposal),
            Self::Asset(record) => record.examined.proposal.as_ref(),
            Self::Place(_) => None,
        }
    }

    pub(crate) fn bases(&self) -> &[Basis] {
        self.proposal().map_or(&[], |proposal| &proposal.bases)
    }

    /// Whether new evidence speaks against what a person confirmed.
    pub(crate) fn is_contradicted(&self) -> bool {
        match self {
            Self::Class(class) => class.level.is_contradicted(),
            Self::Asset(record) => record.contradicted,
            Self::Place(_) => false,
        }
    }
}

/// The class or asset of an id, or of the beginning of one where that is unique.
pub(crate) fn find(session: &mut Session, id: &str) -> anyhow::Result<Target> {
    if let Some(place) = place(session, id)? {
        return Ok(Target::Place(place));
    }
    if id.starts_with('c') {
        let classes = classes_of_now(session)?.into_iter().filter(|class| class.id.0.starts_with(id));
        return Ok(Target::Class(Box::new(only(classes, id)?)));
    }
    let inventory = session.inventory()?;
    if let Some(record) = inventory.asset(id)? {
        return Ok(Target::Asset(Box::new(record)));
    }
    let mut matching = Vec::new();
    inventory.assets_now(&mut |record| {
        if record.id.0.starts_with(id) && matching.len() < 2 {
            matching.push(record);
        }
    })?;
    Ok(Target::Asset(Box::new(only(matching.into_iter(), id)?)))
}

/// The place that a text names: a store, or `STORE/PREFIX` for a folder of a share or a schema of a database.
pub(crate) fn place(session: &mut Session, text: &str) -> anyhow::Result<Option<Place>> {
    let stores = session.inventory()?.stores_now()?;
    let of_store = |now: &StoreNow| {
        let rest = text.strip_prefix(now.store.name.as_str())?;
        let prefix = rest.strip_prefix('/').or(rest.is_empty().then_some(""))?;
        Some(Under { store: now.store.name.clone(), prefix: prefix.to_owned() })
    };
    let found = stores.iter().filter_map(of_store).max_by_key(|under| under.store.len());
    if found.is_none() && text.contains('/') {
        let names: Vec<&str> = stores.iter().map(|now| now.store.name.as_str()).collect();
        return Err(Complaint::new(
            format!("没有载体属于 {text}；位置写作 载体/文件夹，载体有 {}", names.join("、")),
            format!("no store of {text}; a place is written STORE/FOLDER, the stores are {}", names.join(", ")),
        )
        .into());
    }
    Ok(found.map(|under| Place { id: under.id(), under }))
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
