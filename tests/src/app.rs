//! The real binary, serving a database of the test's own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;

use crate::binary::caodiem;
use crate::client::Client;
use crate::database::{Backend, Database};

/// The day on which the tests play, unless they say otherwise: in the middle of both real drives.
pub const TODAY: &str = "2023-07-05";

/// A server on a database of its own.
#[derive(Debug)]
pub struct App {
    database: Database,
    today: String,
    server: Option<Child>,
    base: String,
}

impl App {
    /// Serves the 2023 tree with the starter catalogue, on [`TODAY`]. `None` where there is no PostgreSQL.
    ///
    /// # Panics
    /// When the server does not start.
    pub fn start(backend: Backend) -> Option<Self> {
        Some(Self::over(crate::seed::country(backend)?, TODAY))
    }

    /// Serves a database on a day.
    ///
    /// # Panics
    /// When the server does not start.
    pub fn over(database: Database, today: &str) -> Self {
        let mut app = Self { database, today: today.to_owned(), server: None, base: String::new() };
        app.serve();
        app
    }

    /// The database under it.
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Where it listens.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Starts the server; it is ready when this returns.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn serve(&mut self) {
        let mut server = command(&self.database)
            .args(["serve", "--allow-insecure", "--workers", "2", "--log-filter", "warn", "--port", "0"])
            .args(["--today", &self.today])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("caodiem starts");
        let said = BufReader::new(server.stderr.take().expect("piped"));
        // What it says is shown with the test's own output.
        thread::spawn(move || said.lines().map_while(Result::ok).for_each(|line| eprintln!("server: {line}")));
        let mut lines = BufReader::new(server.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let announced = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        self.base = announced.expect("it says where it listens");
        thread::spawn(move || lines.for_each(drop));
        self.server = Some(server);
    }

    /// The number of the server's process.
    ///
    /// # Panics
    /// When it is not running.
    pub fn process(&self) -> u32 {
        self.server.as_ref().expect("it runs").id()
    }

    /// Asks the server to end, as an operator does, and waits for it.
    ///
    /// # Panics
    /// When it is not running.
    pub fn stop(&mut self) -> ExitStatus {
        let mut server = self.server.take().expect("it runs");
        let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill runs");
        assert!(told.success(), "the signal was not sent");
        server.wait().expect("it ends")
    }

    /// Serves on from another day or moment.
    ///
    /// # Panics
    /// When it does not end or come up.
    pub fn move_to(&mut self, today: &str) {
        self.stop();
        today.clone_into(&mut self.today);
        self.serve();
    }

    /// Ends the server without a word, as a power cut does.
    ///
    /// # Panics
    /// When it is not running.
    pub fn kill(&mut self) {
        let mut server = self.server.take().expect("it runs");
        server.kill().expect("the signal is sent");
        server.wait().expect("it ends");
    }

    /// Runs another command of the binary on the same database.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&self.database, arguments)
    }

    /// Whether the server runs.
    pub const fn is_running(&self) -> bool {
        self.server.is_some()
    }

    /// Begins another command of the binary on the same database; what it says is kept.
    ///
    /// # Panics
    /// When the binary cannot be run.
    pub fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = command(&self.database);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("caodiem runs")
    }

    /// A client with the role over the unit of that code.
    pub fn client(&self, role: &str, unit: &str) -> Client {
        Client::new(&self.base, Some(self.token(&["--role", role, "--unit", unit])))
    }

    /// A client without a token.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// A token as `caodiem token` mints it.
    ///
    /// # Panics
    /// When it is refused.
    pub fn token(&self, arguments: &[&str]) -> String {
        let minted = self.run(&[&["token", "--today", &self.today, "--allow-insecure"], arguments].concat());
        assert!(minted.status.success(), "{}", String::from_utf8_lossy(&minted.stderr));
        String::from_utf8(minted.stdout).expect("a token").trim().to_owned()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // The test is over; what it has to show it has shown.
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// Runs a command of the binary on a database.
///
/// # Panics
/// When the binary cannot be run.
pub fn run(database: &Database, arguments: &[&str]) -> Output {
    command(database).args(arguments).output().expect("caodiem runs")
}

/// [`run`] on the database at a URL, with its keys in `home`; it has to succeed.
///
/// # Panics
/// When it fails.
pub fn prepare(url: &str, home: &Path, arguments: &[&str]) {
    let done = bare(url, home).args(arguments).output().expect("caodiem runs");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn command(database: &Database) -> Command {
    bare(&database.url(), database.home())
}

/// Nothing of this machine's own settings reaches the binary.
fn bare(url: &str, home: &Path) -> Command {
    let mut command = Command::new(caodiem());
    command.env_clear().env("DATABASE_URL", url).env("CAODIEM_DATA_DIR", home).current_dir(home).stdin(Stdio::null());
    command
}
