//! Columns of numbers that are named for nothing: what passes there now and then passes by chance.
//!
//! One number of eleven digits in fourteen looks like a mobile number, and of a hundred thousand order numbers some pass two
//! check digits. A column of mobile numbers is full of them. So whole cells of digits are counted by their length, and a
//! detector that takes fewer than a quarter of those of its lengths takes none.

/// Cells of a length from which on a share says something.
const FEWEST_CELLS: u64 = 20;
/// One in so many cells is the least.
const LEAST_SHARE: u64 = 4;
/// Longer runs of digits are nobody's number.
const LONGEST_RUN: usize = 31;

/// Lengths of runs of digits, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lengths(u32);

impl Lengths {
    /// With one more.
    pub(super) fn with(self, length: usize) -> Self {
        Self(self.0 | 1 << length.min(LONGEST_RUN))
    }
}

/// The cells of a column that are digits and nothing else, by their length.
#[derive(Default)]
pub(super) struct DigitCells {
    by_length: [u64; LONGEST_RUN + 1],
}

impl DigitCells {
    /// Takes a cell of so many digits.
    pub(super) fn take(&mut self, digits: usize) {
        if let Some(cells) = self.by_length.get_mut(digits) {
            *cells += 1;
        }
    }

    /// Whether so few matches among the cells of these lengths are chance.
    pub(super) fn are_chance(&self, matches: u64, lengths: Lengths) -> bool {
        let counted = self.by_length.iter().enumerate().filter(|(length, _)| lengths.0 >> length & 1 == 1);
        let cells: u64 = counted.map(|(_, cells)| cells).sum();
        cells >= FEWEST_CELLS && matches.saturating_mul(LEAST_SHARE) < cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_matches_among_many_numbers_of_their_length_are_chance() {
        let mut cells = DigitCells::default();
        for number in 0..100u64 {
            cells.take(11);
            cells.take(number.to_string().len());
        }
        cells.take(40);
        let eleven = Lengths::default().with(11);
        assert!(cells.are_chance(24, eleven) && !cells.are_chance(25, eleven));
        // Nothing is known of lengths that the column has not.
        assert!(!cells.are_chance(1, Lengths::default().with(18)));
        assert!(cells.are_chance(27, eleven.with(2)));
    }
}
