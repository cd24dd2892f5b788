//! A sample by ranges of an integer key, for servers that draw no samples themselves.

use crate::discover::database::TableFacts;

use super::Sampling;
use super::deliver::Receiver;
use super::ranges::{Cells, Frame, Slice, shares};

/// Rows of a cluster. Few: on a table that is sorted by what is looked for, a cluster says no more than one row of it
/// does, so the interval is that of as many rows as there are clusters. Of 1,000 rows that is two hundred, which know a
/// share within seven points there, and within three where rows are mixed.
const ROWS_OF_A_CLUSTER: u64 = 5;

/// How many clusters a sample has.
pub(super) fn clusters(sampling: &Sampling) -> u64 {
    (sampling.rows / ROWS_OF_A_CLUSTER).max(2)
}
/// Ranges that are asked in one statement, so that it stays short.
const RANGES_PER_STATEMENT: usize = 50;
/// A cell with more rows is not counted to its end: the sample is of a table whose keys lie in heaps.
const MOST_COUNTED: u64 = 100_000;
/// Ranges that are tried when keys have gaps, in each round.
const PROBES: usize = 256;
/// Rounds of trying: each halves the keys at least, or is the last.
const MOST_PROBING: usize = 64;
/// Keys for each row up to which gaps are not looked for.
const DENSE: i128 = 4;

/// A table that has an integer key with an index.
pub(super) trait KeyedTable {
    /// Asks one row of numbers.
    async fn numbers(&mut self, sql: String) -> Result<Vec<Option<i128>>, sqlx::Error>;
    /// Sends statements at once; the answer of each is a cluster out of `of` rows.
    async fn clusters(
        &mut self,
        statements: Vec<String>,
        of: Vec<u64>,
        receiver: &mut Receiver<'_>,
    ) -> Result<(), sqlx::Error>;
}

/// The words of the statements, names quoted.
pub(super) struct Words<'w> {
    /// The key.
    pub(super) key: String,
    /// The table, as it stands behind `FROM`.
    pub(super) source: String,
    /// The columns, as they stand behind `SELECT`.
    pub(super) columns: &'w str,
    /// How the server says what the standard leaves open.
    pub(super) dialect: Dialect,
}

/// How a server takes the first rows only, and how it writes a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `LIMIT` at the end.
    Limit,
    /// `TOP` at the front; a large number is one of decimals, for which no index would be used, unless it is said not to be.
    SqlServer,
}

impl Dialect {
    fn first(self, most: u64, columns: &str, rest: &str) -> String {
        match self {
            Self::Limit => format!("SELECT {columns} {rest} LIMIT {most}"),
            Self::SqlServer => format!("SELECT TOP ({most}) {columns} {rest}"),
        }
    }

    fn number(self, number: i128) -> String {
        match self {
            Self::SqlServer if i32::try_from(number).is_err() => format!("CAST({number} AS bigint)"),
            _ => number.to_string(),
        }
    }
}

/// Reads a sample; gives whether there are rows that were not read, and an estimate of their number where it is needed.
pub(super) async fn sample(
    table: &mut impl KeyedTable,
    words: &Words<'_>,
    facts: &TableFacts,
    sampling: &Sampling,
    receiver: &mut Receiver<'_>,
) -> Result<Sampled, sqlx::Error> {
    let Words { key, source, columns, dialect } = words;
    let ends = table.numbers(format!("SELECT (SELECT min({key}) FROM {source}), (SELECT max({key}) FROM {source})"));
    let [Some(first), Some(last)] = ends.await?[..] else { return Ok(Sampled { more: false, of: None }) };
    let known = facts.records.map(|records| records.value);
    let frame = without_gaps(table, words, Frame::new(first, last), known).await?;
    let rows = known.unwrap_or_else(|| u64::try_from(frame.width()).unwrap_or(u64::MAX));
    let cells = Cells::new(frame, clusters(sampling), rows / sampling.rows.max(1), sampling.seed);
    let drawn = draw(table, words, &cells, sampling).await?;
    let counts: Vec<u64> = drawn.cells.iter().map(|(_, count)| *count).collect();
    let taken = shares(&counts, sampling.rows.saturating_add(sampling.rows / 4));
    for part in drawn.cells.iter().zip(&taken).collect::<Vec<_>>().chunks(RANGES_PER_STATEMENT) {
        let statement = |((ranges, _), most): &(&(Vec<Slice>, u64), &u64)| {
            let rest = format!("FROM {source} WHERE {} ORDER BY {key}", within(words, ranges));
            dialect.first(**most, columns, &rest)
        };
        let of = part.iter().map(|((_, count), _)| *count).collect();
        table.clusters(part.iter().map(statement).collect(), of, receiver).await?;
    }
    let counted: u64 = counts.iter().sum();
    let is_all = drawn.rounds >= cells.of_a_stratum() && counted == receiver.rows();
    let of = counted.saturating_mul(cells.of_a_stratum()) / drawn.rounds.max(1);
    Ok(Sampled { more: !is_all, of: Some(of) })
}

/// How a sample went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sampled {
    /// There are rows that were not read.
    pub(super) more: bool,
    /// How many rows there are, by what was drawn.
    pub(super) of: Option<u64>,
}

/// Cells with their number of rows, none of them empty.
struct Drawn {
    cells: Vec<(Vec<Slice>, u64)>,
    rounds: u64,
}

/// Draws cells until there are about as many rows as wanted.
async fn draw(
    table: &mut impl KeyedTable,
    words: &Words<'_>,
    cells: &Cells,
    sampling: &Sampling,
) -> Result<Drawn, sqlx::Error> {
    let mut drawn = Drawn { cells: Vec::new(), rounds: 0 };
    let mut rows: u64 = 0;
    let most_rounds = cells.of_a_stratum().min(Cells::ROUNDS);
    while drawn.rounds < most_rounds && rows < sampling.rows / 4 * 3 {
        let round = cells.draw(drawn.rounds);
        let counts = count(table, words, &round).await?;
        rows = counts.iter().fold(rows, |sum, count| sum.saturating_add(*count));
        drawn.cells.extend(round.into_iter().zip(counts).filter(|(_, count)| *count > 0));
        drawn.rounds += 1;
    }
    Ok(drawn)
}

/// Rows of each cell.
async fn count(table: &mut impl KeyedTable, words: &Words<'_>, cells: &[Vec<Slice>]) -> Result<Vec<u64>, sqlx::Error> {
    let mut counts = Vec::new();
    for part in cells.chunks(RANGES_PER_STATEMENT) {
        let one = |ranges: &Vec<Slice>| {
            let rest = format!("FROM {} WHERE {}", words.source, within(words, ranges));
            format!("(SELECT count(*) FROM ({}) AS cell)", words.dialect.first(MOST_COUNTED, "1 AS one", &rest))
        };
        let numbers = table.numbers(format!("SELECT {}", part.iter().map(one).collect::<Vec<_>>().join(", "))).await?;
        counts.extend(numbers.iter().map(|number| number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0)));
    }
    Ok(counts)
}

/// Leaves out parts without a key, as long as that makes the frame much smaller.
async fn without_gaps(
    table: &mut impl KeyedTable,
    words: &Words<'_>,
    mut frame: Frame,
    rows: Option<u64>,
) -> Result<Frame, sqlx::Error> {
    for _ in 0..MOST_PROBING {
        let width = frame.width();
        if rows.is_some_and(|rows| width <= i128::from(rows).saturating_mul(DENSE)) || width <= 2 {
            break;
        }
        let mut parts = frame.split(PROBES);
        let mut is_kept = Vec::new();
        for part in parts.bins().chunks(RANGES_PER_STATEMENT) {
            let one = |slice: &Slice| {
                let within = within(words, std::slice::from_ref(slice));
                format!("CASE WHEN EXISTS (SELECT 1 FROM {} WHERE {within}) THEN 1 ELSE 0 END", words.source)
            };
            let sql = format!("SELECT {}", part.iter().map(one).collect::<Vec<_>>().join(", "));
            is_kept.extend(table.numbers(sql).await?.iter().map(|exists| *exists != Some(0)));
        }
        parts.keep(&is_kept);
        let is_smaller = parts.width() <= width / 2 && !parts.bins().is_empty();
        frame = parts;
        if !is_smaller || frame.bins().len() > PROBES / 2 {
            break;
        }
    }
    Ok(frame)
}

fn within(Words { key, dialect, .. }: &Words<'_>, ranges: &[Slice]) -> String {
    let one =
        |slice: &Slice| format!("{key} BETWEEN {} AND {}", dialect.number(slice.first), dialect.number(slice.last));
    if ranges.is_empty() {
        return "1 = 0".to_owned();
    }
    ranges.iter().map(one).collect::<Vec<_>>().join(" OR ")
}
