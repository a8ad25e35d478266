//! Inputs that extend the catalogue.

use async_graphql::InputObject;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{Key, Title};
use caodiem_domain::usecase::define_catalogue::{DefineGroup, DefineIndicator};

use crate::codes::Codes;
use crate::error::Result;
use crate::inputs::plan_drive::PARTS_MAX;
use crate::inputs::{Check, mutation_inputs};
use crate::objects::catalogue::{AccountLevel, Attribution, Stage, TimeRule};

mutation_inputs! { DefineGroupInput => DefineGroup }

/// An indicator to be defined.
#[derive(InputObject)]
pub(crate) struct DefineIndicatorInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    pub(crate) request_id: String,
    /// Machine name, 1 to 40 characters of A–Z, a–z, 0–9, `-`, `_` and `.`.
    code: String,
    /// Vietnamese name, at most 200 characters.
    name: String,
    /// English name, at most 200 characters.
    name_en: String,
    /// Step of the work.
    stage: Stage,
    /// Level of the account; absent where it has none.
    level: Option<AccountLevel>,
    /// Which unit is credited.
    attribution: Attribution,
    /// Flow or snapshot.
    time_rule: TimeRule,
    /// Codes of the parts of a composite: at least two simple indicators of the same time rule; empty for a simple one.
    #[graphql(default)]
    parts: Vec<String>,
}

impl DefineIndicatorInput {
    /// The command, or everything that is wrong.
    pub(crate) fn command(&self, codes: &Codes) -> Result<DefineIndicator, Vec<Problem>> {
        let mut check = Check::default();
        let code = check.field("code", Key::new(&self.code));
        let name_vi = check.field("name", Title::new(&self.name));
        let name_en = check.field("nameEn", Title::new(&self.name_en));
        check.at_most("parts", &self.parts, PARTS_MAX);
        let parts = check.each("parts", &self.parts, |code| codes.indicator(code));
        check.done(|| {
            Some(DefineIndicator {
                code: code?,
                name_vi: name_vi?,
                name_en: name_en?,
                stage: self.stage.into(),
                level: self.level.map(Into::into),
                attribution: self.attribution.into(),
                time_rule: self.time_rule.into(),
                parts: parts?,
            })
        })
    }
}

/// A group to be defined.
#[derive(InputObject)]
pub(crate) struct DefineGroupInput {
    /// Chosen by the client, 8 to 64 characters of A–Z, a–z, 0–9 and hyphen: sent again, it has no second effect.
    request_id: String,
    /// Machine name, 1 to 40 characters of A–Z, a–z, 0–9, `-`, `_` and `.`.
    code: String,
    /// Vietnamese name, at most 200 characters.
    name: String,
    /// English name, at most 200 characters.
    name_en: String,
}

impl TryFrom<DefineGroupInput> for DefineGroup {
    type Error = Vec<Problem>;

    fn try_from(input: DefineGroupInput) -> Result<Self, Vec<Problem>> {
        let mut check = Check::default();
        let code = check.field("code", Key::new(&input.code));
        let name_vi = check.field("name", Title::new(&input.name));
        let name_en = check.field("nameEn", Title::new(&input.name_en));
        check.done(|| Some(Self { code: code?, name_vi: name_vi?, name_en: name_en? }))
    }
}
