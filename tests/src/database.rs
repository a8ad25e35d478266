//! A database of a test's own, on either backend.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use tempfile::TempDir;

use crate::postgres::{self, PgDatabase};

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    /// Embedded.
    Sqlite,
    /// The throw-away server.
    Postgres,
}

/// A database that goes with the value.
#[derive(Debug)]
pub struct Database {
    home: TempDir,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Sqlite(PathBuf),
    Postgres(PgDatabase),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Database {
    /// A database in the state that `prepare` made of another one, once per `key`. `None`, said aloud, where there is no
    /// PostgreSQL.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn prepared(backend: Backend, key: &str, prepare: impl FnOnce(&str)) -> Option<Self> {
        let home = tempfile::tempdir().expect("a folder");
        let place = match backend {
            Backend::Postgres => Place::Postgres(postgres::prepared(key, prepare)?),
            Backend::Sqlite => {
                let file = home.path().join("caodiem.db");
                std::fs::copy(crate::template::sqlite(key, prepare), &file).expect("a copy");
                Place::Sqlite(file)
            }
        };
        Some(Self { home, place })
    }

    /// An empty one.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn empty(backend: Backend) -> Option<Self> {
        let home = tempfile::tempdir().expect("a folder");
        let place = match backend {
            Backend::Postgres => Place::Postgres(postgres::empty()?),
            Backend::Sqlite => Place::Sqlite(home.path().join("caodiem.db")),
        };
        Some(Self { home, place })
    }

    /// A folder that goes with it, for keys and files.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// What `DATABASE_URL` says.
    pub fn url(&self) -> String {
        match &self.place {
            Place::Sqlite(file) => format!("sqlite:{}", file.display()),
            Place::Postgres(database) => database.url(),
        }
    }

    /// Runs statements past the product: to damage what a check has to find.
    ///
    /// # Panics
    /// When they fail.
    pub fn execute(&self, sql: &str) {
        match &self.place {
            Place::Sqlite(file) => sqlite(file).batch_execute(sql),
            Place::Postgres(database) => postgres(&database.url()).batch_execute(sql),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The one number that a query gives as `number`.
    ///
    /// # Panics
    /// When it gives none.
    pub fn number(&self, sql: &str) -> i64 {
        let rows: Vec<Number> = match &self.place {
            Place::Sqlite(file) => diesel::sql_query(sql).load(&mut sqlite(file)),
            Place::Postgres(database) => diesel::sql_query(sql).load(&mut postgres(&database.url())),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.first().expect("a row").number
    }
}

fn sqlite(file: &std::path::Path) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(&file.display().to_string()).expect("the file opens");
    connection.batch_execute("PRAGMA busy_timeout = 5000").expect("a setting");
    connection
}

fn postgres(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the server answers")
}
