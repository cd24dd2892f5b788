use super::*;
use crate::catalog::Scope;
use crate::catalog::fixture::{PARAMETERS, accepted, catalog, classes, full_register, record};

const AS_OF: &str = "2026-01-01";

fn entry() -> FiledEntry {
    let records = [record("mes", "a", PARAMETERS, Some(1000), 10_000)];
    accepted(&catalog(classes(&records, &[]), &full_register(), Scope::Filed)).entries.remove(0)
}

fn seen(date: &str, records: u64) -> Seen {
    Seen {
        date: date.to_owned(),
        present: Some(true),
        records: Some(Measure::exact(records)),
        bytes: None,
        subjects: None,
        counted: Counted::AsFiled,
    }
}

fn records(history: &[Seen]) -> Trend {
    trend(&entry(), Scaled::Records, Some(AS_OF), Some(1000), history).unwrap()
}

#[test]
fn steady_growth_names_the_day_on_which_thirty_per_cent_are_reached() {
    // 10 a day from 1,000 on: 1,300 after thirty days.
    let trend = records(&[seen("2026-01-06", 1050), seen("2026-01-11", 1100), seen("2026-01-21", 1200)]);
    assert_eq!((trend.outlook, trend.threshold), (Outlook::Crosses, Some(1300)));
    let crosses = trend.crosses.clone().unwrap();
    assert_eq!((crosses.on.as_str(), crosses.earliest.as_str()), ("2026-01-31", "2026-01-31"));
    assert_eq!(crosses.latest.as_deref(), Some("2026-01-31"));
    assert!(trend.say(Lang::En).contains("on about 2026-01-31"), "{}", trend.say(Lang::En));
}

#[test]
fn shrinkage_is_followed_to_seventy_per_cent() {
    let trend = records(&[seen("2026-01-11", 950), seen("2026-01-21", 900), seen("2026-01-31", 850)]);
    assert_eq!((trend.threshold, trend.crosses.unwrap().on.as_str()), (Some(700), "2026-03-02"));
}

#[test]
fn a_pace_that_may_be_none_may_never_get_there() {
    let trend = records(&[seen("2026-01-11", 1100), seen("2026-01-21", 990), seen("2026-01-31", 1120)]);
    let crosses = trend.crosses.clone().unwrap();
    assert_eq!(crosses.latest, None);
    assert!(crosses.earliest < crosses.on);
    assert!(trend.say(Lang::Zh).contains("不会达到"));
}

#[test]
fn fewer_than_three_results_forecast_nothing_and_a_crossing_is_told_at_once() {
    assert_eq!(records(&[seen("2026-01-11", 1100)]).outlook, Outlook::TooFewPoints);
    assert_eq!(records(&[seen("2026-01-11", 1300)]).outlook, Outlook::Crossed);
    let still = records(&[seen("2026-01-11", 1000), seen("2026-01-21", 1000)]);
    assert_eq!((still.outlook, still.threshold), (Outlook::Steady, None));
}

#[test]
fn results_of_other_rules_and_unsure_ones_are_left_out_and_of_a_day_the_last_counts() {
    let other = Seen { counted: Counted::Otherwise, ..seen("2026-01-05", 5) };
    let hidden = Seen { present: None, ..seen("2026-01-08", 7) };
    let now = |date, value| Seen { counted: Counted::AsNow, ..seen(date, value) };
    let trend = records(&[other, hidden, now("2026-01-11", 1010), now("2026-01-11", 1020)]);
    let values: Vec<u64> = trend.points.iter().map(|point| point.value).collect();
    assert_eq!(values, [1000, 1020]);
}

#[test]
fn without_a_filing_there_is_a_series_and_no_threshold() {
    let history = [seen("2026-01-11", 1), seen("2026-01-12", 2), seen("2026-01-13", 3)];
    let trend = trend(&entry(), Scaled::Records, None, None, &history).unwrap();
    assert_eq!((trend.outlook, trend.points.len(), trend.crosses), (Outlook::NoBaseline, 3, None));
    assert!(super::trend(&entry(), Scaled::Subjects, None, None, &history).is_none());
}

#[test]
fn the_threshold_is_the_first_figure_that_fires() {
    for base in [1, 3, 7, 10, 999, 1000, 1_000_003] {
        let up = threshold(base, 1.0).unwrap();
        let down = threshold(base, -1.0).unwrap();
        assert!(fires(base, up) && !fires(base, up - 1), "{base}: {up}");
        assert!(fires(base, down) && !fires(base, down + 1), "{base}: {down}");
    }
}
