//! Made-up daily tallies: every working day up to the one before today, in through the writer lane like any other.
//!
//! Some teams are silent, some report nothing done, some work is credited to another village, some reports come late,
//! some figures are corrected the next morning with a reason: what a real drive looks like.

mod day;

use std::sync::mpsc::{Receiver, Sender, channel};

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::error::Error;
use caodiem_domain::id::DriveId;
use caodiem_domain::problem::Problem;
use caodiem_domain::tally::{RowResult, TallyRow};
use caodiem_domain::time::{Day, DayRange, Instant};
use caodiem_domain::usecase::record_tallies::{Submission, SubmissionOutcome};

use super::binh_gia::District;
use super::binh_phuoc::Province;
use super::places::{Catalogue, Places};
use super::script::{Script, fault, request};
use crate::failure::Failure;
use day::{CommuneDay, Indicators, Report};

/// How many submissions wait for the lane at a time.
const IN_FLIGHT: usize = 512;

/// Teams of villages report to the district's drive. Answers how many rows were played.
pub(super) fn play_villages(
    script: &Script<'_>,
    places: &Places,
    catalogue: &Catalogue,
    district: &District,
    today: Day,
) -> Result<usize, Failure> {
    let indicators = Indicators::find(catalogue)?;
    let all: Vec<_> = places.villages.values().flatten().map(|village| village.id).collect();
    let (mut first, mut corrected) = (Player::new(script, district.drive), Player::new(script, district.drive));
    for commune in &places.communes {
        let actor = script.actor(Role::Reporter, commune.id)?;
        let villages = places.villages.get(&commune.id).map(Vec::as_slice).unwrap_or_default();
        for day in played(district.days, today) {
            let of = CommuneDay { commune, day, days: district.days, indicators };
            let report = of.villages(villages, district, &all)?;
            if let Some(correction) = of.correction(&report).filter(|_| day.succ_opt().is_some_and(|next| next < today))
            {
                corrected.queue(&actor, correction);
            }
            first.queue(&actor, report);
        }
    }
    Ok(first.play()? + corrected.play()?)
}

/// Communes report to the province's drive. Answers how many rows were played.
pub(super) fn play_communes(
    script: &Script<'_>,
    places: &Places,
    catalogue: &Catalogue,
    province: &Province,
    today: Day,
) -> Result<usize, Failure> {
    let indicators = Indicators::find(catalogue)?;
    let mut player = Player::new(script, province.drive);
    for district in &places.districts {
        let actor = script.actor(Role::Reporter, district.id)?;
        let communes = places.district_communes.get(&district.id).map(Vec::as_slice).unwrap_or_default();
        for day in played(province.days, today) {
            let of = CommuneDay { commune: district, day, days: province.days, indicators };
            player.queue(&actor, of.communes(communes, province)?);
        }
    }
    player.play()
}

/// The days of a drive before today.
fn played(days: DayRange, today: Day) -> impl Iterator<Item = Day> {
    days.days().take_while(move |day| *day < today)
}

/// Sends submissions to the lane, so many at a time, and looks at every answer.
struct Player<'a> {
    script: &'a Script<'a>,
    drive: DriveId,
    queue: Vec<(Actor, Report)>,
}

type Answer = Result<SubmissionOutcome, Error>;

impl<'a> Player<'a> {
    const fn new(script: &'a Script<'a>, drive: DriveId) -> Self {
        Self { script, drive, queue: Vec::new() }
    }

    fn queue(&mut self, actor: &Actor, report: Report) {
        if !report.rows.is_empty() {
            self.queue.push((actor.clone(), report));
        }
    }

    fn play(self) -> Result<usize, Failure> {
        let (sender, receiver) = channel();
        let (mut waiting, mut rows) = (0_usize, 0_usize);
        for (actor, report) in self.queue {
            if waiting == IN_FLIGHT {
                take(&receiver)?;
                waiting -= 1;
            }
            rows += report.rows.len();
            let name = format!("drive {} {}", self.drive.get(), report.name);
            let submission = submission(actor, self.drive, &name, report.received_at, report.rows).map_err(fault)?;
            send(self.script, submission, &sender);
            waiting += 1;
        }
        for _ in 0..waiting {
            take(&receiver)?;
        }
        Ok(rows)
    }
}

fn submission(
    actor: Actor,
    drive: DriveId,
    name: &str,
    received_at: Instant,
    rows: Vec<TallyRow>,
) -> Result<Submission, Problem> {
    let request = request(&actor.subject, name)?;
    Ok(Submission { actor, received_at, request, drive, rows })
}

fn send(script: &Script<'_>, submission: Submission, to: &Sender<Answer>) {
    let to = to.clone();
    let reply = move |answer| {
        // Nobody listens any more only when the play has failed already.
        let _unheard = to.send(answer);
    };
    script.store().submit(submission, Box::new(reply));
}

/// One answer; a refused row would be a fault of the script.
fn take(answers: &Receiver<Answer>) -> Result<(), Failure> {
    let answer = answers.recv().map_err(|gone| Failure::failed("the demonstration's tallies", gone))?;
    let outcome = answer.map_err(|error| Failure::refused("the demonstration's tallies", &error))?;
    for row in outcome.rows {
        if let RowResult::Refused(problem) = row {
            return Err(fault(problem));
        }
    }
    Ok(())
}
