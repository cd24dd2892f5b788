//! The rule of `miit-166/12` once more, plainly, from the article and the readings that `docs/architecture.md` states, without a line
//! of the code that it is held against: sums over files, and integers.

use std::collections::{BTreeMap, BTreeSet};

use super::world::{File, STORES, View, World};

/// (category, store).
pub(super) type Class = (&'static str, &'static str);

/// What was accepted.
#[derive(Clone, Debug, Default)]
pub(super) struct Accepted {
    /// Records and bytes of each class.
    pub(super) figures: BTreeMap<Class, [u64; 2]>,
    /// The date of the figures.
    pub(super) as_of: String,
    /// What each store held then.
    pub(super) views: BTreeMap<&'static str, View>,
}

/// What has to be said of a class; an earlier one outranks a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    Material,
    Incomplete,
    Undetermined,
}

/// What the article asks for in a week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Week {
    /// The gravest thing that is said of each class, if anything is.
    pub(super) said: BTreeMap<Class, Said>,
    /// For measures (0 records, 1 bytes) that moved: last seen below, first seen above.
    pub(super) between: BTreeMap<(Class, usize), [String; 2]>,
}

fn moved(filed: u64, now: u64) -> bool {
    let (filed, now) = (i128::from(filed), i128::from(now));
    if filed == 0 { now > 0 } else { now * 10 >= filed * 13 || now * 10 <= filed * 7 }
}

/// Records, of copies once; bytes, of copies each.
fn sums<'f>(files: impl Iterator<Item = &'f File>) -> [u64; 2] {
    let mut known = BTreeSet::new();
    let mut sums = [0, 0];
    for file in files {
        sums[1] += file.bytes;
        if known.insert(file.content) {
            sums[0] += file.records;
        }
    }
    sums
}

fn of_view(view: &View, category: &str) -> [u64; 2] {
    sums(view.files.iter().filter(|file| file.category(view.rules) == category))
}

fn is_in(view: &View, category: &str) -> bool {
    view.files.iter().any(|file| file.category(view.rules) == category)
}

pub(super) fn accept(world: &World) -> Accepted {
    let mut accepted = Accepted { as_of: super::world::day(world.week), ..Accepted::default() };
    for store in STORES {
        let view = world.now(store);
        for file in &view.files {
            let category = file.category(view.rules);
            accepted.figures.insert((category, store), of_view(view, category));
        }
        accepted.views.insert(store, view.clone());
    }
    accepted
}

/// What was filed of a store, each file with the category that the rules of now give it: a file that is there with the same
/// content is what it is now, one that changed is what stands at its place now, one that has gone is what it was.
fn recount(then: &View, now: &View) -> BTreeMap<&'static str, [u64; 2]> {
    let mut elsewhere: Vec<&File> =
        now.files.iter().filter(|file| !then.files.iter().any(|old| old.path == file.path)).collect();
    let mut by_category: BTreeMap<&'static str, Vec<&File>> = BTreeMap::new();
    for old in &then.files {
        let at_place = now.files.iter().find(|file| file.path == old.path);
        let found = elsewhere.iter().position(|file| file.content == old.content).filter(|_| at_place.is_none());
        let moved = found.map(|place| elsewhere.remove(place));
        let category = at_place.or(moved).map_or_else(|| old.category(then.rules), |file| file.category(now.rules));
        by_category.entry(category).or_default().push(old);
    }
    by_category.into_iter().map(|(category, files)| (category, sums(files.into_iter()))).collect()
}

/// The class that holds more than seventy per cent of the bytes of a class that is gone.
fn whereto(world: &World, accepted: &Accepted, (category, store): Class) -> Option<Class> {
    let then = &accepted.views[store];
    let lost: Vec<&File> = then.files.iter().filter(|file| file.category(then.rules) == category).collect();
    let whole: u64 = lost.iter().map(|file| file.bytes).sum();
    for other in STORES {
        let view = world.now(other);
        let mut by_category: BTreeMap<&'static str, Vec<u128>> = BTreeMap::new();
        for file in &view.files {
            by_category.entry(file.category(view.rules)).or_default().push(file.content);
        }
        for (target, mut contents) in by_category {
            let mut found = 0;
            for file in &lost {
                if let Some(place) = contents.iter().position(|content| *content == file.content) {
                    contents.remove(place);
                    found += file.bytes;
                }
            }
            if found > 0 && 10 * u128::from(whole - found) < 3 * u128::from(whole) {
                return Some((target, other));
            }
        }
    }
    None
}

/// What has to be said this week.
pub(super) fn judge(world: &World, accepted: &Accepted) -> Week {
    let mut week = Week::default();
    let mut taken: BTreeSet<Class> = BTreeSet::new();
    let mut say = |class: Class, said: Said| {
        let known = week.said.entry(class).or_insert(said);
        *known = said.min(*known);
    };
    let mut between = BTreeMap::new();
    for (class, filed) in &accepted.figures {
        let (category, store) = *class;
        let (then, now) = (&accepted.views[store], world.now(store));
        let is_out = world.out.contains(&store);
        let has_other_rules = then.rules != now.rules;
        let recounted = has_other_rules.then(|| recount(then, now));
        let base = recounted.as_ref().map_or(*filed, |all| all.get(category).copied().unwrap_or_default());
        let (mut holder, mut is_there) = (*class, is_in(now, category));
        if is_out {
            say(*class, Said::Incomplete);
        }
        if !is_there && !is_out {
            match whereto(world, accepted, *class) {
                // Nothing has happened to the data: the rules see another class in them.
                _ if has_other_rules && base == [0, 0] => say(*class, Said::Undetermined),
                Some(target) => {
                    // Another category, another carrier, or both: what was filed is not so any more.
                    say(*class, Said::Material);
                    is_there = !accepted.figures.contains_key(&target);
                    if is_there {
                        taken.insert(target);
                    }
                    holder = target;
                }
                None => say(*class, Said::Material),
            }
        }
        if !is_there {
            continue;
        }
        if has_other_rules && base != *filed && holder == *class {
            say(*class, Said::Undetermined);
        }
        let present = of_view(world.now(holder.1), holder.0);
        for measure in [0, 1] {
            let has_fallen = present[measure] <= base[measure];
            if moved(base[measure], present[measure]) && !(is_out && has_fallen) {
                say(*class, Said::Material);
                if holder == *class {
                    between.insert((*class, measure), window(world, accepted, *class, measure, base[measure]));
                }
            }
        }
    }
    for store in STORES {
        let (then, now) = (&accepted.views[store], world.now(store));
        let recounted = if then.rules == now.rules { BTreeMap::new() } else { recount(then, now) };
        for file in &now.files {
            let class = (file.category(now.rules), store);
            if accepted.figures.contains_key(&class) || taken.contains(&class) {
                continue;
            }
            let was_there = recounted.get(class.0).is_some_and(|figures| *figures != [0, 0]);
            say(class, if was_there { Said::Undetermined } else { Said::Material });
        }
    }
    week.between = between;
    week
}

/// The last day on which a measure was seen below the threshold, and the first of those since on which it was above.
fn window(world: &World, accepted: &Accepted, (category, store): Class, measure: usize, base: u64) -> [String; 2] {
    let (then, now) = (&accepted.views[store], world.now(store));
    let mut below = accepted.as_of.clone();
    let mut above: Option<String> = None;
    for view in world.views[store].iter().filter(|view| view.scan > then.scan) {
        let base = match view.rules {
            rules if rules == then.rules => accepted.figures[&(category, store)][measure],
            rules if rules == now.rules => base,
            _ => continue,
        };
        if moved(base, of_view(view, category)[measure]) {
            above.get_or_insert_with(|| view.date.clone());
        } else {
            below.clone_from(&view.date);
            above = None;
        }
    }
    [below, above.unwrap_or_else(|| now.date.clone())]
}
