//! Daily figures of one reporter, held against one another: jumps, the same figure day after day, more than people can do.

use std::collections::BTreeMap;

use crate::problem::{Code, Problem};
use crate::time::Day;

/// A figure jumps when it is more than so many times the usual one.
pub const JUMP_FACTOR: i64 = 5;
/// Smaller figures do not jump: from 1 to 6 is no sensation.
pub const JUMP_FLOOR: i64 = 20;
/// The usual figure is the median of so many days reported before …
pub const USUAL_DAYS: usize = 7;
/// … of which there have to be at least so many.
pub const USUAL_DAYS_MIN: usize = 3;
/// The same figure, nought aside, is noted each time it was reported so many days more in a row.
pub const REPEAT_DAYS: usize = 5;
/// What one person can do in a day at most: a whole shift of an enrolment machine (rule 13).
pub const RECORDS_A_DAY: i64 = 160;
/// How many calendar days before the first one asked for are looked back at: what is found of a day does not depend on
/// where the question begins.
pub const LOOK_BACK_DAYS: u64 = 60;

/// What is found of one slot's days from `from` on, by the days before as well. `indicator` is its code.
#[must_use]
pub fn series(indicator: &str, figures: &BTreeMap<Day, i64>, from: Day) -> Vec<(Day, Problem)> {
    let mut findings = Vec::new();
    let mut before: Vec<i64> = Vec::new();
    let mut run = 0_usize;
    let mut last_day: Option<Day> = None;
    for (day, value) in figures {
        let follows = last_day.and_then(|last| last.succ_opt()) == Some(*day);
        run = if follows && before.last() == Some(value) { run + 1 } else { 1 };
        if *day >= from {
            findings.extend(jump(indicator, &before, *value).map(|problem| (*day, problem)));
            if *value > 0 && run >= REPEAT_DAYS && run.is_multiple_of(REPEAT_DAYS) {
                let problem = Problem::new(Code::FigureRepeats).with("indicator", indicator).with("days", run);
                findings.push((*day, problem.with("value", value)));
            }
        }
        before.push(*value);
        last_day = Some(*day);
    }
    findings
}

fn jump(indicator: &str, before: &[i64], value: i64) -> Option<Problem> {
    let mut usual: Vec<i64> = before.iter().rev().take(USUAL_DAYS).copied().collect();
    if usual.len() < USUAL_DAYS_MIN || value < JUMP_FLOOR {
        return None;
    }
    usual.sort_unstable();
    let median = usual.get(usual.len() / 2).copied()?;
    let jumps = value > median.saturating_mul(JUMP_FACTOR);
    let problem = || Problem::new(Code::FigureJumps).with("indicator", indicator).with("value", value);
    jumps.then(|| problem().with("factor", JUMP_FACTOR).with("usual", median))
}

/// Whether a day's records are more than so many people can do; nothing is said where nobody is known to be at work.
#[must_use]
pub fn capacity(records: i64, members: u32) -> Option<Problem> {
    let capacity = i64::from(members).saturating_mul(RECORDS_A_DAY);
    let problem = || Problem::new(Code::AboveCapacity).with("value", records).with("capacity", capacity);
    (members > 0 && records > capacity).then(|| problem().with("members", members))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;

    fn day(of: u32) -> Day {
        Day::from_ymd_opt(2023, 6, of).unwrap()
    }

    fn found(figures: &[i64], from: u32) -> Vec<(Day, Code)> {
        let figures = (1..).zip(figures).map(|(of, value)| (day(of), *value)).collect();
        series("L1", &figures, day(from)).into_iter().map(|(day, problem)| (day, problem.code())).collect()
    }

    #[test]
    fn a_jump_is_far_above_the_median_of_the_days_before() {
        assert_eq!(found(&[8, 9, 7, 41], 1), [(day(4), Code::FigureJumps)]);
        assert_eq!(found(&[8, 9, 7, 40], 1), [], "five times is not more than five times");
        assert_eq!(found(&[1, 1, 2, 19], 1), [], "below the floor");
        assert_eq!(found(&[8, 41], 1), [], "too little is known");
        assert_eq!(found(&[0, 0, 0, 20], 1), [(day(4), Code::FigureJumps)]);
        assert_eq!(found(&[8, 9, 7, 41, 8], 5), [], "what shows on another day is told on that day");
    }

    #[test]
    fn the_same_figure_day_after_day_is_noted_whatever_is_asked_for() {
        let repeats = |of: u32| (day(of), Code::FigureRepeats);
        assert_eq!(found(&[7; 11], 1), [repeats(5), repeats(10)]);
        assert_eq!(found(&[7; 11], 9), [repeats(10)], "the run began before the question");
        assert_eq!(found(&[0; 11], 1), [], "nothing was done is no figure to wonder at");
        assert_eq!(found(&[7, 7, 7, 7, 8, 7, 7, 7, 7], 1), []);
    }

    #[test]
    fn a_gap_ends_a_run() {
        let mut figures: BTreeMap<Day, i64> = (1..=6).map(|of| (day(of), 7)).collect();
        figures.remove(&day(3));
        assert!(series("L1", &figures, day(1)).is_empty());
    }

    #[test]
    fn nobody_does_more_than_a_machine() {
        assert_eq!(capacity(480, 3), None);
        assert_eq!(capacity(481, 3).map(|problem| problem.code()), Some(Code::AboveCapacity));
        assert_eq!(capacity(10_000, 0), None, "who is not known is not judged");
    }
}
