//! Values of Avro that are not made of others, as a person would read them.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value as Json};

use super::{super::table::Row, value::Values};
use crate::model::Reason;

/// Bytes of the longest decimal that is shown as a number.
const MOST_DECIMAL_BYTES: usize = 16;

/// A type that is not made of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Boolean,
    /// `int` and `long` are written alike.
    Whole,
    Float,
    Double,
    Bytes,
    Text,
    Fixed(usize),
    Enum(Vec<String>),
    /// Days since 1970.
    Date,
    /// Ticks since 1970, and how many make a second.
    Time(i64),
    /// A whole number, how many of its digits stand behind the point, and its bytes where all have as many.
    Decimal(usize, Option<usize>),
}

/// One of Avro's own types, by its name.
pub(super) fn primitive(name: &str) -> Option<Leaf> {
    Some(match name {
        "boolean" => Leaf::Boolean,
        "int" | "long" => Leaf::Whole,
        "float" => Leaf::Float,
        "double" => Leaf::Double,
        "bytes" => Leaf::Bytes,
        "string" => Leaf::Text,
        _ => return None,
    })
}

impl Leaf {
    /// The type with what its definition says that it means.
    pub(super) fn with_meaning(self, definition: &Map<String, Json>) -> Self {
        let meaning = definition.get("logicalType").and_then(Json::as_str).unwrap_or_default();
        let scale =
            || definition.get("scale").and_then(Json::as_u64).and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
        match (meaning, self) {
            ("date", Self::Whole) => Self::Date,
            ("timestamp-millis" | "local-timestamp-millis", Self::Whole) => Self::Time(1_000),
            ("timestamp-micros" | "local-timestamp-micros", Self::Whole) => Self::Time(1_000_000),
            ("decimal", Self::Bytes) => Self::Decimal(scale(), None),
            ("decimal", Self::Fixed(size)) => Self::Decimal(scale(), Some(size)),
            (_, other) => other,
        }
    }

    /// Reads a value into a column of a row.
    pub(super) fn read(&self, column: usize, values: &mut Values<'_>, row: &mut Row) -> Result<(), Reason> {
        let text = match self {
            Self::Boolean => (values.array::<1>()? != [0]).to_string(),
            Self::Whole => values.long()?.to_string(),
            Self::Float => f32::from_le_bytes(values.array()?).to_string(),
            Self::Double => f64::from_le_bytes(values.array()?).to_string(),
            Self::Text => {
                row.push(column, &values.bytes()?);
                return Ok(());
            }
            Self::Bytes => {
                row.push_bytes(column, &values.bytes()?);
                return Ok(());
            }
            Self::Fixed(size) => {
                row.push_bytes(column, &values.fixed(*size)?);
                return Ok(());
            }
            Self::Enum(symbols) => {
                let chosen = usize::try_from(values.long()?).map_err(|_| Reason::Corrupt)?;
                symbols.get(chosen).ok_or(Reason::Corrupt)?.clone()
            }
            Self::Date => {
                let days = values.long()?;
                date(days).unwrap_or_else(|| days.to_string())
            }
            Self::Time(ticks) => {
                let time = values.long()?;
                date_and_time(time, *ticks).unwrap_or_else(|| time.to_string())
            }
            Self::Decimal(scale, size) => {
                let bytes = match size {
                    Some(size) => values.fixed(*size)?,
                    None => values.bytes()?,
                };
                decimal(&bytes, *scale).unwrap_or_default()
            }
        };
        row.push(column, text.as_bytes());
        Ok(())
    }
}

fn date(days: i64) -> Option<String> {
    let since_1970 = SignedDuration::from_secs(days.checked_mul(86_400)?);
    Some(Date::constant(1970, 1, 1).checked_add(since_1970).ok()?.to_string())
}

fn date_and_time(time: i64, ticks_a_second: i64) -> Option<String> {
    let time = Timestamp::from_second(time.div_euclid(ticks_a_second)).ok()?;
    Some(time.to_zoned(TimeZone::UTC).datetime().strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A number whose bytes stand from the highest to the lowest.
fn decimal(bytes: &[u8], scale: usize) -> Option<String> {
    let first = *bytes.first().filter(|_| bytes.len() <= MOST_DECIMAL_BYTES)?;
    let start = if first & 0x80 == 0 { 0i128 } else { -1 };
    let number = bytes.iter().fold(start, |number, byte| number << 8 | i128::from(*byte));
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale.min(64) + 1);
    let (whole, part) = digits.split_at_checked(digits.len().checked_sub(scale)?)?;
    let sign = if number < 0 { "-" } else { "" };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_numbers_read_as_a_person_reads_them() {
        assert_eq!(date(19_431), Some("2023-03-15".into()));
        assert_eq!(date(i64::MAX), None);
        assert_eq!(date_and_time(1_678_838_400_999, 1_000), Some("2023-03-15 00:00:00".into()));
        assert_eq!(date_and_time(-1, 1_000), Some("1969-12-31 23:59:59".into()));
        assert_eq!(decimal(&[0x04, 0xd2], 2), Some("12.34".into()));
        assert_eq!(decimal(&[0xff], 2), Some("-0.01".into()));
        assert_eq!(decimal(&[0x80], 0), Some("-128".into()));
        assert_eq!(decimal(&[], 2), None);
        assert_eq!(decimal(&[1; 17], 2), None);
    }
}
