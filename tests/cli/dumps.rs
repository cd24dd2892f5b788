//! A dump of a share is a container of tables.

use crate::plant::archive::{Member, zip};
use crate::plant::identifiers::mobile;
use crate::support::ScanEnv;

/// Two tables whose rows take turns, as no tool but a person writes it.
fn dump() -> String {
    let rows = (0..20).map(|row| {
        format!(
            "INSERT INTO `hr_employee` VALUES ({row},'{}');\nINSERT INTO `qc_inspection` VALUES ({row},'ok');\n",
            mobile(8_000 + row)
        )
    });
    format!(
        "-- MySQL dump 10.13\nCREATE TABLE `hr_employee` (`id` int, `phone` varchar(20) COMMENT '手机号') COMMENT='员工';\n\
         CREATE TABLE `qc_inspection` (`id` int, `result` varchar(9) COMMENT '检验结果') COMMENT='质量检验';\n\
         CREATE VIEW `v_staff` AS SELECT 1;\n{}",
        rows.collect::<String>()
    )
}

/// Kind, status, records and the matches of each detector of an asset.
fn said(env: &ScanEnv, locator: &str) -> String {
    let asset = env.asset(locator);
    let identifiers = asset["identifiers"].as_array().into_iter().flatten();
    let found: Vec<String> = identifiers.map(|it| format!("{} {}", it["detector"], it["matches"])).collect();
    format!("{} {} {} {}", asset["kind"], asset["status"], asset["records"]["value"], found.join(" ")).replace('"', "")
}

#[test]
fn the_tables_of_a_dump_are_assets_of_their_own_wherever_it_lies() {
    let env = ScanEnv::new();
    env.put("mes.sql", dump());
    env.put("backup.zip", zip(&[Member::new("mes.sql", dump())]));
    env.scan();
    for place in ["mes.sql", "backup.zip!mes.sql"] {
        assert_eq!(said(&env, &format!("{place}!hr_employee")), "table classified 20 cn.mobile 20", "{place}");
        assert_eq!(said(&env, &format!("{place}!qc_inspection")), "table classified 20 ", "{place}");
        assert_eq!(env.asset(&format!("{place}!v_staff"))["kind"], "view", "{place}");
        let container = env.asset(place);
        assert_eq!((&container["format"], &container["reason"]), (&"sql".into(), &serde_json::Value::Null), "{place}");
    }
    assert_eq!(env.asset("mes.sql!qc_inspection")["category"]["id"], "production.quality");
    assert_eq!(env.asset("mes.sql!hr_employee")["category"]["id"], "management.hr");
    // A class counts the tables and not the file around them.
    assert_eq!(env.class("production.quality")["records"]["value"], 40);
}

#[test]
fn a_dump_that_did_not_change_is_not_read_again_and_none_of_its_rows_is_read_by_metadata_alone() {
    let env = ScanEnv::new();
    env.put("mes.sql", dump());
    env.scan();
    let before = env.assets();
    env.scan();
    assert_eq!(env.assets(), before);
    let env = ScanEnv::new();
    env.put("mes.sql", dump());
    env.done(&["scan", "share", "--metadata-only"]);
    let table = env.asset("mes.sql!hr_employee");
    assert_eq!((&table["reason"], &table["records"]["value"]), (&"metadata-only".into(), &20.into()));
    assert_eq!(table["identifiers"].as_array().map(Vec::len), Some(0), "{table:#}");
}
