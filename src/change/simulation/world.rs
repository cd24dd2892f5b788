//! An invented enterprise: files in stores that grow, shrink, move and are copied, scanned once a week by rules that are
//! upgraded now and then, from stores that do not always answer.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Ten categories in six stores; fifty of the sixty pairs hold data at first.
pub(super) const CATEGORIES: [&str; 10] = [
    "research.test",
    "production.quality",
    "production.planning",
    "management.asset",
    "management.customer-product",
    "management.supply-chain",
    "management.finance",
    "operations.logistics",
    "operations.after-sales",
    "service.user",
];
pub(super) const STORES: [&str; 6] = ["erp", "mes", "plant", "archive", "lab", "site"];

/// Numbers from a seed (xorshift64*, Vigna 2016).
#[derive(Clone, Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }
}

/// A file as it is, whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) content: u128,
    pub(super) records: u64,
    pub(super) bytes: u64,
    /// What it is about; rules make a category of it.
    subject: usize,
    /// Decides which upgrades of the rules see something else in it.
    kind: u64,
}

impl File {
    /// Its category by some version of the rules.
    pub(super) fn category(&self, rules: u64) -> &'static str {
        let turned = u64::from(rules >= 1 && self.kind % 9 == 2) + u64::from(rules >= 2 && self.kind % 7 == 3);
        CATEGORIES[(self.subject + turned as usize) % CATEGORIES.len()]
    }
}

/// What a complete scan of a store saw.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) scan: i64,
    pub(super) date: String,
    pub(super) rules: u64,
    pub(super) files: Vec<File>,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    dice: Dice,
    stores: BTreeMap<&'static str, Vec<File>>,
    rules: u64,
    next: u128,
    pub(super) week: i64,
    /// All complete results of each store.
    pub(super) views: BTreeMap<&'static str, Vec<View>>,
    /// Stores whose latest scan did not answer.
    pub(super) out: Vec<&'static str>,
}

/// The date of a week.
pub(super) fn day(week: i64) -> String {
    let first: Date = date(2023, 1, 2);
    first.saturating_add((week * 7).days()).to_string()
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut world = Self {
            dice: Dice(seed),
            stores: STORES.iter().map(|store| (*store, Vec::new())).collect(),
            rules: 0,
            next: 1,
            week: 0,
            views: BTreeMap::new(),
            out: Vec::new(),
        };
        for class in 0..50 {
            let (subject, store) = (class % CATEGORIES.len(), STORES[class / CATEGORIES.len()]);
            for file in 0..3 + world.dice.roll(4) {
                let path = format!("{subject}/{class:02}-{file}.csv");
                let (records, kind) = (20 + world.dice.roll(400), world.dice.roll(1000));
                let file = File { path, content: world.content(), records, bytes: records * 37, subject, kind };
                world.stores.get_mut(store).unwrap().push(file);
            }
        }
        world
    }

    fn content(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    /// Lets a week go by, and scans.
    pub(super) fn pass_a_week(&mut self) {
        self.week += 1;
        if matches!(self.week, 55 | 104) {
            self.rules += 1;
        }
        for _ in 0..3 + self.dice.roll(5) {
            self.happen();
        }
        self.scan();
    }

    fn happen(&mut self) {
        let store = STORES[self.dice.roll(STORES.len() as u64) as usize];
        let event = self.dice.roll(40);
        match event {
            0 => self.move_a_class(store),
            1 => self.rename_a_folder(store),
            _ => {
                let content = self.content();
                let count = self.stores[store].len() as u64;
                if count == 0 {
                    return;
                }
                let place = self.dice.roll(count) as usize;
                let share = self.dice.roll(30);
                let files = self.stores.get_mut(store).unwrap();
                let file = &mut files[place];
                match event {
                    // Gone for good.
                    2 => _ = files.remove(place),
                    // A copy beside it, of the same content.
                    3 | 4 => {
                        let copy = File { path: format!("{}.{content}", file.path), ..file.clone() };
                        files.push(copy);
                    }
                    5..=14 => {
                        (file.content, file.records) = (content, file.records - file.records * share / 100);
                        file.bytes = file.records * 37;
                    }
                    _ => {
                        (file.content, file.records) = (content, file.records + 1 + file.records * share / 100);
                        file.bytes = file.records * 37;
                    }
                }
            }
        }
    }

    /// All files of one subject go to a store that has none of it.
    fn move_a_class(&mut self, from: &'static str) {
        let subject = self.dice.roll(CATEGORIES.len() as u64) as usize;
        let has = |files: &[File]| files.iter().any(|file| file.subject == subject);
        let free: Vec<&'static str> = STORES.into_iter().filter(|store| !has(&self.stores[store])).collect();
        let Some(to) = free.get(self.dice.roll(free.len().max(1) as u64) as usize) else { return };
        let files = self.stores.get_mut(from).unwrap();
        let (moved, kept): (Vec<File>, Vec<File>) = files.drain(..).partition(|file| file.subject == subject);
        *files = kept;
        self.stores.get_mut(to).unwrap().extend(moved);
    }

    /// A folder gets another name; nothing else changes.
    fn rename_a_folder(&mut self, store: &'static str) {
        let (subject, name) = (self.dice.roll(CATEGORIES.len() as u64) as usize, self.content());
        for file in self.stores.get_mut(store).unwrap().iter_mut().filter(|file| file.subject == subject) {
            let own = file.path.rsplit('/').next().unwrap_or_default().to_owned();
            file.path = format!("{name}/{own}");
        }
    }

    pub(super) fn scan(&mut self) {
        self.out.clear();
        for store in STORES {
            // The first scan reads everything; later one in eight does not answer.
            if self.week > 0 && self.dice.roll(8) == 0 {
                self.out.push(store);
                continue;
            }
            let mut files = self.stores[store].clone();
            files.sort_by(|one, other| one.path.cmp(&other.path));
            let view = View { scan: self.week + 1, date: day(self.week), rules: self.rules, files };
            self.views.entry(store).or_default().push(view);
        }
    }

    /// The latest complete result of a store.
    pub(super) fn now(&self, store: &str) -> &View {
        self.views[store].last().unwrap()
    }
}
