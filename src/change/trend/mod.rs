//! Scale over the results since the baseline, and a warning ahead: at this pace thirty per cent (`miit-166/12`) is reached on
//! about that day. A forecast, with what it is sure of; the rule itself is `compare`'s.

mod slope;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

pub use slope::{LEAST_POINTS, Pace, pace};

use super::{Counted, Scaled, Seen, fires};
use crate::model::{FiledEntry, Lang, Level, Measure, Speak};

/// A crossing further away is none that a person would act on, in days: ten years.
const FURTHEST_DAYS: f64 = 3650.0;

/// The latest results that are looked at: the slopes between them are as many as the square of it.
const MOST_POINTS: usize = 400;

/// One measure of one filed class over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The id of the entry.
    pub entry: String,
    /// Its category.
    pub category: String,
    /// Its carrier.
    pub store: String,
    /// Its filed level.
    pub level: Level,
    /// The measure.
    pub measure: Scaled,
    /// What it is held against: the filed figure, recounted by the rules of now where they have changed; `None` without a
    /// filing.
    pub filed: Option<u64>,
    /// The results, oldest first, one a day.
    pub points: Vec<Point>,
    /// How much a day; `None` for fewer than three points.
    pub pace: Option<PerDay>,
    /// What is to be expected.
    pub outlook: Outlook,
    /// The figure from which on it is a material change in the direction of the pace.
    pub threshold: Option<u64>,
    /// When that is reached.
    pub crosses: Option<Crosses>,
}

/// What one result said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// Civil date of the result.
    pub date: String,
    /// The figure.
    pub value: u64,
    /// Whether it was counted.
    pub exact: bool,
}

/// A pace as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PerDay {
    /// The median of all slopes between two results, a day.
    pub per_day: f64,
    /// The interval of it, low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// The share of such intervals that hold the true pace.
    pub coverage: f64,
}

/// When a threshold is reached at this pace, counted from the latest result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Crosses {
    /// At the pace itself.
    pub on: String,
    /// At the end of the interval that comes first.
    pub earliest: String,
    /// At the other end; `None` where the interval holds a pace that never reaches it.
    pub latest: Option<String>,
}

/// What is to be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outlook {
    /// It has moved by thirty per cent already: see `mulu changes`.
    Crossed,
    /// It will, on about the day that stands beside it.
    Crosses,
    /// Not within ten years, at this pace.
    Steady,
    /// Fewer than three results since the filed figures: nothing is said.
    TooFewPoints,
    /// Nothing was filed that it could be held against.
    NoBaseline,
}

/// The trend of one measure; `None` where no result counts it. `filed_as_of` is the date of the filed figures; with a
/// filing, `base` is the figure that now is held against.
#[must_use]
pub fn trend(
    entry: &FiledEntry,
    measure: Scaled,
    filed_as_of: Option<&str>,
    base: Option<u64>,
    history: &[Seen],
) -> Option<Trend> {
    let points = points(measure, filed_as_of.zip(base), history);
    let latest = points.last()?.clone();
    let days: Vec<(i64, u64)> = points.iter().filter_map(|point| Some((day(&point.date)?, point.value))).collect();
    let pace = pace(&days);
    let mut trend = Trend {
        entry: entry.id.clone(),
        category: entry.category.clone(),
        store: entry.store.clone(),
        level: entry.level,
        measure,
        filed: base,
        points,
        pace: pace.map(|pace| PerDay {
            per_day: pace.per_day,
            low: pace.low,
            high: pace.high,
            coverage: pace.coverage,
        }),
        outlook: Outlook::NoBaseline,
        threshold: None,
        crosses: None,
    };
    let Some(base) = base else { return Some(trend) };
    if fires(base, latest.value) {
        trend.outlook = Outlook::Crossed;
        return Some(trend);
    }
    let Some(pace) = pace else {
        trend.outlook = Outlook::TooFewPoints;
        return Some(trend);
    };
    trend.outlook = Outlook::Steady;
    trend.threshold = threshold(base, pace.per_day);
    trend.crosses = trend.threshold.and_then(|threshold| crosses(&latest, threshold, pace));
    if trend.crosses.is_some() {
        trend.outlook = Outlook::Crosses;
    }
    Some(trend)
}

/// The filed figure, and what later results counted with the rules of now; of several of a day the last.
fn points(measure: Scaled, filed: Option<(&str, u64)>, history: &[Seen]) -> Vec<Point> {
    let of_seen = |seen: &Seen| match measure {
        Scaled::Records => seen.records,
        Scaled::Bytes => seen.bytes,
        Scaled::Subjects => seen.subjects,
    };
    let has_other_rules = history.iter().any(|seen| seen.counted != Counted::AsFiled);
    let usable = |seen: &&Seen| {
        let rules = if has_other_rules { Counted::AsNow } else { Counted::AsFiled };
        seen.present.is_some() && seen.counted == rules
    };
    let point = |date: &str, Measure { value, exact }| Point { date: date.to_owned(), value, exact };
    let mut points: Vec<Point> = Vec::new();
    points.extend(filed.map(|(date, value)| point(date, Measure::exact(value))));
    for seen in history.iter().filter(usable) {
        let Some(figure) = of_seen(seen) else { continue };
        if points.last().is_some_and(|last| last.date >= seen.date) {
            points.pop();
        }
        points.push(point(&seen.date, figure));
    }
    points.split_off(points.len().saturating_sub(MOST_POINTS))
}

/// The first figure in the direction of a pace that is a material change; `None` for one that stands still.
fn threshold(base: u64, per_day: f64) -> Option<u64> {
    let base = u128::from(base);
    let figure = match per_day.total_cmp(&0.0) {
        std::cmp::Ordering::Greater => (13 * base).div_ceil(10),
        std::cmp::Ordering::Less => 7 * base / 10,
        std::cmp::Ordering::Equal => return None,
    };
    u64::try_from(figure).ok()
}

fn crosses(latest: &Point, threshold: u64, pace: Pace) -> Option<Crosses> {
    let missing = threshold as f64 - latest.value as f64;
    let from: Date = latest.date.parse().ok()?;
    let reached = |per_day: f64| {
        let days = (missing / per_day).ceil();
        // A pace of the other sign never gets there; one of zero neither.
        let is_ahead = days.is_finite() && (0.0..=FURTHEST_DAYS).contains(&days);
        is_ahead.then(|| from.saturating_add((days as i64).days()).to_string())
    };
    let (fast, slow) = if missing > 0.0 { (pace.high, pace.low) } else { (pace.low, pace.high) };
    let on = reached(pace.per_day)?;
    Some(Crosses { earliest: reached(fast).unwrap_or_else(|| on.clone()), latest: reached(slow), on })
}

/// Days since 1970.
fn day(date: &str) -> Option<i64> {
    let epoch = Date::constant(1970, 1, 1);
    let date: Date = date.parse().ok()?;
    Some(i64::from(date.since(epoch).ok()?.get_days()))
}

impl Speak for Trend {
    fn say(&self, lang: Lang) -> String {
        let sure = self.pace.map_or(0.0, |pace| (pace.coverage * 100.0).floor());
        match (self.outlook, &self.crosses, lang) {
            (Outlook::Crosses, Some(crosses), Lang::Zh) => {
                let (on, earliest) = (&crosses.on, &crosses.earliest);
                let latest = crosses.latest.as_deref().map_or("不会达到".to_owned(), |day| format!("最迟 {day}"));
                format!("按此速度约 {on} 达到 30 %（{sure} % 区间：最早 {earliest}，{latest}）")
            }
            (Outlook::Crosses, Some(crosses), Lang::En) => {
                let (on, earliest) = (&crosses.on, &crosses.earliest);
                let latest = crosses.latest.as_deref().map_or("or never".to_owned(), |day| format!("latest {day}"));
                format!("at this pace 30 % is reached on about {on} ({sure} % interval: earliest {earliest}, {latest})")
            }
            (Outlook::Crossed, ..) => {
                lang.pick("已达到 30 %，见 mulu changes", "has moved by 30 %, see mulu changes").to_owned()
            }
            (Outlook::TooFewPoints, ..) => {
                lang.pick("结果不足三次，不作预测", "fewer than three results, nothing is forecast").to_owned()
            }
            (Outlook::NoBaseline, ..) => lang.pick("尚无备案", "nothing was filed").to_owned(),
            (Outlook::Steady | Outlook::Crosses, ..) => {
                lang.pick("按此速度十年内不会达到 30 %", "at this pace not within ten years").to_owned()
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
