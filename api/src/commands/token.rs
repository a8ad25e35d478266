//! `caodiem token`: mints a token for an account under one of its assignments.

use std::sync::Arc;

use caodiem_domain::access::Role;
use caodiem_domain::assignment::{Assignment, AssignmentState};
use caodiem_domain::error::Error;
use caodiem_domain::id::UnitId;
use caodiem_domain::ports::ReadTx;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::session::Claims;
use caodiem_domain::text::Subject;
use caodiem_domain::time::{Clock, Day, Instant, in_viet_nam};
use caodiem_domain::usecase::resolve_actor::resolve_actor;

use super::words::{find_unit, role, seconds};
use crate::app::{open_for_reading, open_store, tokens};
use crate::auth::ring::Folder;
use crate::auth::token::Tokens;
use crate::cli::day;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;
use crate::host::deeds::{self, Deeds};

/// Which token.
#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    /// Login of the account
    #[arg(long, value_name = "LOGIN")]
    account: String,
    /// Role of the assignment, where the account holds several
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// Official code of the assignment's unit, or `id:` and its id, where the account holds several
    #[arg(long)]
    unit: Option<String>,
    /// How long it counts: `90s`, `30m`, `12h`; at most 24h
    #[arg(long, default_value = "12h", value_parser = seconds)]
    ttl: i64,
    /// The day on which the code counts [default: today]
    #[arg(long, value_parser = day)]
    on: Option<Day>,
}

/// Runs the command: the token alone on standard output, also beside a running server. That it was made is noted in the ring
/// of keys first, and goes on record.
///
/// # Errors
/// When the account has no such assignment in force, or several, or the key cannot be had.
pub fn run(config: &Config, args: &TokenArgs) -> Result<(), Failure> {
    let clock = SystemClock::default();
    let login = Subject::new(&args.account).map_err(|problem| Failure::refused("--account", &problem.into()))?;
    let now = config.today.unwrap_or_else(|| clock.now());
    // A server may hold an embedded database; then it puts on record what is noted here.
    let held = open_store(config);
    let store = held.as_ref().map_or_else(|_in_use| open_for_reading(config), |store| Ok(Arc::clone(store)))?;
    let on = args.on.unwrap_or_else(|| in_viet_nam(now).0);
    let unit = args.unit.as_deref().map(|unit| find_unit(&store, unit, on)).transpose();
    let unit = unit.map_err(|error| Failure::refused("--unit", &error))?;
    let claims = store.read(|tx| claims(tx, &login, (args.role, unit), now));
    let claims = claims.map_err(|error| Failure::refused("--account", &error))?;
    let resolved = store.read(|tx| resolve_actor(tx, &claims, now));
    resolved.map_err(|error| Failure::refused("the assignment", &error))?;
    let clock = Arc::new(clock);
    let tokens = tokens(config, Arc::<SystemClock>::clone(&clock))?;
    let token = tokens.mint(&claims, args.ttl)?;
    note(config, &tokens, &claims, args.ttl)?;
    println!("{token}");
    if let Err(why) = held.and_then(|store| Deeds::new(config, store, clock).record()) {
        deeds::tell_unrecorded(&why);
    }
    Ok(())
}

/// Notes in the ring of keys that a token was made, and for whom.
fn note(config: &Config, tokens: &Tokens, claims: &Claims, seconds: i64) -> Result<(), Failure> {
    let whom = format!(
        "for {subject} as {role} over unit {unit}, {seconds} s",
        subject = claims.subject,
        role = claims.role.as_str(),
        unit = claims.unit.get(),
    );
    let signing = tokens.keys().current().0;
    let kid = signing.signing().map(|key| key.id.as_str()).unwrap_or_default();
    let noted = Folder::new(&config.keys_dir).change(&config.old_signing_key(), tokens.now(), |ring| {
        ring.notes.minted(kid, &whom, ring.now);
        Ok(())
    });
    noted.map(drop)
}

/// The one assignment in force that fits.
fn claims(
    tx: &mut dyn ReadTx,
    login: &Subject,
    (role, unit): (Option<Role>, Option<UnitId>),
    now: Instant,
) -> Result<Claims, Error> {
    let account = tx.account_by_login(login)?.ok_or_else(|| Problem::not_found("Account", login))?;
    let today = in_viet_nam(now).0;
    let fits = |held: &Assignment| {
        held.state_on(today) == AssignmentState::InForce
            && role.is_none_or(|role| held.role == role)
            && unit.is_none_or(|unit| held.unit == unit)
    };
    let mut held = tx.assignments_of(&[account.id])?.remove(&account.id).unwrap_or_default();
    held.retain(fits);
    match held.as_slice() {
        [] => Err(Problem::not_found("Assignment", login).into()),
        [only] => Ok(Claims::of(&account, only, None)),
        several => Err(Problem::new(Code::Ambiguous).with("count", several.len()).into()),
    }
}
