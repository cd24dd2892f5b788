//! What tests share: a folder with a share in it, the built program, its answers.

pub(crate) mod certificates;
pub(crate) mod json_schema;
pub(crate) mod memory;
pub(crate) mod mortal;
pub(crate) mod proxy;
pub(crate) mod servers;
pub(crate) mod tds;
pub(crate) mod tds_tokens;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// What a run of the program answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Results.
    pub(crate) stdout: String,
    /// Everything else.
    pub(crate) stderr: String,
}

impl Answer {
    /// This answer, after its exit code was found to be `code`.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("not JSON ({error}):\n{}", self.stdout))
    }

    /// Standard output as one JSON document a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The one line that standard error holds.
    #[track_caller]
    pub(crate) fn complaint(&self) -> &str {
        let lines: Vec<_> = self.stderr.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(lines.len(), 1, "one line of complaint was expected:\n{}", self.stderr);
        lines[0]
    }
}

/// A private working folder, in which the program runs, with a share `share/` in it.
pub(crate) struct ScanEnv {
    folder: tempfile::TempDir,
}

impl ScanEnv {
    /// An empty share.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("mulu-test-").tempdir().expect("a temporary folder can be made");
        let env = Self { folder };
        std::fs::create_dir(env.share()).expect("the share can be made");
        env
    }

    /// A share that holds the sample plant, `growth_percent` later than the committed one.
    pub(crate) fn with_plant(growth_percent: u32) -> Self {
        let env = Self::new();
        env.grow_plant(growth_percent);
        env
    }

    /// Writes the sample plant, `growth_percent` later, over what is in the share.
    pub(crate) fn grow_plant(&self, growth_percent: u32) {
        let growth = crate::plant::Growth { percent: growth_percent };
        crate::plant::write(&self.share(), growth).expect("the plant can be written");
    }

    /// The working folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The share.
    pub(crate) fn share(&self) -> PathBuf {
        self.folder.path().join("share")
    }

    /// A path in the working folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file into the share; its folders are made.
    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.share().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders can be made");
        std::fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// Puts a SQLite database into the share, closed, with the statements run in it.
    pub(crate) fn put_database(&self, name: &str, statements: &str) -> PathBuf {
        let path = self.put(name, "");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        runtime.block_on(async {
            let mut connection = options.connect().await.expect("a database");
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.expect("the statements run");
            connection.close().await.expect("a database closes");
        });
        path
    }

    /// Puts a file into the working folder.
    pub(crate) fn put_beside(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// The program with `arguments`, not yet started: in the working folder, in English, without our environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mulu"));
        command.current_dir(self.folder.path()).args(arguments).stdin(Stdio::null());
        command.env_clear().env("LC_ALL", "C.UTF-8");
        if !arguments.contains(&"--lang") {
            command.args(["--lang", "en"]);
        }
        command
    }

    /// Runs the program.
    pub(crate) fn mulu(&self, arguments: &[&str]) -> Answer {
        answer(&mut self.command(arguments))
    }

    /// Runs the program and expects exit code 0.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> Answer {
        self.mulu(arguments).expect_code(0)
    }

    /// Scans the share.
    #[track_caller]
    pub(crate) fn scan(&self) -> Answer {
        self.done(&["scan", "share"])
    }

    /// Makes an inventory and a copy of it for each of `names`: copies share the key of their sketches and masks, so
    /// that what they export can be compared byte by byte.
    pub(crate) fn twin_inventories(&self, names: [&str; 2]) {
        std::fs::create_dir(self.path("nothing")).expect("a folder can be made");
        self.done(&["scan", "nothing", "--inventory", names[0]]);
        std::fs::copy(self.path(names[0]), self.path(names[1])).expect("an inventory can be copied");
    }

    /// All assets, by their locator.
    #[track_caller]
    pub(crate) fn assets(&self) -> Vec<Value> {
        self.done(&["assets", "--format", "jsonl"]).json_lines()
    }

    /// The asset whose locator ends in `locator`.
    #[track_caller]
    pub(crate) fn asset(&self, locator: &str) -> Value {
        let assets = self.assets();
        let found = assets.iter().find(|asset| asset["locator"].as_str().is_some_and(|text| text.ends_with(locator)));
        let known = || assets.iter().filter_map(|asset| asset["locator"].as_str()).collect::<Vec<_>>().join("\n");
        found.unwrap_or_else(|| panic!("no asset {locator} among:\n{}", known())).clone()
    }

    /// The class of a category.
    #[track_caller]
    pub(crate) fn class(&self, category: &str) -> Value {
        let answer = self.done(&["classes", "--format", "json"]).json();
        let classes = answer["classes"].as_array().expect("classes is a list");
        let found = classes.iter().find(|class| class_category(class) == Some(category));
        found.unwrap_or_else(|| panic!("no class {category} in:\n{answer:#}")).clone()
    }
}

/// The category of a class, given as an id.
pub(crate) fn class_category(class: &Value) -> Option<&str> {
    class["category"].as_str().or_else(|| class["category"]["id"].as_str())
}

/// Runs `command` to its end.
pub(crate) fn answer(command: &mut Command) -> Answer {
    let output = command.output().expect("the program can be started");
    Answer {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The bytes of a file that a test or the program wrote.
pub(crate) fn bytes_of(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.read_to_end(&mut bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    bytes
}

/// The text of a file that a test or the program wrote.
pub(crate) fn text_of(path: &Path) -> String {
    String::from_utf8(bytes_of(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below `folder`, sorted by path.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let files = entries.into_iter().map(|entry| entry.expect("a folder of ours can be listed"));
    files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}
