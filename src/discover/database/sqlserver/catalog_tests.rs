use super::*;

fn row(cells: &[&str]) -> TextRow {
    cells.iter().map(|cell| (!cell.is_empty()).then(|| (*cell).to_owned())).collect()
}

fn answers() -> Answers {
    Answers {
        tables: vec![
            row(&["dbo", "staff", "U ", "员工", "1", "1"]),
            row(&["dbo", "staff_v", "V ", "", "2", "0"]),
            row(&["生产", "tag]s", "U ", "", "3", ""]),
            row(&["dbo", "far", "E", "", "4", "1"]),
        ],
        columns: vec![
            row(&["dbo", "staff", "id", "", "int", "4", "10", "0", "int"]),
            row(&["dbo", "staff", "phone", "手机号", "varchar", "11", "0", "0", "Phone"]),
            row(&["生产", "tag]s", "value", "", "decimal", "9", "18", "4", "decimal"]),
        ],
        keys: vec![
            row(&["dbo", "staff", "p", "PK_staff", "id", "", "", "", "1"]),
            row(&["生产", "tag]s", "f", "FK_tag", "value", "dbo", "staff", "id", "1"]),
            row(&["dbo", "gone", "u", "UQ", "id", "", "", "", "1"]),
        ],
        sizes: vec![row(&["1", "12", "3", "2", "1", "1"]), row(&["3", "5000000", "900", "0", "4", "0"])],
        changes: vec![row(&["1", "2026-11-20T08:00:00"])],
    }
}

#[test]
fn tables_are_put_together_from_the_answers() {
    let entries = entries(answers());
    let by_name = |name: &str| entries.iter().find(|entry| entry.facts.name == name).expect("a table");
    let staff = by_name("staff");
    assert_eq!(staff.facts.comment.as_deref(), Some("员工"));
    assert_eq!((staff.facts.key.as_deref(), staff.estimate, staff.is_readable), (Some("id"), Some(12), true));
    assert_eq!(staff.facts.bytes, Some(Measure::exact(3 * 8_192)));
    assert_eq!(staff.facts.index_bytes, Some(Measure::exact(2 * 8_192)));
    assert_eq!((staff.facts.partitions, staff.facts.modified.as_deref()), (0, Some("2026-11-20T08:00:00Z")));
    let phone = staff.facts.columns.get(1).expect("a column");
    assert_eq!((phone.comment.as_deref(), phone.declared_type.as_deref()), (Some("手机号"), Some("varchar(11)")));
    let view = by_name("staff_v");
    assert_eq!((view.facts.kind, view.facts.bytes, view.is_readable), (AssetKind::View, None, false));
    let tags = by_name("tag]s");
    assert_eq!((tags.facts.partitions, tags.estimate, tags.is_readable), (4, Some(5_000_000), true));
    assert_eq!(tags.facts.bytes, Some(Measure::estimate(900 * 8_192)));
    assert_eq!(tags.facts.foreign_keys.first().map(|key| key.table.as_str()), Some("staff"));
    assert_eq!(by_name("far").facts.format, format::SQLSERVER_EXTERNAL);
}

#[test]
fn a_server_that_tells_names_only_still_gives_its_tables() {
    let few = Answers { tables: vec![row(&["dbo", "staff", "U", "", "", ""])], ..Answers::default() };
    let entries = entries(few);
    assert_eq!(entries.len(), 1);
    assert!(entries.iter().all(|entry| entry.is_readable && entry.estimate.is_none() && entry.facts.bytes.is_none()));
}
