//! Inputs that create drives, and the parts of a plan.

use async_graphql::{ID, InputObject};
use caodiem_domain::problem::Problem;
use caodiem_domain::team;
use caodiem_domain::text::{PlanNumber, Post, Title};
use caodiem_domain::time::Calendar;
use caodiem_domain::usecase::plan_drive::{CreateDrive, PhasePlan};

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::calendar::{CalendarInput, DayRangeInput};
use crate::inputs::reporting::ReportingRuleInput;
use crate::objects::drive::Settles;
use crate::objects::team::{Organisation, TeamKind};
use crate::scalars::Date;

/// The most items of any list in a plan.
pub(crate) const PARTS_MAX: usize = 100;

/// A phase as planned.
#[derive(InputObject, Clone)]
pub(crate) struct PhaseInput {
    /// An existing phase that is revised; absent for a new one.
    id: Option<ID>,
    /// Its name.
    name: String,
    /// First and last day, within the drive and after the phase before.
    days: DayRangeInput,
    /// The number of days that the plan declares; absent when it does not.
    declared_days: Option<u32>,
}

impl TryFrom<PhaseInput> for PhasePlan {
    type Error = Vec<Problem>;

    fn try_from(input: PhaseInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let id = check.optional("id", input.id, key_of);
        let name = check.field("name", Title::new(&input.name));
        let days = check.field("days", input.days.try_into());
        check.done(|| Some(Self { id: id?, name: name?, days: days?, declared_days: input.declared_days }))
    }
}

/// What a plan says of the teams of one kind.
#[derive(InputObject, Clone)]
pub(crate) struct TeamRuleInput {
    /// The kind it speaks of.
    kind: TeamKind,
    /// Fewest people of a team.
    size_min: u32,
    /// Most people of a team.
    size_max: u32,
    /// The position that the leader has to hold; any when absent.
    leader_position: Option<String>,
    /// At least so many members who know IT.
    #[graphql(default)]
    it_members_min: u32,
    /// The organisations those members come from; any when empty.
    #[graphql(default)]
    it_organisations: Vec<Organisation>,
}

impl TryFrom<TeamRuleInput> for team::TeamRule {
    type Error = Vec<Problem>;

    fn try_from(input: TeamRuleInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        check.at_most("itOrganisations", &input.it_organisations, PARTS_MAX);
        let leader_position = check.optional("leaderPosition", input.leader_position, |text| Post::new(text));
        check.done(|| {
            Some(Self {
                kind: input.kind.into(),
                size: (input.size_min, input.size_max),
                leader_position: leader_position?,
                it_members_min: input.it_members_min,
                it_organisations: input.it_organisations.into_iter().map(Into::into).collect(),
            })
        })
    }
}

/// A drive to be created, as a draft.
#[derive(InputObject)]
pub(crate) struct CreateDriveInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// Number of the plan (số kế hoạch), unique per unit, at most 80 characters.
    plan_number: String,
    /// Title, at most 200 characters.
    title: String,
    /// Who issued it (cơ quan ban hành).
    issuer: String,
    /// The unit whose subtree it covers.
    unit: ID,
    /// The drive it stands under, whose unit and days cover this one's; absent for a topmost one.
    parent: Option<ID>,
    /// Day of issue.
    issued_on: Date,
    /// First and last day.
    days: DayRangeInput,
    /// The number of days that the plan declares for the whole; absent when it does not.
    declared_days: Option<u32>,
    /// The day whose tree the quotas are spread over; the first day when absent.
    tree_date: Option<Date>,
    /// What settles the result.
    #[graphql(default_with = "Settles::Reported")]
    settles: Settles,
    /// Working days; every day when absent.
    calendar: Option<CalendarInput>,
    /// Who has to report by when, one rule for a level at most.
    #[graphql(default)]
    reporting_rules: Vec<ReportingRuleInput>,
    /// Phases in order.
    #[graphql(default)]
    phases: Vec<PhaseInput>,
    /// Codes of the indicators in use; composites bring their parts.
    indicators: Vec<String>,
    /// What the plan says of teams.
    #[graphql(default)]
    team_rules: Vec<TeamRuleInput>,
    /// Whether it is made up for a demonstration.
    #[graphql(default)]
    synthetic: bool,
}

impl CreateDriveInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<CreateDrive, Vec<Problem>> {
        let mut check = Check::default();
        let plan_number = check.field("planNumber", PlanNumber::new(&self.plan_number));
        let title = check.field("title", Title::new(&self.title));
        let issuer = check.field("issuer", Title::new(&self.issuer));
        let unit = check.field("unit", key_of(&self.unit));
        let parent = check.optional("parent", self.parent.as_ref(), |id| key_of(id));
        let days = check.field("days", self.days.try_into());
        let calendar = self.calendar.clone().map(|calendar| check.nested("calendar", calendar));
        check.at_most("reportingRules", &self.reporting_rules, PARTS_MAX);
        check.at_most("phases", &self.phases, PARTS_MAX);
        let phases = check.nested_each("phases", self.phases.clone());
        check.at_most("indicators", &self.indicators, PARTS_MAX);
        let indicators = check.each("indicators", &self.indicators, |code| codes.indicator(code));
        check.at_most("teamRules", &self.team_rules, PARTS_MAX);
        let team_rules = check.nested_each("teamRules", self.team_rules.clone());
        check.done(|| {
            Some(CreateDrive {
                plan_number: plan_number?,
                title: title?,
                issuer: issuer?,
                unit: unit?,
                parent: parent?,
                issued_on: self.issued_on.0,
                days: days?,
                declared_days: self.declared_days,
                tree_date: self.tree_date.map(|day| day.0),
                settles: self.settles.into(),
                calendar: calendar.unwrap_or_else(|| Some(Calendar::every_day()))?,
                reporting_rules: self.reporting_rules.iter().copied().map(Into::into).collect(),
                phases: phases?,
                indicators: indicators?,
                team_rules: team_rules?,
                synthetic: self.synthetic,
            })
        })
    }
}
