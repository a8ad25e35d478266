//! Use cases: plain functions that run inside one transaction. Each one authorises, loads, decides by pure functions,
//! and stores; nothing reads a clock.
//!
//! Reads are `fn(&Actor, &mut dyn ReadTx, …)`, writes `fn(&Act, &mut dyn WriteTx, Command)`.

pub mod apply_cascade;
pub mod begin_demonstration;
pub mod certify_report;
pub mod change_credentials;
pub mod change_drive;
mod change_tree;
pub mod check_consistency;
pub mod compare_figures;
pub mod confirm_day;
pub mod create_admin;
pub mod decide_emulation;
pub mod decide_proposal;
pub mod define_catalogue;
pub mod desk;
pub mod draw_sample;
pub mod draw_up_emulation;
pub mod end_assignment;
pub mod end_session;
pub mod excuse_reports;
pub mod grant_assignment;
pub mod grant_from_host;
mod grants;
pub mod import_official;
pub mod import_units;
pub mod inspect_tallies;
pub mod issue_report;
mod let_in;
pub mod look_over_submission;
pub mod manage_accounts;
pub mod manage_teams;
mod on_record;
pub mod plan_drive;
pub mod propose_change;
pub mod read_accounts;
pub mod read_acts;
pub mod read_compilation;
pub mod read_emulation;
pub mod read_inspections;
pub mod read_own_account;
pub mod read_progress;
pub mod read_proposals;
pub mod read_quotas;
pub mod read_reporting;
pub mod read_reports;
pub mod read_sign_ins;
pub mod read_tallies;
pub mod read_units;
pub mod record_baselines;
pub mod record_tallies;
pub mod redeem_code;
pub mod reform_units;
pub mod refresh_session;
pub mod reopen_day;
pub mod resolve_actor;
pub mod restore_admin;
pub mod revise_unit;
pub mod set_quotas;
pub mod settle_figure;
pub mod show_plan_table;
pub mod sign_in;
pub mod sign_in_external;
pub mod sign_in_service;
pub mod two_people;
pub mod verify_audit;

use std::collections::{BTreeMap, BTreeSet};

use crate::access::{Actor, Scope};
use crate::audit::{ActOutcome, Change, Entry, told};
use crate::drive::Drive;
use crate::error::{Error, StoreError};
use crate::id::{DriveId, Sequence, TeamId, UnitId};
use crate::ports::{ReadTx, WriteTx};
use crate::problem::{Code, Problem};
use crate::request::{Receipt, RequestKey};
use crate::tally::Reporter;
use crate::time::{Day, Instant, in_viet_nam};
use crate::usecase::two_people::Authority;

/// A drive that the actor sees.
///
/// # Errors
/// [`Code::NotFound`].
fn visible_drive(actor: &Actor, tx: &mut dyn ReadTx, id: DriveId) -> Result<Drive, Error> {
    let missing = || Problem::not_found("Drive", id.get()).at("drive");
    Ok(visible_drives(actor, tx, &[id])?.remove(&id).ok_or_else(missing)?)
}

/// The drives of these that the actor sees; the others are left out.
///
/// # Errors
/// A failure of storage.
pub fn visible_drives(
    actor: &Actor,
    tx: &mut dyn ReadTx,
    ids: &[DriveId],
) -> Result<BTreeMap<DriveId, Drive>, StoreError> {
    let ids: Vec<DriveId> = ids.iter().copied().filter(|id| actor.is_for(*id)).collect();
    if ids.is_empty() { Ok(BTreeMap::new()) } else { tx.drives_by_id(&actor.scope, &ids) }
}

/// The units of reporters: of a unit's own staff the unit, of a team the unit it belongs to. Unscoped; unknown teams are left
/// out.
///
/// # Errors
/// A failure of storage.
fn homes_of(
    tx: &mut dyn ReadTx,
    reporters: impl Iterator<Item = Reporter>,
) -> Result<BTreeMap<Reporter, UnitId>, StoreError> {
    let (mut homes, mut teams) = (BTreeMap::new(), BTreeSet::new());
    for reporter in reporters {
        match reporter {
            Reporter::Unit(unit) => homes.extend([(reporter, unit)]),
            Reporter::Team(team) => teams.extend([team]),
        }
    }
    if !teams.is_empty() {
        let teams: Vec<TeamId> = teams.into_iter().collect();
        let found = tx.teams_by_id(&Scope::Country, &teams)?;
        homes.extend(found.into_values().map(|team| (Reporter::Team(team.id), team.unit)));
    }
    Ok(homes)
}

/// One fresh key.
///
/// # Errors
/// A failure of storage.
fn allocate_one(tx: &mut dyn WriteTx, sequence: Sequence) -> Result<i64, Error> {
    let key = tx.allocate(sequence, 1)?.first().copied();
    Ok(key.ok_or_else(|| StoreError::Other("no key was allocated".to_owned()))?)
}

/// Notes what the act under way changed, one by one up to a hundred.
fn note(tx: &mut dyn WriteTx, changes: Vec<Change>) {
    for change in told::at_most(changes) {
        tx.changed(change);
    }
}

/// An act: who, when, and under which request id.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// When the request arrived, by the server's clock.
    pub now: Instant,
    /// The request.
    pub request: RequestKey,
    /// The mutation's name, as it goes on record.
    pub operation: String,
    /// Its input as it goes on record: canonical, without secrets.
    pub input: String,
    /// By whose authority, where one person's is not enough.
    pub authority: Authority,
}

impl Act {
    /// An act of somebody alone.
    #[must_use]
    pub fn new(actor: Actor, now: Instant, request: RequestKey, operation: &str, input: String) -> Self {
        Self { actor, now, request, operation: operation.to_owned(), input, authority: Authority::Alone }
    }

    /// The same act as one of the host's own commands.
    #[must_use]
    pub fn on_the_host(self) -> Self {
        Self { authority: Authority::Host, ..self }
    }

    /// The day in Viet Nam on which the request arrived.
    #[must_use]
    pub fn today(&self) -> Day {
        in_viet_nam(self.now).0
    }

    /// Whether the request was answered before: then nothing is worked out anew.
    ///
    /// # Errors
    /// A failure of storage.
    fn is_known(&self, tx: &mut dyn ReadTx) -> Result<bool, Error> {
        Ok(!tx.recorded_requests(std::slice::from_ref(&self.request))?.is_empty())
    }

    /// Does `work` once and puts it on record: under a known request id its recorded outcome is given again and nothing
    /// is written.
    ///
    /// # Errors
    /// [`Code::RequestIdReused`] when the id was used for another request, and whatever `work` answers.
    pub fn once<T: Receipt>(
        &self,
        tx: &mut dyn WriteTx,
        work: impl FnOnce(&mut dyn WriteTx) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let key = std::slice::from_ref(&self.request);
        if let Some(recorded) = tx.recorded_requests(key)?.remove(&self.request) {
            if recorded.fingerprint != self.request.fingerprint {
                return Err(Problem::new(Code::RequestIdReused).at("requestId").into());
            }
            return T::decode(&recorded.outcome)
                .ok_or_else(|| StoreError::Corrupt("recorded outcome of a request".to_owned()).into());
        }
        let outcome = work(tx)?;
        tx.record_requests(&[(self.request.clone(), outcome.encode(), self.now)])?;
        tx.record(vec![self.entry(ActOutcome::Done)]);
        Ok(outcome)
    }

    /// The act as it goes on record.
    #[must_use]
    pub fn entry(&self, outcome: ActOutcome) -> Entry {
        let request = self.request.id.to_string();
        let entry = Entry::of(&self.actor, self.now, &self.operation, &self.input, outcome, request);
        Entry { changes: self.approval().into_iter().collect(), ..entry }
    }

    /// Who proposed and who approved it, where it took two.
    fn approval(&self) -> Option<Change> {
        let Authority::Approved(approval) = &self.authority else { return None };
        Some(Change {
            kind: "Proposal",
            id: approval.proposal().get(),
            before: Some(format!("proposed by {proposer}", proposer = self.actor.subject)),
            after: Some(format!("approved by {approver}", approver = approval.approver())),
        })
    }
}
