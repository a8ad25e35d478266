//! Drives, teams, quotas, baselines and tallies of each place.

use std::collections::BTreeSet;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::audit::hex;
use caodiem_domain::baseline::{Baseline, BaselineKey, PrintedFigure};
use caodiem_domain::consistency::Found;
use caodiem_domain::consistency::daily::capacity;
use caodiem_domain::count::Count;
use caodiem_domain::drive::{Drive, DriveState, Settles};
use caodiem_domain::error::Error;
use caodiem_domain::exact::Exact;
use caodiem_domain::extract::{Extract, OfficialFigure, Strategy};
use caodiem_domain::id::{
    AccountId, BaselineId, DriveId, ExcuseId, ExtractId, GroupId, IndicatorId, InspectionId, MemberId, QuotaId,
    ReopeningId, SampleId, Sequence, SourceId, TeamId, UnitId,
};
use caodiem_domain::indicator::{Attribution, Group, Indicator, Stage, TimeRule};
use caodiem_domain::inspection::{Inspection, Verdict};
use caodiem_domain::plan::{Column, PlanColumn};
use caodiem_domain::ports::{Lock, WriteTx};
use caodiem_domain::quota::{Amendment, Basis, Holder, Quota, QuotaKey};
use caodiem_domain::reporting::excuse::{Excuse, Reopening};
use caodiem_domain::reporting::rule::ReportingRule;
use caodiem_domain::sample::{Drawn, Sample};
use caodiem_domain::tally::{Figure, Reporter, RowResult, Slot, TallyRow};
use caodiem_domain::team::{Member, Organisation, Team, TeamKind};
use caodiem_domain::text::{PlanNumber, Post, Source};
use caodiem_domain::time::{Calendar, DayRange};
use caodiem_domain::unit::{Level, Unit};
use caodiem_domain::usecase::record_tallies::{Submission, record_tallies};
use caodiem_tests::stage::request;

use super::{Common, Ground, day, key, moment, title};
use crate::place::{Place, Relation};

/// Two simple indicators and their sum, and a group. The catalogue is everybody's.
pub(super) fn catalogue(tx: &mut dyn WriteTx) -> Result<([IndicatorId; 3], GroupId), Error> {
    let ids = tx.allocate(Sequence::Indicator, 3)?;
    let ids = [IndicatorId::new(ids[0]), IndicatorId::new(ids[1]), IndicatorId::new(ids[2])];
    for (id, code, parts) in [(ids[0], "L1", vec![]), (ids[1], "L2", vec![]), (ids[2], "ALL", vec![ids[0], ids[1]])] {
        tx.insert_indicator(&Indicator {
            id,
            code: key(code),
            name_vi: title(code),
            name_en: title(code),
            stage: Stage::Activate,
            level: None,
            attribution: Attribution::Residence,
            time_rule: TimeRule::Sum,
            parts,
        })?;
    }
    let group = GroupId::new(tx.allocate(Sequence::Group, 1)?[0]);
    tx.insert_group(&Group { id: group, code: key("RES"), name_vi: title("RES"), name_en: title("RES") })?;
    Ok((ids, group))
}

/// An open drive of the whole country.
pub(super) fn country_drive(
    tx: &mut dyn WriteTx,
    country: &Unit,
    indicators: &[IndicatorId; 3],
    group: GroupId,
) -> Result<DriveId, Error> {
    drive(tx, country.id, "Okay", ("2023-06-01", "2023-07-31"), DriveState::Open, (indicators, group))
}

fn drive(
    tx: &mut dyn WriteTx,
    unit: UnitId,
    text: &str,
    (from, to): (&str, &str),
    state: DriveState,
    (indicators, group): (&[IndicatorId; 3], GroupId),
) -> Result<DriveId, Error> {
    let id = DriveId::new(tx.allocate(Sequence::Drive, 1)?[0]);
    let column = |name: &str, shows| PlanColumn {
        key: key(name),
        heading_vi: title(&format!("{text}Heading")),
        heading_en: title(&format!("{text}Heading")),
        shows,
    };
    tx.insert_drive(&Drive {
        id,
        plan_number: PlanNumber::new(&format!("{text}-{id}/KH", id = id.get())).expect("a number"),
        title: title(&format!("{text}Title")),
        issuer: title(&format!("{text}Issuer")),
        unit,
        parent: None,
        book: id,
        issued_on: day("2023-05-20"),
        days: DayRange::new(day(from), day(to)).expect("days"),
        declared_days: None,
        tree_date: day("2023-06-01"),
        settles: Settles::Reported,
        state,
        calendar: Calendar::every_day(),
        reporting_rules: [Level::District, Level::Commune, Level::Village]
            .map(|level| ReportingRule::daily(level, "15:30:00".parse().expect("a time")))
            .to_vec(),
        phases: Vec::new(),
        indicators: BTreeSet::from(*indicators),
        team_rules: Vec::new(),
        columns: vec![
            column("eligible", Column::Baseline { group, indicator: indicators[0] }),
            column("quota", Column::Quota { phase: None, indicator: indicators[0], group }),
            column("teams", Column::Teams),
        ],
        synthetic: true,
        version: 1,
    })?;
    Ok(id)
}

/// Everything of one place.
pub(super) fn put(tx: &mut dyn WriteTx, common: &Common, ground: &Ground, place: &mut Place) -> Result<(), Error> {
    // What stands above the district concerns it: the drives of its province are its own, texts and all. So are those of
    // the neighbour, in which the commune reported that is merged into one of its own.
    let concerns = matches!(ground.relation, Relation::Parent | Relation::Sibling);
    let text = if concerns { "Okay".to_owned() } else { ground.text("Drive") };
    let catalogue = (&common.indicators, common.group);
    let open = drive(tx, ground.unit.id, &text, ("2023-06-01", "2023-07-31"), DriveState::Open, catalogue)?;
    let draft = drive(tx, ground.unit.id, &text, ("2023-08-01", "2023-08-31"), DriveState::Draft, catalogue)?;
    let (team, member) = form_team(tx, ground)?;
    let holders = [Holder::Unit(ground.unit.id), Holder::Team(team), Holder::Member(member)];
    let mut quota = None;
    for drive in [open, draft, common.drive] {
        for (holder, at) in holders.into_iter().zip(1..) {
            let made = set_quota(tx, common, ground, (drive, holder, at))?;
            quota.get_or_insert(made);
        }
    }
    let baseline = record_baselines(tx, common, ground)?;
    print(tx, ground, open)?;
    report(tx, common, ground, (open, Reporter::Team(team)))?;
    if ground.relation != Relation::OtherRoot {
        report(tx, common, ground, (common.drive, Reporter::Unit(ground.unit.id)))?;
    }
    let excuse = excuse(tx, ground, open)?;
    reopen(tx, ground, open)?;
    place.id("excuse", "ReportExcuse", excuse.get());
    let (extract, inspection, sample) = check(tx, common, ground, (open, team))?;
    let found = Found {
        drive: open,
        unit: ground.unit.id,
        reporter: Some(Reporter::Team(team)),
        indicator: common.indicators[0],
        day: day("2023-06-20"),
        problem: capacity(ground.figure(200), 1).expect("a finding"),
    };
    place.text("finding", &hex(&found.digest()));
    place.id("extract", "Extract", extract);
    place.id("inspection", "Inspection", inspection);
    place.id("sample", "Sample", sample);
    place.id("report", "PeriodReport", super::reports::put(tx, common, ground, open)?.get());
    place.id("emulation", "EmulationList", super::emulation::put(tx, common, ground, open)?.get());
    place.id("drive", "Drive", open.get());
    place.id("draft", "Drive", draft.get());
    place.id("team", "Team", team.get());
    place.id("member", "Member", member.get());
    place.id("quota", "Quota", quota.map_or(0, QuotaId::get));
    place.id("baseline", "Baseline", baseline.get());
    let (unit, indicator) = (ground.unit.id.get(), common.indicators[0].get());
    place.id("tally", "Tally", format!("{}.{unit}.2023-06-20.{indicator}.t{}", open.get(), team.get()));
    Ok(())
}

fn excuse(tx: &mut dyn WriteTx, ground: &Ground, drive: DriveId) -> Result<ExcuseId, Error> {
    let id = ExcuseId::new(tx.allocate(Sequence::Excuse, 1)?[0]);
    tx.insert_excuse(&Excuse {
        id,
        drive,
        unit: ground.unit.id,
        team: None,
        days: DayRange::new(day("2023-06-20"), day("2023-06-22")).expect("days"),
        reason: ground.reason("Excuse"),
        author: ground.subject("Author"),
        at: moment("2023-06-02T03:00:00Z"),
        withdrawn: None,
        version: 1,
    })?;
    Ok(id)
}

fn reopen(tx: &mut dyn WriteTx, ground: &Ground, drive: DriveId) -> Result<(), Error> {
    let id = ReopeningId::new(tx.allocate(Sequence::Reopening, 1)?[0]);
    tx.insert_reopening(&Reopening {
        id,
        drive,
        unit: ground.unit.id,
        days: DayRange::day(day("2023-06-20")),
        until: moment("2023-06-25T03:00:00Z"),
        reason: ground.reason("Reopening"),
        decision: PlanNumber::new(&ground.text("Decision")).expect("a number"),
        author: ground.subject("Author"),
        at: moment("2023-06-22T03:00:00Z"),
    })?;
    Ok(())
}

fn form_team(tx: &mut dyn WriteTx, ground: &Ground) -> Result<(TeamId, MemberId), Error> {
    let id = TeamId::new(tx.allocate(Sequence::Team, 1)?[0]);
    tx.insert_teams(&[Team {
        id,
        unit: ground.unit.id,
        kind: TeamKind::Project06,
        name: ground.title("Team"),
        valid_from: day("2023-01-01"),
        valid_to: None,
        synthetic: true,
        version: 1,
    }])?;
    let member = MemberId::new(tx.allocate(Sequence::Member, 1)?[0]);
    tx.insert_members(&[Member {
        id: member,
        team: id,
        position: Post::new(&ground.text("Position")).expect("a post"),
        organisation: Organisation::Police,
        is_leader: true,
        knows_it: true,
        weight: Exact::from(1),
        valid_from: day("2023-01-01"),
        valid_to: None,
    }])?;
    Ok((id, member))
}

fn set_quota(
    tx: &mut dyn WriteTx,
    common: &Common,
    ground: &Ground,
    (drive, holder, at): (DriveId, Holder, i64),
) -> Result<QuotaId, Error> {
    let id = QuotaId::new(tx.allocate(Sequence::Quota, 1)?[0]);
    let amount = Exact::from(ground.figure(100 * at));
    let quota = Quota {
        id,
        key: QuotaKey { drive, phase: None, holder, indicator: common.indicators[0], group: common.group },
        basis: Basis::Absolute { amount: amount.clone() },
        amount: amount.clone(),
        due: None,
        counts_opening: true,
        version: 1,
    };
    let amendment = Amendment {
        quota: id,
        version: 1,
        amount,
        basis: quota.basis.clone(),
        explanation: ground.text("Explanation"),
        reason: Some(ground.reason("Reason")),
        decision: Some(PlanNumber::new(&ground.text("Decision")).expect("a number")),
        author: ground.subject("Author"),
        at: moment("2023-06-02T03:00:00Z"),
    };
    tx.put_quotas(&[(quota, amendment, ground.unit.id)])?;
    Ok(id)
}

fn record_baselines(tx: &mut dyn WriteTx, common: &Common, ground: &Ground) -> Result<BaselineId, Error> {
    let ids = tx.allocate(Sequence::Baseline, 2)?;
    let baseline = |id: i64, revision: i32, value: i64| Baseline {
        id: BaselineId::new(id),
        key: BaselineKey {
            unit: ground.unit.id,
            group: common.group,
            indicator: common.indicators[0],
            as_of: day("2023-05-31"),
        },
        revision,
        value: Count::new(ground.figure(value)).expect("a count"),
        source: Source::new(&ground.text("Source")).expect("a source"),
        synthetic: true,
        author: ground.subject("Author"),
        recorded_at: moment("2023-06-02T03:00:00Z"),
    };
    tx.insert_baselines(&[baseline(ids[0], 1, 40), baseline(ids[1], 2, 41)])?;
    Ok(BaselineId::new(ids[1]))
}

fn print(tx: &mut dyn WriteTx, ground: &Ground, drive: DriveId) -> Result<(), Error> {
    tx.put_printed_figures(&[PrintedFigure {
        drive,
        unit: Some(ground.unit.id),
        column: key("quota"),
        value: Exact::from(ground.figure(77)),
        source: Source::new(&ground.text("Source")).expect("a source"),
    }])?;
    Ok(())
}

/// A figure of the 20th of June and its correction: more than the one member of the team can do.
fn report(
    tx: &mut dyn WriteTx,
    common: &Common,
    ground: &Ground,
    (drive, reporter): (DriveId, Reporter),
) -> Result<(), Error> {
    // What it reported while it stood under the district stays in the district's sums.
    let in_the_sums = ground.relation == Relation::Moved && drive == common.drive;
    for (value, reason) in [(3, None), (200, Some(ground.reason("Correction")))] {
        let value = if in_the_sums { value } else { ground.figure(value) };
        let actor = Actor::host(ground.subject("Reporter"), Role::Reporter, common.country.id, Scope::Country);
        let row = TallyRow {
            reporter,
            credited: Some(ground.unit.id),
            day: day("2023-06-20"),
            figure: Figure::Value { indicator: common.indicators[0], value: Count::new(value).expect("a count") },
            reason,
            device_at: None,
        };
        let request = request(&actor, 0);
        let received_at = moment("2023-06-20T03:00:00Z");
        let outcome =
            record_tallies(tx, Lock::Book, &[Submission { actor, received_at, request, drive, rows: vec![row] }])?;
        let rows = outcome.into_iter().next().expect("an outcome")?.rows;
        assert!(matches!(rows[..], [RowResult::Accepted { .. }]), "{rows:?}");
    }
    Ok(())
}

/// An official figure, an inspection of what was reported, and a sample.
fn check(
    tx: &mut dyn WriteTx,
    common: &Common,
    ground: &Ground,
    (drive, team): (DriveId, TeamId),
) -> Result<(i64, i64, i64), Error> {
    let source = SourceId::new(tx.allocate(Sequence::Source, 1)?[0]);
    let title =
        Source::new(&format!("{text}-{id}", text = ground.text("Extract"), id = source.get())).expect("a source");
    tx.insert_source(source, &title)?;
    let extract = Extract {
        id: ExtractId::new(tx.allocate(Sequence::Extract, 1)?[0]),
        unit: ground.unit.id,
        source: title,
        source_id: source,
        as_of: moment("2023-06-20T03:00:00Z"),
        sha256: [1; 32],
        strategy: Strategy::Create,
        rows: 1,
        figures: 1,
        refused: 0,
        author: ground.subject("Author"),
        received_at: moment("2023-06-20T04:00:00Z"),
    };
    tx.insert_extract(&extract)?;
    // As with what was reported before a move: it stays in the sums of where the unit stood.
    let value = if ground.relation == Relation::Moved { 50 } else { ground.figure(50) };
    tx.insert_official_figures(&[OfficialFigure {
        unit: ground.unit.id,
        indicator: common.indicators[0],
        source,
        as_of: extract.as_of,
        extract: extract.id,
        value: Count::new(value).expect("a count"),
    }])?;
    let (inspection, sample) = inspect(tx, common, ground, (drive, team))?;
    Ok((extract.id.get(), inspection, sample))
}

/// What came of checking what the team reported, and a sample that drew it.
fn inspect(
    tx: &mut dyn WriteTx,
    common: &Common,
    ground: &Ground,
    (drive, team): (DriveId, TeamId),
) -> Result<(i64, i64), Error> {
    let inspection = InspectionId::new(tx.allocate(Sequence::Inspection, 1)?[0]);
    let slot = Slot {
        book: drive,
        credited: ground.unit.id,
        day: day("2023-06-20"),
        indicator: common.indicators[0],
        reporter: Reporter::Team(team),
    };
    let value = Count::new(ground.figure(200)).expect("a count");
    tx.insert_inspections(&[Inspection {
        id: inspection,
        drive,
        slot,
        revision: 2,
        value,
        verdict: Verdict::Unreachable,
        checked: Count::default(),
        confirmed: Count::default(),
        note: ground.reason("Note"),
        author: ground.subject("Author"),
        account: AccountId::new(0),
        at: moment("2023-06-21T03:00:00Z"),
        overtaken: false,
    }])?;
    let sample = SampleId::new(tx.allocate(Sequence::Sample, 1)?[0]);
    tx.insert_sample(&Sample {
        id: sample,
        drive,
        unit: ground.unit.id,
        days: DayRange::new(day("2023-06-19"), day("2023-06-20")).expect("days"),
        size: 3,
        commitment: [2; 32],
        sealed: vec![3],
        author: ground.subject("Author"),
        account: AccountId::new(0),
        committed_at: moment("2023-06-18T03:00:00Z"),
        drawn: None,
    })?;
    tx.insert_drawn(
        sample,
        &Drawn {
            seed: [4; 32],
            population: 1,
            author: ground.subject("Author"),
            at: moment("2023-06-21T03:00:00Z"),
            slots: vec![(slot, 2)],
        },
    )?;
    Ok((inspection.get(), sample.get()))
}
