//! Teams and their members.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::id::{MemberId, TeamId};
use caodiem_domain::quota::Holder;
use caodiem_domain::{team, time};

use crate::codes::{Codes, coded};
use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::inputs::progress::span;
use crate::inputs::quota::QuotaOfInput;
use crate::loaders::teams::{DoneBy, FindingsOf, MembersOf};
use crate::objects::problem::Finding;
use crate::objects::quota::Quota;
use crate::objects::unit::Unit;
use crate::request::{caller, load, load_apart};
use crate::scalars::{BigInt, Date, Rational};

/// What a team is for (loại tổ).
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "team::TeamKind")]
pub(crate) enum TeamKind {
    /// Tổ Đề án 06: one per village, led by the village head.
    Project06,
    /// Tổ công nghệ số cộng đồng.
    CommunityDigital,
    /// Tổ thu nhận cố định.
    FixedEnrolment,
    /// Tổ thu nhận lưu động.
    MobileEnrolment,
    /// Tổ tình nguyện, at schools, markets and industrial zones.
    Volunteer,
}

/// The body a member comes from, as the plans name them.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "team::Organisation")]
pub(crate) enum Organisation {
    /// Trưởng thôn, phó thôn, ban cán sự.
    VillageBoard,
    /// Công an xã, lực lượng bảo vệ an ninh trật tự ở cơ sở.
    Police,
    /// Đoàn Thanh niên.
    YouthUnion,
    /// Hội Phụ nữ.
    WomensUnion,
    /// Hội Nông dân.
    FarmersUnion,
    /// Hội Cựu chiến binh.
    VeteransAssociation,
    /// Mặt trận Tổ quốc.
    FatherlandFront,
    /// Nhà trường.
    School,
    /// Cơ quan nhà nước.
    StateBody,
    /// Anything else.
    Other,
}

/// A team.
#[derive(Clone)]
pub(crate) struct Team(pub(crate) team::Team);

impl Team {
    /// The team in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: TeamId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The team that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_team) => Ok(None),
        }
    }

    async fn members_ever(&self, ctx: &Context<'_>) -> Result<Vec<team::Member>> {
        Ok(load(ctx, MembersOf(self.0.id)).await?.unwrap_or_default())
    }
}

/// A team (tổ): people assigned to a unit, who report and owe a share of its quota.
#[Object(visible = "guard::reads_teams")]
impl Team {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// Sent back as `expectedVersion` to revise it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The unit it works for.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// What it is for.
    async fn kind(&self) -> TeamKind {
        self.0.kind.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// First day of work.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// First day no longer at work; null while it stands.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Whether it was made up for a demonstration.
    async fn synthetic(&self) -> bool {
        self.0.synthetic
    }

    /// Its members on a day (today when not named), leader first.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today in Viet Nam when not named.")] on: Option<Date>,
    ) -> Result<Vec<Member>> {
        let (day, members) = (day(ctx, on)?, self.members_ever(ctx).await?);
        Ok(members.into_iter().filter(|member| member.is_valid_on(day)).map(Member).collect())
    }

    /// Every member it ever had, leader first.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn all_members(&self, ctx: &Context<'_>) -> Result<Vec<Member>> {
        Ok(self.members_ever(ctx).await?.into_iter().map(Member).collect())
    }

    /// Who leads it on a day (today when not named); null when nobody does.
    async fn leader(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today in Viet Nam when not named.")] on: Option<Date>,
    ) -> Result<Option<Member>> {
        let (day, members) = (day(ctx, on)?, self.members_ever(ctx).await?);
        Ok(members.into_iter().find(|member| member.is_leader && member.is_valid_on(day)).map(Member))
    }

    /// Where it departs from what the plan of a drive says of teams: size, leader, composition. Empty when nowhere.
    #[graphql(complexity = "3 * child_complexity + 2")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive whose plan it is held against.")] drive: ID,
        #[graphql(desc = "The day; today in Viet Nam when not named.")] on: Option<Date>,
    ) -> Result<Vec<Finding>> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let key = FindingsOf { drive, on: day(ctx, on)?, team: self.0.id };
        Ok(load_apart(ctx, key).await?.unwrap_or_default().into_iter().map(Finding).collect())
    }

    /// What it owes; null when it was given nothing.
    #[graphql(visible = "guard::reads_quotas")]
    async fn quota(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What quota is meant.")] input: QuotaOfInput,
    ) -> Result<Option<Quota>> {
        Quota::of(ctx, Holder::Team(self.0.id), &input).await
    }

    /// What it reported in an indicator, as it stands, whatever moment its unit is asked about; 0 when it reported nothing.
    async fn done(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The drive it reported to.")] drive: ID,
        #[graphql(desc = "Code of the indicator, simple or composite.")] indicator: String,
        #[graphql(desc = "First day; the drive's first when not named.")] from: Option<Date>,
        #[graphql(desc = "Last day; the drive's last when not named.")] to: Option<Date>,
    ) -> Result<BigInt> {
        let drive = key_of(&drive).map_err(|problem| problem.at("drive"))?;
        let named = |codes: &Arc<Codes>| codes.indicator(&indicator).map_err(|problem| vec![problem.at("indicator")]);
        let key = DoneBy { drive, indicator: coded(ctx, named).await??, days: span(from, to), team: self.0.id };
        Ok(BigInt(load_apart(ctx, key).await?.unwrap_or_default()))
    }
}

/// A member.
#[derive(Clone)]
pub(crate) struct Member(pub(crate) team::Member);

impl Member {
    /// The member of a team in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: MemberId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The member that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_member) => Ok(None),
        }
    }
}

/// A person's place in a team, by position and organisation; names are not kept.
#[Object(visible = "guard::reads_teams")]
impl Member {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        Team::find(ctx, self.0.team).await
    }

    /// Position, as in `Trưởng thôn`.
    async fn position(&self) -> &str {
        self.0.position.as_str()
    }

    /// Where the member comes from.
    async fn organisation(&self) -> Organisation {
        self.0.organisation.into()
    }

    /// Whether the member leads the team.
    async fn is_leader(&self) -> bool {
        self.0.is_leader
    }

    /// Whether the member knows IT.
    async fn knows_it(&self) -> bool {
        self.0.knows_it
    }

    /// Weight in an equal share of the team's quota; 1 by default.
    async fn weight(&self) -> Rational {
        Rational::from(self.0.weight.clone())
    }

    /// First day in the team.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// First day no longer in the team; null while in it.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// The member's share of the quota; null when none was given.
    #[graphql(visible = "guard::reads_quotas")]
    async fn quota(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What quota is meant.")] input: QuotaOfInput,
    ) -> Result<Option<Quota>> {
        Quota::of(ctx, Holder::Member(self.0.id), &input).await
    }
}

/// The day named, or today.
fn day(ctx: &Context<'_>, on: Option<Date>) -> Result<time::Day> {
    Ok(on.map_or(caller(ctx)?.today(), |date| date.0))
}
