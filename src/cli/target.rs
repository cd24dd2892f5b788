//! What a command speaks of: the asset or the class of an id.

use crate::catalog::class::Class;
use crate::inventory::AssetRecord;
use crate::model::{Basis, CategoryId, LevelDecision, Saw};

use super::classes::classes_of_now;
use super::complaint::Complaint;
use super::session::Session;

/// An asset or a class.
pub(crate) enum Target {
    Class(Box<Class>),
    Asset(Box<AssetRecord>),
}

impl Target {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Class(class) => &class.id.0,
            Self::Asset(record) => &record.id.0,
        }
    }

    pub(crate) fn level(&self) -> LevelDecision {
        match self {
            Self::Class(class) => class.level,
            Self::Asset(record) => record.decision,
        }
    }

    pub(crate) fn category(&self) -> Option<&CategoryId> {
        match self {
            Self::Class(class) => Some(&class.category),
            Self::Asset(record) => record.category.as_ref(),
        }
    }

    /// What a scan proposes for it now, for a decision to keep.
    pub(crate) fn saw(&self) -> Saw {
        let classified = match self {
            Self::Class(class) => Some(class.category.clone()),
            Self::Asset(record) => record.classified().cloned(),
        };
        Saw { level: self.level().proposed, category: classified }
    }

    pub(crate) fn bases(&self) -> &[Basis] {
        match self {
            Self::Class(class) => &class.proposal.bases,
            Self::Asset(record) => record.examined.proposal.as_ref().map_or(&[], |proposal| &proposal.bases),
        }
    }
}

/// The class or asset of an id, or of the beginning of one where that is unique.
pub(crate) fn find(session: &mut Session, id: &str) -> anyhow::Result<Target> {
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
