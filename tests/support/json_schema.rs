//! As much of JSON Schema (draft 2020-12) as the published schema uses. A keyword that this does not know fails the test: nothing is
//! passed over.

use regex::Regex;
use serde_json::Value;

/// What in `value` does not fit `schema`, each with its place; empty where all of it does.
pub(crate) fn unfit(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
        let fits = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "additionalProperties" => true,
            "$ref" => {
                let path =
                    wanted.as_str().and_then(|text| text.strip_prefix('#')).expect("a reference within the schema");
                let target = root.pointer(path).unwrap_or_else(|| panic!("no {path} in the schema"));
                check(root, target, value, place, found);
                true
            }
            "type" => match wanted {
                Value::Array(types) => types.iter().any(|one| is_of(one, value)),
                one => is_of(one, value),
            },
            "enum" => wanted.as_array().expect("a list").contains(value),
            "oneOf" => {
                let fitting = |one: &&Value| {
                    let mut inner = Vec::new();
                    check(root, one, value, place, &mut inner);
                    inner.is_empty()
                };
                wanted.as_array().expect("a list").iter().filter(fitting).count() == 1
            }
            "required" => {
                let names = wanted.as_array().expect("a list");
                value
                    .as_object()
                    .is_none_or(|object| names.iter().all(|name| object.contains_key(name.as_str().unwrap_or(""))))
            }
            "properties" => {
                properties(root, schema, value, place, found);
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, item, &format!("{place}[{index}]"), found);
                }
                true
            }
            "minimum" => value.as_f64().is_none_or(|number| Some(number) >= wanted.as_f64()),
            "pattern" => {
                #[expect(clippy::disallowed_methods, reason = "the patterns are those of our own schema")]
                let pattern = Regex::new(wanted.as_str().expect("a pattern")).expect("a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "format" => {
                assert_eq!(wanted, "date", "only dates are known");
                value.as_str().is_none_or(|text| text.parse::<jiff::civil::Date>().is_ok())
            }
            other => panic!("the keyword {other} is not known"),
        };
        if !fits {
            found.push(format!("{place}: {keyword} {wanted} does not take {value}"));
        }
    }
    // Where nothing is named, everything is additional.
    if schema.get("properties").is_none() && schema.get("additionalProperties").is_some() {
        properties(root, schema, value, place, found);
    }
}

fn properties(root: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        match (schema.get("properties").and_then(|known| known.get(name)), schema.get("additionalProperties")) {
            (Some(known), _) => check(root, known, inner, &place, found),
            (None, Some(Value::Bool(false))) => found.push(format!("{place} is not in the schema")),
            (None, Some(any)) if any.is_object() => check(root, any, inner, &place, found),
            (None, _) => {}
        }
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not known"),
    }
}
