//! Throw-away PostgreSQL and MariaDB: made from the installed binaries in a folder of their own, on a free port of
//! the loopback, one of each for the whole run, gone with it however it ends.

use std::fs::File;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use tokio::runtime::Runtime;

/// How long a server may take to come up on a busy machine.
const PATIENCE: Duration = Duration::from_secs(45);

/// A running server.
pub(crate) struct Server {
    pub(super) scheme: &'static str,
    user: &'static str,
    pub(super) port: u16,
    pub(super) folder: PathBuf,
    runtime: Runtime,
    /// One statement at a time: tests run side by side, and some of them make roles.
    gate: Mutex<()>,
    databases: AtomicU32,
}

/// The password of the servers' only login.
pub(super) const PASSWORD: &str = "throw-away";

/// The PostgreSQL server of this run.
pub(crate) fn postgres() -> &'static Server {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    start_once(&SERVER, || start_postgres(&|_| Vec::new()))
}

/// The MariaDB server of this run.
pub(crate) fn mariadb() -> &'static Server {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    start_once(&SERVER, || start_mariadb(&|_| Vec::new()))
}

/// What a server is given beside its usual options: files may be put into its folder, which it owns afterwards.
pub(crate) type Prepare<'p> = &'p dyn Fn(&Path) -> Vec<String>;

/// A server that does not come up is waited for once, not by each test.
pub(crate) fn start_once(server: &'static OnceLock<Option<Server>>, start: fn() -> Server) -> &'static Server {
    let started = server.get_or_init(|| std::panic::catch_unwind(start).ok());
    started.as_ref().expect("the server did not come up: the first test that wanted it says why")
}

impl Server {
    /// The port of the loopback on which it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The folder with everything of it.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every statement that it was asked so far, and more: its log.
    pub(crate) fn log(&self) -> String {
        // What others write meanwhile may be cut in the midst of a character.
        let name = if self.scheme == "postgres" { "log" } else { "statements" };
        let mut log = Vec::new();
        let file = File::open(self.folder.join(name)).and_then(|mut file| file.read_to_end(&mut log));
        file.expect("the log of the server can be read");
        String::from_utf8_lossy(&log).into_owned()
    }

    /// The address of a database, with a login that may do everything.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url_as(self.user, PASSWORD, database)
    }

    /// The address of a database with another login.
    pub(crate) fn url_as(&self, user: &str, password: &str, database: &str) -> String {
        format!("{}://{user}:{password}@127.0.0.1:{}/{database}", self.scheme, self.port)
    }

    /// A new, empty database.
    pub(crate) fn new_database(&self, hint: &str) -> String {
        let name = format!("{hint}_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let home = if self.scheme == "postgres" { "postgres" } else { "mysql" };
        self.sql(home, &format!("CREATE DATABASE {name}"));
        name
    }

    /// Runs statements in a database.
    pub(crate) fn sql(&self, database: &str, statements: &str) {
        self.try_sql(&self.url(database), statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// Runs statements with a login of one's own.
    pub(crate) fn try_sql(&self, url: &str, statements: &str) -> Result<(), sqlx::Error> {
        let _alone = self.gate.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.runtime.block_on(async {
            if self.scheme == "postgres" {
                let mut connection = PgConnection::connect(url).await?;
                sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await?;
                connection.close().await
            } else {
                let mut connection = MySqlConnection::connect(url).await?;
                sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await?;
                connection.close().await
            }
        })
    }

    /// Runs a statement that takes its time, while others run beside it.
    pub(crate) fn slow(&self, url: &str, statement: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            if self.scheme == "postgres" {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
            } else {
                let mut connection = MySqlConnection::connect(url).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
            }
        });
    }

    /// One number, as the server itself answers.
    pub(crate) fn number(&self, database: &str, query: &str) -> u64 {
        let url = self.url(database);
        let number: i64 = self.runtime.block_on(async {
            if self.scheme == "postgres" {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut connection).await.unwrap()
            } else {
                let mut connection = MySqlConnection::connect(&url).await.unwrap();
                sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut connection).await.unwrap()
            }
        });
        u64::try_from(number).unwrap()
    }

    fn wait_until_it_answers(&self, server: &mut Child, log: &Path) {
        let start = Instant::now();
        loop {
            let home = if self.scheme == "postgres" { "postgres" } else { "mysql" };
            let answers = TcpStream::connect(("127.0.0.1", self.port)).is_ok()
                && self.try_sql(&self.url(home), "SELECT 1").is_ok();
            if answers {
                return;
            }
            let ended = server.try_wait().unwrap();
            if ended.is_some() || start.elapsed() > PATIENCE {
                let said = std::process::Command::new("tail").arg("-n20").arg(log).output().unwrap();
                panic!("{} did not come up ({ended:?}):\n{}", self.scheme, String::from_utf8_lossy(&said.stdout));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A server that can be started, and again after its end.
pub(super) struct Made {
    pub(super) server: Server,
    pub(super) command: Command,
}

impl Made {
    /// Starts it; when this process ends, its watchdog ends it.
    pub(super) fn start(&mut self) -> Child {
        let log = self.server.folder.join("log");
        let output = || File::options().create(true).append(true).open(&log).unwrap();
        let mut process = self.command.stdin(Stdio::null()).stdout(output()).stderr(output()).spawn().unwrap();
        watch(&process, &self.server.folder);
        self.server.wait_until_it_answers(&mut process, &log);
        process
    }
}

pub(crate) fn start_postgres(prepare: Prepare<'_>) -> Server {
    let mut made = made_postgres(prepare);
    drop(made.start());
    made.server
}

pub(crate) fn start_mariadb(prepare: Prepare<'_>) -> Server {
    let mut made = made_mariadb(prepare);
    drop(made.start());
    made.server
}

pub(super) fn made_postgres(prepare: Prepare<'_>) -> Made {
    let (initdb, postgres) = (postgres_binary("initdb"), postgres_binary("postgres"));
    let folder = folder_for_servers("postgres");
    let data = folder.join("data");
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD).unwrap();
    let more = prepare(&folder);
    let owner = unprivileged(&["postgres", "nobody"]);
    hand_over(&folder, owner.as_deref());
    run(as_user(owner.as_deref(), &initdb)
        .arg("--pgdata")
        .arg(&data)
        .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
        .arg(format!("--pwfile={}", password.display())));
    let port = free_port();
    let mut command = as_user(owner.as_deref(), &postgres);
    command
        .arg("-D")
        .arg(&data)
        .args(["-h", "127.0.0.1", "-c", "fsync=off", "-c", "autovacuum=off"])
        .args(["-c", "log_statement=all", "-c", "log_line_prefix=%a|%d|"])
        .args(more)
        .arg("-p")
        .arg(port.to_string())
        .arg("-k")
        .arg(&folder);
    Made { server: Server::new("postgres", "postgres", port, folder), command }
}

pub(super) fn made_mariadb(prepare: Prepare<'_>) -> Made {
    let (install, mariadbd) = (binary("mariadb-install-db", "mariadb-server"), binary("mariadbd", "mariadb-server"));
    let folder = folder_for_servers("mariadb");
    let data = folder.join("data");
    let owner = unprivileged(&["mysql", "nobody"]);
    std::fs::create_dir(&data).unwrap();
    let setup = folder.join("setup.sql");
    let login = format!(
        "CREATE USER IF NOT EXISTS tester@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\nGRANT ALL ON *.* TO tester@'127.0.0.1' WITH GRANT OPTION;\n"
    );
    std::fs::write(&setup, login).unwrap();
    let more = prepare(&folder);
    hand_over(&folder, owner.as_deref());
    run(as_user(owner.as_deref(), &install)
        .args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"])
        .arg(format!("--datadir={}", data.display())));
    let port = free_port();
    let mut command = as_user(owner.as_deref(), &mariadbd);
    command
        .args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"])
        .args(["--character-set-server=utf8mb4", "--skip-name-resolve", "--general-log"])
        .arg(format!("--general-log-file={}", folder.join("statements").display()))
        .args(more)
        // Sizes that the server reckons anew in the background would differ between two scans of the same data.
        .arg("--innodb-stats-auto-recalc=0")
        .arg(format!("--port={port}"))
        .arg(format!("--datadir={}", data.display()))
        .arg(format!("--socket={}", folder.join("socket").display()))
        .arg(format!("--init-file={}", setup.display()));
    Made { server: Server::new("mysql", "tester", port, folder), command }
}

impl Server {
    pub(super) fn new(scheme: &'static str, user: &'static str, port: u16, folder: PathBuf) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { scheme, user, port, folder, runtime, gate: Mutex::new(()), databases: AtomicU32::new(0) }
    }
}

/// Ends the server and removes its folder when this process ends, whether it returns, panics or is killed: a shell
/// that waits for the end of a pipe whose other end dies with us.
#[expect(clippy::zombie_processes, reason = "the watchdog outlives this process on purpose")]
fn watch(server: &Child, folder: &Path) {
    let script = "cat >/dev/null; kill -INT \"$0\" 2>/dev/null; n=0
        while kill -0 \"$0\" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
        kill -KILL \"$0\" 2>/dev/null; rm -rf -- \"$1\"";
    let mut watchdog = Command::new("sh")
        .arg("-c")
        .arg(script)
        .arg(server.id().to_string())
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group_of_its_own()
        .spawn()
        .unwrap();
    // The pipe stays open as long as this process lives.
    std::mem::forget(watchdog.stdin.take());
}

trait OwnGroup {
    fn process_group_of_its_own(&mut self) -> &mut Self;
}

impl OwnGroup for Command {
    /// An interrupt from the keyboard goes to the whole group; the watchdog must outlive it.
    fn process_group_of_its_own(&mut self) -> &mut Self {
        std::os::unix::process::CommandExt::process_group(self, 0)
    }
}

/// A folder that another user may be given.
pub(super) fn folder_for_servers(name: &str) -> PathBuf {
    let folder = tempfile::Builder::new().prefix(&format!("mulu-test-{name}-")).tempdir().unwrap().keep();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A user to run a server as, when we are the superuser, as whom neither server starts.
pub(super) fn unprivileged(names: &[&str]) -> Option<String> {
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let exists = |name: &&&str| Command::new("id").arg(name).output().is_ok_and(|output| output.status.success());
    let found = names.iter().find(exists);
    Some((*found.unwrap_or_else(|| panic!("none of the users {names:?} exists to run a server as"))).to_owned())
}

pub(super) fn hand_over(folder: &Path, owner: Option<&str>) {
    if let Some(owner) = owner {
        run(Command::new("chown").arg("-R").arg(owner).arg(folder));
    }
}

/// A command as that user; `setpriv` replaces itself, so the id of the process is that of the server.
pub(super) fn as_user(owner: Option<&str>, program: &Path) -> Command {
    let Some(owner) = owner else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={owner}")).arg("--clear-groups").arg(program);
    // The folder that we are in may be closed to that user.
    command.current_dir("/").env("HOME", "/");
    command
}

pub(super) fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// The newest of the installed PostgreSQL versions; Debian keeps them out of the path.
pub(super) fn postgres_binary(name: &str) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin").join(name)))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| binary(name, "postgresql"))
}

pub(super) fn binary(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders
        .map(|folder| folder.join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is not installed: install the Debian package {package} (tests/run does it)"))
}
