//! An emulation list of each place, frozen and on record, with a decision.

use caodiem_domain::audit::{ActOutcome, Change, Entry};
use caodiem_domain::comparison::Agreement;
use caodiem_domain::emulation::decision::{Decided, Decision};
use caodiem_domain::emulation::list::{Author, EmulationList};
use caodiem_domain::emulation::sheet::{About, Candidate, Sheet};
use caodiem_domain::emulation::{Facts, Terms, judge};
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::id::{AccountId, AssignmentId, DriveId, EmulationListId, Sequence};
use caodiem_domain::ports::WriteTx;
use caodiem_domain::progress::{FigureBasis, RankMeasure};
use caodiem_domain::reporting::rates::Rates;
use caodiem_domain::text::PlanNumber;
use caodiem_domain::time::DayRange;

use super::{Common, Ground, day, moment};

/// A list of the 20th of June, drawn up by the host.
pub(super) fn put(
    tx: &mut dyn WriteTx,
    common: &Common,
    ground: &Ground,
    drive: DriveId,
) -> Result<EmulationListId, Error> {
    let id = EmulationListId::new(tx.allocate(Sequence::EmulationList, 1)?[0]);
    let author = Author { account: AccountId::new(0), login: ground.subject("Drawer") };
    let sheet = sheet(common, ground, drive);
    let list = EmulationList::freeze(id, author.clone(), &sheet);
    tx.insert_emulation_list(&list, &sheet)?;
    tx.record(vec![Entry {
        at: list.drawn_at,
        account: AccountId::new(0),
        subject: author.login.clone(),
        assignment: AssignmentId::new(0),
        role: None,
        operation: "drawUpEmulationList".to_owned(),
        unit: Some(ground.unit.id),
        input: ground.text("Input"),
        changes: vec![Change::made("EmulationList", id.get(), list.digest())],
        outcome: ActOutcome::Done,
        request: ground.text("Request"),
    }]);
    tx.insert_emulation_decision(&Decision {
        list: id,
        unit: ground.unit.id,
        version: 1,
        decided: Decided::Commended,
        number: PlanNumber::new(&ground.text("Number")).expect("a number"),
        award: Some(ground.title("Award")),
        reason: ground.reason("Reason"),
        is_out: false,
        author,
        at: moment("2023-06-21T04:00:00Z"),
    })?;
    Ok(id)
}

fn sheet(common: &Common, ground: &Ground, drive: DriveId) -> Sheet {
    let terms = Terms {
        basis: FigureBasis::Reported,
        measure: RankMeasure::Share,
        min_quota: Exact::from(ground.figure(1)),
        allowed_silent: 0,
        allowed_late: 0,
    };
    let figure = |figure: i64| Some(ground.figure(figure));
    let facts = Facts {
        quota: Some(Exact::from(ground.figure(10))),
        opening: ground.figure(1),
        done: figure(20),
        value: Some(Exact::from(ground.figure(2))),
        place: Some(1),
        of: 1,
        tied: false,
        rates: Rates::new(1, 1, 1, 0),
        reported: figure(20),
        verified: figure(19),
        official: figure(18),
        agreement: Agreement::Beyond,
        inspected_untrue: 0,
        settled_untrue: 0,
        settled: figure(18),
    };
    let judgement = judge(&facts, &terms);
    let words = || ground.text("Sheet");
    let candidate = Candidate { unit: ground.unit.id, code: words(), name: words(), facts, judgement };
    let about = About {
        drive,
        unit: ground.unit.id,
        level: None,
        phase: None,
        indicator: common.indicators[0],
        group: common.group,
        days: DayRange::day(day("2023-06-20")),
        terms,
        tolerated: None,
        known_at: moment("2023-06-21T03:00:00Z"),
    };
    Sheet { about, candidates: vec![candidate] }
}
