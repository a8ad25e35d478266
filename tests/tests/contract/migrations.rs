//! Migrations of the two databases: equal names, equal tables, and a way down that leads up again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use caodiem_storage::{Config, MigrationReport, OpenError, migrate, open};
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::on_both;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::check;
use crate::world::{World, reopen};

/// SQLite has no sequences, so it keeps them in a table.
const ONLY_SQLITE: &str = "sequence";

fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../storage/migrations").join(of)
}

fn names(of: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(of)).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
}

fn config(database: &Database) -> Config {
    Config::new(&database.url()).expect("a URL")
}

/// A column: its table, its name, its type in few words, and whether it may be empty.
#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    optional: i64,
}

/// A rule over columns: `primary`, `unique`, or `reference` to a table.
#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Rule {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    columns: Option<String>,
}

/// A catalogue, comparable across the two databases.
#[derive(PartialEq, Eq, Debug)]
struct Catalogue {
    columns: BTreeSet<Column>,
    rules: BTreeSet<Rule>,
    indexes: BTreeSet<Rule>,
}

/// STRICT tables know no dates, times and booleans: a day or a moment is TEXT, a yes or no INTEGER, bytes a BLOB.
fn word(kind: &str) -> String {
    match kind {
        "bigint" | "integer" | "smallint" | "boolean" | "INTEGER" => "number",
        "text" | "date" | "time without time zone" | "timestamp without time zone" | "TEXT" => "text",
        "bytea" | "BLOB" => "bytes",
        other => other,
    }
    .to_owned()
}

fn catalogue(database: &Database) -> Catalogue {
    let url = database.url();
    let (columns, rules, indexes): (Vec<Column>, Vec<Rule>, Vec<Rule>) = if let Some(file) = url.strip_prefix("sqlite:")
    {
        let mut conn = SqliteConnection::establish(file).expect("it opens");
        let mut ask = |sql: &str| sql_query(sql).load(&mut conn).expect("rules");
        let (rules, indexes) =
            (ask(include_str!("migrations/sqlite_rules.sql")), ask(include_str!("migrations/sqlite_indexes.sql")));
        let columns = sql_query(include_str!("migrations/sqlite_columns.sql")).load(&mut conn);
        (columns.expect("columns"), rules, indexes)
    } else {
        let mut conn = PgConnection::establish(&url).expect("it answers");
        let mut ask = |sql: &str| sql_query(sql).load(&mut conn).expect("rules");
        let (rules, indexes) =
            (ask(include_str!("migrations/pg_rules.sql")), ask(include_str!("migrations/pg_indexes.sql")));
        let columns = sql_query(include_str!("migrations/pg_columns.sql")).load(&mut conn);
        (columns.expect("columns"), rules, indexes)
    };
    let own = |table: &str| table != ONLY_SQLITE && !table.starts_with("__diesel") && !table.starts_with("sqlite_");
    let columns = columns.into_iter().filter(|column| own(&column.table_name));
    let rules_of = |rules: Vec<Rule>| rules.into_iter().filter(|rule| own(&rule.table_name)).collect();
    Catalogue {
        columns: columns.map(|column| Column { kind: word(&column.kind), ..column }).collect(),
        rules: rules_of(rules),
        indexes: rules_of(indexes),
    }
}

fn migrated(backend: Backend) -> Option<Database> {
    let database = Database::empty(backend)?;
    migrate(&config(&database)).expect("the migrations run");
    Some(database)
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    assert_eq!(names("sqlite"), names("postgres"));
    for name in names("sqlite") {
        for of in ["sqlite", "postgres"] {
            for file in ["up.sql", "down.sql"] {
                assert!(folder(of).join(&name).join(file).is_file(), "{of}/{name}/{file} is missing");
            }
        }
    }
}

#[test]
fn both_databases_have_the_same_tables() {
    let (Some(sqlite), Some(postgres)) = (migrated(Backend::Sqlite), migrated(Backend::Postgres)) else { return };
    let (sqlite, postgres) = (catalogue(&sqlite), catalogue(&postgres));
    assert!(sqlite.columns.len() > 100 && sqlite.rules.len() > 20, "the catalogue was not read: {sqlite:?}");
    let differ = |left: &BTreeSet<_>, right: &BTreeSet<_>| {
        format!("{:#?}", left.symmetric_difference(right).collect::<Vec<&Rule>>())
    };
    let columns: Vec<&Column> = sqlite.columns.symmetric_difference(&postgres.columns).collect();
    assert!(columns.is_empty(), "{columns:#?}");
    assert!(sqlite.rules == postgres.rules, "{}", differ(&sqlite.rules, &postgres.rules));
    assert!(sqlite.indexes == postgres.indexes, "{}", differ(&sqlite.indexes, &postgres.indexes));
}

/// The columns that `tables.rs` and the files under it name, with whether they may be empty.
fn written_down() -> BTreeMap<(String, String), (String, bool)> {
    let read = |file: &str| fs::read_to_string(folder("..").join("src").join(file)).expect("tables");
    let text = ["tables.rs", "tables/papers.rs", "tables/record.rs", "tables/reporting.rs", "tables/truth.rs"]
        .map(read)
        .concat();
    let mut columns = BTreeMap::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let bare = kind.trim_start_matches("Nullable<").trim_end_matches('>').to_owned();
            columns.insert((table.clone(), name.to_owned()), (bare, kind.starts_with("Nullable")));
        } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            name.clone_into(&mut table);
        }
    }
    columns
}

on_both! {
    the_tables_are_those_that_are_written_down(backend) {
        let Some(database) = migrated(backend) else { return };
        let mut expected = BTreeSet::new();
        for ((table_name, name), (kind, optional)) in written_down() {
            let kind = match kind.as_str() {
                "BigInt" | "Integer" | "SmallInt" | "Bool" => "number",
                "Text" | "Date" | "Time" | "Timestamp" => "text",
                "Binary" => "bytes",
                other => panic!("{other} is no portable type"),
            };
            if table_name != ONLY_SQLITE {
                expected.insert(Column { table_name, name, kind: kind.to_owned(), optional: optional.into() });
            }
        }
        let found = catalogue(&database).columns;
        let differ: Vec<&Column> = found.symmetric_difference(&expected).collect();
        assert!(differ.is_empty(), "{differ:#?}");
    }

    the_way_down_leads_up_again(backend) {
        let Some(database) = migrated(backend) else { return };
        let (before, of) = (catalogue(&database), if backend == Backend::Sqlite { "sqlite" } else { "postgres" });
        for name in names(of).iter().rev() {
            let down = fs::read_to_string(folder(of).join(name).join("down.sql")).expect("a way down");
            database.execute(&down);
        }
        assert_eq!(catalogue(&database), Catalogue {
            columns: BTreeSet::new(), rules: BTreeSet::new(), indexes: BTreeSet::new(),
        });
        if backend == Backend::Postgres {
            let left = "SELECT COUNT(*) AS number FROM pg_proc WHERE pronamespace = 'public'::regnamespace";
            assert_eq!(database.number(left), 0);
            assert_eq!(database.number("SELECT COUNT(*) AS number FROM pg_sequences"), 0);
        }
        database.execute("DELETE FROM __diesel_schema_migrations");
        let report = migrate(&config(&database)).expect("the migrations run");
        assert_eq!(report.applied.len(), names(of).len());
        assert_eq!(catalogue(&database), before);
    }

    figures_and_their_history_outlive_the_move_of_their_tables(backend) {
        let Some(world) = check::at_work(backend) else { return };
        let slots = [check::slot(&world)];
        let before = (world.read(|tx| tx.tallies(&slots)), world.read(|tx| tx.revisions(&slots)));
        assert_eq!(before.1[&slots[0]].len(), 2);
        let World { store, database, .. } = world;
        drop(store);
        let of = if backend == Backend::Sqlite { "sqlite" } else { "postgres" };
        let down = fs::read_to_string(folder(of).join("2026-11-22-000011_by_day/down.sql")).expect("a way down");
        database.execute(&down);
        // There every revision stood in history, the last one too.
        let kept = "SELECT COUNT(*) - (SELECT CAST(SUM(revision) AS BIGINT) FROM tally) AS number FROM tally_revision";
        assert_eq!(database.number(kept), 0);
        database.execute("DELETE FROM __diesel_schema_migrations WHERE version = '20261122000011'");
        assert_eq!(migrate(&config(&database)).expect("the migrations run").applied.len(), 1);
        let store = reopen(&database);
        let after = store.read(|tx| Ok((tx.tallies(&slots)?, tx.revisions(&slots)?))).expect("it reads");
        assert_eq!(after, before);
        let report = caodiem_storage::check(&config(&database), 10, &mut |_| {}).expect("it checks");
        assert!(report.agrees(), "{:?}", report.differences);
        assert_eq!((report.tallies, report.rollup_sums), (3, 16));
    }

    a_migrated_database_is_left_alone(backend) {
        let Some(database) = Database::empty(backend) else { return };
        assert!(matches!(open(&config(&database)).err(), Some(OpenError::NotMigrated(_))));
        let report = migrate(&config(&database)).expect("the migrations run");
        assert_eq!(report.applied.len(), names("sqlite").len());
        let again = migrate(&config(&database)).expect("the migrations run");
        assert_eq!(again, MigrationReport { applied: Vec::new() });
        assert!(open(&config(&database)).is_ok());
    }
}
