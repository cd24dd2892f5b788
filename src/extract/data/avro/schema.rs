//! Avro's schemas: which values follow each other, and into which column each goes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{
    super::table::Row,
    leaf::{Leaf, primitive},
    value::Values,
};
use crate::{model::Reason, open::Limits};

/// What the values of a file are.
pub(super) struct Schema {
    types: Types,
    root: Type,
    most_depth: u32,
    most_row_bytes: usize,
}

/// The types that others refer to, and the columns of all.
struct Types {
    /// Fields of the records.
    records: Vec<Vec<Type>>,
    columns: Vec<String>,
    /// Types that are made, empty ones included: names may stand for more and more of them.
    made: usize,
}

/// A type at its place.
#[derive(Clone)]
enum Type {
    Null,
    Leaf(Leaf, usize),
    Record(usize),
    Array(Box<Type>),
    /// The column of its keys, and its values.
    Map(usize, Box<Type>),
    Union(Vec<Type>),
    /// A record inside itself: all of it goes into one column.
    Again(usize, usize),
}

/// A schema while it is read: named definitions, and the records that are open.
struct Reading<'j> {
    types: Types,
    named: BTreeMap<String, &'j Json>,
    /// Full names of the records that are open, and their numbers.
    open: Vec<(String, usize)>,
    limits: &'j Limits,
}

impl Schema {
    /// Reads a schema.
    pub(super) fn parse(text: &[u8], limits: &Limits) -> Result<Self, Reason> {
        // The parser has a limit of its own to how deep it goes.
        let json: Json = serde_json::from_slice(text).map_err(|_| Reason::Corrupt)?;
        let types = Types { records: Vec::new(), columns: Vec::new(), made: 0 };
        let mut reading = Reading { types, named: BTreeMap::new(), open: Vec::new(), limits };
        let root = reading.read(&json, "", "")?;
        let most_depth = u32::try_from(limits.json_depth).unwrap_or(u32::MAX);
        Ok(Self { types: reading.types, root, most_depth, most_row_bytes: limits.record_bytes })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> &[String] {
        &self.types.columns
    }

    /// Reads one value into a row.
    pub(super) fn read(&self, values: &mut Values<'_>, row: &mut Row) -> Result<(), Reason> {
        self.value(&self.root, None, self.most_depth, values, row)
    }

    /// `column`: where all goes, if it is a record inside itself.
    fn value(
        &self,
        kind: &Type,
        column: Option<usize>,
        depth: u32,
        values: &mut Values<'_>,
        row: &mut Row,
    ) -> Result<(), Reason> {
        let depth = depth.checked_sub(1).ok_or(Reason::TooDeep)?;
        match kind {
            Type::Null => Ok(()),
            Type::Leaf(leaf, own) => leaf.read(column.unwrap_or(*own), values, row),
            Type::Record(number) => self.record(*number, column, depth, values, row),
            Type::Again(number, own) => self.record(*number, column.or(Some(*own)), depth, values, row),
            Type::Union(kinds) => {
                let chosen = usize::try_from(values.long()?).map_err(|_| Reason::Corrupt)?;
                self.value(kinds.get(chosen).ok_or(Reason::Corrupt)?, column, depth, values, row)
            }
            Type::Array(item) => self.items(values, row, |values, row| self.value(item, column, depth, values, row)),
            Type::Map(key, item) => self.items(values, row, |values, row| {
                let text = values.bytes()?;
                row.push(column.unwrap_or(*key), &text);
                self.value(item, column, depth, values, row)
            }),
        }
    }

    fn record(
        &self,
        number: usize,
        column: Option<usize>,
        depth: u32,
        values: &mut Values<'_>,
        row: &mut Row,
    ) -> Result<(), Reason> {
        let fields = self.types.records.get(number).ok_or(Reason::Corrupt)?;
        fields.iter().try_for_each(|field| self.value(field, column, depth, values, row))
    }

    /// Reads the parts of an array or a map. Items without bytes say nothing, however many there are.
    fn items(
        &self,
        values: &mut Values<'_>,
        row: &mut Row,
        mut item: impl FnMut(&mut Values<'_>, &mut Row) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        while let Some(count) = values.items()? {
            for _ in 0..count {
                let before = values.consumed();
                item(values, row)?;
                if values.consumed() == before {
                    break;
                }
                if row.bytes() > self.most_row_bytes {
                    return Err(Reason::TooLarge);
                }
            }
        }
        Ok(())
    }
}

impl<'j> Reading<'j> {
    /// Reads a type that stands at `path`; `space` is the name space around it.
    fn read(&mut self, json: &'j Json, path: &str, space: &str) -> Result<Type, Reason> {
        self.types.made += 1;
        if self.types.made > self.limits.columns {
            return Err(Reason::TooMany);
        }
        match json {
            Json::String(name) => self.named(name, path, space),
            Json::Array(kinds) => {
                let kinds = kinds.iter().map(|kind| self.read(kind, path, space));
                Ok(Type::Union(kinds.collect::<Result<_, _>>()?))
            }
            Json::Object(definition) => self.defined(json, definition, path, space),
            _ => Err(Reason::Corrupt),
        }
    }

    /// A type by its name: one of Avro's own, or one that was defined before.
    fn named(&mut self, name: &str, path: &str, space: &str) -> Result<Type, Reason> {
        if name == "null" {
            return Ok(Type::Null);
        }
        if let Some(leaf) = primitive(name) {
            return Ok(Type::Leaf(leaf, self.column(path)));
        }
        let full = if name.contains('.') { name.to_owned() } else { join(space, name) };
        let known = [full.as_str(), name].into_iter().find_map(|it| self.named.get_key_value(it));
        let (full, definition) = known.map(|(full, it)| (full.clone(), *it)).ok_or(Reason::Corrupt)?;
        if let Some((_, number)) = self.open.iter().find(|(open, _)| *open == full) {
            let number = *number;
            return Ok(Type::Again(number, self.column(path)));
        }
        let space = full.rsplit_once('.').map_or("", |(space, _)| space).to_owned();
        self.read(definition, path, &space)
    }

    fn defined(
        &mut self,
        json: &'j Json,
        definition: &'j Map<String, Json>,
        path: &str,
        space: &str,
    ) -> Result<Type, Reason> {
        let kind = definition.get("type").ok_or(Reason::Corrupt)?;
        let Some(word) = kind.as_str() else { return self.read(kind, path, space) };
        match word {
            "record" | "error" => {
                let full = self.define(json, definition, space)?;
                self.record(&full, definition, path)
            }
            "enum" => {
                self.define(json, definition, space)?;
                let symbols = definition.get("symbols").and_then(Json::as_array).into_iter().flatten();
                let symbols = symbols.filter_map(|symbol| Some(symbol.as_str()?.to_owned())).collect();
                Ok(Type::Leaf(Leaf::Enum(symbols), self.column(path)))
            }
            "fixed" => {
                self.define(json, definition, space)?;
                let size = definition.get("size").and_then(Json::as_u64).and_then(|size| usize::try_from(size).ok());
                let leaf = Leaf::Fixed(size.ok_or(Reason::Corrupt)?).with_meaning(definition);
                Ok(Type::Leaf(leaf, self.column(path)))
            }
            "array" => {
                let items = definition.get("items").ok_or(Reason::Corrupt)?;
                Ok(Type::Array(Box::new(self.read(items, path, space)?)))
            }
            "map" => {
                let values = definition.get("values").ok_or(Reason::Corrupt)?;
                let key = self.column(&join(path, "key"));
                Ok(Type::Map(key, Box::new(self.read(values, &join(path, "value"), space)?)))
            }
            _ => match primitive(word) {
                Some(leaf) => Ok(Type::Leaf(leaf.with_meaning(definition), self.column(path))),
                None => self.named(word, path, space),
            },
        }
    }

    /// Keeps a definition under its full name, which is given back.
    fn define(&mut self, json: &'j Json, definition: &'j Map<String, Json>, space: &str) -> Result<String, Reason> {
        let word = |key: &str| definition.get(key).and_then(Json::as_str);
        let name = word("name").ok_or(Reason::Corrupt)?;
        let full = if name.contains('.') { name.to_owned() } else { join(word("namespace").unwrap_or(space), name) };
        self.named.insert(full.clone(), json);
        Ok(full)
    }

    fn record(&mut self, full: &str, definition: &'j Map<String, Json>, path: &str) -> Result<Type, Reason> {
        if self.open.len() >= self.limits.json_depth {
            return Err(Reason::TooDeep);
        }
        let number = self.types.records.len();
        self.types.records.push(Vec::new());
        self.open.push((full.to_owned(), number));
        let space = full.rsplit_once('.').map_or("", |(space, _)| space);
        let mut fields = Vec::new();
        for field in definition.get("fields").and_then(Json::as_array).into_iter().flatten() {
            let name = field.get("name").and_then(Json::as_str).ok_or(Reason::Corrupt)?;
            let kind = field.get("type").ok_or(Reason::Corrupt)?;
            fields.push(self.read(kind, &join(path, name), space)?);
        }
        self.open.pop();
        if let Some(place) = self.types.records.get_mut(number) {
            *place = fields;
        }
        Ok(Type::Record(number))
    }

    /// The column of a path: types that one place may have share it.
    fn column(&mut self, path: &str) -> usize {
        if self.types.columns.last().is_none_or(|last| last != path) {
            self.types.columns.push(path.to_owned());
        }
        self.types.columns.len() - 1
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
