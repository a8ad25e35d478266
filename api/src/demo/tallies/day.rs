//! What is reported of one commune (or district) on one day.

use caodiem_domain::count::Count;
use caodiem_domain::id::{IndicatorId, UnitId};
use caodiem_domain::problem::Problem;
use caodiem_domain::tally::{Figure, Reporter, TallyRow};
use caodiem_domain::text::Reason;
use caodiem_domain::time::{Day, DayRange, Instant};
use caodiem_domain::unit::Unit;

use crate::demo::binh_gia::District;
use crate::demo::binh_phuoc::Province;
use crate::demo::chance::Chance;
use crate::demo::places::Catalogue;
use crate::demo::script::{fault, moment};
use crate::failure::Failure;

/// What is counted every day.
#[derive(Clone, Copy)]
pub(super) struct Indicators {
    activated: [IndicatorId; 2],
    enrolled: [IndicatorId; 2],
}

impl Indicators {
    pub(super) fn find(catalogue: &Catalogue) -> Result<Self, Failure> {
        Ok(Self {
            activated: [catalogue.indicator("ACTIVATED_L1")?, catalogue.indicator("ACTIVATED_L2")?],
            enrolled: [catalogue.indicator("ENROLLED_L1")?, catalogue.indicator("ENROLLED_L2")?],
        })
    }
}

/// One submission.
pub(super) struct Report {
    /// Makes the request id.
    pub(super) name: String,
    pub(super) received_at: Instant,
    pub(super) rows: Vec<TallyRow>,
}

/// A commune, or a district that reports for its communes, on a day of a drive.
pub(super) struct CommuneDay<'a> {
    pub(super) commune: &'a Unit,
    pub(super) day: Day,
    pub(super) days: DayRange,
    pub(super) indicators: Indicators,
}

impl CommuneDay<'_> {
    fn chance(&self, of: &str) -> Chance {
        Chance::of(&format!("{of} {day}", day = self.day))
    }

    /// The teams of the villages, and what the commune's own office enrolled.
    pub(super) fn villages(&self, villages: &[Unit], district: &District, all: &[UnitId]) -> Result<Report, Failure> {
        let mut rows = Vec::new();
        let mut level_2 = 0;
        for village in villages {
            let mut chance = self.chance(village.version.code.as_str());
            let Some(team) = district.teams.get(&village.id).filter(|_| !chance.happens(2)) else { continue };
            let target = district.targets.get(&village.id).copied().unwrap_or_default();
            let done = self.share_of_day(&mut chance, target, zeal(village, self.commune));
            let [low, high] = levels(&mut chance, done);
            level_2 += high;
            let reporter = Reporter::Team(*team);
            if done == 0 {
                rows.push(self.row(reporter, None, Figure::Nil));
                continue;
            }
            let elsewhere = chance.happens(2).then(|| pick(&mut chance, all)).flatten();
            let [one, two] = self.indicators.activated;
            rows.push(self.row(reporter, elsewhere, figure(one, low)?));
            rows.push(self.row(reporter, None, figure(two, high)?));
        }
        let mut chance = self.chance(&format!("office {}", self.commune.version.code));
        let enrolled = level_2 * chance.between(90, 130) / 100;
        rows.push(self.row(Reporter::Unit(self.commune.id), None, figure(self.indicators.enrolled[1], enrolled)?));
        self.report(&mut chance, rows)
    }

    /// The communes of a district.
    pub(super) fn communes(&self, communes: &[Unit], province: &Province) -> Result<Report, Failure> {
        let mut rows = Vec::new();
        for commune in communes {
            let mut chance = self.chance(commune.version.code.as_str());
            if chance.happens(3) {
                continue;
            }
            let (activate, enrol) = province.targets.get(&commune.id).copied().unwrap_or_default();
            // Phase 1 is 26 of the drive's 93 days and has targets of its own.
            let zeal = zeal(commune, self.commune) * i64::from(self.days.length()) / 26;
            let reporter = Reporter::Unit(commune.id);
            for (pair, target) in [(self.indicators.activated, activate), (self.indicators.enrolled, enrol)] {
                let done = self.share_of_day(&mut chance, target, zeal);
                for (indicator, value) in pair.into_iter().zip(levels(&mut chance, done)) {
                    rows.push(self.row(reporter, None, figure(indicator, value)?));
                }
            }
        }
        let mut chance = self.chance(&format!("office {}", self.commune.version.code));
        self.report(&mut chance, rows)
    }

    /// Now and then a figure of the day before is corrected in the morning.
    pub(super) fn correction(&self, report: &Report) -> Option<Report> {
        let mut chance = self.chance(&format!("correction {}", self.commune.version.code));
        let wrong = report.rows.iter().find(|row| {
            matches!(row.figure, Figure::Value { indicator, value } if indicator == self.indicators.activated[1] && value.get() > 0)
        });
        let (row, Figure::Value { indicator, value }) =
            wrong.filter(|_| chance.happens(8)).map(|row| (row, row.figure))?
        else {
            return None;
        };
        let value = Count::new(value.get() + chance.between(1, 2)).ok()?;
        let reason = Reason::new("Cộng thiếu phiếu của buổi chiều (giả lập)").ok();
        Some(Report {
            name: format!("correction {} {}", self.commune.version.code, self.day),
            received_at: moment(self.day.succ_opt()?, 8, 40).ok()?,
            rows: vec![TallyRow { figure: Figure::Value { indicator, value }, reason, ..row.clone() }],
        })
    }

    /// What a day gives of a target: slow at first, more or less than its share, whole people.
    fn share_of_day(&self, chance: &mut Chance, target: i64, zeal: i64) -> i64 {
        let worked = (self.day - self.days.from()).num_days();
        let warmth = (60 + worked * 6).min(105);
        let mood = chance.between(40, 160);
        let thousandths = target * zeal / 100 * warmth / 100 * mood * 10 / i64::from(self.days.length().max(1));
        (thousandths + chance.between(0, 999)) / 1_000
    }

    fn row(&self, reporter: Reporter, credited: Option<UnitId>, figure: Figure) -> TallyRow {
        TallyRow { reporter, credited, day: self.day, figure, reason: None, device_at: None }
    }

    /// Most reports are in before 15:30, some are late.
    fn report(&self, chance: &mut Chance, mut rows: Vec<TallyRow>) -> Result<Report, Failure> {
        let minutes = if chance.happens(6) { chance.between(935, 1_080) } else { chance.between(830, 929) };
        let minutes = u32::try_from(minutes).unwrap_or(900);
        let late = Reason::new("Mất sóng, gửi muộn (giả lập)").ok().filter(|_| minutes >= 930);
        for row in &mut rows {
            row.reason.clone_from(&late);
        }
        Ok(Report {
            name: format!("{} {}", self.commune.version.code, self.day),
            received_at: moment(self.day, minutes / 60, minutes % 60)?,
            rows,
        })
    }
}

/// How much of a target the made-up work of a unit reaches, in percent.
fn zeal(unit: &Unit, above: &Unit) -> i64 {
    let of = |unit: &Unit, low, high| Chance::of(&format!("zeal {}", unit.version.code)).between(low, high);
    i64::midpoint(of(above, 70, 125), of(unit, 75, 120))
}

/// A figure split into level 1 and level 2.
fn levels(chance: &mut Chance, done: i64) -> [i64; 2] {
    let low = done * chance.between(20, 45) / 100;
    [low, done - low]
}

fn pick(chance: &mut Chance, from: &[UnitId]) -> Option<UnitId> {
    let last = i64::try_from(from.len()).ok()?.checked_sub(1)?;
    from.get(usize::try_from(chance.between(0, last)).ok()?).copied()
}

fn figure(indicator: IndicatorId, value: i64) -> Result<Figure, Failure> {
    let value = Count::new(value).map_err(|problem: Problem| fault(problem))?;
    Ok(Figure::Value { indicator, value })
}
