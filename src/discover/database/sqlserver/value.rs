//! Values of a SQL Server as text, whatever their type: what ISO 8601 and SQL write, never what a locale would.

use std::io::Write as _;

use tiberius::ColumnData;
use tiberius::numeric::Numeric;
use tiberius::time::{DateTime, DateTime2, DateTimeOffset, SmallDateTime, Time};

/// Days from the first of January of the year 1 to that of 1900, where `datetime` begins to count.
const DAYS_TO_1900: i64 = 693_595;

/// Writes a value behind what is there; gives whether it is NULL.
pub(crate) fn write(value: &ColumnData<'_>, text: &mut Vec<u8>) -> bool {
    match value {
        ColumnData::U8(value) => plain(*value, text),
        ColumnData::I16(value) => plain(*value, text),
        ColumnData::I32(value) => plain(*value, text),
        ColumnData::I64(value) => plain(*value, text),
        ColumnData::F32(value) => plain(*value, text),
        ColumnData::F64(value) => plain(*value, text),
        ColumnData::Bit(value) => plain(value.map(u8::from), text),
        ColumnData::Guid(value) => plain(*value, text),
        ColumnData::String(value) => bytes(value.as_deref().map(str::as_bytes), text),
        ColumnData::Binary(value) => bytes(value.as_deref(), text),
        ColumnData::Xml(value) => plain(value.as_deref(), text),
        ColumnData::Numeric(value) => with(*value, text, numeric),
        ColumnData::DateTime(value) => with(*value, text, date_time),
        ColumnData::SmallDateTime(value) => with(*value, text, small_date_time),
        ColumnData::Time(value) => with(*value, text, time),
        ColumnData::Date(value) => with(*value, text, |value, text| day(i64::from(value.days()), text)),
        ColumnData::DateTime2(value) => with(*value, text, date_time_2),
        ColumnData::DateTimeOffset(value) => with(*value, text, date_time_offset),
    }
}

/// A value as text of its own; `None` for NULL. Bytes that are no UTF-8 are replaced.
pub(crate) fn text(value: &ColumnData<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    let is_null = write(value, &mut bytes);
    (!is_null).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn plain(value: Option<impl std::fmt::Display>, text: &mut Vec<u8>) -> bool {
    with(value, text, |value, text| put(text, format_args!("{value}")))
}

fn bytes(value: Option<&[u8]>, text: &mut Vec<u8>) -> bool {
    text.extend_from_slice(value.unwrap_or_default());
    value.is_none()
}

fn with<T>(value: Option<T>, text: &mut Vec<u8>, write: impl FnOnce(T, &mut Vec<u8>)) -> bool {
    let Some(value) = value else { return true };
    write(value, text);
    false
}

/// Into memory nothing fails to be written.
fn put(text: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).unwrap_or_default();
}

fn numeric(value: Numeric, text: &mut Vec<u8>) {
    let digits = format!("{:0width$}", value.value().unsigned_abs(), width = usize::from(value.scale()) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(value.scale()));
    let sign = if value.value() < 0 { "-" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    put(text, format_args!("{sign}{whole}{point}{part}"));
}

/// The day of that number, counted from the first of January of the year 1; nothing where no calendar has it.
fn day(days: i64, text: &mut Vec<u8>) {
    let first = jiff::civil::date(1, 1, 1);
    let date = jiff::Span::new().try_days(days).and_then(|span| first.checked_add(span));
    if let Ok(date) = date {
        put(text, format_args!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()));
    }
}

fn seconds(of_day: u64, text: &mut Vec<u8>) {
    put(text, format_args!("{:02}:{:02}:{:02}", of_day / 3_600, of_day / 60 % 60, of_day % 60));
}

fn time(value: Time, text: &mut Vec<u8>) {
    let scale = value.scale().min(7);
    let per_second = 10u64.pow(u32::from(scale));
    seconds(value.increments() / per_second, text);
    if scale > 0 {
        put(text, format_args!(".{:0width$}", value.increments() % per_second, width = usize::from(scale)));
    }
}

fn date_time(value: DateTime, text: &mut Vec<u8>) {
    day(i64::from(value.days()) + DAYS_TO_1900, text);
    text.push(b' ');
    // Three hundredths of a second, which the server itself shows in thousandths.
    let fragments = u64::from(value.seconds_fragments());
    seconds(fragments / 300, text);
    put(text, format_args!(".{:03}", (fragments % 300 * 10 + 1) / 3));
}

fn small_date_time(value: SmallDateTime, text: &mut Vec<u8>) {
    day(i64::from(value.days()) + DAYS_TO_1900, text);
    text.push(b' ');
    // Despite its name the driver gives minutes.
    seconds(u64::from(value.seconds_fragments()) * 60, text);
}

fn date_time_2(value: DateTime2, text: &mut Vec<u8>) {
    at(i64::from(value.date().days()), value.time(), text);
}

fn at(days: i64, value: Time, text: &mut Vec<u8>) {
    day(days, text);
    text.push(b' ');
    time(value, text);
}

/// The time of the place, and by how much that is ahead of UTC; on the wire it is UTC ([MS-TDS] 2.2.5.5.1.9).
fn date_time_offset(value: DateTimeOffset, text: &mut Vec<u8>) {
    let (date, utc, offset) = (value.datetime2().date(), value.datetime2().time(), value.offset());
    let per_minute = 60 * 10i64.pow(u32::from(utc.scale().min(7)));
    let per_day = 24 * 60 * per_minute;
    let local = utc.increments().cast_signed() + i64::from(offset) * per_minute;
    let days = i64::from(date.days()) + local.div_euclid(per_day);
    at(days, Time::new(local.rem_euclid(per_day).cast_unsigned(), utc.scale().min(7)), text);
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs();
    put(text, format_args!(" {sign}{:02}:{:02}", minutes / 60, minutes % 60));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tiberius::time::Date;

    use super::*;

    fn shown(value: &ColumnData<'_>) -> String {
        text(value).unwrap_or_else(|| "NULL".to_owned())
    }

    #[test]
    fn values_are_written_as_the_server_itself_shows_them() {
        let time = |increments, scale| Time::new(increments, scale);
        for (value, wanted) in [
            (ColumnData::Bit(Some(true)), "1"),
            (ColumnData::U8(Some(255)), "255"),
            (ColumnData::I64(Some(i64::MIN)), "-9223372036854775808"),
            (ColumnData::F64(Some(0.1)), "0.1"),
            (ColumnData::String(Some("生产".into())), "生产"),
            (ColumnData::String(None), "NULL"),
            (ColumnData::Binary(Some(vec![b'%', b'P', b'D', b'F'].into())), "%PDF"),
            (ColumnData::Numeric(Some(Numeric::new_with_scale(-5, 2))), "-0.05"),
            (ColumnData::Numeric(Some(Numeric::new_with_scale(12_345, 0))), "12345"),
            (ColumnData::Numeric(Some(Numeric::new_with_scale(110_101_199_003_070_000, 3))), "110101199003070.000"),
            // 2024-02-29 12:34:56.997, as `datetime` rounds it
            (ColumnData::DateTime(Some(DateTime::new(45_349, 45_296 * 300 + 299))), "2024-02-29 12:34:56.997"),
            (ColumnData::DateTime(Some(DateTime::new(-53_690, 0))), "1753-01-01 00:00:00.000"),
            (ColumnData::SmallDateTime(Some(SmallDateTime::new(0, 61))), "1900-01-01 01:01:00"),
            (ColumnData::Date(Some(Date::new(0))), "0001-01-01"),
            (ColumnData::Date(Some(Date::new(3_652_058))), "9999-12-31"),
            (ColumnData::Time(Some(time(863_999_999_999, 7))), "23:59:59.9999999"),
            (ColumnData::Time(Some(time(45_296, 0))), "12:34:56"),
            (ColumnData::DateTime2(Some(DateTime2::new(Date::new(730_119), time(1, 3)))), "2000-01-01 00:00:00.001"),
            (
                ColumnData::DateTimeOffset(Some(DateTimeOffset::new(
                    DateTime2::new(Date::new(730_118), time(72_000, 0)),
                    480,
                ))),
                "2000-01-01 04:00:00 +08:00",
            ),
            (
                ColumnData::DateTimeOffset(Some(DateTimeOffset::new(DateTime2::new(Date::new(0), time(0, 0)), -570))),
                "0000-12-31 14:30:00 -09:30",
            ),
        ] {
            assert_eq!(shown(&value), wanted);
        }
    }

    proptest! {
        #[test]
        fn no_time_or_number_makes_writing_panic(
            increments in any::<u64>(), scale in any::<u8>(), days in any::<i32>(), number in any::<i128>(), offset in any::<i16>(),
        ) {
            let time = Time::new(increments >> 1, scale);
            let at = DateTime2::new(Date::new(days.unsigned_abs() & 0xff_ffff), time);
            shown(&ColumnData::DateTimeOffset(Some(DateTimeOffset::new(at, offset))));
            shown(&ColumnData::DateTime(Some(DateTime::new(days, days.unsigned_abs()))));
            shown(&ColumnData::Numeric(Some(Numeric::new_with_scale(number, scale % 38))));
        }
    }
}
