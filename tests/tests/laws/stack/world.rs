//! A small country: two provinces of two districts of two communes each, a drive over all of it and one under it.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Role;
use caodiem_domain::count::Count;
use caodiem_domain::drive::Settles;
use caodiem_domain::id::{DriveId, IndicatorId, UnitId};
use caodiem_domain::indicator::{Attribution, Stage as Step, TimeRule};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::tally::{Figure, Reporter, TallyRow, TotalsQuestion};
use caodiem_domain::text::{Key, PlanNumber, Reason, Title, UnitCode, UnitName};
use caodiem_domain::time::{Calendar, Day, DayRange, Instant};
use caodiem_domain::unit::UnitKind;
use caodiem_domain::usecase::change_drive::open_drive;
use caodiem_domain::usecase::define_catalogue::{DefineIndicator, define_indicator};
use caodiem_domain::usecase::plan_drive::{CreateDrive, create_drive};
use caodiem_domain::usecase::record_tallies::Submission;
use caodiem_domain::usecase::reform_units::{MergeUnits, Successor, merge_units};
use caodiem_domain::usecase::revise_unit::{FoundUnit, ReviseUnit, found_unit, revise_unit};
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{Stage, act, actor, request};

/// A row as the laws make them up; numbers are places in the lists of the world.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) reporter: usize,
    pub(crate) credited: usize,
    pub(crate) day: u8,
    pub(crate) indicator: usize,
    pub(crate) value: i64,
    pub(crate) with_reason: bool,
}

/// The small country.
pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) communes: Vec<UnitId>,
    pub(crate) indicators: Vec<IndicatorId>,
    /// The drive over the country, and the one of the first province under it.
    pub(crate) drives: [DriveId; 2],
    provinces: Vec<UnitId>,
    districts: Vec<UnitId>,
    country: UnitId,
}

fn now() -> Instant {
    "2023-07-20T02:00:00Z".parse().expect("a moment")
}

fn day(number: u8) -> Day {
    Day::from_ymd_opt(2023, 7, u32::from(number) + 1).expect("a day")
}

fn found(tx: &mut dyn WriteTx, parent: Option<UnitId>, kind: UnitKind, code: &str) -> UnitId {
    let command = FoundUnit {
        parent,
        code: UnitCode::new(code).expect("a code"),
        name: UnitName::new(&format!("Đơn vị {code}")).expect("a name"),
        kind,
        valid_from: Day::from_ymd_opt(2023, 1, 1).expect("a day"),
        legal_basis: None,
        synthetic: true,
    };
    found_unit(&act(Role::SystemAdmin, now()), tx, &command).expect("a unit")
}

fn indicator(tx: &mut dyn WriteTx, code: &str) -> IndicatorId {
    let title = Title::new(code).expect("a title");
    let command = DefineIndicator {
        code: Key::new(code).expect("a key"),
        name_vi: title.clone(),
        name_en: title,
        stage: Step::Activate,
        level: None,
        attribution: Attribution::Residence,
        time_rule: TimeRule::Sum,
        parts: Vec::new(),
    };
    define_indicator(&act(Role::SystemAdmin, now()), tx, &command).expect("an indicator")
}

fn drive(tx: &mut dyn WriteTx, unit: UnitId, parent: Option<DriveId>, indicators: &[IndicatorId]) -> DriveId {
    let title = Title::new("Đợt cao điểm").expect("a title");
    let command = CreateDrive {
        plan_number: PlanNumber::new("1/KH").expect("a number"),
        title: title.clone(),
        issuer: title,
        unit,
        parent,
        issued_on: day(0),
        days: DayRange::new(day(0), day(19)).expect("days"),
        declared_days: None,
        tree_date: None,
        settles: Settles::Reported,
        calendar: Calendar::every_day(),
        reporting_rules: Vec::new(),
        phases: Vec::new(),
        indicators: indicators.iter().copied().collect::<BTreeSet<_>>(),
        team_rules: Vec::new(),
        synthetic: true,
    };
    let planner = || act(Role::Planner, now());
    let drive = create_drive(&planner(), tx, &command).expect("a drive");
    open_drive(&planner(), tx, drive, 1).expect("it opens")
}

impl World {
    /// A fresh one.
    pub(crate) fn new() -> Self {
        let stage = Stage::empty(Backend::Sqlite).expect("SQLite is always there");
        let (country, provinces, districts, communes) = stage
            .store
            .write(|tx| {
                let country = found(tx, None, UnitKind::Country, "VN");
                let under = |tx: &mut dyn WriteTx, above: &[UnitId], kind, mark: &str| -> Vec<UnitId> {
                    let pairs = above.iter().enumerate().flat_map(|(at, unit)| [(*unit, 2 * at), (*unit, 2 * at + 1)]);
                    pairs.map(|(unit, at)| found(tx, Some(unit), kind, &format!("{mark}{at}"))).collect()
                };
                let provinces = under(tx, &[country], UnitKind::Province, "P");
                let districts = under(tx, &provinces, UnitKind::RuralDistrict, "D");
                let communes = under(tx, &districts, UnitKind::RuralCommune, "C");
                Ok((country, provinces, districts, communes))
            })
            .expect("the tree is founded");
        let (indicators, drives) = stage
            .store
            .write(|tx| {
                let indicators = vec![indicator(tx, "ONE"), indicator(tx, "TWO")];
                let whole = drive(tx, country, None, &indicators);
                let part = drive(tx, provinces[0], Some(whole), &indicators);
                Ok((indicators, [whole, part]))
            })
            .expect("the drives are planned");
        Self { stage, communes, indicators, drives, provinces, districts, country }
    }

    /// The day of that number.
    #[expect(clippy::unused_self, reason = "it reads as the world's calendar")]
    pub(crate) fn day(&self, number: u8) -> Day {
        day(number)
    }

    /// The drives that a tally of this one counts for.
    pub(crate) fn drives_above(&self, drive: DriveId) -> Vec<DriveId> {
        if drive == self.drives[0] { vec![drive] } else { self.drives.to_vec() }
    }

    /// The unit and all above it on a day, by the versions that stand.
    pub(crate) fn units_above(&self, unit: UnitId, on: Day) -> Vec<UnitId> {
        let up = self.stage.store.read(|tx| Ok(tx.tree(on)?.lineage_up(unit).collect::<Vec<_>>()));
        up.expect("the tree")
    }

    /// Rows as a submission under a fresh request.
    pub(crate) fn submission(&self, drive: DriveId, rows: &[Row]) -> Submission {
        let actor = actor(Role::Reporter);
        let request = request(&actor, 1);
        let row = |row: &Row| TallyRow {
            reporter: Reporter::Unit(self.communes[row.reporter]),
            credited: Some(self.communes[row.credited]),
            day: day(row.day),
            figure: Figure::Value {
                indicator: self.indicators[row.indicator],
                value: Count::new(row.value).expect("a count"),
            },
            reason: row.with_reason.then(|| Reason::new("đếm lại").expect("a reason")),
            device_at: None,
        };
        Submission { actor, received_at: now(), request, drive, rows: rows.iter().map(row).collect() }
    }

    /// Moves a district; what the rules refuse is left as it was.
    pub(crate) fn move_district(&self, district: usize, province: usize, on: u8) {
        let (unit, parent) = (self.districts[district], self.provinces[province]);
        let _refused = self.stage.store.write(|tx| {
            let versions = tx.unit_versions(&[unit])?;
            let latest = versions.get(&unit).and_then(|versions| versions.last()).map_or(1, |version| version.number);
            let command = ReviseUnit {
                unit,
                expected_version: latest,
                on: day(on),
                code: None,
                name: None,
                kind: None,
                parent: Some(parent),
                legal_basis: None,
            };
            revise_unit(&act(Role::SystemAdmin, now()), tx, &command)
        });
    }

    /// Merges a commune into another; what the rules refuse is left as it was.
    pub(crate) fn merge_communes(&self, from: usize, into: usize, on: u8) {
        let command = MergeUnits {
            from: vec![self.communes[from]],
            into: Successor::Existing(self.communes[into]),
            on: day(on),
            legal_basis: None,
        };
        let _refused = self.stage.store.write(|tx| merge_units(&act(Role::SystemAdmin, now()), tx, &command));
    }

    /// The roll-up of both drives as it stands, zero rows left out.
    pub(crate) fn totals(&self) -> BTreeMap<(DriveId, UnitId, IndicatorId, Day), (i64, i64)> {
        let above = [&self.provinces, &self.districts, &self.communes];
        let units: Vec<UnitId> = above.into_iter().flatten().copied().chain([self.country]).collect();
        let days = DayRange::new(day(0), day(19)).expect("days");
        let mut totals = BTreeMap::new();
        for drive in self.drives {
            let question = TotalsQuestion { drive, indicators: self.indicators.clone(), units: units.clone(), days };
            let rows = self.stage.store.read(|tx| Ok(tx.daily_totals(&question)?)).expect("totals");
            for row in rows.into_iter().filter(|row| (row.total, row.own) != (0, 0)) {
                totals.insert((drive, row.unit, row.indicator, row.day.expect("by day")), (row.total, row.own));
            }
        }
        totals
    }
}
