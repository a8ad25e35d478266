//! A throw-away PostgreSQL, shared by every test process of this machine, with a database of its own for each test.
//!
//! nextest runs each test in a process of its own, `cargo test` many in one, so the cluster belongs to none of them:
//! the first test starts it under a file lock, each holds a shared lock while it runs, and a keeper
//! (`postgres/keeper.sh`) stops the server and deletes its data once nobody has used it for some seconds. The kernel
//! ends the server should the keeper be killed. Nothing is left behind.
//!
//! The cluster sorts by Vietnamese rules, so a query that forgets `COLLATE "C"` shows; `fsync` is on as it has to be.

mod cluster;

use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// The server, in use by this process until it ends.
#[derive(Debug)]
pub struct Server {
    port: u16,
    home: PathBuf,
    /// Shared; the keeper stops the server when nobody holds it.
    _user: File,
}

/// A database of one test; it is dropped with the value.
#[derive(Debug)]
pub struct PgDatabase {
    server: &'static Server,
    name: String,
}

/// The shared server, started if need be. `None`, said aloud, where PostgreSQL is not installed; in CI that is a failure.
///
/// # Panics
/// When the server cannot be started, and in CI when it is not installed.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| match cluster::binaries() {
            Some(binaries) => Some(cluster::join(&binaries).expect("PostgreSQL starts")),
            None if std::env::var_os("CI").is_some() => panic!("CI has no PostgreSQL: initdb was not found"),
            None => {
                eprintln!("SKIPPED on PostgreSQL: no initdb in PATH or /usr/lib/postgresql. Install `postgresql`.");
                None
            }
        })
        .as_ref()
}

/// A fresh empty database.
///
/// # Panics
/// As [`server`].
pub fn empty() -> Option<PgDatabase> {
    server().map(|server| server.create("template0"))
}

/// A fresh database with what `prepare` did to another one, once per `key`: mostly the migrations, which `key` names by
/// their content.
///
/// # Panics
/// As [`server`], and when `prepare` does.
pub fn prepared(key: &str, prepare: impl FnOnce(&str)) -> Option<PgDatabase> {
    server().map(|server| server.create(&server.template(key, prepare)))
}

/// A name for what the files under a folder say: another content, another name.
///
/// # Panics
/// When a file cannot be read.
pub fn fingerprint(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    let mut open = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    for file in files {
        file.strip_prefix(folder).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).expect("a file").hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

impl Server {
    /// The URL of a database: over TCP, or over the server's socket where `CAODIEM_PG_SOCKET` is set.
    fn url(&self, database: &str) -> String {
        let host = match std::env::var_os("CAODIEM_PG_SOCKET") {
            Some(_) => self.home.join("data").display().to_string().replace('/', "%2F"),
            None => "127.0.0.1".to_owned(),
        };
        format!("postgres://caodiem@{host}:{port}/{database}", port = self.port)
    }

    /// Runs statements in the maintenance database.
    fn administer(&self, sql: &str) -> diesel::QueryResult<()> {
        let mut connection = PgConnection::establish(&self.url("postgres")).expect("the server answers");
        connection.batch_execute(sql)
    }

    fn create(&'static self, template: &str) -> PgDatabase {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{process}_{number}", process = process::id());
        self.administer(&format!("DROP DATABASE IF EXISTS {name}")).expect("an old database goes");
        self.administer(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log"))
            .expect("a database is made");
        PgDatabase { server: self, name }
    }

    /// The database prepared under `key`; made by whoever comes first, the others wait.
    fn template(&self, key: &str, prepare: impl FnOnce(&str)) -> String {
        let name = format!("template_{key}");
        let lock = OpenOptions::new().create(true).append(true).open(self.home.join("template.lock"));
        let lock = lock.expect("a lock file");
        lock.lock().expect("the lock");
        let ready = self.home.join("templates").join(&name);
        if !ready.exists() {
            self.administer(&format!("DROP DATABASE IF EXISTS {name}")).expect("a half-made template goes");
            self.administer(&format!("CREATE DATABASE {name} TEMPLATE template0")).expect("a template is made");
            prepare(&self.url(&name));
            fs::write(&ready, "").expect("the mark");
        }
        name
    }
}

impl PgDatabase {
    /// Its URL.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }
}

impl Drop for PgDatabase {
    fn drop(&mut self) {
        if let Err(error) = self.server.administer(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)) {
            eprintln!("{} was not dropped: {error}", self.name);
        }
    }
}
