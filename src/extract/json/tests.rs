use proptest::prelude::*;

use super::super::recorder::{Recorder, read, read_within};
use crate::{
    model::{Measure, Reason},
    open::Limits,
};

fn shown(name: &str, content: &str) -> String {
    read(name, content.as_bytes()).0.shown()
}

#[test]
fn an_array_of_objects_is_a_table_and_its_length_the_records() {
    let (recorder, outcome) =
        read("x.json", r#"[{"工号":7,"at":{"line":"A"}},{"工号":8,"at":{"line":null}}]"#.as_bytes());
    assert_eq!(recorder.shown(), "table 工号,at.line\nrow 0=7 1=A\nrow 0=8\nend");
    assert_eq!(outcome.unwrap().records, Some(Measure::exact(2)));
}

#[test]
fn a_list_inside_an_object_is_a_table_of_its_own() {
    let content = r#"{"total":2,"data":[{"spindle":"x"},{"spindle":"y"}],"tags":["p","q"]}"#;
    let (recorder, outcome) = read("x.json", content.as_bytes());
    assert_eq!(
        recorder.shown(),
        "table total,-\nrow 0=2 1=tags: p 1=tags: q\nend\ntable spindle\nrow 0=x\nrow 0=y\nend"
    );
    assert_eq!(outcome.unwrap().records, None);
}

#[test]
fn keys_that_are_data_are_never_names_and_still_read() {
    let people = r#"{"张三":{"home":"x"},"李四":{"home":"y"}}"#;
    assert_eq!(shown("x.json", people), "table -,-\nrow 0=张三.home: x 1=李四.home: y\nend");
    let numbers = r#"[{"n13800000000":1},{"n13800000000":2}]"#;
    assert!(shown("x.json", numbers).starts_with("table -\nrow 0=n13800000000: 1\n"));
    assert!(shown("x.json", r#"{"pump_twelve":1,"total":2}"#).starts_with("table -,total\nrow 0=pump_twelve: 1 1=2"));
    let many: Vec<String> = (0..300).map(|n| format!(r#"{{"k{n}":1}}"#)).collect();
    assert!(!shown("x.jsonl", &(many.join("\n") + "\n" + &many.join("\n"))).contains("table k"));
}

#[test]
fn lines_are_records_and_a_broken_one_is_text() {
    let (recorder, outcome) = read("x.jsonl", b"{\"id\":1}\n\n{\"id\":2\n{\"id\":3}\n");
    assert_eq!(recorder.shown(), "text {\"id\":2\n\ntable id\nrow 0=1\nrow 0=3\nend");
    let extracted = outcome.unwrap();
    assert_eq!((extracted.records, extracted.partial), (Some(Measure::exact(3)), Some(Reason::Corrupt)));
}

#[test]
fn escapes_are_undone() {
    let content = r#"["\u4e2d\ud83d\ude00\n\"\ud800x"]"#;
    assert_eq!(shown("x.json", content), "text 中😀\n\"\u{fffd}x");
}

#[test]
fn a_hundred_thousand_levels_end_as_too_deep_with_the_rest_as_text() {
    let content = format!("{}\"valve\"{}", "[".repeat(100_000), "]".repeat(100_000));
    let (recorder, outcome) = read("x.json", content.as_bytes());
    assert!(recorder.shown().contains("valve"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::TooDeep));
}

#[test]
fn a_value_longer_than_is_held_is_read_as_text_whole() {
    let limits = Limits { record_bytes: 100_000, ..Limits::default() };
    let content = format!("[\"{}valve\"]", "x ".repeat(200_000));
    let (recorder, outcome) = read_within("x.json", content.as_bytes(), &limits);
    assert!(recorder.shown().contains("valve") && recorder.shown().len() >= content.len());
    assert_eq!(outcome.unwrap().partial, None);
}

/// All strings and numbers of a value, in order.
fn leaves(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|item| leaves(item, found)),
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Number(number) => found.push(number.to_string()),
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf =
        prop_oneof!["v[a-z中\"\\\\\n😀]{1,6}".prop_map(serde_json::Value::from), any::<u32>().prop_map(Into::into)];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..5)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn every_value_that_another_parser_finds_is_found(value in any_json()) {
        let content = serde_json::to_string_pretty(&value).unwrap();
        let (recorder, outcome): (Recorder, _) = read("x.json", format!("[{content}]").as_bytes());
        prop_assert_eq!(outcome.map(|extracted| extracted.partial), Ok(None));
        let (shown, mut expected) = (recorder.shown(), Vec::new());
        leaves(&value, &mut expected);
        for text in expected {
            prop_assert!(shown.contains(&text), "{} not in {}", text, shown);
        }
    }
}

#[test]
fn remarks_bare_keys_and_single_quotes_are_read_too() {
    let content = "// first\n{ /* second */ name: 'it\\'s', \"port\": 0x1F, // third\n tags: ['a',], }\n";
    for name in ["x.json5", "x.jsonc", "x.json"] {
        let (recorder, outcome) = read(name, content.as_bytes());
        let shown = recorder.shown();
        for remark in ["text  first", "text  second ", "text  third"] {
            assert!(shown.contains(remark), "{name}: {shown}");
        }
        assert!(shown.ends_with("table name,port,-\nrow 0=it's 1=0x1F 2=tags: a\nend"), "{name}: {shown}");
        assert_eq!(outcome.unwrap().partial, None);
    }
    let (recorder, outcome) = read("x.json", b"{\"a\": 1, /* valve");
    assert!(recorder.shown().contains("valve"));
    assert_eq!(outcome.unwrap().partial, Some(Reason::Corrupt));
}
