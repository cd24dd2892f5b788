use super::*;
use crate::catalog::fixture::regime;

fn edit(scope: RegisterScope, field: &str, value: &str) -> RegisterEdit {
    RegisterEdit {
        scope,
        field: field.to_owned(),
        value: Some(value.to_owned()),
        by: "李工".to_owned(),
        date: "2026-03-01".to_owned(),
        reason: None,
    }
}

#[test]
fn each_field_takes_what_it_is_and_says_so_where_it_does_not() {
    let enterprise = |field: &str, value: &str| check_edit(&edit(RegisterScope::Enterprise, field, value), &regime());
    for (field, fits, unfit) in [
        ("credit_code", "91329900MA9Y900035", "91329900MA9Y900036"),
        ("industry", "C3232", "稀土"),
        ("industry", "I63", "C3"),
        ("domains", "工业、电信", "农业"),
        ("domains", "industrial,radio", ""),
        ("provinces", "江苏、31、广西壮族自治区", "示例省"),
        ("critical_infrastructure", "是", "也许"),
        ("export_control", "否", "1"),
        ("industrial_internet", "networked:3、platform:2", "networked:4"),
        ("sectors", "政务、defence", "烟草"),
        ("industrial_internet", "none", "networked"),
        ("size", "中型", "中"),
    ] {
        assert_eq!(enterprise(field, fits), Ok(()), "{field} {fits}");
        let told = enterprise(field, unfit).expect_err(unfit);
        assert!(told.say(Lang::En).contains(field) && told.say(Lang::Zh).contains(field), "{told:?}");
    }
    let entry = |field: &str, value: &str| check_edit(&edit(RegisterScope::All, field, value), &regime());
    assert_eq!(entry("carrier_grade", "三级"), Ok(()));
    assert!(entry("cross_border", "也许").is_err() && entry("purpos", "x").is_err());
    assert!(entry("export_control", "是").is_err(), "a fact about the enterprise is no column of an entry");
    let category = RegisterScope::Category { category: "managment.hr".to_owned() };
    assert_eq!(check_edit(&edit(category, "purpose", "x"), &regime()), Err(Unfit::Category("managment.hr".to_owned())));
}

#[test]
fn what_persons_gave_stands_over_the_configuration_until_it_is_taken_back() {
    let configured = Enterprise {
        industry: Some("C31".to_owned()),
        backbone: Some(false),
        profile: [("size".to_owned(), "小型".to_owned())].into(),
        ..Enterprise::default()
    };
    let given = [
        ("industry", "C3232"),
        ("backbone", "是"),
        ("size", "大型"),
        ("provinces", "上海、江苏、上海市"),
        ("industrial_internet", "platform:3"),
        ("export_control", "是"),
        ("sectors", "国防科技工业"),
        ("name", "某某材料有限公司"),
        ("domains", "工业"),
        ("region", "江苏"),
        ("credit_code", "91329900MA9Y900035"),
        ("critical_infrastructure", "是"),
    ];
    let mut edits: Vec<RegisterEdit> =
        given.iter().map(|(field, value)| edit(RegisterScope::Enterprise, field, value)).collect();
    let enterprise = enterprise_with(configured.clone(), &edits);
    assert_eq!(enterprise.industry.as_deref(), Some("C3232"));
    assert_eq!(enterprise.provinces, Some(vec!["31".to_owned(), "32".to_owned()]));
    assert_eq!(enterprise.profile["size"], "大型");
    let standings =
        ["critical-infrastructure", "backbone", "export-control", "defence", "platform", "internet-level-3"];
    assert_eq!(enterprise.standings(), standings);
    edits.extend(edits.clone().into_iter().map(|edit| RegisterEdit { value: None, ..edit }));
    assert_eq!(enterprise_with(configured.clone(), &edits), configured);
}
