//! All that the program said or wrote, and a search in it.

use std::io::Read as _;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Column as _, ConnectOptions as _, Row as _};

use crate::support::{Answer, ScanEnv, bytes_of, files_below};

/// Texts by where they came from, folded to lower case.
#[derive(Default)]
pub(super) struct Haystack {
    texts: Vec<(String, Vec<u8>)>,
}

impl Haystack {
    /// Both outputs of a run.
    pub(super) fn hear(&mut self, command: &str, answer: &Answer) {
        self.keep(format!("standard output of {command}"), answer.stdout.as_bytes());
        self.keep(format!("standard error of {command}"), answer.stderr.as_bytes());
        assert!(!answer.stderr.contains("panicked"), "{command}: {}", answer.stderr);
    }

    /// Every file that lies beside the share: raw bytes, members of workbooks and documents, decoded columns of the inventory.
    pub(super) fn keep_files_beside(&mut self, env: &ScanEnv) {
        for path in files_below(env.folder()) {
            if path.starts_with(env.share()) {
                continue;
            }
            let name = path.display().to_string();
            self.keep(format!("bytes of {name}"), &bytes_of(&path));
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("xlsx" | "docx") => self.keep_members(&path),
                Some("db") => self.keep_columns(&path),
                _ => {}
            }
        }
    }

    fn keep_members(&mut self, path: &Path) {
        let bytes = std::io::Cursor::new(bytes_of(path));
        let mut archive = zip::ZipArchive::new(bytes).expect("a workbook is a zip archive");
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).expect("a member");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("a member of ours can be read");
            self.keep(format!("member {index} of {}", path.display()), &bytes);
        }
    }

    fn keep_columns(&mut self, path: &Path) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let columns: Result<_, sqlx::Error> = runtime.block_on(async {
            let mut inventory = SqliteConnectOptions::new().filename(path).read_only(true).connect().await?;
            let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
                .fetch_all(&mut inventory)
                .await?;
            let mut columns = Vec::new();
            for table in tables {
                let names = format!("SELECT name FROM pragma_table_info('{table}')");
                let names: Vec<String> = sqlx::query_scalar(AssertSqlSafe(names)).fetch_all(&mut inventory).await?;
                let casts: Vec<_> =
                    names.iter().map(|name| format!("CAST(\"{name}\" AS BLOB) AS \"{name}\"")).collect();
                let select = format!("SELECT {} FROM \"{table}\"", casts.join(", "));
                for row in sqlx::query(AssertSqlSafe(select)).fetch_all(&mut inventory).await? {
                    for column in row.columns() {
                        let bytes: Option<Vec<u8>> = row.try_get(column.ordinal())?;
                        columns.push((format!("mulu.db {table}.{}", column.name()), bytes.unwrap_or_default()));
                    }
                }
            }
            Ok(columns)
        });
        let columns = columns.expect("the inventory can be read");
        assert!(!columns.is_empty(), "the inventory holds rows");
        for (place, bytes) in columns {
            self.keep(place, &bytes);
        }
    }

    fn keep(&mut self, place: String, bytes: &[u8]) {
        self.texts.push((place, bytes.to_ascii_lowercase()));
    }

    /// How many bytes were said.
    pub(super) fn len(&self) -> usize {
        self.texts.iter().map(|(_, text)| text.len()).sum()
    }

    /// Where `secret` stands, in any case: as UTF-8 or UTF-16, in GB 18030, in hexadecimal, in base64, as numbers in JSON.
    pub(super) fn find(&self, secret: &str) -> Option<&str> {
        let folded = secret.to_ascii_lowercase();
        let encoded = encoding_rs::GB18030.encode(&folded).0.into_owned();
        let little: Vec<u8> = folded.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = folded.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut needles = vec![folded.into_bytes(), encoded, little, big];
        let numbers: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
        let hexadecimal: Vec<String> = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        needles.extend([numbers.join(","), numbers.join(", "), hexadecimal.concat()].map(String::into_bytes));
        needles.extend((0..3).map(|offset| base64_inside(secret, offset)));
        let holds = |text: &[u8]| needles.iter().any(|needle| memchr::memmem::find(text, needle).is_some());
        self.texts.iter().find(|(_, text)| holds(text)).map(|(place, _)| place.as_str())
    }
}

/// The part of the base64 of a text with `secret` after `offset` bytes that the secret alone decides, in lower case.
fn base64_inside(secret: &str, offset: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = secret.as_bytes().get((3 - offset) % 3..).unwrap_or_default();
    let digits = |three: &[u8]| {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| ALPHABET[bits >> shift & 63].to_ascii_lowercase())
    };
    bytes.chunks_exact(3).flat_map(digits).collect()
}

#[test]
fn a_secret_is_found_in_any_dress() {
    let numbers = "[90,113,55,86,120,107,48,119]";
    for dressed in
        ["xZQ7VXK0W", "5a713756786b3077", "WnE3VnhrMHdlbmQ=", "aVpxN1Z4azB3ZW5k", "aWlacTdWeGswd2VuZA==", numbers]
    {
        let mut haystack = Haystack::default();
        haystack.keep("here".to_owned(), dressed.as_bytes());
        assert_eq!(haystack.find("Zq7Vxk0w"), Some("here"), "{dressed}");
    }
}
