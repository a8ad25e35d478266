//! Extending the catalogue of indicators and groups.

use crate::access::Permission;
use crate::audit::{Change, told};
use crate::error::Error;
use crate::id::{GroupId, IndicatorId, Sequence};
use crate::indicator::{AccountLevel, Attribution, Group, Indicator, Stage, TimeRule};
use crate::ports::WriteTx;
use crate::problem::{Code, Problem};
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
    act.actor.require(Permission::ManageCatalogue)?;
    act.once(tx, |tx| {
        let known = tx.indicators()?;
        if known.iter().any(|indicator| indicator.code == command.code) {
            return Err(code_taken(&command.code).into());
        }
        check_parts(command, &known)?;
        let id = IndicatorId::new(tx.allocate(Sequence::Indicator, 1)?.first().copied().unwrap_or_default());
        let indicator = Indicator {
            id,
            code: command.code.clone(),
            name_vi: command.name_vi.clone(),
            name_en: command.name_en.clone(),
            stage: command.stage,
            level: command.level,
            attribution: command.attribution,
            time_rule: command.time_rule,
            parts: command.parts.clone(),
        };
        tx.insert_indicator(&indicator)?;
        tx.changed(Change::made("Indicator", id.get(), told::indicator(&indicator)));
        Ok(id)
    })
}

/// Adds a group to the catalogue.
///
/// # Errors
/// `Forbidden`, `CodeTaken`.
pub fn define_group(act: &Act, tx: &mut dyn WriteTx, command: &DefineGroup) -> Result<GroupId, Error> {
    act.actor.require(Permission::ManageCatalogue)?;
    act.once(tx, |tx| {
        if tx.groups()?.iter().any(|group| group.code == command.code) {
            return Err(code_taken(&command.code).into());
        }
        let id = GroupId::new(tx.allocate(Sequence::Group, 1)?.first().copied().unwrap_or_default());
        let group = Group {
            id,
            code: command.code.clone(),
            name_vi: command.name_vi.clone(),
            name_en: command.name_en.clone(),
        };
        tx.insert_group(&group)?;
        tx.changed(Change::made("Group", id.get(), told::group(&group)));
        Ok(id)
    })
}

fn code_taken(code: &Key) -> Problem {
    Problem::new(Code::CodeTaken).with("code", code).at("code")
}

/// Parts are distinct simple indicators with the composite's time rule: a sum of a flow and a snapshot means nothing.
fn check_parts(command: &DefineIndicator, known: &[Indicator]) -> Result<(), Error> {
    let distinct: std::collections::BTreeSet<IndicatorId> = command.parts.iter().copied().collect();
    if command.parts.len() == 1 || distinct.len() != command.parts.len() {
        return Err(Problem::new(Code::BadParts).at("parts").into());
    }
    for (index, part) in command.parts.iter().enumerate() {
        let place = |problem: Problem| problem.at(format_args!("parts.{index}"));
        let Some(part) = known.iter().find(|indicator| indicator.id == *part) else {
            return Err(place(Problem::not_found("Indicator", part.get())).into());
        };
        if !part.parts.is_empty() || part.time_rule != command.time_rule {
            return Err(place(Problem::new(Code::BadParts)).into());
        }
    }
    Ok(())
}
