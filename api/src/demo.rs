//! The demonstration: two drives on real plans, played by made-up teams with made-up tallies from a fixed seed. All of it
//! goes through the use cases, under the roles that may do it, at the times at which it would have been done.
//!
//! Every step has a fixed request id, so that a demonstration that was interrupted goes on where it stopped.

mod binh_gia;
mod binh_phuoc;
mod cast;
mod chance;
mod foundation;
mod places;
mod questions;
mod script;
mod steps;
mod tallies;
mod teams;

use caodiem_domain::time::Day;

use crate::failure::Failure;
pub use cast::Part;
pub use places::{Catalogue, Places};
pub use questions::{Question, questions};
pub use script::Script;

/// What a demonstration is made of, for whoever shows it.
#[derive(Debug)]
pub struct Demo {
    /// Where things are.
    pub places: Places,
    /// What is counted.
    pub catalogue: Catalogue,
    /// Whom a viewer can be; the reporter is one of the team whose quota is cascaded to the last member.
    pub cast: Vec<Part>,
    /// How many rows of tallies were played.
    pub tallies: usize,
}

/// The day that a demonstration shows when no other is named: one drive is over, the other in its third week.
///
/// # Errors
/// Never.
pub fn default_day() -> Result<Day, Failure> {
    Day::from_ymd_opt(2023, 7, 5).ok_or_else(|| Failure::config("no such day"))
}

/// Prepares everything up to the evening before `today`.
///
/// # Errors
/// What a use case refused, which would be a fault of ours, or a failure of storage.
pub fn prepare(script: &Script<'_>, today: Day) -> Result<Demo, Failure> {
    script.say("units of 2023, villages (made up), catalogue");
    foundation::lay(script)?;
    let catalogue = Catalogue::find(script)?;
    let places = Places::find(script)?;
    script.say("Bình Gia: 17,410 activations over 19 communes in 70 days");
    let district = binh_gia::plan(script, &places, &catalogue)?;
    script.say("Bình Phước: 500,000 activated over 11 districts in two phases");
    let province = binh_phuoc::plan(script, &places, &catalogue)?;
    script.say("daily tallies (made up)");
    let mut played = tallies::play_villages(script, &places, &catalogue, &district, today)?;
    played += tallies::play_communes(script, &places, &catalogue, &province, today)?;
    let (team_unit, team) = &district.shown;
    let cast = cast::engage(script, &places, (team_unit, *team))?;
    Ok(Demo { places, catalogue, cast, tallies: played })
}
