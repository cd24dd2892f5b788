//! Every cap on what is read, in one place, each with its reason.

use xxhash_rust::xxh3::xxh3_64;

/// How much is read of one asset. What is left out is said: the asset ends with a `Reason`.
///
/// A plain text, table or log of a share has no cap on its length: it is streamed, and identifiers are counted over
/// all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes looked at to tell format and encoding. A guess does not get better after 64 KiB, and the guesser is slow
    /// (11–16 MB/s measured).
    pub head_bytes: usize,
    /// Bytes of one record of a table, line of JSONL, node of XML or value of JSON that are held at once. A real one is
    /// far below; past it the rest is read as running text.
    pub record_bytes: usize,
    /// Bytes that rows may take while a reader looks ahead to find the header.
    pub lookahead_bytes: usize,
    /// Uncompressed bytes of one member that must be held whole (office files in archives), together with those that it
    /// is in: above every office file of the corpus, below what a guarded child may have.
    pub member_bytes: u64,
    /// Processor seconds after which a container is left where its reader is: three quarters of what a guarded child has
    /// (60), so that what was found is kept.
    pub processor_seconds: u64,
    /// The same on the wall, for a share that answers slowly; a guarded child has two minutes.
    pub wall_seconds: u64,
    /// Uncompressed bytes of all members of a container together, nested ones included. An honest archive is not cut: ratio
    /// and time end a bomb, and this one a nest of archives of good ratios each.
    pub decompressed_bytes: u64,
    /// Uncompressed to compressed bytes above which a container is called a bomb. Deflate ends near 1,030; logs and
    /// sparse sheets of the corpus stay below 100.
    pub ratio: u64,
    /// The ratio is not asked below this many uncompressed bytes: small files of blanks compress to almost nothing.
    pub ratio_floor_bytes: u64,
    /// The same for a stream whose packed length nobody says (gzip, xz), where the ratio is that of what has passed. More:
    /// an archive in a stream may begin with files of nothing but zeros (the logs that InnoDB lays out ahead are 96 MiB),
    /// and what is behind them is lost with them.
    pub stream_floor_bytes: u64,
    /// Memory of one decoder of 7z, xz, lzma, zstd or rar: what 7-Zip's strongest preset asks for (a dictionary of 256 MiB)
    /// with its tables; a file may declare 4 GiB.
    pub decoder_bytes: u64,
    /// Bytes of one header of an archive, such as the extended one of tar or one folder of a disc image. Real ones take
    /// some kilobytes.
    pub header_bytes: u64,
    /// Members of a container that are read, nested ones included; more are counted as `too-many`.
    pub members: u64,
    /// Containers in containers; a packed tar archive is two.
    pub depth: u32,
    /// Cells of one workbook: twenty full-width exports of a million cells.
    pub cells: u64,
    /// Bytes of a legacy or OpenDocument workbook, which its parser holds whole.
    pub workbook_bytes: u64,
    /// Columns of one table: what a sheet can have (XFD).
    pub columns: usize,
    /// Open elements of XML. Machine-made drawings reach some dozens.
    pub xml_depth: usize,
    /// Open arrays and objects of JSON.
    pub json_depth: usize,
    /// Distinct keys at one level above which keys are data and not names.
    pub keys: usize,
    /// Rows of a table that are all read where a sample leaves its level open: a minute or two of a server's time.
    pub settled_rows: u64,
    /// Values of one database table that are opened as documents: what they are about shows in the first few dozens.
    pub documents: usize,
    /// Bytes of one such value: above nearly every office file, far below what a server may keep in a cell (1 GB).
    pub document_bytes: u64,
    /// Bytes of all of them together, which are held at once.
    pub documents_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 64 << 10,
            record_bytes: 8 << 20,
            lookahead_bytes: 1 << 20,
            member_bytes: 256 << 20,
            processor_seconds: 45,
            wall_seconds: 90,
            decompressed_bytes: 64 << 30,
            ratio: 200,
            ratio_floor_bytes: 16 << 20,
            stream_floor_bytes: 128 << 20,
            decoder_bytes: 288 << 20,
            header_bytes: 4 << 20,
            members: 10_000,
            depth: 8,
            cells: 20_000_000,
            workbook_bytes: 128 << 20,
            columns: 16_384,
            xml_depth: 512,
            json_depth: 128,
            keys: 200,
            settled_rows: 50_000_000,
            documents: 48,
            document_bytes: 8 << 20,
            documents_bytes: 32 << 20,
        }
    }
}

impl Limits {
    /// 16 hexadecimal digits that change whenever a cap does: a result depends on them.
    #[must_use]
    pub fn version(&self) -> String {
        format!("{:016x}", xxh3_64(format!("{self:?}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_cap_is_another_version() {
        let raised = Limits { depth: 9, ..Limits::default() };
        assert_ne!(raised.version(), Limits::default().version());
        assert_eq!(Limits::default().version().len(), 16);
    }
}
