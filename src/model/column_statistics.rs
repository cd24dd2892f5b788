/// What the values of one column look like: counts alone, no value and no bound of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnStatistics {
    /// Values that were looked at; NULL, the empty and the blank one are none.
    pub values: u64,
    /// Rows without a value.
    pub empty: u64,
    /// Whole numbers.
    pub integers: u64,
    /// Numbers with a decimal point.
    pub decimals: u64,
    /// Dates, times of day, and both; seconds or milliseconds since 1970.
    pub times: u64,
    /// Words for yes and no.
    pub booleans: u64,
    /// Short runs of letters and digits, with or without marks between: codes, tags, numbers of orders.
    pub codes: u64,
    /// Objects and lists of JSON.
    pub json: u64,
    /// Anything else.
    pub texts: u64,
    /// The same few values over and over.
    pub is_enumerated: bool,
    /// Row by row no value lies before the one above it, and some lie behind; or the other way round. Of numbers and
    /// times.
    pub is_monotone: bool,
}

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// Times that rise or fall from row to row.
    MonotoneTime,
    /// The same few codes over and over.
    EnumeratedCode,
    /// Measured values: numbers with decimals.
    Decimal,
}

impl ColumnStatistics {
    /// Fewer values show nothing.
    const FEWEST: u64 = 20;

    /// Whether nearly all values are such.
    #[must_use]
    pub fn holds(&self, what: Holds) -> bool {
        let nearly_all = |count: u64| self.values >= Self::FEWEST && count * 10 >= self.values * 9;
        match what {
            Holds::MonotoneTime => nearly_all(self.times) && self.is_monotone,
            Holds::EnumeratedCode => nearly_all(self.codes) && self.is_enumerated,
            // Of measured values some are whole by chance.
            Holds::Decimal => nearly_all(self.decimals + self.integers) && self.decimals * 2 >= self.values,
        }
    }
}
