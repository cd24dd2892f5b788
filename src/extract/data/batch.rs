//! Batches of Arrow → rows: fields in fields as `a.b`, lists as several values of a cell.

use std::collections::BTreeMap;

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    downcast_dictionary_array, downcast_run_array,
    types::{
        Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type,
        Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
        Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
        TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, Schema, TimeUnit};

use super::{super::Sink, caught, table::Row};
use crate::{
    model::{Fragment, Reason},
    open::Limits,
};

/// The names of the columns into which the fields of a schema are taken apart, in their order.
pub(super) fn names(schema: &Schema) -> Vec<String> {
    let mut names = Vec::new();
    for field in schema.fields() {
        add_names(field.name(), field.data_type(), &mut names);
    }
    names
}

fn add_names(name: &str, kind: &DataType, names: &mut Vec<String>) {
    match kind {
        DataType::Struct(fields) => {
            for field in fields {
                add_names(&format!("{name}.{}", field.name()), field.data_type(), names);
            }
        }
        DataType::Union(fields, _) => {
            for (_, field) in fields.iter() {
                add_names(&format!("{name}.{}", field.name()), field.data_type(), names);
            }
        }
        _ => match inner(kind) {
            Some(kind) => add_names(name, kind, names),
            None => names.push(name.to_owned()),
        },
    }
}

/// What a list, a map, a dictionary or a run holds.
fn inner(kind: &DataType) -> Option<&DataType> {
    match kind {
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _)
        | DataType::RunEndEncoded(_, field) => Some(field.data_type()),
        DataType::Dictionary(_, values) => Some(values),
        _ => None,
    }
}

/// How many columns a type takes.
fn width(kind: &DataType) -> usize {
    match kind {
        DataType::Struct(fields) => fields.iter().map(|field| width(field.data_type())).sum(),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| width(field.data_type())).sum(),
        _ => inner(kind).map_or(1, width),
    }
}

/// Hands on what the writer noted beside the rows.
pub(super) fn notes(schema: &Schema, sink: &mut dyn Sink) {
    let notes: BTreeMap<_, _> = schema.metadata().iter().collect();
    for (key, value) in notes {
        sink.fragment(Fragment::Text(format!("{key}: {value}").as_bytes()));
        sink.fragment(Fragment::Break);
    }
}

/// Hands on the rows of a batch. What the parser made of the file is not believed: a place that it cannot give ends it.
pub(super) fn emit(batch: &RecordBatch, limits: &Limits, sink: &mut dyn Sink) -> Result<(), Reason> {
    let mut row = Row::default();
    for at in 0..batch.num_rows() {
        caught(|| {
            let mut column = 0;
            for array in batch.columns() {
                add(array, at, column, &mut row);
                column += width(array.data_type());
            }
            Ok::<(), Reason>(())
        })?;
        row.emit(limits, sink);
    }
    Ok(())
}

/// Adds what stands at one place of an array, whatever it is made of.
fn add(array: &dyn Array, at: usize, column: usize, row: &mut Row) {
    if array.is_null(at) {
        return;
    }
    match array.data_type() {
        DataType::Struct(_) => {
            let mut column = column;
            for child in array.as_struct().columns() {
                add(child, at, column, row);
                column += width(child.data_type());
            }
        }
        DataType::Union(fields, _) => {
            let union = array.as_union();
            let chosen = union.type_id(at);
            let before = fields.iter().take_while(|(id, _)| *id != chosen);
            let column = column + before.map(|(_, field)| width(field.data_type())).sum::<usize>();
            add(union.child(chosen), union.value_offset(at), column, row);
        }
        DataType::List(_) => add_all(&array.as_list::<i32>().value(at), column, row),
        DataType::LargeList(_) => add_all(&array.as_list::<i64>().value(at), column, row),
        DataType::ListView(_) => add_all(&array.as_list_view::<i32>().value(at), column, row),
        DataType::LargeListView(_) => add_all(&array.as_list_view::<i64>().value(at), column, row),
        DataType::FixedSizeList(..) => add_all(&array.as_fixed_size_list().value(at), column, row),
        DataType::Map(..) => add_all(&array.as_map().value(at), column, row),
        DataType::Dictionary(..) => downcast_dictionary_array!(
            array => if let Some(key) = array.key(at) { add(array.values(), key, column, row) },
            _ => {}
        ),
        DataType::RunEndEncoded(..) => downcast_run_array!(
            array => add(array.values(), array.get_physical_index(at), column, row),
            _ => {}
        ),
        _ => add_value(array, at, column, row),
    }
}

fn add_all(items: &dyn Array, column: usize, row: &mut Row) {
    for at in 0..items.len() {
        add(items, at, column, row);
    }
}

/// Adds a value that is not made of others, as a person would read it.
fn add_value(array: &dyn Array, at: usize, column: usize, row: &mut Row) {
    macro_rules! number {
        ($kind:ty) => {
            row.push(column, array.as_primitive::<$kind>().value(at).to_string().as_bytes())
        };
    }
    macro_rules! decimal {
        ($kind:ty) => {
            row.push(column, array.as_primitive::<$kind>().value_as_string(at).as_bytes())
        };
    }
    macro_rules! time {
        ($kind:ty, $read:ident) => {
            if let Some(time) = array.as_primitive::<$kind>().$read(at) {
                row.push(column, time.to_string().as_bytes());
            }
        };
    }
    match array.data_type() {
        DataType::Utf8 => row.push(column, array.as_string::<i32>().value(at).as_bytes()),
        DataType::LargeUtf8 => row.push(column, array.as_string::<i64>().value(at).as_bytes()),
        DataType::Utf8View => row.push(column, array.as_string_view().value(at).as_bytes()),
        DataType::Binary => row.push_bytes(column, array.as_binary::<i32>().value(at)),
        DataType::LargeBinary => row.push_bytes(column, array.as_binary::<i64>().value(at)),
        DataType::BinaryView => row.push_bytes(column, array.as_binary_view().value(at)),
        DataType::FixedSizeBinary(_) => row.push_bytes(column, array.as_fixed_size_binary().value(at)),
        DataType::Boolean => row.push(column, array.as_boolean().value(at).to_string().as_bytes()),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => number!(Float16Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        DataType::Date32 => time!(Date32Type, value_as_date),
        DataType::Date64 => time!(Date64Type, value_as_date),
        DataType::Timestamp(TimeUnit::Second, _) => time!(TimestampSecondType, value_as_datetime),
        DataType::Timestamp(TimeUnit::Millisecond, _) => time!(TimestampMillisecondType, value_as_datetime),
        DataType::Timestamp(TimeUnit::Microsecond, _) => time!(TimestampMicrosecondType, value_as_datetime),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => time!(TimestampNanosecondType, value_as_datetime),
        DataType::Time32(TimeUnit::Second) => time!(Time32SecondType, value_as_time),
        DataType::Time32(_) => time!(Time32MillisecondType, value_as_time),
        DataType::Time64(TimeUnit::Microsecond) => time!(Time64MicrosecondType, value_as_time),
        DataType::Time64(_) => time!(Time64NanosecondType, value_as_time),
        // Durations and intervals name nobody, and nothing else has a text.
        _ => {}
    }
}
