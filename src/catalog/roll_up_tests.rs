use super::*;

/// A member's catalog as its export writes it.
fn member(code: &str, authority: &str, entries: &[(&str, &str, &str, u64)]) -> Member {
    let entries: Vec<Value> = entries
        .iter()
        .map(|(category, store, level, records)| {
            serde_json::json!({
                "id": crate::model::ClassId::of(category, store),
                "category": category,
                "level": { "effective": level, "proposed": level, "confirmed": null, "authority": null, "criteria": [] },
                "store": store,
                "records": { "value": records, "exact": true },
                "bytes": { "value": records * 10, "exact": true },
                "subjects": { "estimate": records / 2, "relative_error": 0.016 },
                "assets": 1,
                "fields": {},
                "missing": [],
                "confirmed": true,
            })
        })
        .collect();
    let whole = serde_json::json!({
        "enterprise": { "name": format!("公司 {code}"), "credit_code": code, "type": null },
        "authority": authority,
        "as_of": "2026-03-01",
        "entries": entries,
    });
    serde_json::from_value(whole).unwrap()
}

const HR: &str = "management.hr";

#[test]
fn members_with_nothing_in_common_have_no_conflict_and_add_up() {
    let east = member("A", "东省工信厅", &[(HR, "erp", "important", 100), ("research.design", "plm", "core", 7)]);
    let west = member("B", "西省工信厅", &[(HR, "hr", "important", 50)]);
    assert_eq!(conflicts(&[east.clone(), west]), []);
    let important = east.scale(Level::Important);
    assert_eq!((important.classes, important.persons), (1, Some(50)));
    assert_eq!(important.bytes, Some(Measure::exact(1_000)));
    assert_eq!(east.scale(Level::General), MemberScale::default());
}

#[test]
fn what_stands_twice_is_named_with_its_files() {
    let one = member("A", "东省工信厅", &[(HR, "erp", "important", 100)]);
    let again = one.clone();
    let found = conflicts(&[one.clone(), again]);
    assert!(
        matches!(&found[0], Conflict::SameCatalog { files: [0, 1], credit_code } if credit_code == "A"),
        "{found:?}"
    );
    assert!(matches!(&found[1], Conflict::SameClass { files: [0, 1], .. }), "{found:?}");
    assert_eq!(found.len(), 2, "the same class is not told a third time: {found:?}");
    let mut telecom = one.clone();
    telecom.authority = Some("东省通管局".to_owned());
    assert!(matches!(conflicts(&[one.clone(), telecom])[..], [Conflict::SameClass { .. }]));
    let other = member("B", "西省工信厅", &[(HR, "hr", "important", 100)]);
    assert!(matches!(conflicts(&[one, other])[..], [Conflict::SameScale { files: [0, 1], .. }]));
}

#[test]
fn what_contradicts_itself_is_named() {
    let one = member("A", "东省工信厅", &[(HR, "erp", "important", 100)]);
    let mut renamed = member("A", "东省通管局", &[]);
    renamed.enterprise.insert("name".to_owned(), Value::from("另一名称"));
    assert!(matches!(conflicts(&[one.clone(), renamed])[..], [Conflict::Names { .. }]));
    let shared = member("B", "西省工信厅", &[(HR, "erp", "core", 3)]);
    let found = conflicts(&[one, shared]);
    assert!(matches!(&found[..], [Conflict::Levels { store, .. }] if store == "erp"), "{found:?}");
    let mut nameless = member("", "东省工信厅", &[(HR, "erp", "general", 1)]);
    nameless.enterprise.clear();
    assert!(matches!(
        conflicts(&[nameless])[..],
        [Conflict::NoCode { file: 0 }, Conflict::NotFiled { classes: 1, .. }]
    ));
}

#[test]
fn every_conflict_is_told_in_both_languages_by_the_names_of_its_files() {
    let one = member("A", "东省工信厅", &[(HR, "erp", "important", 100), (HR, "x", "general", 1)]);
    let mut two = member("A", "东省工信厅", &[(HR, "erp", "core", 100)]);
    two.enterprise.insert("name".to_owned(), Value::from("另一名称"));
    let three = member("", "西", &[(HR, "hr", "important", 100)]);
    let files = ["east.json".to_owned(), "copy.json".to_owned(), "west.json".to_owned()];
    let found = conflicts(&[one, two, three]);
    assert_eq!(found.len(), 7, "{found:?}");
    for conflict in &found {
        let (zh, en) = (conflict.say(&files, Lang::Zh), conflict.say(&files, Lang::En));
        assert!(zh.contains(".json") && en.contains(".json") && en.is_ascii() && !zh.is_ascii(), "{zh} {en}");
    }
}
