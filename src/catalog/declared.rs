//! What persons declared of an entry, for notices to look at.

use std::collections::BTreeMap;

use crate::model::Register;
use crate::regime::Criteria;

/// What persons declared of an entry, in the columns that notices look at.
pub(super) fn declared(
    register: Option<&Register>,
    (category, store): (&str, &str),
    criteria: &Criteria,
) -> BTreeMap<String, String> {
    let value = |column: &str| {
        let value = register?.value(category, store, column)?;
        Some((column.to_owned(), value.trim().to_owned()))
    };
    criteria.declared_columns().filter_map(value).collect()
}
