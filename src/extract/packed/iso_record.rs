//! One record of a folder of ISO 9660 (ECMA-119, 9.1), with what Rock Ridge adds to it.

/// A file or a folder.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Where its content begins, in sectors.
    pub(super) sector: u64,
    /// How long it is.
    pub(super) bytes: u64,
    pub(super) is_folder: bool,
    /// A symbolic link of Rock Ridge.
    pub(super) is_link: bool,
    /// As the standard has it, version and all.
    pub(super) name: Vec<u8>,
    /// As Rock Ridge has it.
    pub(super) long_name: Option<Vec<u8>>,
}

impl Record {
    /// Reads a record; `None` where it is cut.
    pub(super) fn parse(record: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            record.get(at..at + 4).map(|it| it.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
        };
        let name_bytes = usize::from(*record.get(32)?);
        let name = record.get(33..33 + name_bytes)?;
        // Filled up to an even place.
        let system_use = record.get(33 + name_bytes + (name_bytes + 1) % 2..).unwrap_or_default();
        let (long_name, is_link) = rock_ridge(system_use);
        let is_folder = record.get(25)? & 2 != 0;
        Some(Self { sector: number(2)?, bytes: number(10)?, is_folder, is_link, name: name.to_vec(), long_name })
    }

    /// The records of a folder for itself and for the one above.
    fn is_dot(&self) -> bool {
        matches!(self.name.as_slice(), b"\0" | b"\x01")
    }
}

/// The records of a folder without those for itself and the one above. None crosses a sector; a file in several pieces,
/// which is longer than four gigabytes, is as many records.
pub(super) fn records(folder: &[u8]) -> impl Iterator<Item = Record> {
    folder.chunks(2048).flat_map(|sector| {
        let mut rest = sector;
        std::iter::from_fn(move || {
            let length = usize::from(*rest.first()?);
            let record = rest.get(..length).filter(|record| !record.is_empty())?;
            rest = rest.get(length..).unwrap_or_default();
            Some(record)
        })
        .filter_map(Record::parse)
        .filter(|record| !record.is_dot())
    })
}

/// The name (`NM`, in pieces) and whether it is a link (`SL`), of the fields of SUSP that stand in the record itself.
fn rock_ridge(mut fields: &[u8]) -> (Option<Vec<u8>>, bool) {
    const IS_A_WORD: u8 = 0b110;
    let (mut name, mut is_link) = (None::<Vec<u8>>, false);
    while let [a, b, length, _, ..] = *fields {
        let Some(field) = fields.get(..usize::from(length)).filter(|field| field.len() >= 4) else { break };
        match &[a, b] {
            // The current folder and the one above are words and no names.
            b"NM" if field.get(4).is_some_and(|flags| flags & IS_A_WORD == 0) => {
                name.get_or_insert_default().extend_from_slice(field.get(5..).unwrap_or_default());
            }
            b"SL" => is_link = true,
            _ => {}
        }
        fields = fields.get(field.len()..).unwrap_or_default();
    }
    (name.filter(|name| !name.is_empty()), is_link)
}
