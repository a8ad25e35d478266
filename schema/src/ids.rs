//! Global ids: opaque to clients, `Type:key` in base64url inside; and the node interface over them.

use async_graphql::{Context, ID, Interface};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caodiem_domain::id::{
    AccountId, AssignmentId, BaselineId, CompilationId, DriveId, EmulationListId, ExcuseId, ExtractId, GroupId,
    IndicatorId, InspectionId, MemberId, PeriodReportId, PhaseId, ProposalId, QuotaId, ReopeningId, SampleId,
    ServiceKeyId, SessionId, TeamId, UnitId,
};
use caodiem_domain::problem::Problem;
use caodiem_domain::tally::{Reporter, Slot};

use crate::error::Result;
use crate::objects::account::Account;
use crate::objects::act::Act;
use crate::objects::assignment::Assignment;
use crate::objects::baseline::Baseline;
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::Drive;
use crate::objects::emulation::EmulationList;
use crate::objects::extract::Extract;
use crate::objects::inspection::Inspection;
use crate::objects::period_report::PeriodReport;
use crate::objects::proposal::Proposal;
use crate::objects::quota::Quota;
use crate::objects::sample::Sample;
use crate::objects::tally::Tally;
use crate::objects::team::{Member, Team};
use crate::objects::unit::Unit;

/// A key that a global id can carry.
pub(crate) trait GlobalKey: Sized {
    /// The name of the object's type.
    const TYPE: &'static str;

    /// The key within the type.
    fn to_key(&self) -> String;

    /// The key that [`Self::to_key`] made.
    fn from_key(key: &str) -> Option<Self>;
}

macro_rules! number_keys {
    ($($id:ident = $name:literal),+ $(,)?) => {
    $(
        impl GlobalKey for $id {
            const TYPE: &'static str = $name;

            fn to_key(&self) -> String {
                self.get().to_string()
            }

            fn from_key(key: &str) -> Option<Self> {
                key.parse().ok().map(Self::new)
            }
        }
    )+

        /// The types whose keys are numbers.
        const NUMBERED: &[&str] = &[$($name),+];
    };
}

number_keys! {
    UnitId = "Unit",
    DriveId = "Drive",
    PhaseId = "Phase",
    IndicatorId = "Indicator",
    GroupId = "Group",
    BaselineId = "Baseline",
    QuotaId = "Quota",
    TeamId = "Team",
    MemberId = "Member",
    AccountId = "Account",
    AssignmentId = "Assignment",
    ServiceKeyId = "ServiceKey",
    SessionId = "Session",
    ProposalId = "Proposal",
    ExcuseId = "ReportExcuse",
    ReopeningId = "Reopening",
    CompilationId = "CompilationRevision",
    ExtractId = "Extract",
    InspectionId = "Inspection",
    SampleId = "Sample",
    PeriodReportId = "PeriodReport",
    EmulationListId = "EmulationList",
}

/// The place of an act in the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ActKey(pub(crate) i64);

impl GlobalKey for ActKey {
    const TYPE: &'static str = "Act";

    fn to_key(&self) -> String {
        self.0.to_string()
    }

    fn from_key(key: &str) -> Option<Self> {
        key.parse().ok().map(Self)
    }
}

/// A tally is known by its slot: book, credited unit, day, indicator and reporter.
impl GlobalKey for Slot {
    const TYPE: &'static str = "Tally";

    fn to_key(&self) -> String {
        let (letter, reporter) = match self.reporter {
            Reporter::Unit(unit) => ('u', unit.get()),
            Reporter::Team(team) => ('t', team.get()),
        };
        let (book, credited, indicator) = (self.book.get(), self.credited.get(), self.indicator.get());
        format!("{book}.{credited}.{day}.{indicator}.{letter}{reporter}", day = self.day)
    }

    fn from_key(key: &str) -> Option<Self> {
        let mut parts = key.split('.');
        let number = |part: Option<&str>| part?.parse::<i64>().ok();
        let book = DriveId::new(number(parts.next())?);
        let credited = UnitId::new(number(parts.next())?);
        let day = parts.next()?.parse().ok()?;
        let indicator = IndicatorId::new(number(parts.next())?);
        let reporter = parts.next().filter(|_| parts.next().is_none())?;
        let reporter = match (reporter.strip_prefix('u'), reporter.strip_prefix('t')) {
            (Some(unit), _) => Reporter::Unit(UnitId::new(number(Some(unit))?)),
            (_, Some(team)) => Reporter::Team(TeamId::new(number(Some(team))?)),
            _ => return None,
        };
        Some(Self { book, credited, day, indicator, reporter })
    }
}

/// Text as clients hold it without looking inside.
pub(crate) fn seal(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// The text that [`seal`] made.
pub(crate) fn unseal(text: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// The global id of a key.
pub(crate) fn id_of<K: GlobalKey>(key: &K) -> ID {
    ID(seal(&format!("{name}:{key}", name = K::TYPE, key = key.to_key())))
}

/// The global id of a thing that the record of acts names by its kind and number; `None` for what has none.
pub(crate) fn id_of_recorded(kind: &str, number: &str) -> Option<ID> {
    let known = NUMBERED.contains(&kind) && number.parse::<i64>().is_ok_and(|number| number > 0);
    known.then(|| ID(seal(&format!("{kind}:{number}"))))
}

/// The key in a global id of that type. Anything else cannot exist, so it is not found.
pub(crate) fn key_of<K: GlobalKey>(id: &ID) -> Result<K, Problem> {
    let text = unseal(id).unwrap_or_default();
    let key = text.split_once(':').filter(|(name, _)| *name == K::TYPE).and_then(|(_, key)| K::from_key(key));
    key.ok_or_else(|| Problem::not_found(K::TYPE, id.as_str()))
}

/// The report that a global id names, for paths that end in one.
#[must_use]
pub fn period_report_of(id: &str) -> Option<PeriodReportId> {
    key_of(&ID(id.to_owned())).ok()
}

/// Anything that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id, unique over all types and for all time."))]
pub(crate) enum Node {
    /// A unit.
    Unit(Unit),
    /// A drive.
    Drive(Drive),
    /// An indicator of the catalogue.
    Indicator(Indicator),
    /// A group of the catalogue.
    Group(Group),
    /// A baseline.
    Baseline(Baseline),
    /// A quota.
    Quota(Quota),
    /// A team.
    Team(Team),
    /// A member of a team.
    Member(Member),
    /// A tally.
    Tally(Tally),
    /// A proposal.
    Proposal(Proposal),
    /// A period report.
    PeriodReport(PeriodReport),
    /// An emulation list.
    EmulationList(EmulationList),
    /// An act on record.
    Act(Act),
    /// An account.
    Account(Account),
    /// An assignment.
    Assignment(Assignment),
    /// An extract.
    Extract(Extract),
    /// An inspection.
    Inspection(Inspection),
    /// A sample.
    Sample(Sample),
}

/// The object that a global id names, when the caller may see it.
pub(crate) async fn node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let text = unseal(id).unwrap_or_default();
    let (name, _) = text.split_once(':').unwrap_or_default();
    Ok(match name {
        UnitId::TYPE => Unit::find_by_id(ctx, id).await?.map(Node::Unit),
        DriveId::TYPE => Drive::find_by_id(ctx, id).await?.map(Node::Drive),
        IndicatorId::TYPE => Indicator::find_by_id(ctx, id).await?.map(Node::Indicator),
        GroupId::TYPE => Group::find_by_id(ctx, id).await?.map(Node::Group),
        BaselineId::TYPE => Baseline::find_by_id(ctx, id).await?.map(Node::Baseline),
        QuotaId::TYPE => Quota::find_by_id(ctx, id).await?.map(Node::Quota),
        TeamId::TYPE => Team::find_by_id(ctx, id).await?.map(Node::Team),
        MemberId::TYPE => Member::find_by_id(ctx, id).await?.map(Node::Member),
        AccountId::TYPE => Account::find_by_id(ctx, id).await?.map(Node::Account),
        AssignmentId::TYPE => Assignment::find_by_id(ctx, id).await?.map(Node::Assignment),
        Slot::TYPE => Tally::find_by_id(ctx, id).await?.map(Node::Tally),
        PeriodReportId::TYPE => PeriodReport::find_by_id(ctx, id).await?.map(Node::PeriodReport),
        EmulationListId::TYPE => EmulationList::find_by_id(ctx, id).await?.map(Node::EmulationList),
        ProposalId::TYPE => Proposal::find_by_id(ctx, id).await?.map(Node::Proposal),
        ExtractId::TYPE => Extract::find_by_id(ctx, id).await?.map(Node::Extract),
        InspectionId::TYPE => Inspection::find_by_id(ctx, id).await?.map(Node::Inspection),
        SampleId::TYPE => Sample::find_by_id(ctx, id).await?.map(Node::Sample),
        ActKey::TYPE => Act::find_by_id(ctx, id).await?.map(Node::Act),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use caodiem_domain::problem::Language;

    use super::*;

    #[test]
    fn what_is_no_id_is_named_as_it_was_given() {
        let refused = |text: &str| key_of::<UnitId>(&ID(text.to_owned())).map_err(|problem| problem.text(Language::En));
        assert_eq!(refused("42"), Err("No Unit 42 was found.".to_owned()));
        assert_eq!(refused(""), Err("No Unit \"\" was found.".to_owned()));
        assert_eq!(refused("\n "), Err("No Unit \" \" was found.".to_owned()));
        assert_eq!(refused(&"x".repeat(5_000)), Err(format!("No Unit {}… was found.", "x".repeat(60))));
    }

    #[test]
    fn what_the_record_names_has_the_id_that_clients_know() {
        assert_eq!(id_of_recorded("Unit", "42"), Some(id_of(&UnitId::new(42))));
        for (kind, number) in [("Tree", "1"), ("Unit", "0"), ("Unit", "x"), ("", "42")] {
            assert_eq!(id_of_recorded(kind, number), None, "{kind} {number}");
        }
    }

    #[test]
    fn an_id_names_one_type_only() {
        let id = id_of(&UnitId::new(42));
        assert_eq!(key_of::<UnitId>(&id), Ok(UnitId::new(42)));
        assert!(key_of::<DriveId>(&id).is_err(), "a unit's id was read as a drive's");
        for text in ["", "42", "Unit:42", "VW5pdDo", "VW5pdDp4"] {
            assert!(key_of::<UnitId>(&ID(text.to_owned())).is_err(), "{text:?} was read as an id");
        }
    }
}
