//! `caodiem token`: mints a token for a role over a unit.

use std::sync::Arc;

use caodiem_domain::access::{Role, Scope};
use caodiem_domain::error::Error;
use caodiem_domain::id::{TeamId, UnitId};
use caodiem_domain::ports::{ReadTx, Store};
use caodiem_domain::problem::Problem;
use caodiem_domain::text::{Subject, UnitCode};
use caodiem_domain::time::{Clock, Day, in_viet_nam};
use caodiem_domain::usecase::resolve_actor::{Claims, resolve_actor};

use crate::app::{open_for_reading, tokens};
use crate::auth::token::MAX_LIFE;
use crate::cli::day;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;

/// Which token.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    /// The role
    #[arg(long, value_parser = role)]
    role: Role,
    /// Official code of the unit, or `id:` and its id
    #[arg(long)]
    unit: String,
    /// Id of the team, for a reporter who reports for no other
    #[arg(long)]
    team: Option<i64>,
    /// How long it counts: `90s`, `30m`, `12h`; at most 24h
    #[arg(long, default_value = "12h", value_parser = seconds)]
    ttl: i64,
    /// Who it names [default: role and unit]
    #[arg(long)]
    subject: Option<String>,
    /// The day on which the code counts [default: today]
    #[arg(long, value_parser = day)]
    on: Option<Day>,
}

fn role(text: &str) -> Result<Role, String> {
    let all = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Role::from_name(text).ok_or_else(|| format!("it has to be one of: {}", all()))
}

/// Reads a duration of whole seconds, minutes or hours, up to the longest life of a token.
fn seconds(text: &str) -> Result<i64, String> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 's')) => (text.get(..at), 1),
        Some((at, 'm')) => (text.get(..at), 60),
        Some((at, 'h')) => (text.get(..at), 3_600),
        _ => (None, 1),
    };
    let seconds = digits.and_then(|digits| digits.parse::<i64>().ok()).and_then(|count| count.checked_mul(unit));
    let fits = seconds.filter(|seconds| (1..=MAX_LIFE).contains(seconds));
    fits.ok_or_else(|| "a time to live is written like 90s, 30m or 12h, and is at most 24h".to_owned())
}

/// Runs the command: the token alone on standard output. It works beside a running server.
///
/// # Errors
/// When the unit or the team does not exist, or the key cannot be had.
pub fn run(config: &Config, args: &TokenArgs) -> Result<(), Failure> {
    let clock = SystemClock::default();
    let subject = args.subject.clone().unwrap_or_else(|| format!("{}@{}", args.role.as_str(), args.unit));
    let subject = Subject::new(&subject).map_err(|problem| Failure::refused("--subject", &problem.into()))?;
    let today = in_viet_nam(config.today.unwrap_or_else(|| clock.now())).0;
    let store = open_for_reading(config)?;
    let unit =
        find(&store, &args.unit, args.on.unwrap_or(today)).map_err(|error| Failure::refused("--unit", &error))?;
    let claims = Claims { subject, role: args.role, unit, team: args.team.map(TeamId::new) };
    let resolved = store.read(|tx| resolve_actor(tx, &claims));
    resolved.map_err(|error| Failure::refused("the role over that unit", &error))?;
    let token = tokens(config, Arc::new(clock))?.mint(&claims, args.ttl);
    println!("{token}", token = token.map_err(|error| Failure::failed("the token cannot be signed", error))?);
    Ok(())
}

/// The unit that is named.
fn find(store: &Arc<dyn Store>, named: &str, on: Day) -> Result<UnitId, Error> {
    let missing = || Problem::not_found("Unit", named);
    if let Some(id) = named.strip_prefix("id:") {
        return Ok(UnitId::new(id.parse().map_err(|_no_number| missing())?));
    }
    let code = UnitCode::new(named)?;
    let lookup = |tx: &mut dyn ReadTx| Ok(tx.units_by_code(&Scope::Country, std::slice::from_ref(&code), on)?);
    Ok(store.read(lookup)?.first().ok_or_else(missing)?.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_live_are_bounded() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("12h"), Ok(43_200));
        assert_eq!(seconds("24h"), Ok(MAX_LIFE));
        for text in ["", "h", "12", "0s", "25h", "-1h", "9223372036854775807h", "1ngày"] {
            assert!(seconds(text).is_err(), "{text} was taken");
        }
    }
}
