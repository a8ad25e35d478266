//! A small country, put in through the ports alone, and the words the tests are written with.
//!
//! ```text
//! country ─┬─ province A ─┬─ district A1 ─┬─ commune A1a
//!          │              │               └─ commune A1b
//!          │              └─ district A2 ─── commune A2a
//!          └─ province B ─── district B1 ─── commune B1a
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use caodiem_domain::access::Scope;
use caodiem_domain::count::Count;
use caodiem_domain::drive::{Drive, DriveState, Phase, Settles};
use caodiem_domain::error::{Constraint, Error, StoreError};
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId, Sequence, TeamId, UnitId};
use caodiem_domain::indicator::{Attribution, Group, Indicator, Stage, TimeRule};
use caodiem_domain::page::{Cursor, Direction, Page, PageRequest, PageSize};
use caodiem_domain::ports::{Store, WriteTx};
use caodiem_domain::tally::{Reporter, Slot, Tally};
use caodiem_domain::team::{Team, TeamKind};
use caodiem_domain::text::{Key, PlanNumber, Reason, Subject, Title, UnitCode, UnitName};
use caodiem_domain::time::{Calendar, Day, DayRange, Instant};
use caodiem_domain::unit::{Unit, UnitKind, UnitPath, UnitVersion};
use caodiem_storage::{Config, open};
use caodiem_tests::database::{Backend, Database};
use caodiem_tests::stage::migrated;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

/// The country with a drive over all of it, one of district A1 under that, and two teams.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) database: Database,
    pub(crate) country: UnitId,
    pub(crate) province_a: UnitId,
    pub(crate) province_b: UnitId,
    pub(crate) district_a1: UnitId,
    pub(crate) district_a2: UnitId,
    pub(crate) district_b1: UnitId,
    pub(crate) commune_a1a: UnitId,
    pub(crate) commune_a1b: UnitId,
    pub(crate) commune_a2a: UnitId,
    pub(crate) commune_b1a: UnitId,
    /// Two simple ones, and their sum.
    pub(crate) indicators: [IndicatorId; 3],
    pub(crate) groups: [GroupId; 2],
    /// Over the country.
    pub(crate) drive: DriveId,
    pub(crate) phase: PhaseId,
    /// Of district A1, under the other.
    pub(crate) local_drive: DriveId,
    /// One of commune A1a, one of commune B1a.
    pub(crate) teams: [TeamId; 2],
}

impl World {
    /// A fresh one. `None`, said aloud, where there is no PostgreSQL.
    pub(crate) fn new(backend: Backend) -> Option<Self> {
        let database = migrated(backend)?;
        let store = reopen(&database);
        let world = store.write(|tx| {
            let units = found_country(tx)?;
            let (indicators, groups) = fill_catalogue(tx)?;
            let (drive, phase, local_drive) = plan_drives(tx, units[0], units[3], &indicators)?;
            let teams = [form_team(tx, units[6], "Tổ 1")?, form_team(tx, units[9], "Tổ 2")?];
            Ok((units, indicators, groups, drive, phase, local_drive, teams))
        });
        let (units, indicators, groups, drive, phase, local_drive, teams) = world.expect("a world");
        Some(Self {
            store,
            database,
            country: units[0],
            province_a: units[1],
            province_b: units[2],
            district_a1: units[3],
            district_a2: units[4],
            district_b1: units[5],
            commune_a1a: units[6],
            commune_a1b: units[7],
            commune_a2a: units[8],
            commune_b1a: units[9],
            indicators,
            groups,
            drive,
            phase,
            local_drive,
            teams,
        })
    }

    /// Runs a job that writes, and fails the test when it fails.
    pub(crate) fn write<T>(&self, job: impl FnMut(&mut dyn WriteTx) -> Result<T, StoreError>) -> T {
        self.try_write(job).expect("the job succeeds")
    }

    /// Runs a job that writes.
    pub(crate) fn try_write<T>(
        &self,
        mut job: impl FnMut(&mut dyn WriteTx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut failed = None;
        let outcome = self.store.write(|tx| {
            job(tx).map_err(|error| {
                failed = Some(error.clone());
                Error::Store(error)
            })
        });
        outcome.map_err(|error| failed.unwrap_or_else(|| StoreError::Other(error.to_string())))
    }

    /// Runs a job that reads, and fails the test when it fails.
    pub(crate) fn read<T>(
        &self,
        mut job: impl FnMut(&mut dyn caodiem_domain::ports::ReadTx) -> Result<T, StoreError>,
    ) -> T {
        self.store.read(|tx| job(tx).map_err(Error::Store)).expect("the job succeeds")
    }

    /// Whether the database itself refuses statements that go past the product.
    pub(crate) fn refuses(&self, sql: &str) -> bool {
        match self.database.url().strip_prefix("sqlite:") {
            Some(file) => SqliteConnection::establish(file).expect("it opens").batch_execute(sql).is_err(),
            None => PgConnection::establish(&self.database.url()).expect("it opens").batch_execute(sql).is_err(),
        }
    }

    /// The scope of these units.
    pub(crate) fn scope(&self, units: &[UnitId]) -> Scope {
        let found = self.read(|tx| tx.units_by_id(&Scope::Country, units));
        Scope::Subtrees(found.into_values().map(|unit| unit.path).collect())
    }

    /// A slot of the drives' book.
    pub(crate) fn slot(&self, credited: UnitId, on: &str, reporter: Reporter) -> Slot {
        Slot { book: self.drive, credited, day: day(on), indicator: self.indicators[0], reporter }
    }

    /// A first figure of a unit for itself.
    pub(crate) fn figure(&self, unit: UnitId, on: &str, value: i64) -> Tally {
        tally(self.slot(unit, on, Reporter::Unit(unit)), self.drive, 1, value)
    }
}

/// What a list without rows holds.
pub(crate) const NO_FIGURES: [i64; 0] = [];

/// Opens a database as a server would.
pub(crate) fn reopen(database: &Database) -> Arc<dyn Store> {
    open(&Config::new(&database.url()).expect("a URL")).expect("it opens")
}

fn found_country(tx: &mut dyn WriteTx) -> Result<Vec<UnitId>, Error> {
    const UNITS: [(&str, UnitKind, Option<usize>); 10] = [
        ("VN", UnitKind::Country, None),
        ("A", UnitKind::Province, Some(0)),
        ("B", UnitKind::Province, Some(0)),
        ("A1", UnitKind::RuralDistrict, Some(1)),
        ("A2", UnitKind::RuralDistrict, Some(1)),
        ("B1", UnitKind::RuralDistrict, Some(2)),
        ("A1a", UnitKind::RuralCommune, Some(3)),
        ("A1b", UnitKind::RuralCommune, Some(3)),
        ("A2a", UnitKind::RuralCommune, Some(4)),
        ("B1a", UnitKind::RuralCommune, Some(5)),
    ];
    let ids = tx.allocate(Sequence::Unit, UNITS.len())?;
    let mut units: Vec<Unit> = Vec::new();
    for ((code, kind, parent), id) in UNITS.into_iter().zip(ids) {
        let parent = parent.map(|at| units[at].clone());
        units.push(unit(UnitId::new(id), parent.as_ref(), code, kind));
    }
    tx.insert_units(&units)?;
    Ok(units.into_iter().map(|unit| unit.id).collect())
}

/// A unit that stands since 2023.
pub(crate) fn unit(id: UnitId, parent: Option<&Unit>, code: &str, kind: UnitKind) -> Unit {
    Unit {
        id,
        path: UnitPath::under(parent.map(|parent| &parent.path), id),
        synthetic: true,
        closed_on: None,
        latest: 1,
        version: UnitVersion {
            unit: id,
            number: 1,
            code: UnitCode::new(code).expect("a code"),
            name: UnitName::new(&format!("Đơn vị {code}")).expect("a name"),
            kind,
            parent: parent.map(|parent| parent.id),
            valid_from: day("2023-01-01"),
            valid_to: None,
            legal_basis: None,
        },
    }
}

fn fill_catalogue(tx: &mut dyn WriteTx) -> Result<([IndicatorId; 3], [GroupId; 2]), Error> {
    let ids = tx.allocate(Sequence::Indicator, 3)?;
    let indicators = [IndicatorId::new(ids[0]), IndicatorId::new(ids[1]), IndicatorId::new(ids[2])];
    for (id, code, parts) in [
        (indicators[0], "L1", Vec::new()),
        (indicators[1], "L2", Vec::new()),
        (indicators[2], "ALL", vec![indicators[1], indicators[0]]),
    ] {
        tx.insert_indicator(&indicator(id, code, parts))?;
    }
    let ids = tx.allocate(Sequence::Group, 2)?;
    let groups = [GroupId::new(ids[0]), GroupId::new(ids[1])];
    for (id, code) in [(groups[0], "RESIDENTS"), (groups[1], "PUPILS")] {
        tx.insert_group(&group(id, code))?;
    }
    Ok((indicators, groups))
}

/// An indicator of that code.
pub(crate) fn indicator(id: IndicatorId, code: &str, parts: Vec<IndicatorId>) -> Indicator {
    Indicator {
        id,
        code: Key::new(code).expect("a key"),
        name_vi: title(code),
        name_en: title(code),
        stage: Stage::Activate,
        level: None,
        attribution: Attribution::Residence,
        time_rule: TimeRule::Sum,
        parts,
    }
}

/// A group of that code.
pub(crate) fn group(id: GroupId, code: &str) -> Group {
    Group { id, code: Key::new(code).expect("a key"), name_vi: title(code), name_en: title(code) }
}

fn plan_drives(
    tx: &mut dyn WriteTx,
    country: UnitId,
    district: UnitId,
    indicators: &[IndicatorId],
) -> Result<(DriveId, PhaseId, DriveId), Error> {
    let drives = tx.allocate(Sequence::Drive, 2)?;
    let (drive, local) = (DriveId::new(drives[0]), DriveId::new(drives[1]));
    let phase = PhaseId::new(tx.allocate(Sequence::Phase, 1)?[0]);
    let mut plan = plan(drive, country, "1/KH");
    plan.indicators = indicators.iter().copied().collect();
    plan.phases = vec![Phase {
        id: phase,
        ordinal: 1,
        name: title("Giai đoạn 1"),
        days: DayRange::new(day("2023-06-01"), day("2023-06-15")).expect("days"),
        declared_days: Some(14),
    }];
    tx.insert_drive(&plan)?;
    tx.insert_drive(&Drive { parent: Some(drive), book: drive, ..self::plan(local, district, "2/KH") })?;
    Ok((drive, phase, local))
}

/// An open drive of a unit over June 2023.
pub(crate) fn plan(id: DriveId, unit: UnitId, number: &str) -> Drive {
    Drive {
        id,
        plan_number: PlanNumber::new(number).expect("a number"),
        title: title("Đợt cao điểm"),
        issuer: title("UBND"),
        unit,
        parent: None,
        book: id,
        issued_on: day("2023-05-20"),
        days: DayRange::new(day("2023-06-01"), day("2023-06-30")).expect("days"),
        declared_days: None,
        tree_date: day("2023-06-01"),
        settles: Settles::Reported,
        state: DriveState::Open,
        calendar: Calendar::every_day(),
        reporting_rules: Vec::new(),
        phases: Vec::new(),
        indicators: BTreeSet::new(),
        team_rules: Vec::new(),
        columns: Vec::new(),
        synthetic: true,
        version: 1,
    }
}

fn form_team(tx: &mut dyn WriteTx, unit: UnitId, name: &str) -> Result<TeamId, Error> {
    let id = TeamId::new(tx.allocate(Sequence::Team, 1)?[0]);
    tx.insert_teams(&[team(id, unit, name)])?;
    Ok(id)
}

/// A team at work since 2023.
pub(crate) fn team(id: TeamId, unit: UnitId, name: &str) -> Team {
    Team {
        id,
        unit,
        kind: TeamKind::Project06,
        name: title(name),
        valid_from: day("2023-01-01"),
        valid_to: None,
        synthetic: true,
        version: 1,
    }
}

/// A revision of a slot.
pub(crate) fn tally(slot: Slot, drive: DriveId, revision: i32, value: i64) -> Tally {
    Tally {
        slot,
        drive,
        revision,
        value: count(value),
        author: author(),
        received_at: moment("2023-06-05T08:30:00.123456Z"),
        device_at: None,
        reason: (revision > 1).then(|| Reason::new("nhập nhầm").expect("a reason")),
    }
}

/// The day of a text.
pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The days from one text to another.
pub(crate) fn days(from: &str, to: &str) -> DayRange {
    DayRange::new(day(from), day(to)).expect("days")
}

/// The moment of a text.
pub(crate) fn moment(text: &str) -> Instant {
    text.parse().expect("a moment")
}

/// A count.
pub(crate) fn count(value: i64) -> Count {
    Count::new(value).expect("a count")
}

/// An exact number.
pub(crate) fn exact(text: &str) -> Exact {
    Exact::parse(text).expect("a number")
}

/// Who writes.
pub(crate) fn author() -> Subject {
    Subject::new("tester").expect("a subject")
}

/// A title.
pub(crate) fn title(text: &str) -> Title {
    Title::new(text).expect("a title")
}

/// A refusal by that rule of the database.
pub(crate) const fn conflict<T>(rule: Constraint) -> Result<T, StoreError> {
    Err(StoreError::Conflict(rule))
}

/// The first page of so many rows.
pub(crate) fn first(rows: i64) -> PageRequest {
    PageRequest { size: PageSize::new(rows).expect("a size"), direction: Direction::Forward, cursor: None }
}

/// All rows, read page by page in one direction, with what each page said of its neighbours checked on the way.
pub(crate) fn all_pages<T: Clone>(
    direction: Direction,
    rows: i64,
    mut read: impl FnMut(&PageRequest) -> Page<T>,
) -> Vec<T> {
    let mut request = PageRequest { direction, ..first(rows) };
    let mut found: Vec<T> = Vec::new();
    loop {
        let page = read(&request);
        let (more, edge): (bool, Option<Cursor>) = match direction {
            Direction::Forward => (page.has_next, page.rows.last().map(|(cursor, _)| cursor.clone())),
            Direction::Backward => (page.has_previous, page.rows.first().map(|(cursor, _)| cursor.clone())),
        };
        let behind = if direction == Direction::Forward { page.has_previous } else { page.has_next };
        assert_eq!(behind, request.cursor.is_some(), "what lies behind a page is where it came from");
        let rows = page.rows.into_iter().map(|(_, row)| row);
        match direction {
            Direction::Forward => found.extend(rows),
            Direction::Backward => found = rows.chain(found).collect(),
        }
        if !more {
            return found;
        }
        request.cursor = edge;
    }
}
