//! Every cap on what is read, in one place, each with its reason.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// How much is read of one asset. What is left out is said: the asset ends with a `Reason`.
///
/// A plain text, table or log of a share has no cap on its length: it is streamed, and identifiers are counted over
/// all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Address space of a guarded reader, the program and its rules included, which take about 50 MiB. Two of them and the
    /// scan itself stay below 512 MiB; a file for which it is too little is read once more, alone, with that of two
    /// readers.
    pub reader_bytes: u64,
    /// Processor seconds that a guarded reader may take for one file, and one more for each
    /// [`Limits::BYTES_PER_CPU_SECOND`] of it: the slowest of the readers manages ten times as much.
    pub cpu_seconds: u64,
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
    /// Uncompressed bytes of all members of a container together, nested ones included; and what the cells of a workbook
    /// may hold together of texts that they share. An honest archive is not cut: ratio and time end a bomb, and this one a
    /// nest of archives of good ratios each.
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
    /// Cells of an OpenDocument table that are only said to be equal to the one before. Read often enough to be counted
    /// as often as people repeat a value; a file of a kilobyte may say 10^18 of them.
    pub repeated_cells: u64,
    /// Bytes of a legacy workbook, which its parser holds whole.
    pub workbook_bytes: u64,
    /// Entries of the directory of a compound file: a mailbox item with hundreds of attachments, an installer of some
    /// thousands of streams.
    pub directory_entries: usize,
    /// Bytes of one stream of a compound file, or of one body of a message in it, that are held at once: its tables,
    /// its properties. Texts and attachments are streamed.
    pub stream_bytes: u64,
    /// Bytes of the shared texts of a workbook, which are held together: ten million short ones, as a sheet of a million
    /// rows has them. Texts past it are read, apart from their cells.
    pub shared_text_bytes: usize,
    /// Bytes of each of the three places of a file of unknown format (its beginning, middle and end) that are looked over
    /// for printable strings: titles and properties stand at the ends, and a look takes some tens of milliseconds.
    pub strings_bytes: u64,
    /// Pages of one document of a fixed layout: archives of statements reach ten thousand.
    pub pages: u64,
    /// Bytes of a PDF, which its reader holds whole: what a guarded child can hold beside what it unpacks.
    pub pdf_bytes: u64,
    /// Bytes of a columnar file that are held at once: columns of a row group, a batch, what describes them. Hadoop's writers
    /// end a row group at 128 MiB; of larger ones (the format's own advice is 512 MiB to 1 GiB) the columns are read in sets.
    pub columnar_bytes: u64,
    /// Bytes of a database in a file that is copied to be read: an Access database can have no more.
    pub database_bytes: u64,
    /// Columns of one table: what a sheet can have (XFD).
    pub columns: usize,
    /// Tables of one dump: the largest systems of offices and plants have some ten thousand.
    pub dumped_tables: usize,
    /// Columns of all tables of one dump together, which are held at once: ten for each of so many tables.
    pub dumped_columns: usize,
    /// Tables of one dump whose rows take turns, each with a scanner of its own (some 100 KiB).
    pub open_tables: usize,
    /// Open elements of XML, open groups of rich text. Machine-made drawings reach some dozens.
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
            reader_bytes: 208 << 20,
            cpu_seconds: 60,
            head_bytes: 64 << 10,
            record_bytes: 8 << 20,
            lookahead_bytes: 1 << 20,
            member_bytes: 128 << 20,
            decompressed_bytes: 64 << 30,
            ratio: 200,
            ratio_floor_bytes: 16 << 20,
            stream_floor_bytes: 128 << 20,
            decoder_bytes: 288 << 20,
            header_bytes: 4 << 20,
            members: 10_000,
            depth: 8,
            cells: 20_000_000,
            repeated_cells: 1_000_000,
            workbook_bytes: 128 << 20,
            directory_entries: 65_536,
            stream_bytes: 32 << 20,
            shared_text_bytes: 224 << 20,
            strings_bytes: 1 << 20,
            pages: 50_000,
            pdf_bytes: 256 << 20,
            columnar_bytes: 128 << 20,
            database_bytes: 2 << 30,
            columns: 16_384,
            dumped_tables: 50_000,
            dumped_columns: 500_000,
            open_tables: 512,
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
    /// For how many bytes of a file its reader is given a second more.
    pub const BYTES_PER_CPU_SECOND: u64 = 1 << 20;

    /// A year: more than that means no end, and clocks count no further without end.
    const MOST_CPU_SECONDS: u64 = 31_536_000;

    /// Wall time that a file may take, in its processor seconds: the processor limit ends a busy loop first, this one ends
    /// a wait.
    pub const WALL_FOR_CPU: u32 = 2;

    /// Processor seconds for a file of `bytes`.
    #[must_use]
    pub fn cpu_seconds_for(&self, bytes: u64) -> u64 {
        self.cpu_seconds.saturating_add(bytes / Self::BYTES_PER_CPU_SECOND).min(Self::MOST_CPU_SECONDS)
    }

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
    fn no_number_of_seconds_is_too_large_for_a_clock() {
        let endless = Limits { cpu_seconds: u64::MAX, ..Limits::default() };
        let seconds = std::time::Duration::from_secs(endless.cpu_seconds_for(u64::MAX));
        assert!((seconds * Limits::WALL_FOR_CPU).as_secs() > seconds.as_secs());
    }

    #[test]
    fn another_cap_is_another_version() {
        let raised = Limits { depth: 9, ..Limits::default() };
        assert_ne!(raised.version(), Limits::default().version());
        assert_eq!(Limits::default().version().len(), 16);
    }
}
