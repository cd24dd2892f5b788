//! Identifiers as people meet them: how sure, in which column, and which names stay readable.

use crate::plant::identifiers::resident_id;
use crate::support::ScanEnv;

/// The number with another check character.
fn mistyped(number: &str) -> String {
    let (body, check) = number.split_at(number.len() - 1);
    format!("{body}{}", if check == "1" { "2" } else { "1" })
}

#[test]
fn a_column_of_invented_numbers_is_told_with_the_share_that_passes_its_check() {
    let env = ScanEnv::new();
    let rows: Vec<String> = (0..20)
        .map(|person| resident_id(50_000 + person))
        .enumerate()
        .map(|(row, number)| if row % 4 == 0 { number } else { mistyped(&number) })
        .collect();
    let lines: Vec<String> = rows.iter().map(|number| format!("A1,{number}")).collect();
    env.put("staff.csv", format!("工号,身份证号\n{}\n", lines.join("\n")));
    env.scan();
    let asset = env.asset("staff.csv");
    let finding = &asset["identifiers"][0];
    assert_eq!((&finding["detector"], &finding["matches"]), (&"cn.resident-id".into(), &20.into()), "{asset:#}");
    assert!(finding["confidence"].as_f64().is_some_and(|confidence| confidence < 0.7), "{finding}");
    let told = env.done(&["explain", asset["id"].as_str().expect("an id"), "--lang", "en"]).stdout;
    assert!(told.contains("check passed") && told.contains("25.0 %"), "{told}");
    let told = env.done(&["explain", asset["id"].as_str().expect("an id"), "--lang", "zh"]).stdout;
    assert!(told.contains("校验通过") && told.contains("25.0 %"), "{told}");
    assert!(rows.iter().all(|row| !told.contains(row)));
}

#[test]
fn names_of_things_of_a_plant_stay_readable_and_names_of_persons_do_not() {
    let env = ScanEnv::new();
    let readable = ["FIC-2738_DB10.DBW4.csv", "发射频率435.125MHz.csv", "呼号BY4QZ.csv", "浙ICP备2027018346号.csv"];
    for name in readable.into_iter().chain(["姓名:许知远.csv"]) {
        env.put(name, "a,b\n1,2\n");
    }
    env.scan();
    let listed = env.assets();
    let locators: Vec<&str> = listed.iter().filter_map(|asset| asset["locator"].as_str()).collect();
    assert!(readable.iter().all(|name| locators.contains(name)), "{locators:?}");
    assert!(locators.iter().all(|locator| !locator.contains("许知远")), "{locators:?}");
    assert!(locators.iter().any(|locator| locator.contains("<person.name:")), "{locators:?}");
}

#[test]
fn what_has_no_check_digit_is_found_by_label_by_column_and_by_the_shape_of_a_column() {
    let env = ScanEnv::new();
    env.put("notes.txt", "电台呼号：BY4QZ，发射频率 435.125 MHz，MMSI: 413738162\nValve AT %QX0.3 : BOOL;\n");
    let rows: Vec<String> = (0..40).map(|row| format!("FIC-{},{row}.5", 2738 + row)).collect();
    env.put("points.csv", format!("a,b\n{}\n", rows.join("\n")));
    let rows: Vec<String> = (0..40).map(|row| format!("LOT-{},{row}.5", 2738 + row)).collect();
    env.put("lots.csv", format!("a,b\n{}\n", rows.join("\n")));
    env.scan();
    let found = |name: &str| -> Vec<String> {
        let asset = env.asset(name);
        let identifiers = asset["identifiers"].as_array().cloned().unwrap_or_default();
        identifiers.iter().filter_map(|it| it["detector"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(found("notes.txt"), ["mmsi", "plc.address", "radio.call-sign", "radio.frequency"]);
    assert_eq!(found("points.csv"), ["isa.tag"]);
    assert_eq!(found("lots.csv"), [""; 0]);
}
