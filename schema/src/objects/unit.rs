//! Units with their versions, lineage and place in the tree.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::id::UnitId;
use caodiem_domain::page::PageSize;
use caodiem_domain::time::Day;
use caodiem_domain::unit;

use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::{id_of, key_of};
use crate::inputs::progress::ProgressInput;
use crate::loaders::units::{AncestorsOf, ChildrenOf, LineageOf, VersionsOf};
use crate::objects::progress::Progress;
use crate::page;
use crate::request::{caller, gateway, load, show};
use crate::scalars::{Date, Rational};

/// The tiers of the tree, from the country down (cấp).
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "unit::Level")]
pub(crate) enum Level {
    /// The root (cả nước).
    Country,
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province,
    /// Huyện, quận, thị xã, thành phố thuộc tỉnh; until 2025-06-30.
    District,
    /// Xã, phường, thị trấn, đặc khu.
    Commune,
    /// Thôn, xóm, ấp, khu phố, tổ dân phố.
    Village,
    /// Sở, ban, ngành, school, armed forces, company, mass organisation: at any place in the tree.
    Organisation,
}

/// What a unit is, as official names say it (loại đơn vị).
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "unit::UnitKind")]
pub(crate) enum UnitKind {
    /// The root of the tree (nước).
    Country,
    /// Tỉnh.
    Province,
    /// Thành phố trực thuộc trung ương.
    CentralCity,
    /// Huyện.
    RuralDistrict,
    /// Quận.
    UrbanDistrict,
    /// Thị xã.
    DistrictTown,
    /// Thành phố thuộc tỉnh.
    ProvincialCity,
    /// Xã.
    RuralCommune,
    /// Phường.
    Ward,
    /// Thị trấn.
    Township,
    /// Đặc khu.
    SpecialZone,
    /// Thôn.
    Village,
    /// Xóm.
    Hamlet,
    /// Ấp.
    SouthernHamlet,
    /// Khu phố.
    Quarter,
    /// Tổ dân phố.
    ResidentialGroup,
    /// An organisation placed in the tree (tổ chức).
    Organisation,
}

/// How one unit became another.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "unit::LineageMode")]
pub(crate) enum LineageMode {
    /// The whole of it went into the other (sáp nhập).
    Merge,
    /// It ended, and this is one of several successors (chia tách).
    Split,
    /// It lives on, and gave a part of itself to the other (điều chỉnh địa giới).
    Transfer,
}

/// A unit, seen on a day or as it stands.
pub(crate) struct Unit {
    unit: unit::Unit,
    /// The day that was asked for; edges keep it.
    on: Option<Day>,
}

impl Unit {
    /// The unit as it stands.
    pub(crate) const fn latest(unit: unit::Unit) -> Self {
        Self { unit, on: None }
    }

    /// The unit in the version of a day that the client named.
    pub(crate) const fn on(unit: unit::Unit, on: Option<Day>) -> Self {
        Self { unit, on }
    }

    /// The unit in scope, in its latest version.
    pub(crate) async fn find(ctx: &Context<'_>, id: UnitId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self::latest))
    }

    /// The unit in scope that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_unit) => Ok(None),
        }
    }

    /// [`Self::find_by_id`] for a query that asks for one unit: at once, where a loader would wait for more to come.
    pub(crate) async fn read_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(key) = key_of(id) else {
            return Ok(None);
        };
        let found = show(ctx, gateway(ctx)?.find_units(caller(ctx)?, vec![key])).await?;
        Ok(found.into_iter().next().map(Self::latest))
    }

    /// The unit in scope, in the version of the day; the latest without one.
    pub(crate) async fn find_on(ctx: &Context<'_>, id: UnitId, on: Option<Day>) -> Result<Option<Self>> {
        match (on, Self::find(ctx, id).await?) {
            (Some(day), Some(found)) => found.turned_to(ctx, day).await,
            (_, found) => Ok(found),
        }
    }

    async fn turned_to(&self, ctx: &Context<'_>, day: Day) -> Result<Option<Self>> {
        let versions = load(ctx, VersionsOf(self.unit.id)).await?.unwrap_or_default();
        let version = versions.into_iter().find(|version| version.is_valid_on(day));
        Ok(version.map(|version| Self { unit: unit::Unit { version, ..self.unit.clone() }, on: Some(day) }))
    }

    /// The day that edges are read on: the one named, the one the unit was asked for, or today.
    fn day(&self, ctx: &Context<'_>, on: Option<Date>) -> Result<Day> {
        Ok(on.map(|date| date.0).or(self.on).unwrap_or(caller(ctx)?.today()))
    }
}

/// A node of the tree that quotas and tallies belong to (đơn vị): an administrative unit or an organisation. It keeps
/// its id through every new name, code, kind and parent.
#[Object(visible = "guard::reads_units")]
impl Unit {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.unit.id)
    }

    /// Number of the latest version: what `expectedVersion` asks for.
    async fn version(&self) -> i32 {
        self.unit.latest
    }

    /// Official code (mã đơn vị hành chính) with leading zeros. Codes are reused over time: not an identity.
    async fn code(&self) -> &str {
        self.unit.version.code.as_str()
    }

    /// Name without the kind: `Bình Gia`.
    async fn name(&self) -> &str {
        self.unit.version.name.as_str()
    }

    /// Kind and name as officials write them: `Thị trấn Bình Gia`.
    async fn full_name(&self) -> String {
        self.unit.version.full_name()
    }

    /// What it is.
    async fn kind(&self) -> UnitKind {
        self.unit.version.kind.into()
    }

    /// Its tier.
    async fn level(&self) -> Level {
        self.unit.version.kind.level().into()
    }

    /// First day of the version shown.
    async fn valid_from(&self) -> Date {
        Date(self.unit.version.valid_from)
    }

    /// First day on which the version shown is no longer valid; null while it stands.
    async fn valid_to(&self) -> Option<Date> {
        self.unit.version.valid_to.map(Date)
    }

    /// The act that the version shown rests on (căn cứ pháp lý).
    async fn legal_basis(&self) -> Option<String> {
        self.unit.version.legal_basis.as_ref().map(ToString::to_string)
    }

    /// First day on which the unit no longer exists; null while it stands.
    async fn closed_on(&self) -> Option<Date> {
        self.unit.closed_on.map(Date)
    }

    /// Whether it was made up for tests or a demonstration.
    async fn synthetic(&self) -> bool {
        self.unit.synthetic
    }

    /// The unit above; null for a root and where it lies out of scope.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        let Some(parent) = self.unit.version.parent else {
            return Ok(None);
        };
        Self::find_on(ctx, parent, self.on).await
    }

    /// The units directly under it, by code.
    #[graphql(complexity = "page::cost(Some(first), None, child_complexity)")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which day; the day the unit was asked for, or today, when absent.")] on: Option<Date>,
        #[graphql(desc = "At most so many, 1 to 100.", default = 100)] first: i32,
    ) -> Result<Vec<Self>> {
        let limit = PageSize::new(first.into()).map_err(|problem| problem.at("first"))?.get();
        let key = ChildrenOf { on: self.day(ctx, on)?, limit, parent: self.unit.id };
        let shown = on.map(|date| date.0).or(self.on);
        Ok(load(ctx, key).await?.unwrap_or_default().into_iter().map(|unit| Self::on(unit, shown)).collect())
    }

    /// The units above it that are in scope, nearest first.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn ancestors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which day; the day the unit was asked for, or today, when absent.")] on: Option<Date>,
    ) -> Result<Vec<Self>> {
        let key = AncestorsOf { on: self.day(ctx, on)?, unit: self.unit.id };
        let shown = on.map(|date| date.0).or(self.on);
        Ok(load(ctx, key).await?.unwrap_or_default().into_iter().map(|unit| Self::on(unit, shown)).collect())
    }

    /// The unit as it was on a day; null when it did not exist then.
    async fn as_of(&self, ctx: &Context<'_>, #[graphql(desc = "The day.")] day: Date) -> Result<Option<Self>> {
        self.turned_to(ctx, day.0).await
    }

    /// All its versions, oldest first.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn versions(&self, ctx: &Context<'_>) -> Result<Vec<UnitVersion>> {
        let versions = load(ctx, VersionsOf(self.unit.id)).await?.unwrap_or_default();
        Ok(versions.into_iter().map(UnitVersion).collect())
    }

    /// Quota against what was done, its whole subtree included; null when it lies out of scope.
    #[graphql(guard = "Need(Permission::ReadProgress)", visible = "guard::reads_progress")]
    async fn progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ProgressInput,
    ) -> Result<Option<Progress>> {
        Box::pin(Progress::find(ctx, self.unit.id, &input)).await
    }

    /// What it came from and what became of it.
    #[graphql(complexity = "5 * child_complexity + 2")]
    async fn lineage(&self, ctx: &Context<'_>) -> Result<Lineage> {
        let edges = load(ctx, LineageOf(self.unit.id)).await?.unwrap_or_default();
        let (to, from): (Vec<_>, Vec<_>) = edges.into_iter().partition(|edge| edge.from == self.unit.id);
        let successors = to.into_iter().map(|edge| LineageEdge { other: edge.to, edge }).collect();
        let predecessors = from.into_iter().map(|edge| LineageEdge { other: edge.from, edge }).collect();
        Ok(Lineage { successors, predecessors })
    }
}

/// A version.
pub(crate) struct UnitVersion(unit::UnitVersion);

/// One dated state of a unit. Versions are only ever added.
#[Object]
impl UnitVersion {
    /// 1, 2, 3 … within the unit.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Official code.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// Name without the kind.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// Kind and name as officials write them.
    async fn full_name(&self) -> String {
        self.0.full_name()
    }

    /// What it was.
    async fn kind(&self) -> UnitKind {
        self.0.kind.into()
    }

    /// Its tier.
    async fn level(&self) -> Level {
        self.0.kind.level().into()
    }

    /// First day of validity.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// First day no longer valid; null while it stands.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// The act it rests on (căn cứ pháp lý).
    async fn legal_basis(&self) -> Option<String> {
        self.0.legal_basis.as_ref().map(ToString::to_string)
    }

    /// The unit above on the version's first day; null for a root and where it lies out of scope.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        match self.0.parent {
            Some(parent) => Unit::find_on(ctx, parent, Some(self.0.valid_from)).await,
            None => Ok(None),
        }
    }
}

/// What a unit came from and what became of it.
#[derive(SimpleObject)]
pub(crate) struct Lineage {
    /// What became of it, by date.
    successors: Vec<LineageEdge>,
    /// What it came from, by date.
    predecessors: Vec<LineageEdge>,
}

/// An edge with the unit at its other end.
pub(crate) struct LineageEdge {
    other: UnitId,
    edge: unit::Lineage,
}

/// One step of a unit's lineage.
#[Object]
impl LineageEdge {
    /// The unit at the other end; null where it lies out of scope.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.other).await
    }

    /// First day of the new state.
    async fn on(&self) -> Date {
        Date(self.edge.on)
    }

    /// How.
    async fn mode(&self) -> LineageMode {
        self.edge.mode.into()
    }

    /// The part of the predecessor's figures that goes along, 0 to 1. Null when no source gives it: figures that rest
    /// on it are estimates.
    async fn share(&self) -> Option<Rational> {
        self.edge.share.clone().map(Rational::from)
    }
}

/// What a search by name found.
#[derive(SimpleObject)]
pub(crate) struct UnitMatches {
    /// Units of that name, without regard to case and to where the tone mark stands (Hoà = Hòa).
    pub(crate) matches: Vec<Unit>,
    /// Units that may have been meant: other diacritics or spelling (Hòn Quản → Hớn Quản). At most 10.
    pub(crate) near: Vec<Unit>,
}
