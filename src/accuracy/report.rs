//! Figures over judged assets: shares right by system, what is confused with what, and how far scores can be believed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Judged, NONE};

/// Shares right over some assets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Labelled assets.
    pub assets: u64,
    /// Share whose answer is the label.
    pub strict: f64,
    /// Share whose answer is the label or one of its alternates.
    pub with_alternates: f64,
    /// Of those labelled plumbing: the share that was left unclassified; null where there are none.
    pub plumbing_left: Option<f64>,
    /// Of those labelled with a category and without `none` as an alternate: the share that was left unclassified.
    pub business_left: Option<f64>,
}

/// Answers whose scores lie in one range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// The lower end of the range, which belongs to it.
    pub from: f64,
    /// The upper end.
    pub to: f64,
    /// Classified assets in it.
    pub assets: u64,
    /// Their mean score.
    pub mean_score: f64,
    /// Share whose answer is the label.
    pub strict: f64,
    /// Share whose answer is the label or an alternate.
    pub with_alternates: f64,
}

/// All figures.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// By system.
    pub systems: BTreeMap<String, Tally>,
    /// The mean over systems, each counted once whatever its size.
    pub mean: Tally,
    /// The same without families that were labelled as one.
    pub mean_without_families: Tally,
    /// By label on top, then by answer on top: assets.
    pub confusion: BTreeMap<String, BTreeMap<String, u64>>,
    /// By range of scores.
    pub reliability: Vec<Bin>,
    /// Labels for which there was no asset.
    pub missing: u64,
}

/// Where the ranges of scores begin; what a person would act on alone is told from what needs a second look.
const BINS: [f64; 8] = [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

impl Report {
    /// Counts.
    #[must_use]
    pub fn of(judged: &[Judged], missing: u64) -> Self {
        let mut by_system: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
        let mut confusion: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for one in judged {
            by_system.entry(&one.label.system).or_default().push(one);
            *confusion.entry(one.label_top().to_owned()).or_default().entry(one.top().to_owned()).or_default() += 1;
        }
        let systems: BTreeMap<String, Tally> =
            by_system.iter().map(|(system, judged)| ((*system).to_owned(), Tally::of(judged))).collect();
        let without_families: Vec<Tally> = by_system
            .values()
            .map(|judged| judged.iter().copied().filter(|one| !one.label.is_of_family()).collect::<Vec<_>>())
            .filter(|judged| !judged.is_empty())
            .map(|judged| Tally::of(&judged))
            .collect();
        Self {
            mean: Tally::mean(&systems.values().copied().collect::<Vec<_>>()),
            mean_without_families: Tally::mean(&without_families),
            systems,
            confusion,
            reliability: reliability(judged),
            missing,
        }
    }
}

impl Tally {
    fn of(judged: &[&Judged]) -> Self {
        let share = |of: &dyn Fn(&&&Judged) -> bool, is: &dyn Fn(&Judged) -> bool| {
            let all: Vec<&&Judged> = judged.iter().filter(of).collect();
            let hits = all.iter().filter(|one| is(one)).count();
            (!all.is_empty()).then(|| hits as f64 / all.len() as f64)
        };
        let everything = |_: &&&Judged| true;
        let is_plumbing = |one: &&&Judged| one.label.category == NONE;
        let is_business = |one: &&&Judged| !one.label.accepts(NONE, true);
        let is_left = |one: &Judged| one.answer.best.is_none();
        Self {
            assets: judged.len() as u64,
            strict: share(&everything, &Judged::is_right).unwrap_or_default(),
            with_alternates: share(&everything, &Judged::is_acceptable).unwrap_or_default(),
            plumbing_left: share(&is_plumbing, &is_left),
            business_left: share(&is_business, &is_left),
        }
    }

    fn mean(tallies: &[Self]) -> Self {
        let mean =
            |figures: Vec<f64>| (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64);
        let all = |figure: fn(&Self) -> f64| mean(tallies.iter().map(figure).collect()).unwrap_or_default();
        Self {
            assets: tallies.iter().map(|tally| tally.assets).sum(),
            strict: all(|tally| tally.strict),
            with_alternates: all(|tally| tally.with_alternates),
            plumbing_left: mean(tallies.iter().filter_map(|tally| tally.plumbing_left).collect()),
            business_left: mean(tallies.iter().filter_map(|tally| tally.business_left).collect()),
        }
    }
}

fn reliability(judged: &[Judged]) -> Vec<Bin> {
    let ends = BINS.iter().copied().skip(1).chain(std::iter::once(1.0));
    BINS.iter()
        .copied()
        .zip(ends)
        .filter_map(|(from, to)| {
            let is_last = to >= 1.0;
            let holds = |score: f64| score >= from && (score < to || is_last);
            let scores: Vec<(f64, &Judged)> =
                judged.iter().filter_map(|one| Some((one.score().filter(|score| holds(*score))?, one))).collect();
            let assets = scores.len();
            let share =
                |is: fn(&Judged) -> bool| scores.iter().filter(|(_, one)| is(one)).count() as f64 / assets as f64;
            (assets > 0).then(|| Bin {
                from,
                to,
                assets: assets as u64,
                mean_score: scores.iter().map(|(score, _)| score).sum::<f64>() / assets as f64,
                strict: share(Judged::is_right),
                with_alternates: share(Judged::is_acceptable),
            })
        })
        .collect()
}
