//! The shape of time series: a time, a tag, a value, a quality.

use crate::model::{CategoryId, Column, Evidence, Place};
use crate::rules::words::{Name, NameWord};

/// Names of the four kinds of column. Recalled: historians, OPC exports and point tables write them so.
const KINDS: [&[&str]; 4] = [
    &["ts", "timestamp", "time", "datetime", "collect time", "sample time", "时间", "时刻", "采集时间"],
    &[
        "tag",
        "tagname",
        "tag id",
        "point",
        "point id",
        "pointid",
        "metric",
        "signal",
        "sensor id",
        "channel",
        "测点",
        "点名",
        "点位",
        "位号",
        "变量名",
    ],
    &["value", "val", "pv", "reading", "actual value", "测量值", "实时值", "数值", "采样值", "当前值"],
    &["quality", "q", "qos", "good", "quality code", "品质", "质量码", "质量戳"],
];
/// Kinds that must be there.
const FEWEST_KINDS: usize = 3;
/// Columns of a time series: a wider table is something else that happens to have them.
const MOST_COLUMNS: usize = 12;
/// How strongly the shape speaks for the state of equipment. Design.
const WEIGHT: f64 = 0.5;
/// The same, where there is nothing but times and values: of what, is not said.
const BARE_WEIGHT: f64 = 0.35;

/// The evidence of a table's columns, if they have the shape.
pub(super) fn evidence(columns: &[Column]) -> Option<Evidence> {
    if columns.len() > MOST_COLUMNS {
        return None;
    }
    let names: Vec<Name> = columns.iter().filter_map(|column| column.name.as_deref()).map(Name::new).collect();
    let holds = |name: &Name, words: &[&str]| words.iter().any(|word| name.holds(&NameWord::new(word)));
    let held = |words: &[&str]| names.iter().any(|name| holds(name, words));
    let [times, _, values, _] = KINDS;
    let is_bare = || {
        let only =
            names.len() == columns.len() && names.iter().all(|name| KINDS.iter().any(|words| holds(name, words)));
        only && held(times) && held(values)
    };
    let weight = if KINDS.iter().filter(|words| held(words)).count() >= FEWEST_KINDS {
        WEIGHT
    } else if is_bare() {
        BARE_WEIGHT
    } else {
        return None;
    };
    Some(Evidence {
        term: "time, tag, value".to_owned(),
        rule: "shape.time-series".to_owned(),
        place: Place::Shape,
        count: 1,
        weights: vec![(CategoryId::new("production.condition"), weight)],
        field: None,
        plumbing: 0.0,
    })
}
