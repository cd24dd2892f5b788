//! Fields of a form (ISO 32000-1, 12.7): their names and what was filled in.

use std::collections::BTreeSet;

use hayro_syntax::{
    object::{Dict, Object},
    xref::XRef,
};

use super::{super::super::records::Field, decode::Decoder, names, string};
use crate::model::Reason;

/// Fields of one form: a column each.
const MOST_FIELDS: usize = 10_000;
/// Fields in fields.
const MOST_DEPTH: usize = 32;

/// All fields that have a value, under the words that people see, or else their full name.
pub(super) fn fields(xref: &XRef, catalog: &Dict<'_>, decoder: &Decoder<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    let Some(form) = catalog.get::<Dict<'_>>("AcroForm") else { return fields };
    let form = Form { xref, decoder, dict: form };
    let mut waiting = form.kids(&form.dict, "Fields", "", None, 0);
    let mut seen = BTreeSet::new();
    while let Some(node) = waiting.pop() {
        if !seen.insert(names::address(&node.dict)) {
            continue;
        }
        if fields.len() >= MOST_FIELDS || seen.len() > 4 * MOST_FIELDS {
            decoder.miss(Reason::TooMany);
            break;
        }
        let own = string::text(&node.dict, "T");
        let name = match own {
            Some(own) if node.name.is_empty() => own,
            Some(own) => format!("{}.{own}", node.name),
            None => node.name,
        };
        let value = node.dict.get::<Object<'_>>("V").as_ref().and_then(|it| form.value_of(it)).or(node.value);
        let below = form.kids(&node.dict, "Kids", &name, value.as_deref(), node.depth + 1);
        // Kids without a name of their own are only the places where the field is drawn.
        if below.iter().any(|kid| kid.dict.contains_key("T")) {
            waiting.extend(below);
            continue;
        }
        if let Some(value) = value.filter(|it| !it.trim().is_empty()) {
            let shown = string::text(&node.dict, "TU").filter(|it| !it.trim().is_empty());
            fields.push((shown.unwrap_or(name), value.into_bytes()));
        }
    }
    fields
}

/// A field, with what it has from those above it.
struct Node<'a> {
    dict: Dict<'a>,
    name: String,
    value: Option<String>,
    depth: usize,
}

/// Where fields are looked up.
struct Form<'f, 'j, 'a> {
    xref: &'a XRef,
    decoder: &'f Decoder<'j>,
    dict: Dict<'a>,
}

impl<'a> Form<'_, '_, 'a> {
    fn kids(&self, dict: &Dict<'a>, key: &str, name: &str, value: Option<&str>, depth: usize) -> Vec<Node<'a>> {
        let kids = names::dictionaries(self.xref, dict, key);
        if depth > MOST_DEPTH {
            if kids.into_iter().next().is_some() {
                self.decoder.miss(Reason::TooDeep);
            }
            return Vec::new();
        }
        let node = |dict| Node { dict, name: name.to_owned(), value: value.map(str::to_owned), depth };
        let mut nodes: Vec<_> = self.decoder.up_to(MOST_FIELDS, kids).map(node).collect();
        nodes.reverse();
        nodes
    }

    /// A value: text, a choice, several choices, or a long text in a stream. `Off` is a box that is not ticked.
    fn value_of(&self, value: &Object<'_>) -> Option<String> {
        match value {
            Object::Array(choices) => {
                let choices = self.decoder.up_to(MOST_FIELDS, choices.iter::<Object<'_>>());
                Some(choices.filter_map(|it| string::of_object(&it)).collect::<Vec<_>>().join(", "))
            }
            Object::Stream(stream) => Some(string::decode(&self.decoder.decode(stream))),
            Object::Name(name) if &**name == b"Off" => None,
            other => string::of_object(other),
        }
    }
}
