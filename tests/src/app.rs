//! The real binary, serving a database of the test's own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;
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
    /// The time zone of the server's machine; its own when absent.
    zone: Option<String>,
    server: Option<Child>,
    base: String,
    granting: Mutex<()>,
}

/// Whom a token of the tests is for.
#[derive(Clone, Copy, Debug)]
struct Hat<'a> {
    role: &'a str,
    unit: &'a str,
    team: Option<&'a str>,
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
        let mut app = Self {
            database,
            today: today.to_owned(),
            zone: None,
            server: None,
            base: String::new(),
            granting: Mutex::new(()),
        };
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
        let mut server = command(&self.database);
        if let Some(zone) = &self.zone {
            server.env("TZ", zone);
        }
        let mut server = server
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

    /// Serves on as a machine in that time zone.
    ///
    /// # Panics
    /// When it does not end or come up.
    pub fn move_to_zone(&mut self, zone: &str, today: &str) {
        self.zone = Some(zone.to_owned());
        self.move_to(today);
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

    /// A token as `caodiem token` mints it, for an account of the tests that holds `--role` over `--unit`, and reports for
    /// `--team` where that is given; it is made when it is first asked for. Other arguments go to the command.
    ///
    /// # Panics
    /// When it is refused.
    pub fn token(&self, arguments: &[&str]) -> String {
        let named = |flag: &str| {
            let at = arguments.iter().position(|argument| *argument == flag)?;
            arguments.get(at + 1).copied()
        };
        let hat = Hat {
            role: named("--role").expect("a role"),
            unit: named("--unit").expect("a unit"),
            team: named("--team"),
        };
        let others = arguments.chunks(2).filter(|pair| !["--role", "--unit", "--team"].contains(&pair[0])).flatten();
        let login = self.account(hat.role, hat.unit, hat.team);
        self.token_of(&login, &others.copied().collect::<Vec<_>>())
    }

    /// A token for an account that exists.
    ///
    /// # Panics
    /// When it is refused.
    pub fn token_of(&self, login: &str, arguments: &[&str]) -> String {
        let mint = ["token", "--today", &self.today, "--allow-insecure", "--account", login];
        let minted = self.run(&[&mint, arguments].concat());
        assert!(minted.status.success(), "{}", String::from_utf8_lossy(&minted.stderr));
        String::from_utf8(minted.stdout).expect("a token").trim().to_owned()
    }

    /// The login of an account of the tests with a role over the unit of that code, made past the product: a running
    /// server holds an embedded database, so that the host's own command has to wait, and no grantor rule lets anybody
    /// grant every role everywhere. What the product's own ways of granting do is tested where they are tested.
    ///
    /// # Panics
    /// When there is no such unit.
    pub fn account(&self, role: &str, unit: &str, team: Option<&str>) -> String {
        let login = ["test", role, unit].into_iter().chain(team).collect::<Vec<_>>().join("-");
        let _one_at_a_time = self.granting.lock().expect("the lock");
        let known = format!("SELECT COUNT(*) AS number FROM account WHERE login = '{login}'");
        if self.database.number(&known) == 0 {
            self.insert_account(&login, Hat { role, unit, team });
        }
        login
    }

    /// Keys far from those that the product hands out.
    fn insert_account(&self, login: &str, Hat { role, unit, team }: Hat<'_>) {
        let day = &self.today[..10];
        let unit = self.database.number(&format!(
            "SELECT unit_id AS number FROM unit_version WHERE code = '{unit}' AND valid_from <= '{day}' \
             AND (valid_to IS NULL OR valid_to > '{day}')"
        ));
        let kind = if role == "integrator" { "SERVICE" } else { "PERSON" };
        let team = team.unwrap_or("NULL");
        let key = 1_000_000 + self.database.number("SELECT COUNT(*) AS number FROM account");
        self.database.execute(&format!(
            "INSERT INTO account (id, login, kind, post, unit_id, state, demo, created_at, created_by, version) \
             VALUES ({key}, '{login}', '{kind}', 'Test', {unit}, 'ACTIVE', FALSE, 0, 'tests', 1); \
             INSERT INTO assignment (id, account_id, role, unit_id, team_id, only_for, valid_from, chain, granted_by, reason, \
             granted_at, version) \
             VALUES ({key}, {key}, '{role}', {unit}, {team}, '', '2020-01-01', 0, 'tests', 'Test', 0, 1)"
        ));
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
