//! The catalogue: what is counted, and of whom.

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::id::{GroupId, IndicatorId};
use caodiem_domain::indicator;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::request::{load, load_many};

/// The step of the work that an indicator counts.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "indicator::Stage")]
pub(crate) enum Stage {
    /// People who could have an account.
    Eligible,
    /// Records enrolled (thu nhận).
    Enrol,
    /// Records approved centrally, not yet activated.
    Approve,
    /// Accounts activated (kích hoạt): the only step that counts as success for an activation quota.
    Activate,
    /// Cards issued.
    Issue,
    /// Means of the work: teams, stations, officials.
    Means,
    /// Anything else.
    Other,
}

/// Level of the e-ID account.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "indicator::AccountLevel")]
pub(crate) enum AccountLevel {
    /// Mức 1: self-registered on the phone.
    One,
    /// Mức 2: enrolled in person with biometrics.
    Two,
}

/// The unit that a figure counts for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "indicator::Attribution")]
pub(crate) enum Attribution {
    /// The unit of the citizen's permanent residence, which the reporter names where it is not its own.
    Residence,
    /// The unit that received the record: always the reporter's own.
    Receiving,
}

/// How figures of several days make one.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "indicator::TimeRule")]
pub(crate) enum TimeRule {
    /// A flow: the days add up.
    Sum,
    /// A snapshot: the latest day stands.
    Last,
}

/// An entry of the catalogue.
pub(crate) struct Indicator(indicator::Indicator);

impl Indicator {
    /// The indicator of the catalogue.
    pub(crate) const fn of(entry: indicator::Indicator) -> Self {
        Self(entry)
    }

    /// The indicator with that id.
    pub(crate) async fn find(ctx: &Context<'_>, id: IndicatorId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The indicator that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_indicator) => Ok(None),
        }
    }

    /// Several indicators, in the order given.
    pub(crate) async fn find_all(ctx: &Context<'_>, ids: Vec<IndicatorId>) -> Result<Vec<Self>> {
        let mut found = load_many(ctx, ids.clone()).await?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).map(Self).collect())
    }
}

/// What is counted (chỉ tiêu): a whole number per unit and day. Over units, figures always add up.
#[Object(visible = "guard::reads_catalogue")]
impl Indicator {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Machine name: `ACTIVATED_L2`.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// Vietnamese name.
    async fn name(&self) -> &str {
        self.0.name_vi.as_str()
    }

    /// English name.
    async fn name_en(&self) -> &str {
        self.0.name_en.as_str()
    }

    /// Step of the work.
    async fn stage(&self) -> Stage {
        self.0.stage.into()
    }

    /// Level of the account; null where it has none.
    async fn level(&self) -> Option<AccountLevel> {
        self.0.level.map(Into::into)
    }

    /// Which unit is credited.
    async fn attribution(&self) -> Attribution {
        self.0.attribution.into()
    }

    /// Flow or snapshot.
    async fn time_rule(&self) -> TimeRule {
        self.0.time_rule.into()
    }

    /// The simple indicators whose sum it is; empty for a simple one.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn parts(&self, ctx: &Context<'_>) -> Result<Vec<Self>> {
        Self::find_all(ctx, self.0.parts.clone()).await
    }
}

/// An entry of the catalogue.
pub(crate) struct Group(indicator::Group);

impl Group {
    /// The group of the catalogue.
    pub(crate) const fn of(entry: indicator::Group) -> Self {
        Self(entry)
    }

    /// The group with that id.
    pub(crate) async fn find(ctx: &Context<'_>, id: GroupId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The group that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_group) => Ok(None),
        }
    }
}

/// A population group (nhóm đối tượng) that baselines and quotas speak of.
#[Object(visible = "guard::reads_catalogue")]
impl Group {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Machine name: `RESIDENTS_14_PLUS`.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// Vietnamese name.
    async fn name(&self) -> &str {
        self.0.name_vi.as_str()
    }

    /// English name.
    async fn name_en(&self) -> &str {
        self.0.name_en.as_str()
    }
}
