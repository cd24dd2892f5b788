//! The measures of an entry: what was filed, what the rules of now would have filed, what is there.

use super::compare::{Walk, awaiting, draft, filed_measure, level_of, ratio, seen_measure};
use super::deadline::{Counted, Seen, crossing};
use super::material::{Verdict, judge, range};
use super::{Because, Change, Kind, Scaled, Value, fires};
use crate::catalog::{Class, Entry};
use crate::model::{Counting, FiledEntry, Level, LevelFigures, Measure};

/// What was filed of a level that nothing had.
const NOTHING: Option<Measure> = Some(Measure { value: 0, exact: true });

/// What a measure is compared with: as it was filed, and as the rules of now count the same data.
#[derive(Clone, Copy)]
struct Base {
    filed: u64,
    recounted: u64,
}

impl Walk<'_> {
    /// What an upgrade of the rules alone has made of a filed class: told by itself, and never as a change of the data.
    pub(super) fn of_rules(&self, filed: &FiledEntry, now: &Entry) -> Option<Change> {
        if !self.has_other_rules(filed) || !self.is_recounted(filed) {
            return None;
        }
        let then = self.recounted(filed);
        let figures = |of: &dyn Fn(Scaled) -> Option<u64>| {
            let told = |scaled: Scaled| of(scaled).map(|value| format!("{} {value}", scaled.id()));
            Scaled::ALL.into_iter().filter_map(told).collect::<Vec<_>>().join(", ")
        };
        let before = |scaled| filed_measure(filed, scaled).map(|measure| measure.value);
        let after = |scaled| before(scaled).map(|_| recounted_figure(then, scaled));
        if Scaled::ALL.into_iter().all(|scaled| before(scaled) == after(scaled)) {
            return None;
        }
        Some(Change {
            filed: Value::Text(figures(&before)),
            now: Value::Text(figures(&after)),
            because: Because::RulesChanged,
            ..draft(filed, level_of(now), Kind::Category)
        })
    }

    /// One measure of a class; `None` where nothing moved. A measure that was not filed cannot fire.
    pub(super) fn of_measure(
        &self,
        filed: &FiledEntry,
        now: &Entry,
        scaled: Scaled,
        gap: Option<Because>,
    ) -> Option<Change> {
        let base = self.base(filed, filed_measure(filed, scaled)?.value, scaled);
        let draft = Change {
            measure: Some(scaled),
            filed: Value::Number(base.recounted),
            ..draft(filed, level_of(now), Kind::Scale)
        };
        let scale = &now.class.scale;
        let present = match scaled {
            Scaled::Records => scale.records_distinct,
            Scaled::Bytes => scale.bytes,
            Scaled::Subjects => scale.subjects_filed(),
        };
        // Without the filed evidence nobody can tell what the rules have moved and what the data.
        let is_blurred = self.has_other_rules(filed) && !self.is_recounted(filed);
        let Some(present) = present else {
            // No person identifier is left: nobody. Records that are not counted any more are unknown, not zero.
            let because = match gap {
                Some(because) => because,
                None if is_blurred => Because::RulesChanged,
                None if scaled == Scaled::Subjects && base.recounted > 0 => {
                    return Some(self.moved(draft, base, 0, scaled));
                }
                None => Because::NotCounted,
            };
            return (base.recounted > 0).then_some(Change { because, ..draft });
        };
        let (low, high) = range_of(filed, now, scaled, present);
        // A carrier read in part holds at least what was seen: growth is sure, shrinkage is not.
        let high = if gap.is_some() { u64::MAX } else { high };
        let with_now =
            Change { now: Value::Number(present.value), ratio: ratio(base.recounted, present.value), ..draft };
        let verdict = judge(base.recounted, (low, high));
        // Counted with other rules it may have moved between classes and not at all.
        let may_have_moved = match verdict {
            Verdict::Moved => true,
            Verdict::Straddles => fires(base.recounted, present.value),
            Verdict::Stayed => false,
        };
        if may_have_moved && gap.is_none() && is_blurred {
            return Some(Change { because: Because::RulesChanged, ..with_now });
        }
        match verdict {
            Verdict::Moved => Some(self.moved(with_now, base, present.value, scaled)),
            Verdict::Straddles if gap.is_some() => None,
            // No server counts stored bytes more exactly than its statistics: read in the same way as the filed ones,
            // they are the measure, and are doubted only where they say that it moved.
            Verdict::Straddles if scaled == Scaled::Bytes && !fires(base.recounted, present.value) => {
                self.stayed(with_now, base, present.value, scaled)
            }
            Verdict::Straddles => Some(self.dated(Change { because: Because::ExactCountNeeded, ..with_now }, |_| None)),
            Verdict::Stayed => self.stayed(with_now, base, present.value, scaled),
        }
    }

    /// What a measure of a filed class is compared with.
    fn base(&self, filed: &FiledEntry, figure: u64, scaled: Scaled) -> Base {
        let is_recounted = self.has_other_rules(filed) && self.is_recounted(filed);
        let recounted = if is_recounted { recounted_figure(self.recounted(filed), scaled) } else { figure };
        Base { filed: figure, recounted }
    }

    /// The figures of each level within a class (某类重要数据和核心数据 may mean either by itself), where one of the two
    /// sides holds more than one level. Those of the class as a whole are compared beside them.
    pub(super) fn of_levels(&self, filed: &FiledEntry, now: &Entry, gap: Option<Because>, changes: &mut Vec<Change>) {
        let is_one_level = filed.method.levels.is_empty() && now.class.scale.levels.is_empty();
        // Nobody recorded of a filing from before how much of a class each level held.
        let is_unknown = filed.method.levels.is_empty() && filed.method.counting != Counting::Scan;
        if is_one_level || is_unknown || gap.is_some() || self.has_other_rules(filed) {
            return;
        }
        let whole = |level: Level, measure: &dyn Fn(Scaled) -> Option<Measure>| {
            vec![LevelFigures {
                level,
                records: measure(Scaled::Records),
                bytes: measure(Scaled::Bytes),
                subjects: measure(Scaled::Subjects),
            }]
        };
        let mut before = match filed.method.levels.as_slice() {
            [] => whole(filed.level, &|scaled| filed_measure(filed, scaled)),
            levels => levels.to_vec(),
        };
        let after = match now.class.scale.levels.as_slice() {
            [] => whole(level_of(now), &|scaled| class_measure(&now.class, scaled)),
            levels => levels.to_vec(),
        };
        // A level that nothing had was filed with nothing; where the class as a whole has risen to it, the level says so.
        let is_new = |level: Level| level != level_of(now) && before.iter().all(|pair| pair.level != level);
        let nothing = |level| LevelFigures { level, records: NOTHING, bytes: NOTHING, subjects: None };
        let new: Vec<_> = after.iter().map(|pair| pair.level).filter(|level| is_new(*level)).map(nothing).collect();
        before.extend(new);
        for pair in &before {
            let present = after.iter().find(|other| other.level == pair.level);
            for scaled in Scaled::ALL {
                let Some(base) = level_measure(pair, scaled) else { continue };
                let present = present.map_or(Some(Measure::exact(0)), |other| level_measure(other, scaled));
                let Some(present) = present.filter(|present| fires(base.value, present.value)) else { continue };
                let change = Change {
                    measure: Some(scaled),
                    filed: Value::Number(base.value),
                    now: Value::Number(present.value),
                    ratio: ratio(base.value, present.value),
                    ..awaiting(draft(filed, pair.level, Kind::Scale), now)
                };
                let straddles = judge(base.value, range(scaled, present, None)) == Verdict::Straddles;
                changes.push(if straddles && !present.exact {
                    Change { material: None, because: Because::ExactCountNeeded, ..change }
                } else {
                    self.dated(change, |_| None)
                });
            }
        }
    }

    /// The scale moved by thirty per cent or more.
    fn moved(&self, change: Change, base: Base, now: u64, scaled: Scaled) -> Change {
        let change = Change {
            now: Value::Number(now),
            ratio: ratio(base.recounted, now),
            material: Some(true),
            because: Because::Article12,
            ..change
        };
        self.dated(change, |seen| base.fires(seen, scaled))
    }

    /// The scale moved by less; an earlier crossing that fell back is shown, and changes no state.
    fn stayed(&self, change: Change, base: Base, now: u64, scaled: Scaled) -> Option<Change> {
        let history = self.history(&change.entry);
        if let Some(crossed) = crossing(&self.filing.as_of, history, |seen| base.fires(seen, scaled)) {
            return Some(Change { because: Because::FellBack, between: Some(crossed.between), ..change });
        }
        (base.recounted != now).then_some(Change { material: Some(false), because: Because::BelowThreshold, ..change })
    }
}

impl Base {
    /// Whether an earlier result shows the measure moved; `None` where it cannot say.
    fn fires(self, seen: &Seen, scaled: Scaled) -> Option<bool> {
        let base = match seen.counted {
            Counted::AsFiled => self.filed,
            Counted::AsNow => self.recounted,
            Counted::Otherwise => return None,
        };
        seen_measure(seen, scaled).map(|measure| fires(base, measure.value))
    }
}

/// The values that a present figure may stand for. Where nobody recorded whether the filed records count copies of the same
/// content once or as often as they are stored, both readings are in it.
fn range_of(filed: &FiledEntry, now: &Entry, scaled: Scaled, present: Measure) -> (u64, u64) {
    let scale = &now.class.scale;
    let (low, high) = range(scaled, present, scale.subjects);
    let stored = scale.records.filter(|_| scaled == Scaled::Records);
    match stored.filter(|_| filed.method.counting != Counting::Scan) {
        Some(stored) => {
            let (stored_low, stored_high) = range(scaled, stored, None);
            (low.min(stored_low), high.max(stored_high))
        }
        None => (low, high),
    }
}

fn recounted_figure(then: Option<&Class>, scaled: Scaled) -> u64 {
    then.and_then(|class| class_measure(class, scaled)).map_or(0, |measure| measure.value)
}

fn class_measure(class: &Class, scaled: Scaled) -> Option<Measure> {
    match scaled {
        Scaled::Records => class.scale.records_distinct,
        Scaled::Bytes => class.scale.bytes,
        Scaled::Subjects => class.scale.subjects_filed(),
    }
}

fn level_measure(figures: &LevelFigures, scaled: Scaled) -> Option<Measure> {
    match scaled {
        Scaled::Records => figures.records,
        Scaled::Bytes => figures.bytes,
        Scaled::Subjects => figures.subjects,
    }
}
