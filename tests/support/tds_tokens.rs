//! What a SQL Server sends, token by token ([MS-TDS] 2.2.7).

/// A value with its type.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Null,
    /// `bigint`.
    Number(i64),
    /// `nvarchar`.
    Text(String),
    /// `varbinary`.
    Bytes(Vec<u8>),
    /// `decimal(38, scale)`.
    Decimal(i128, u8),
    /// `datetime2(0)`: days since the year 1, seconds of the day.
    Moment(u32, u32),
    /// `datetime`: days since 1900, three hundredths of a second.
    OldMoment(i32, u32),
    /// `uniqueidentifier` in the order in which it is sent.
    Unique([u8; 16]),
    /// `float`.
    Float(f64),
    /// `bit`.
    Bit(bool),
}

fn short(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [vec![u8::try_from(units.len()).unwrap()], wide(&units)].concat()
}

fn wide(units: &[u16]) -> Vec<u8> {
    units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
}

/// A token with its length in two bytes.
fn token(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &u16::try_from(body.len()).unwrap().to_le_bytes(), body].concat()
}

/// DONE: more to come (1), an error (2), a count (0x10), called off (0x20).
fn done(status: u16) -> Vec<u8> {
    [&[0xfd][..], &status.to_le_bytes(), &[0; 10]].concat()
}

/// LOGINACK of TDS 7.4.
pub(crate) fn acknowledged() -> Vec<u8> {
    let body = [&[1, 0x74, 0, 0, 4][..], &short("Microsoft SQL Server"), &[15, 0, 0x07, 0xd0]].concat();
    [token(0xad, &body), done(0)].concat()
}

/// ERROR, and the end of what failed. Its message quotes a value, as those of servers do.
pub(crate) fn error(number: u32) -> Vec<u8> {
    let message: Vec<u16> = "the value 13912345678 is at fault".encode_utf16().collect();
    let length = u16::try_from(message.len()).unwrap().to_le_bytes();
    let body = [
        &number.to_le_bytes()[..],
        &[1, 14],
        &length,
        &wide(&message),
        &short("server"),
        &short(""),
        &1u32.to_le_bytes(),
    ]
    .concat();
    [token(0xaa, &body), done(2)].concat()
}

/// ENVCHANGE 20: go to that port of the loopback.
pub(crate) fn routed(port: u16) -> Vec<u8> {
    let host: Vec<u16> = "127.0.0.1".encode_utf16().collect();
    let place =
        [&[0][..], &port.to_le_bytes(), &u16::try_from(host.len()).unwrap().to_le_bytes(), &wide(&host)].concat();
    let body = [&[20][..], &u16::try_from(place.len()).unwrap().to_le_bytes(), &place, &[0, 0]].concat();
    [token(0xe3, &body), acknowledged()].concat()
}

/// The end of what was called off.
pub(crate) fn attention() -> Vec<u8> {
    done(0x20)
}

/// The answers of statements: COLMETADATA, a ROW each, DONE.
pub(crate) fn results(statements: &[Vec<Vec<Cell>>]) -> Vec<u8> {
    let mut sent = Vec::new();
    for (number, rows) in statements.iter().enumerate() {
        let width = rows.first().map_or(1, Vec::len);
        sent.push(0x81);
        sent.extend(u16::try_from(width).unwrap().to_le_bytes());
        for column in 0..width {
            let kind = rows.iter().map(|row| &row[column]).find(|cell| !matches!(cell, Cell::Null));
            sent.extend([0, 0, 0, 0, 1, 0]);
            sent.extend(type_of(kind));
            sent.extend(short(""));
        }
        for row in rows {
            sent.push(0xd1);
            for (column, cell) in row.iter().enumerate() {
                let kind = rows.iter().map(|row| &row[column]).find(|cell| !matches!(cell, Cell::Null));
                sent.extend(value(cell, kind));
            }
        }
        sent.extend(done(0x10 | u16::from(number + 1 < statements.len())));
    }
    if statements.is_empty() { done(0) } else { sent }
}

/// TYPE_INFO (2.2.5.4 and following).
fn type_of(kind: Option<&Cell>) -> Vec<u8> {
    match kind {
        None | Some(Cell::Null | Cell::Text(_)) => {
            [&[0xe7][..], &8_000u16.to_le_bytes(), &[0x09, 0x04, 0xd0, 0, 0x34]].concat()
        }
        Some(Cell::Number(_)) => vec![0x26, 8],
        Some(Cell::Bytes(_)) => [&[0xa5][..], &8_000u16.to_le_bytes()].concat(),
        Some(Cell::Decimal(_, scale)) => vec![0x6a, 17, 38, *scale],
        Some(Cell::Moment(..)) => vec![0x2a, 0],
        Some(Cell::OldMoment(..)) => vec![0x6f, 8],
        Some(Cell::Unique(_)) => vec![0x24, 16],
        Some(Cell::Float(_)) => vec![0x6d, 8],
        Some(Cell::Bit(_)) => vec![0x68, 1],
    }
}

fn value(cell: &Cell, kind: Option<&Cell>) -> Vec<u8> {
    let long = |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_le_bytes()[..], bytes].concat();
    let short = |bytes: &[u8]| [&[u8::try_from(bytes.len()).unwrap()][..], bytes].concat();
    match cell {
        Cell::Null if matches!(kind, None | Some(Cell::Text(_) | Cell::Bytes(_))) => vec![0xff, 0xff],
        Cell::Null => vec![0],
        Cell::Number(number) => short(&number.to_le_bytes()),
        Cell::Text(text) => long(&wide(&text.encode_utf16().collect::<Vec<_>>())),
        Cell::Bytes(bytes) => long(bytes),
        Cell::Decimal(number, _) => {
            short(&[&[u8::from(*number >= 0)][..], &number.unsigned_abs().to_le_bytes()].concat())
        }
        Cell::Moment(days, seconds) => short(&[&seconds.to_le_bytes()[..3], &days.to_le_bytes()[..3]].concat()),
        Cell::OldMoment(days, fragments) => short(&[days.to_le_bytes(), fragments.to_le_bytes()].concat()),
        Cell::Unique(bytes) => short(bytes),
        Cell::Float(number) => short(&number.to_le_bytes()),
        Cell::Bit(bit) => short(&[u8::from(*bit)]),
    }
}
