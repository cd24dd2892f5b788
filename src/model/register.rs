use std::collections::BTreeMap;

use serde::Serialize;

use super::{Fields, RegisterEdit, RegisterScope};

/// What no scan can know, for the catalog: defaults flow from all entries to a store to a category to an entry. In each of
/// these a value that a named person gave with a date outranks the one of `mulu.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Of `mulu.toml`, for every entry.
    pub all: Fields,
    /// Of `mulu.toml`, for the entries of a store, by store name.
    pub stores: BTreeMap<String, Fields>,
    /// Of `mulu.toml`, for the entries of a category in every store, by category id.
    pub categories: BTreeMap<String, Fields>,
    /// Of `mulu.toml`, for one entry, by (category id, store name).
    pub classes: BTreeMap<(String, String), Fields>,
    /// What persons gave: the latest of each scope and field that was not taken back.
    pub given: BTreeMap<RegisterScope, BTreeMap<String, Given>>,
}

/// A value that a person gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What it is.
    pub value: String,
    /// Who gave it.
    pub by: String,
    /// The civil date on which they did.
    pub date: String,
}

/// A value of the register, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// Which entries it was given for.
    #[serde(flatten)]
    pub scope: RegisterScope,
    /// What it is.
    pub value: String,
    /// Who gave it, and when; `None` where it stands in `mulu.toml`.
    pub giver: Option<Giver>,
}

/// Who gave a value, and on which civil date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Giver {
    /// Who.
    pub by: String,
    /// When.
    pub date: String,
}

impl Register {
    /// Adds what persons gave, oldest first; facts about the enterprise are left to its profile.
    pub fn give(&mut self, edits: &[RegisterEdit]) {
        for edit in edits.iter().filter(|edit| edit.scope != RegisterScope::Enterprise) {
            let fields = self.given.entry(edit.scope.clone()).or_default();
            match &edit.value {
                Some(value) => {
                    let given = Given { value: value.clone(), by: edit.by.clone(), date: edit.date.clone() };
                    fields.insert(edit.field.clone(), given);
                }
                None => _ = fields.remove(&edit.field),
            }
        }
    }

    /// The value given for a column of an entry.
    #[must_use]
    pub fn value(&self, category: &str, store: &str, column: &str) -> Option<&str> {
        scopes_of(category, store).iter().find_map(|scope| self.at(scope, column)).map(|(value, _)| value)
    }

    /// The value given for a column of an entry, for which entries it was given, and by whom.
    #[must_use]
    pub fn stated(&self, category: &str, store: &str, column: &str) -> Option<Stated> {
        scopes_of(category, store).into_iter().find_map(|scope| {
            let (value, given) = self.at(&scope, column)?;
            let giver = given.map(|given| Giver { by: given.by.clone(), date: given.date.clone() });
            Some(Stated { value: value.to_owned(), giver, scope })
        })
    }

    /// The value of exactly one scope, and the person that gave it.
    fn at(&self, scope: &RegisterScope, column: &str) -> Option<(&str, Option<&Given>)> {
        let given = self.given.get(scope).and_then(|fields| fields.get(column));
        if let Some(given) = given {
            return Some((&given.value, Some(given)));
        }
        self.configured(scope)?.get(column).map(|value| (value.as_str(), None))
    }

    fn configured(&self, scope: &RegisterScope) -> Option<&Fields> {
        match scope {
            RegisterScope::Enterprise => None,
            RegisterScope::All => Some(&self.all),
            RegisterScope::Store { store } => self.stores.get(store),
            RegisterScope::Category { category } => self.categories.get(category),
            RegisterScope::Entry { category, store } => self.classes.get(&(category.clone(), store.clone())),
        }
    }

    /// Every value that stands, with its column, the widest scope first: what persons gave, and what `mulu.toml` says where
    /// nobody gave another for the same scope.
    #[must_use]
    pub fn all_stated(&self) -> Vec<(String, Stated)> {
        let stores = self.stores.keys().map(|store| RegisterScope::Store { store: store.clone() });
        let categories = self.categories.keys().map(|category| RegisterScope::Category { category: category.clone() });
        let entries = self
            .classes
            .keys()
            .map(|(category, store)| RegisterScope::Entry { category: category.clone(), store: store.clone() });
        let mut scopes: Vec<RegisterScope> = std::iter::once(RegisterScope::All)
            .chain(stores)
            .chain(categories)
            .chain(entries)
            .chain(self.given.keys().cloned())
            .collect();
        scopes.sort();
        scopes.dedup();
        let mut all = Vec::new();
        for scope in scopes {
            let configured = self.configured(&scope).into_iter().flat_map(|fields| fields.keys());
            let given = self.given.get(&scope).into_iter().flat_map(|fields| fields.keys());
            let columns: std::collections::BTreeSet<&String> = configured.chain(given).collect();
            for column in columns {
                let Some((value, given)) = self.at(&scope, column) else { continue };
                let giver = given.map(|given| Giver { by: given.by.clone(), date: given.date.clone() });
                all.push((column.clone(), Stated { scope: scope.clone(), value: value.to_owned(), giver }));
            }
        }
        all
    }
}

/// The scopes that speak of an entry, the narrowest first.
fn scopes_of(category: &str, store: &str) -> Vec<RegisterScope> {
    let mut scopes = vec![RegisterScope::Entry { category: category.to_owned(), store: store.to_owned() }];
    let mut above = Some(category);
    while let Some(category) = above {
        scopes.push(RegisterScope::Category { category: category.to_owned() });
        above = category.rsplit_once('.').map(|(parent, _)| parent);
    }
    scopes.push(RegisterScope::Store { store: store.to_owned() });
    scopes.push(RegisterScope::All);
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(value: &str) -> Fields {
        Fields::from([("purpose".to_owned(), value.to_owned())])
    }

    fn edit(scope: RegisterScope, value: Option<&str>) -> RegisterEdit {
        RegisterEdit {
            scope,
            field: "purpose".to_owned(),
            value: value.map(str::to_owned),
            by: "李工".to_owned(),
            date: "2026-03-01".to_owned(),
            reason: None,
        }
    }

    fn scopes() -> [RegisterScope; 5] {
        scopes_of("production.quality", "mes").try_into().expect("entry, category, its parent, store, all")
    }

    #[test]
    fn defaults_flow_from_all_to_store_to_category_to_entry() {
        let mut register = Register::default();
        let mut steps: Vec<(RegisterScope, String)> =
            scopes().into_iter().enumerate().map(|(depth, scope)| (scope, format!("v{depth}"))).collect();
        while let Some((scope, value)) = steps.pop() {
            register.give(&[edit(scope.clone(), Some(&value))]);
            let stated = register.stated("production.quality", "mes", "purpose").expect("stated");
            assert_eq!((&stated.scope, &stated.value), (&scope, &value));
        }
        assert_eq!(register.value("production.quality", "plant", "purpose"), Some("v1"), "the category, in any store");
        assert_eq!(register.value("research.design", "mes", "purpose"), Some("v3"), "the store");
        assert_eq!(register.value("research.design", "plant", "purpose"), Some("v4"), "every entry");
        assert_eq!(register.value("research.design", "plant", "manner"), None);
    }

    #[test]
    fn what_a_person_gave_outranks_the_configuration_of_the_same_scope_until_it_is_taken_back() {
        for scope in scopes() {
            let mut register = Register::default();
            match &scope {
                RegisterScope::All => register.all = fields("configured"),
                RegisterScope::Store { store } => _ = register.stores.insert(store.clone(), fields("configured")),
                RegisterScope::Category { category } => {
                    register.categories.insert(category.clone(), fields("configured"));
                }
                RegisterScope::Entry { category, store } => {
                    register.classes.insert((category.clone(), store.clone()), fields("configured"));
                }
                RegisterScope::Enterprise => {}
            }
            let stated = |register: &Register| register.stated("production.quality", "mes", "purpose");
            assert_eq!(stated(&register).map(|it| it.giver), Some(None), "{scope:?}");
            register.give(&[edit(scope.clone(), Some("a")), edit(scope.clone(), Some("b"))]);
            let giver = Giver { by: "李工".to_owned(), date: "2026-03-01".to_owned() };
            let wanted = Stated { scope: scope.clone(), value: "b".to_owned(), giver: Some(giver) };
            assert_eq!(stated(&register), Some(wanted.clone()));
            assert_eq!(register.all_stated(), [("purpose".to_owned(), wanted)]);
            register.give(&[edit(scope.clone(), None)]);
            assert_eq!(stated(&register).map(|it| it.value), Some("configured".to_owned()));
        }
    }
}
