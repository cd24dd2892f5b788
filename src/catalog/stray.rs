//! Keys of `mulu.toml` that fill nothing: a slip of the pen that would otherwise go unnoticed.

use crate::model::{Enterprise, Fields, Lang, Register, Speak};
use crate::regime::Regime;
use crate::regime::form::Sheet;

/// A key, or a class, of `mulu.toml` that nothing answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The table that it stands in.
    pub table: String,
    /// The key; `None` where the table itself names a category or a store that there is not.
    pub key: Option<String>,
}

impl Speak for Stray {
    fn say(&self, lang: Lang) -> String {
        let table = &self.table;
        match (&self.key, lang) {
            (Some(key), Lang::Zh) => format!("mulu.toml 的 {table} {key} 不是备案表的列，未被使用；请更正或删除"),
            (Some(key), Lang::En) => {
                format!("{table} {key} in mulu.toml is no column of the form and fills nothing; correct or remove it")
            }
            (None, Lang::Zh) => format!("mulu.toml 的 {table} 引用了不存在的类别或载体；请更正或删除"),
            (None, Lang::En) => {
                format!("{table} in mulu.toml names a category or a store that there is not; correct or remove it")
            }
        }
    }
}

/// All strays, in the order of the file's tables: enterprise, every entry, stores, classes. Of `stores` are the names
/// of those that were scanned; the stores of the configuration need not be.
#[must_use]
pub fn strays(register: &Register, enterprise: &Enterprise, regime: &Regime, stores: &[&str]) -> Vec<Stray> {
    let mut found = Vec::new();
    let mut look = |table: &str, fields: &Fields, sheet: &Sheet| {
        let unknown = fields.keys().filter(|key| sheet.column(key).is_none());
        found.extend(unknown.map(|key| Stray { table: table.to_owned(), key: Some(key.clone()) }));
    };
    look("[enterprise]", &enterprise.profile, &regime.form.entity);
    look("[register]", &register.all, &regime.form.catalog);
    for (store, fields) in &register.stores {
        look(&format!("[store.register] ({store})"), fields, &regime.form.catalog);
    }
    for (category, fields) in &register.categories {
        look(&format!("[class.register] ({category})"), fields, &regime.form.catalog);
    }
    for ((category, store), fields) in &register.classes {
        look(&format!("[class.register] ({category}, {store})"), fields, &regime.form.catalog);
    }
    let is_store = |store: &String| stores.contains(&store.as_str()) || register.stores.contains_key(store);
    let unknown =
        register.classes.keys().filter(|(category, store)| !regime.taxonomy.contains(category) || !is_store(store));
    found.extend(
        unknown.map(|(category, store)| Stray { table: format!("[[class]] ({category}, {store})"), key: None }),
    );
    let unknown = register.categories.keys().filter(|category| !regime.taxonomy.contains(category));
    found.extend(unknown.map(|category| Stray { table: format!("[[class]] ({category})"), key: None }));
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PARAMETERS, full_register, regime};
    use super::*;

    #[test]
    fn a_misspelt_key_is_named_wherever_it_stands_and_a_right_one_is_not() {
        let (mut register, mut enterprise) = (full_register(), Enterprise::default());
        enterprise.profile.insert("contact".to_owned(), "秦工".to_owned());
        assert_eq!(strays(&register, &enterprise, &regime(), &["mes"]), []);
        let slip = || Fields::from([("purpos".to_owned(), "x".to_owned())]);
        enterprise.profile.extend(slip());
        register.all.extend(slip());
        register.stores.insert("mes".to_owned(), slip());
        register.classes.insert((PARAMETERS.to_owned(), "mes".to_owned()), slip());
        register.classes.insert(("managment.hr".to_owned(), "mes".to_owned()), Fields::new());
        let found = strays(&register, &enterprise, &regime(), &[]);
        assert_eq!(found.iter().filter(|stray| stray.key.as_deref() == Some("purpos")).count(), 4);
        assert_eq!(found.iter().filter(|stray| stray.key.is_none()).count(), 1);
        assert!(found.iter().any(|stray| stray.say(Lang::En).contains("managment.hr")));
        register.classes.insert((PARAMETERS.to_owned(), "mse".to_owned()), Fields::new());
        let found = strays(&register, &enterprise, &regime(), &["mes"]);
        assert!(found.iter().any(|stray| stray.key.is_none() && stray.table.contains("mse")), "{found:?}");
    }
}
