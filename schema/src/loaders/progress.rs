//! Loaders of progress: a page of units asks once.

use std::collections::{BTreeMap, HashMap};

use async_graphql::dataloader::Loader;
use caodiem_domain::access::{Actor, Permission};
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{DriveId, GroupId, IndicatorId, PhaseId, UnitId};
use caodiem_domain::ports::ReadTx;
use caodiem_domain::progress::{FigureBasis, KnownAt, Peers, Progress, Rank, RankMeasure, TreeView};
use caodiem_domain::time::{Day, DaySpan};
use caodiem_domain::usecase::read_progress::{
    DayDone, ProgressQuestion, RankQuestion, daily_progress, progress, ranking,
};

use super::{Batch, apart, sorted};

/// The most units of one question.
const UNITS_MAX: usize = 100;

/// What progress is asked for, whatever the unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Measure {
    pub(crate) drive: DriveId,
    pub(crate) indicator: IndicatorId,
    pub(crate) group: GroupId,
    pub(crate) phase: Option<PhaseId>,
    pub(crate) days: DaySpan,
    pub(crate) view: TreeView,
    pub(crate) known_at: Option<KnownAt>,
}

impl Measure {
    /// The question about those units, asked on that day; what was known at a moment is asked for as on its day.
    pub(crate) fn of(self, units: Vec<UnitId>, today: Day) -> ProgressQuestion {
        let Self { drive, indicator, group, phase, days, view, known_at } = self;
        let today = known_at.map_or(today, KnownAt::day);
        ProgressQuestion { drive, units, indicator, group, phase, days, view, today, known_at }
    }
}

/// Progress of one unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ProgressOf {
    pub(crate) measure: Measure,
    pub(crate) unit: UnitId,
}

impl Loader<ProgressOf> for Batch {
    type Value = Result<Progress, Error>;
    type Error = Error;

    async fn load(&self, keys: &[ProgressOf]) -> Result<HashMap<ProgressOf, Self::Value>, Error> {
        let (mut asked, today) = (BTreeMap::<Measure, Vec<UnitId>>::new(), self.caller.today());
        for key in sorted(keys) {
            asked.entry(key.measure).or_default().push(key.unit);
        }
        self.read(Permission::ReadProgress, move |actor, tx| {
            let mut found = HashMap::new();
            for (measure, units) in &asked {
                for units in units.chunks(UNITS_MAX) {
                    let key = |unit| ProgressOf { measure: *measure, unit };
                    match apart(progress(actor, tx, &measure.of(units.to_vec(), today)))? {
                        Ok(answer) => found.extend(answer.into_iter().map(|one| (key(one.unit), Ok(one)))),
                        Err(refusal) => found.extend(units.iter().map(|unit| (key(*unit), Err(refusal.clone())))),
                    }
                }
            }
            Ok(found)
        })
        .await
    }
}

/// Progress of one unit, day by day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DaysOf(pub(crate) ProgressOf);

impl Loader<DaysOf> for Batch {
    type Value = Result<Vec<DayDone>, Error>;
    type Error = Error;

    async fn load(&self, keys: &[DaysOf]) -> Result<HashMap<DaysOf, Self::Value>, Error> {
        let (mut asked, today) = (BTreeMap::<Measure, Vec<UnitId>>::new(), self.caller.today());
        for DaysOf(key) in sorted(keys) {
            asked.entry(key.measure).or_default().push(key.unit);
        }
        self.read(Permission::ReadProgress, move |actor, tx| {
            let mut found = HashMap::new();
            for (measure, units) in &asked {
                for units in units.chunks(UNITS_MAX) {
                    let key = |unit: &UnitId| DaysOf(ProgressOf { measure: *measure, unit: *unit });
                    match apart(daily_progress(actor, tx, &measure.of(units.to_vec(), today)))? {
                        Ok(days) => found.extend(units.iter().map(key).zip(days.into_iter().map(Ok))),
                        Err(refusal) => found.extend(units.iter().map(|unit| (key(unit), Err(refusal.clone())))),
                    }
                }
            }
            Ok(found)
        })
        .await
    }
}

/// The place of one unit among its peers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RankOf {
    pub(crate) ranking: Ranking,
    pub(crate) unit: UnitId,
}

/// How units are ranked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ranking {
    pub(crate) measure: Measure,
    pub(crate) peers: Peers,
    pub(crate) by: RankMeasure,
    pub(crate) basis: FigureBasis,
    pub(crate) min_quota: Exact,
}

impl Ranking {
    /// The ranking of the peers of `unit`.
    pub(crate) fn ask(&self, actor: &Actor, tx: &mut dyn ReadTx, unit: UnitId, today: Day) -> Result<Vec<Rank>, Error> {
        let of = self.measure.of(vec![unit], today);
        let Self { peers, by: measure, basis, .. } = *self;
        let min_quota = self.min_quota.clone();
        ranking(actor, tx, &RankQuestion { unit, peers, measure, basis, min_quota, of })
    }
}

impl Loader<RankOf> for Batch {
    type Value = Result<Rank, Error>;
    type Error = Error;

    /// One ranking answers for all the peers in it, so that a page of siblings is ranked once.
    async fn load(&self, keys: &[RankOf]) -> Result<HashMap<RankOf, Self::Value>, Error> {
        let (keys, today) = (sorted(keys), self.caller.today());
        self.read(Permission::ReadProgress, move |actor, tx| {
            let mut found: HashMap<RankOf, Result<Rank, Error>> = HashMap::new();
            for key in &keys {
                if found.contains_key(key) {
                    continue;
                }
                let of = |unit| RankOf { ranking: key.ranking.clone(), unit };
                match apart(key.ranking.ask(actor, tx, key.unit, today))? {
                    Ok(ranks) => found.extend(ranks.into_iter().map(|rank| (of(rank.unit), Ok(rank)))),
                    Err(refusal) => drop(found.insert(key.clone(), Err(refusal))),
                }
            }
            Ok(found)
        })
        .await
    }
}
