//! What is loaded to set quotas: in a few statements, however many there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::QuotaSetting;
use super::holders::{self, Placed};
use crate::access::Actor;
use crate::baseline::{Baseline, BaselineQuestion};
use crate::count::Count;
use crate::drive::Drive;
use crate::error::Error;
use crate::id::{GroupId, IndicatorId, UnitId};
use crate::ports::ReadTx;
use crate::quota::basis::baseline_day;
use crate::quota::{Holder, Quota, QuotaKey, RatePer};
use crate::text::Key;
use crate::time::Day;
use crate::unit::Level;
use crate::unit::tree::Tree;

/// Everything that settings are checked against and evaluated from.
pub(super) struct Facts {
    /// Every indicator of the catalogue with its code.
    pub(super) indicators: BTreeMap<IndicatorId, Key>,
    /// Every group of the catalogue.
    pub(super) groups: BTreeSet<GroupId>,
    /// The holders in scope, and the drive's unit where that is in scope.
    pub(super) placed: BTreeMap<Holder, Placed>,
    /// The actor's own unit.
    own: UnitId,
    /// The quotas that stand: those to be amended and those that bases refer to.
    pub(super) standing: BTreeMap<QuotaKey, Quota>,
    /// The tree that the drive's quotas are spread over.
    pub(super) tree: Arc<Tree>,
    baselines: BTreeMap<BaselineQuestion, BTreeMap<UnitId, Baseline>>,
    /// How many teams of a unit itself are at work on a day.
    teams: BTreeMap<(Day, UnitId), u32>,
}

impl Facts {
    /// Loads what the settings need.
    ///
    /// # Errors
    /// A failure of storage.
    pub(super) fn load(
        actor: &Actor,
        tx: &mut dyn ReadTx,
        drive: &Drive,
        settings: &[QuotaSetting],
    ) -> Result<Self, Error> {
        let holders = settings.iter().map(|setting| setting.key.holder);
        let placed = holders::place(tx, &actor.scope, holders.chain([Holder::Unit(drive.unit)]))?;
        // Of a holder out of scope nothing is told: not even whether it has a quota.
        let keys: BTreeSet<QuotaKey> = settings
            .iter()
            .filter(|setting| placed.contains_key(&setting.key.holder))
            .flat_map(|setting| [Some(setting.key), setting.basis.quota(&setting.key)])
            .flatten()
            .collect();
        let mut facts = Self {
            indicators: tx.indicators()?.into_iter().map(|indicator| (indicator.id, indicator.code)).collect(),
            groups: tx.groups()?.into_iter().map(|group| group.id).collect(),
            placed,
            own: actor.unit,
            standing: tx.quotas_by_key(&keys.into_iter().collect::<Vec<_>>())?,
            tree: tx.tree(drive.tree_date)?,
            baselines: BTreeMap::new(),
            teams: BTreeMap::new(),
        };
        facts.load_baselines(tx, drive, settings)?;
        facts.load_teams(tx, drive, settings)?;
        Ok(facts)
    }

    /// Whether the actor decides what the holder owes: in a drive of those above, one's own quota is theirs to set.
    pub(super) fn decides(&self, drive: &Drive, holder: Holder) -> bool {
        holder != Holder::Unit(self.own) || self.placed.contains_key(&Holder::Unit(drive.unit))
    }

    fn load_baselines(&mut self, tx: &mut dyn ReadTx, drive: &Drive, settings: &[QuotaSetting]) -> Result<(), Error> {
        let mut questions: BTreeMap<BaselineQuestion, BTreeSet<UnitId>> = BTreeMap::new();
        for setting in settings {
            if let (Some(question), Some(placed)) = (question(drive, setting), self.placed.get(&setting.key.holder)) {
                questions.entry(question).or_default().insert(placed.unit);
            }
        }
        for (question, units) in questions {
            let found = tx.baselines_for(&units.into_iter().collect::<Vec<_>>(), question)?;
            self.baselines.insert(question, found);
        }
        Ok(())
    }

    fn load_teams(&mut self, tx: &mut dyn ReadTx, drive: &Drive, settings: &[QuotaSetting]) -> Result<(), Error> {
        let mut asked: BTreeMap<Day, BTreeSet<UnitId>> = BTreeMap::new();
        for setting in settings {
            if let (Some(RatePer::Team), Holder::Unit(unit), Ok(days)) =
                (setting.basis.multiplied_by(), setting.key.holder, drive.days_of(setting.key.phase))
            {
                asked.entry(days.from()).or_default().extend(self.tree.subtree(unit).map(|under| under.id));
            }
        }
        for (day, units) in asked {
            let teams = tx.teams_of(&units.into_iter().collect::<Vec<_>>(), day)?;
            self.teams.extend(
                teams.into_iter().map(|(unit, teams)| ((day, unit), u32::try_from(teams.len()).unwrap_or(u32::MAX))),
            );
        }
        Ok(())
    }

    /// The baseline that a setting rests on.
    pub(super) fn baseline(&self, drive: &Drive, setting: &QuotaSetting) -> Option<Count> {
        let unit = self.placed.get(&setting.key.holder)?.unit;
        self.baselines.get(&question(drive, setting)?)?.get(&unit).map(|baseline| baseline.value)
    }

    /// How many villages or teams a rate per day of the setting is multiplied with. A team or a member works in one
    /// place, whatever its unit holds.
    pub(super) fn places(&self, drive: &Drive, setting: &QuotaSetting) -> Option<u32> {
        let per = setting.basis.multiplied_by()?;
        let Holder::Unit(unit) = setting.key.holder else { return Some(1) };
        let under = self.tree.subtree(unit);
        match per {
            RatePer::Holder => Some(1),
            RatePer::Village => u32::try_from(under.filter(|under| under.level == Level::Village).count()).ok(),
            RatePer::Team => {
                let day = drive.days_of(setting.key.phase).ok()?.from();
                Some(under.filter_map(|under| self.teams.get(&(day, under.id))).sum())
            }
        }
    }
}

fn question(drive: &Drive, setting: &QuotaSetting) -> Option<BaselineQuestion> {
    let (group, indicator) = setting.basis.baseline()?;
    let on_or_before = baseline_day(drive, setting.key.phase).ok()?;
    Some(BaselineQuestion { group, indicator, on_or_before })
}
