//! A small country: two provinces of two districts of two communes each, a drive over all of it and one under it.

use std::collections::{BTreeMap, BTreeSet};

use caodiem_domain::access::Role;
use caodiem_domain::count::Count;
use caodiem_domain::drive::Settles;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, UnitId};
use caodiem_domain::indicator::{Attribution, Stage as Step, TimeRule};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::progress::{KnownAt, Progress, TreeView};
use caodiem_domain::tally::{Figure, Reporter, TallyRow, TotalsQuestion};
use caodiem_domain::text::{Key, PlanNumber, Reason, Title, UnitCode, UnitName};
use caodiem_domain::time::{Calendar, Day, DayRange, DaySpan, Instant};
use caodiem_domain::unit::UnitKind;
use caodiem_domain::usecase::change_drive::open_drive;
use caodiem_domain::usecase::define_catalogue::{DefineGroup, DefineIndicator, define_group, define_indicator};
use caodiem_domain::usecase::plan_drive::{CreateDrive, create_drive};
use caodiem_domain::usecase::read_progress::{DayDone, ProgressQuestion, daily_progress, progress};
use caodiem_domain::usecase::record_tallies::Submission;
use caodiem_domain::usecase::reform_units::{MergeUnits, Successor, merge_units};
use caodiem_domain::usecase::revise_unit::{FoundUnit, ReviseUnit, found_unit, revise_unit};
use caodiem_tests::database::Backend;
use caodiem_tests::stage::{Stage, act, actor, request};
use chrono::TimeDelta;

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
    /// What the clock says when a submission arrives.
    pub(crate) now: Instant,
    group: GroupId,
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
        let group = DefineGroup {
            code: Key::new("ALL").expect("a key"),
            name_vi: Title::new("Tất cả").expect("a title"),
            name_en: Title::new("Everybody").expect("a title"),
        };
        let group = stage.store.write(|tx| define_group(&act(Role::SystemAdmin, now()), tx, &group)).expect("a group");
        let (indicators, drives) = stage
            .store
            .write(|tx| {
                let indicators = vec![indicator(tx, "ONE"), indicator(tx, "TWO")];
                let whole = drive(tx, country, None, &indicators);
                let part = drive(tx, provinces[0], Some(whole), &indicators);
                Ok((indicators, [whole, part]))
            })
            .expect("the drives are planned");
        Self { stage, communes, indicators, drives, now: now(), group, provinces, districts, country }
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
        Submission { actor, received_at: self.now, request, drive, rows: rows.iter().map(row).collect() }
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

    /// Lets an hour pass, after which submissions arrive.
    pub(crate) fn an_hour_later(&mut self) {
        self.now += TimeDelta::hours(1);
    }

    /// The unit over all.
    pub(crate) const fn country(&self) -> UnitId {
        self.country
    }

    fn units(&self) -> Vec<UnitId> {
        let above = [&self.provinces, &self.districts, &self.communes];
        above.into_iter().flatten().copied().chain([self.country]).collect()
    }

    /// What is asked about every drive and indicator, as known at a moment.
    fn questions(&self, units: &[UnitId], known_at: Option<Instant>) -> Vec<ProgressQuestion> {
        let asked = |drive, indicator| ProgressQuestion {
            drive,
            units: units.to_vec(),
            indicator,
            group: self.group,
            phase: None,
            days: DaySpan::default(),
            view: TreeView::AsItWas,
            today: day(19),
            known_at: known_at.map(|moment| KnownAt::new(moment, moment).expect("it has come")),
        };
        let of = |drive| self.indicators.iter().map(move |indicator| asked(drive, *indicator));
        self.drives.into_iter().flat_map(of).collect()
    }

    /// What every board shows of every unit, as known at a moment: sums and days, as it was and restated.
    pub(crate) fn boards(&self, known_at: Option<Instant>) -> Vec<(Vec<Progress>, Vec<Vec<DayDone>>)> {
        let views = [TreeView::AsItWas, TreeView::Restated { onto: day(0) }, TreeView::Restated { onto: day(19) }];
        let asked = self.questions(&self.units(), known_at).into_iter();
        let asked = asked.flat_map(|of| views.map(|view| ProgressQuestion { view, ..of.clone() }));
        let analyst = actor(Role::Analyst);
        let board = |asked: ProgressQuestion| {
            let seen = self
                .stage
                .store
                .read(|tx| Ok((progress(&analyst, tx, &asked)?, daily_progress(&analyst, tx, &asked)?)));
            seen.expect("a board")
        };
        asked.map(board).collect()
    }

    /// What was done in the whole country, by drive, indicator and day, as known at a moment; nothing done is left out.
    pub(crate) fn country_by_day(&self, known_at: Option<Instant>) -> BTreeMap<(DriveId, IndicatorId, Day), i64> {
        let mut done = BTreeMap::new();
        for asked in self.questions(&[self.country], known_at) {
            let days = self.stage.store.read(|tx| daily_progress(&actor(Role::Analyst), tx, &asked)).expect("days");
            let days = days.into_iter().flatten().filter(|day| day.done != 0);
            done.extend(days.map(|one| ((asked.drive, asked.indicator, one.day), one.done)));
        }
        done
    }

    /// The roll-up of both drives as it stands, zero rows left out.
    pub(crate) fn totals(&self) -> BTreeMap<(DriveId, UnitId, IndicatorId, Day), (i64, i64)> {
        let units = self.units();
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
