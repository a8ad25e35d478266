//! Drawing up an emulation list: the candidates as they stand, frozen for the council.
//!
//! As with period reports it is worked out in a snapshot, and written in a transaction of its own.

use crate::access::Permission;
use crate::audit::Change;
use crate::drive::DriveState;
use crate::emulation::list::{Author, EmulationList};
use crate::emulation::sheet::Sheet;
use crate::error::Error;
use crate::id::{EmulationListId, Sequence};
use crate::ports::{ReadTx, Store, WriteTx};
use crate::problem::{Code, Problem};
use crate::usecase::read_emulation::{EmulationQuestion, emulation};
use crate::usecase::{Act, allocate_one, visible_drive};

/// Draws a list up, by the planner of the drive's own unit or of one above it, once the days to be judged are over.
///
/// # Errors
/// `Forbidden`; `NotFound` and `DriveState` at `drive`; `EmulationNotOver` at `days`; and what [`emulation`] is refused for.
pub fn draw_up_emulation(store: &dyn Store, act: &Act, question: &EmulationQuestion) -> Result<EmulationListId, Error> {
    act.actor.require(Permission::DrawUpEmulation)?;
    let sheet = store.read(|tx| if act.is_known(tx)? { Ok(None) } else { sheet(act, tx, question).map(Some) })?;
    store.write(|tx| act.once(tx, |tx| freeze(act, tx, sheet.as_ref())))
}

fn sheet(act: &Act, tx: &mut dyn ReadTx, question: &EmulationQuestion) -> Result<Sheet, Error> {
    let drive = visible_drive(&act.actor, tx, question.drive)?;
    if !tx.units_by_id(&act.actor.scope, &[drive.unit])?.contains_key(&drive.unit) {
        return Err(Problem::not_found("Drive", drive.id.get()).at("drive").into());
    }
    drive.require_state(&[DriveState::Open, DriveState::Closed])?;
    let sheet = emulation(&act.actor, tx, question, act.now)?;
    let to = sheet.about.days.to();
    if to >= act.today() {
        return Err(Problem::new(Code::EmulationNotOver).with("to", to).at("days").into());
    }
    Ok(sheet)
}

fn freeze(act: &Act, tx: &mut dyn WriteTx, sheet: Option<&Sheet>) -> Result<EmulationListId, Error> {
    // Known to the first transaction and not to the second: requests are never forgotten so fast.
    let sheet = sheet.ok_or_else(|| Problem::new(Code::RequestIdReused).at("requestId"))?;
    let id = EmulationListId::new(allocate_one(tx, Sequence::EmulationList)?);
    let author = Author { account: act.actor.account, login: act.actor.subject.clone() };
    let list = EmulationList::freeze(id, author, sheet);
    tx.insert_emulation_list(&list, sheet)?;
    let about = &sheet.about;
    let told = format!(
        "unit {unit}, drive {drive}, {from} to {to}, {count} candidates, {digest}",
        unit = about.unit.get(),
        drive = about.drive.get(),
        from = about.days.from(),
        to = about.days.to(),
        count = sheet.candidates.len(),
        digest = list.digest(),
    );
    tx.changed(Change::made("EmulationList", id.get(), told));
    Ok(id)
}
