//! Extending the catalogue of indicators and groups.

use crate::error::Error;
use crate::id::{GroupId, IndicatorId};
use crate::indicator::{AccountLevel, Attribution, Stage, TimeRule};
use crate::ports::WriteTx;
use crate::text::{Key, Title};
use crate::usecase::Act;

/// An indicator to be defined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DefineIndicator {
    /// Machine name.
    pub code: Key,
    /// Vietnamese name.
    pub name_vi: Title,
    /// English name.
    pub name_en: Title,
    /// Step of the work.
    pub stage: Stage,
    /// Level of the account.
    pub level: Option<AccountLevel>,
    /// Who is credited.
    pub attribution: Attribution,
    /// Flow or snapshot.
    pub time_rule: TimeRule,
    /// Parts of a composite: at least two simple indicators of the same time rule; empty for a simple one.
    pub parts: Vec<IndicatorId>,
}

/// A group to be defined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DefineGroup {
    /// Machine name.
    pub code: Key,
    /// Vietnamese name.
    pub name_vi: Title,
    /// English name.
    pub name_en: Title,
}

/// Adds an indicator to the catalogue.
///
/// # Errors
/// `Forbidden`, `CodeTaken`, `BadParts`, `NotFound`.
pub fn define_indicator(act: &Act, tx: &mut dyn WriteTx, command: &DefineIndicator) -> Result<IndicatorId, Error> {
    let _ = (act, tx, command);
    todo!()
}

/// Adds a group to the catalogue.
///
/// # Errors
/// `Forbidden`, `CodeTaken`.
pub fn define_group(act: &Act, tx: &mut dyn WriteTx, command: &DefineGroup) -> Result<GroupId, Error> {
    let _ = (act, tx, command);
    todo!()
}
