//! Recording what somebody found who checked reported figures.
//!
//! Nobody checks what they reported, what their team reported, or what their own office did (T6): looked at figure by
//! figure, whatever hat they wear.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Permission, Scope, permits};
use crate::assignment::Assignment;
use crate::audit::Change;
use crate::count::Count;
use crate::error::{Error, refuse_if_any};
use crate::id::{InspectionId, Sequence, TeamId, UnitId};
use crate::inspection::{Inspection, Verdict};
use crate::ports::{Lock, ReadTx, Revisions, WriteTx};
use crate::problem::{Code, Problem};
use crate::tally::{Reporter, Slot, Tally};
use crate::text::Reason;
use crate::time::{Day, in_viet_nam};
use crate::unit::Unit;
use crate::usecase::{Act, note, visible_drives};

/// The most figures of one request.
pub const MAX: usize = 100;

/// What was found of one figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The figure.
    pub slot: Slot,
    /// The revision that was checked: it has to stand still.
    pub revision: i32,
    /// What came of it.
    pub verdict: Verdict,
    /// How many were checked, at most as many as were reported.
    pub checked: Count,
    /// How many of those were confirmed.
    pub confirmed: Count,
    /// What was seen.
    pub note: Reason,
}

/// Records inspections, all or none. A verdict stands for the revision that was checked and for no other.
///
/// # Errors
/// `Forbidden`; `Empty`, `TooMany` at `inspections`; at `inspections.<index>`: `NotFound` (tally), `Repeated`,
/// `StaleVersion`, `InspectorInvolved`, `ConfirmedExceeds`, `VerdictContradicted`.
pub fn inspect_tallies(act: &Act, tx: &mut dyn WriteTx, found: &[Finding]) -> Result<Vec<InspectionId>, Error> {
    act.actor.require(Permission::VerifyTallies)?;
    match found.len() {
        0 => return Err(Problem::new(Code::Empty).at("inspections").into()),
        1..=MAX => {}
        actual => {
            return Err(Problem::new(Code::TooMany).with("actual", actual).with("max", MAX).at("inspections").into());
        }
    }
    act.once(tx, |tx| {
        let slots: Vec<Slot> = found.iter().map(|finding| finding.slot).collect();
        let books: BTreeSet<_> = slots.iter().map(|slot| slot.book).collect();
        let locks: Vec<Lock> = std::iter::once(Lock::TreeShared).chain(books.into_iter().map(Lock::Book)).collect();
        tx.lock(&locks)?;
        let facts = Facts::load(act, tx.as_read(), &slots)?;
        let mut problems = Vec::new();
        let mut seen = BTreeMap::new();
        for (index, finding) in found.iter().enumerate() {
            let mut refuse = |problem: Problem| problems.push(problem.at(format_args!("inspections.{index}")));
            if let Some(first) = seen.insert(finding.slot, index) {
                refuse(Problem::new(Code::Repeated).with("first", format_args!("inspections.{first}")));
            }
            if let Err(problem) = facts.check(act, finding) {
                refuse(problem);
            }
        }
        refuse_if_any(problems)?;
        let ids = tx.allocate(Sequence::Inspection, found.len())?;
        let recorded: Vec<Inspection> =
            found.iter().zip(ids).filter_map(|(finding, id)| facts.inspection(act, finding, id)).collect();
        tx.insert_inspections(&recorded)?;
        note(tx, recorded.iter().map(|one| Change::made("Inspection", one.id.get(), told(one))).collect());
        Ok(recorded.iter().map(|one| one.id).collect())
    })
}

/// What figures are checked by.
struct Facts {
    /// Every revision of each figure that the actor sees.
    revisions: Revisions,
    units: BTreeMap<UnitId, Unit>,
    /// The unit of each team that reported.
    teams: BTreeMap<TeamId, UnitId>,
    held: Vec<Assignment>,
    /// The units of those assignments.
    places: BTreeMap<UnitId, Unit>,
}

impl Facts {
    fn load(act: &Act, tx: &mut dyn ReadTx, slots: &[Slot]) -> Result<Self, Error> {
        let actor = &act.actor;
        let credited: BTreeSet<UnitId> = slots.iter().map(|slot| slot.credited).collect();
        let seen = tx.units_by_id(&actor.scope, &credited.into_iter().collect::<Vec<_>>())?;
        let visible: Vec<Slot> = slots.iter().filter(|slot| seen.contains_key(&slot.credited)).copied().collect();
        let mut revisions = tx.revisions(&visible)?;
        let drives: BTreeSet<_> = revisions.values().flatten().map(|tally| tally.drive).collect();
        let drives = visible_drives(actor, tx, &drives.into_iter().collect::<Vec<_>>())?;
        revisions.retain(|_, tallies| tallies.iter().all(|tally| drives.contains_key(&tally.drive)));
        let teams = visible.iter().filter_map(|slot| match slot.reporter {
            Reporter::Team(team) => Some(team),
            Reporter::Unit(_) => None,
        });
        let teams = tx.teams_by_id(&Scope::Country, &teams.collect::<Vec<_>>())?;
        let teams: BTreeMap<TeamId, UnitId> = teams.into_iter().map(|(id, team)| (id, team.unit)).collect();
        let mut reporting: Vec<UnitId> = teams.values().copied().collect();
        reporting.extend(visible.iter().filter_map(|slot| match slot.reporter {
            Reporter::Unit(unit) => Some(unit),
            Reporter::Team(_) => None,
        }));
        let units = tx.units_by_id(&Scope::Country, &reporting)?;
        let held = if actor.account.get() == 0 {
            Vec::new()
        } else {
            tx.assignments_of(&[actor.account])?.remove(&actor.account).unwrap_or_default()
        };
        let held: Vec<Assignment> =
            held.into_iter().filter(|one| permits(one.role, Permission::SubmitTallies)).collect();
        let places = tx.units_by_id(&Scope::Country, &held.iter().map(|one| one.unit).collect::<Vec<_>>())?;
        Ok(Self { revisions, units, teams, held, places })
    }

    fn standing(&self, slot: &Slot) -> Option<&Tally> {
        self.revisions.get(slot).and_then(|revisions| revisions.last())
    }

    fn check(&self, act: &Act, finding: &Finding) -> Result<(), Problem> {
        let Finding { slot, revision, verdict, checked, confirmed, .. } = finding;
        let standing = self.standing(slot).ok_or_else(|| Problem::not_found("Tally", "").at("tally"))?;
        if standing.revision != *revision {
            let stale = Problem::new(Code::StaleVersion).with("actual", standing.revision);
            return Err(stale.with("expected", revision).at("revision"));
        }
        if self.is_involved(act, slot) {
            return Err(Problem::new(Code::InspectorInvolved).at("tally"));
        }
        let exceeds = |confirmed: &Count, most: &Count, field: &str| {
            let problem = Problem::new(Code::ConfirmedExceeds).with("confirmed", confirmed).with("most", most);
            if confirmed > most { Err(problem.at(field)) } else { Ok(()) }
        };
        exceeds(checked, &standing.value, "checked")?;
        exceeds(confirmed, checked, "confirmed")?;
        let fits = match verdict {
            // Nothing was reported, and that was found to be so; otherwise something has to have been looked at.
            Verdict::True => confirmed == checked && (checked.get() > 0 || standing.value.get() == 0),
            Verdict::Untrue => confirmed < checked || standing.value.get() == 0,
            Verdict::Unreachable => checked.get() == 0,
        };
        if fits {
            return Ok(());
        }
        let problem = Problem::new(Code::VerdictContradicted).with("verdict", verdict.as_str());
        Err(problem.with("checked", checked).with("confirmed", confirmed).at("verdict"))
    }

    /// Whether the actor reported any revision of it, could report for the same team or unit that day or any day since
    /// under whatever assignment, or sits in the office that did.
    fn is_involved(&self, act: &Act, slot: &Slot) -> bool {
        let authored = self.revisions.get(slot).into_iter().flatten().any(|tally| tally.author == act.actor.subject);
        let (office, team) = match slot.reporter {
            Reporter::Unit(unit) => (Some(unit), None),
            Reporter::Team(team) => (self.teams.get(&team).copied(), Some(team)),
        };
        let path = office.and_then(|unit| self.units.get(&unit)).map(|unit| &unit.path);
        let held = self.held.iter().any(|one| {
            let over = self.places.get(&one.unit).zip(path).is_some_and(|(place, path)| place.path.covers(path));
            over && (one.team.is_none() || one.team == team) && was_in_force(one, slot.day)
        });
        authored || held || office == Some(act.actor.unit)
    }

    fn inspection(&self, act: &Act, finding: &Finding, id: i64) -> Option<Inspection> {
        let standing = self.standing(&finding.slot)?;
        Some(Inspection {
            id: InspectionId::new(id),
            drive: standing.drive,
            slot: finding.slot,
            revision: finding.revision,
            value: standing.value,
            verdict: finding.verdict,
            checked: finding.checked,
            confirmed: finding.confirmed,
            note: finding.note.clone(),
            author: act.actor.subject.clone(),
            account: act.actor.account,
            at: act.now,
            overtaken: false,
        })
    }
}

/// Whether an assignment reached into that day or a later one.
fn was_in_force(assignment: &Assignment, day: Day) -> bool {
    let over = assignment.valid_to.is_some_and(|end| end <= day);
    let ended = assignment.ended_at.is_some_and(|at| in_viet_nam(at).0 < day);
    !over && !ended
}

fn told(inspection: &Inspection) -> String {
    let Inspection { verdict, value, checked, confirmed, slot, revision, .. } = inspection;
    format!(
        "{verdict}: {confirmed} of {checked} confirmed, {value} reported; tally {slot}, revision {revision}",
        verdict = verdict.as_str(),
        slot = crate::sample::slot_text(slot),
    )
}
