//! Emulation: who is to be commended and who criticised, and what the council decided.

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::audit::hex;
use caodiem_domain::emulation;
use caodiem_domain::emulation::list;
use caodiem_domain::emulation::sheet::{self, About};
use caodiem_domain::id::EmulationListId;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::loaders::emulation::DecisionsOn;
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::{Drive, Phase};
use crate::objects::emulation_candidate::EmulationCandidate;
use crate::objects::emulation_decision::{EmulationDecision, told};
use crate::objects::progress::{FigureBasis, RankMeasure};
use crate::objects::unit::{Level, Unit};
use crate::request::load;
use crate::scalars::{BigInt, Date, DateTime, Decimal};

/// What is proposed to the council.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "emulation::Proposed")]
pub(crate) enum EmulationProposal {
    /// To commend the unit (khen thưởng).
    Commend,
    /// To criticise it (phê bình).
    Criticise,
    /// Neither.
    None,
}

/// What a reason does to the proposal.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "emulation::Effect")]
pub(crate) enum EmulationEffect {
    /// It speaks for the unit.
    Commends,
    /// It speaks against the unit.
    Criticises,
    /// It speaks against the unit and puts it out of the running for commendation.
    Excludes,
    /// It is to be known, and decides nothing.
    Remarks,
}

/// What the council decided.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "emulation::decision::Decided")]
pub(crate) enum EmulationOutcome {
    /// The unit is commended (khen thưởng).
    Commended,
    /// It is criticised (phê bình).
    Criticised,
    /// Neither.
    Neither,
}

/// A sheet, and the list that froze it.
pub(crate) struct EmulationSheet {
    pub(crate) sheet: sheet::Sheet,
    pub(crate) list: Option<EmulationListId>,
}

impl EmulationSheet {
    const fn about(&self) -> &About {
        &self.sheet.about
    }
}

/// Candidates for commendation and criticism: by what they are judged, and what is proposed of each.
#[Object(visible = "guard::reads_emulation")]
impl EmulationSheet {
    /// The drive.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.about().drive).await
    }

    /// The unit whose units are the candidates.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.about().unit).await
    }

    /// All units of this level under it are candidates; null for those directly under it.
    async fn level(&self) -> Option<Level> {
        self.about().level.map(Into::into)
    }

    /// The phase of the quotas; null for the whole drive.
    async fn phase(&self, ctx: &Context<'_>) -> Result<Option<Phase>> {
        match self.about().phase {
            Some(phase) => Phase::find(ctx, self.about().drive, phase).await,
            None => Ok(None),
        }
    }

    /// Of what.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.about().indicator).await
    }

    /// Of whom.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        Group::find(ctx, self.about().group).await
    }

    /// First of the days that are judged.
    async fn from(&self) -> Date {
        Date(self.about().days.from())
    }

    /// Last of them.
    async fn to(&self) -> Date {
        Date(self.about().days.to())
    }

    /// Whose figure stands for what was done.
    async fn basis(&self) -> FigureBasis {
        self.about().terms.basis.into()
    }

    /// What places go by.
    async fn measure(&self) -> RankMeasure {
        self.about().terms.measure.into()
    }

    /// The minimum base: units with a smaller quota have no place.
    async fn min_quota(&self) -> Decimal {
        Decimal(self.about().terms.min_quota.clone())
    }

    /// So many reports may be missing, excused ones apart.
    async fn allowed_silent(&self) -> u32 {
        self.about().terms.allowed_silent
    }

    /// So many reports may come late.
    async fn allowed_late(&self) -> u32 {
        self.about().terms.allowed_late
    }

    /// How far reported and official may lie apart, in percent of the official figure; null where nothing was set.
    async fn tolerated_percent(&self) -> Option<Decimal> {
        self.about().tolerated.as_ref().map(|tolerated| Decimal(tolerated.percent.clone()))
    }

    /// The same in number: whichever of the two allows more counts.
    async fn tolerated_absolute(&self) -> Option<BigInt> {
        self.about().tolerated.as_ref().map(|tolerated| BigInt(tolerated.absolute))
    }

    /// The moment at which it was worked out.
    async fn known_at(&self) -> DateTime {
        DateTime(self.about().known_at)
    }

    /// The candidates that are in scope, best place first; those without a place last, in the order of the tree.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn candidates(&self) -> Vec<EmulationCandidate<'_>> {
        let candidates = self.sheet.candidates.iter();
        candidates.map(|candidate| EmulationCandidate { candidate, list: self.list }).collect()
    }
}

/// A list.
pub(crate) struct EmulationList(pub(crate) list::EmulationList);

impl EmulationList {
    /// The list in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: EmulationListId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The list in scope that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of::<EmulationListId>(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_list) => Ok(None),
        }
    }
}

/// An emulation list (danh sách thi đua) that was drawn up: candidates with their figures, frozen as they were known at a
/// moment, so that the ranking can be shown again. It never changes; the council's decisions stand beside it.
#[Object(visible = "guard::reads_emulation")]
impl EmulationList {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// The number it goes by.
    async fn number(&self) -> BigInt {
        BigInt(self.0.id.get())
    }

    /// The drive.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.drive).await
    }

    /// The unit whose units are its candidates.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The login of whoever drew it up.
    async fn author(&self) -> &str {
        self.0.author.login.as_str()
    }

    /// When it was drawn up.
    async fn drawn_at(&self) -> DateTime {
        DateTime(self.0.drawn_at)
    }

    /// SHA-256 over the frozen text, in hexadecimal. It stands in the record of acts as well.
    async fn hash(&self) -> String {
        hex(&self.0.hash)
    }

    /// The frozen text: whoever has it can work the hash out. Refused with `EMULATION_ALTERED`, like everything read from it,
    /// when it is not the text that was hashed.
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn content(&self) -> Result<String> {
        self.0.sheet()?;
        Ok(self.0.content.clone())
    }

    /// What it says.
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn sheet(&self) -> Result<EmulationSheet> {
        Ok(EmulationSheet { sheet: self.0.sheet()?, list: Some(self.0.id) })
    }

    /// What the council decided on its candidates, those that were replaced included; of each candidate by version.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn decisions(&self, ctx: &Context<'_>) -> Result<Vec<EmulationDecision>> {
        Ok(told(&load(ctx, DecisionsOn(self.0.id)).await?.unwrap_or_default()))
    }
}
