//! What the values of a column look like. Values are looked at and forgotten; of the last one its bytes are held until
//! the next has been compared with it.

use std::cmp::Ordering;

use crate::model::ColumnStatistics;

/// Values of a column that are looked at: what a column holds shows in the first thousands.
const MOST_VALUES: u64 = 10_000;
/// Different values that a column may have and still be enumerated.
const MOST_ENUMERATED: usize = 64;
/// Times that each of them occurs in the mean, at least.
const FEWEST_REPETITIONS: u64 = 5;
/// Columns that are looked at: what has more is a matrix, not a table.
const MOST_COLUMNS: usize = 512;
/// Bytes of a value that can be a code.
const LONGEST_CODE: usize = 40;
/// Bytes of a number or time that are compared.
const COMPARED_BYTES: usize = 40;

/// The statistics of the columns of a table, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Statistics {
    columns: Vec<State>,
}

#[derive(Debug, Default)]
struct State {
    counts: ColumnStatistics,
    /// Different values, by hash; none as soon as there are too many.
    different: Vec<u64>,
    is_varied: bool,
    last: Vec<u8>,
    rises: bool,
    falls: bool,
}

/// What one value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Integer,
    Decimal,
    Time,
    Boolean,
    Code,
    Json,
    Text,
}

impl Statistics {
    /// Takes a value without blanks around it, not empty.
    pub(super) fn take(&mut self, column: usize, value: &[u8]) {
        if column >= MOST_COLUMNS {
            return;
        }
        if self.columns.len() <= column {
            self.columns.resize_with(column + 1, State::default);
        }
        if let Some(state) = self.columns.get_mut(column).filter(|state| state.counts.values < MOST_VALUES) {
            state.take(value);
        }
    }

    /// What the columns are, after so many rows.
    pub(super) fn finish(self, columns: usize, rows: u64) -> Vec<ColumnStatistics> {
        let mut states = self.columns;
        states.resize_with(states.len().max(columns.min(MOST_COLUMNS)), State::default);
        states.into_iter().map(|state| state.finish(rows)).collect()
    }
}

impl State {
    fn take(&mut self, value: &[u8]) {
        let kind = kind_of(value);
        let counts = &mut self.counts;
        counts.values += 1;
        let count = match kind {
            Kind::Integer => &mut counts.integers,
            Kind::Decimal => &mut counts.decimals,
            Kind::Time => &mut counts.times,
            Kind::Boolean => &mut counts.booleans,
            Kind::Code => &mut counts.codes,
            Kind::Json => &mut counts.json,
            Kind::Text => &mut counts.texts,
        };
        *count += 1;
        self.note_different(value);
        if matches!(kind, Kind::Integer | Kind::Time) {
            self.compare(value);
        }
    }

    fn note_different(&mut self, value: &[u8]) {
        if self.is_varied {
            return;
        }
        let hash = xxhash_rust::xxh3::xxh3_64(value);
        if let Err(place) = self.different.binary_search(&hash) {
            self.different.insert(place, hash);
            if self.different.len() > MOST_ENUMERATED {
                self.is_varied = true;
                self.different = Vec::new();
            }
        }
    }

    fn compare(&mut self, value: &[u8]) {
        let value = value.get(..COMPARED_BYTES).unwrap_or(value);
        if !self.last.is_empty() {
            // Numbers of more digits are larger; times are written alike, the larger part first.
            // Fractions of a second lose their last zeros.
            let is_number = |value: &[u8]| value.iter().all(u8::is_ascii_digit);
            let by_length = if is_number(value) && is_number(&self.last) {
                value.len().cmp(&self.last.len())
            } else {
                Ordering::Equal
            };
            let order = by_length.then_with(|| value.cmp(&self.last));
            let order = if value.first().is_some_and(u8::is_ascii_digit) { order } else { Ordering::Equal };
            self.rises |= order == Ordering::Greater;
            self.falls |= order == Ordering::Less;
        }
        self.last.clear();
        self.last.extend_from_slice(value);
    }

    fn finish(self, rows: u64) -> ColumnStatistics {
        let distinct = self.different.len() as u64;
        let mut counts = self.counts;
        // Past the last value that was looked at nobody counted.
        counts.empty = if counts.values < MOST_VALUES { rows.saturating_sub(counts.values) } else { 0 };
        counts.is_enumerated = !self.is_varied && distinct > 0 && counts.values >= distinct * FEWEST_REPETITIONS;
        counts.is_monotone = self.rises != self.falls;
        counts
    }
}

fn kind_of(value: &[u8]) -> Kind {
    let Some(first) = value.first() else { return Kind::Text };
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.') {
        let unsigned = value.strip_prefix(b"-").or_else(|| value.strip_prefix(b"+")).unwrap_or(value);
        if digits == unsigned.len() && digits > 0 {
            return if is_since_1970(unsigned) { Kind::Time } else { Kind::Integer };
        }
        if is_decimal(unsigned) {
            return Kind::Decimal;
        }
        if is_time(value) {
            return Kind::Time;
        }
    }
    if matches!((first, value.last()), (b'{', Some(b'}')) | (b'[', Some(b']'))) {
        return Kind::Json;
    }
    if is_boolean(value) {
        return Kind::Boolean;
    }
    let is_mark = |byte: &u8| matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'#');
    let is_code = value.len() <= LONGEST_CODE
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte))
        && value.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if is_code { Kind::Code } else { Kind::Text }
}

/// One point, digits on a side of it, perhaps an exponent.
fn is_decimal(value: &[u8]) -> bool {
    let cut = value.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(value.len());
    let (mantissa, exponent) = value.split_at(cut);
    let points = memchr::memchr_iter(b'.', mantissa).count();
    let is_number = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let mantissa_fits = points <= 1
        && mantissa.iter().any(u8::is_ascii_digit)
        && mantissa.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let sign = exponent.get(1).is_some_and(|byte| matches!(byte, b'-' | b'+'));
    let exponent_fits = exponent.is_empty() || is_number(exponent.get(1 + usize::from(sign)..).unwrap_or_default());
    mantissa_fits && exponent_fits && (points == 1 || !exponent.is_empty())
}

/// `2026-01-02`, `2026/1/2 03:04`, `20260102T030405Z`, `03:04:05`.
fn is_time(value: &[u8]) -> bool {
    let run = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let behind = |at: usize| value.get(at).copied().unwrap_or_default();
    let is_date = run == 4 && matches!(behind(4), b'-' | b'/' | b'.') && behind(5).is_ascii_digit();
    let is_compact = run == 8 && behind(8) == b'T';
    let is_of_day = (1..=2).contains(&run) && behind(run) == b':' && behind(run + 1).is_ascii_digit();
    (is_date || is_compact || is_of_day) && value.len() <= COMPARED_BYTES
}

/// Seconds or milliseconds between the years 2001 and 2033.
fn is_since_1970(digits: &[u8]) -> bool {
    matches!(digits.len(), 10 | 13) && digits.first() == Some(&b'1')
}

fn is_boolean(value: &[u8]) -> bool {
    const WORDS: [&str; 12] = ["t", "f", "true", "false", "y", "n", "yes", "no", "on", "off", "是", "否"];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Holds;

    fn of(values: &[&str]) -> ColumnStatistics {
        let mut statistics = Statistics::default();
        for value in values {
            statistics.take(0, value.as_bytes());
        }
        statistics.finish(1, values.len() as u64 + 3).remove(0)
    }

    #[test]
    fn each_kind_of_value_is_told() {
        for (kind, values) in [
            (Kind::Integer, &["0", "-17", "+4", "13800138000"][..]),
            (Kind::Decimal, &["1.5", "-0.25", ".5", "1e-7", "6.02E+23"]),
            (Kind::Time, &["2026-01-02", "2026/1/2 3:04", "03:04:05", "1767225600", "1767225600000", "20260102T0304"]),
            (Kind::Boolean, &["true", "F", "是"]),
            (Kind::Code, &["FIC-1001.PV", "WO2024001", "A", "3M", "2-1"]),
            (Kind::Json, &["{\"a\": 1}", "[1, 2]", "{}"]),
            (Kind::Text, &["停机检修", "on the line", "normal", "1,5", "1.2.3 beta", "-"]),
        ] {
            for value in values {
                assert_eq!(kind_of(value.as_bytes()), kind, "{value}");
            }
        }
    }

    #[test]
    fn few_values_over_and_over_are_enumerated_and_many_are_not() {
        assert!(of(&["A1", "B2", "C3"].repeat(20)).is_enumerated);
        let many: Vec<String> = (0..100).map(|number| format!("A{number}")).collect();
        assert!(!of(&many.iter().map(String::as_str).collect::<Vec<_>>().repeat(20)).is_enumerated);
    }

    #[test]
    fn times_that_never_fall_are_monotone_and_shuffled_ones_are_not() {
        let rising: Vec<String> = (10..40).map(|minute| format!("2026-01-02 03:{minute}:00")).collect();
        let mut values: Vec<&str> = rising.iter().map(String::as_str).collect();
        assert!(of(&values).holds(Holds::MonotoneTime));
        values.reverse();
        assert!(of(&values).holds(Holds::MonotoneTime));
        values.swap(3, 9);
        assert!(!of(&values).holds(Holds::MonotoneTime));
        assert!(!of(&["2026-01-02"].repeat(30)).holds(Holds::MonotoneTime), "one day is no series");
        // PostgreSQL leaves the last zeros of a fraction out.
        let fractions: Vec<String> = (1..=30)
            .map(|tenth| format!("2026-01-02 03:04:{:02}.{}", tenth / 4, ["1", "25", "5", "75"][tenth % 4]))
            .collect();
        assert!(of(&fractions.iter().map(String::as_str).collect::<Vec<_>>()).holds(Holds::MonotoneTime));
    }

    #[test]
    fn rows_without_a_value_are_counted() {
        assert_eq!((of(&["a"]).values, of(&["a"]).empty), (1, 3));
    }

    proptest! {
        #[test]
        fn every_value_is_of_one_kind(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..50), 0..60)) {
            let mut statistics = Statistics::default();
            for value in &values {
                statistics.take(0, value);
            }
            let found = statistics.finish(1, values.len() as u64).remove(0);
            let kinds = [found.integers, found.decimals, found.times, found.booleans, found.codes, found.json, found.texts];
            prop_assert_eq!(kinds.iter().sum::<u64>(), values.len() as u64);
        }
    }
}
