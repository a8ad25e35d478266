//! `caodiem admin`: what only whoever holds the host may do: the first system admin, grants before anybody can sign in,
//! and the sealed emergency entry.

use std::sync::Arc;

use caodiem_domain::access::Role;
use caodiem_domain::account::AccountKind;
use caodiem_domain::error::Error;
use caodiem_domain::id::TeamId;
use caodiem_domain::ports::{Store, WriteTx};
use caodiem_domain::text::{Post, Reason, Subject};
use caodiem_domain::time::{Clock, Instant, in_viet_nam};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::create_admin::{CreateAdmin, SealBreakGlass, create_admin, seal_break_glass};
use caodiem_domain::usecase::grant_from_host::{GrantFromHost, grant_from_host};
use chrono::TimeDelta;

use super::words::{find_unit, role};
use crate::app::open_store;
use crate::auth::code;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;
use crate::host;

/// How long an activation code counts.
const ACTIVATION: TimeDelta = TimeDelta::hours(24);

/// How long the emergency entry stays open.
const EMERGENCY: TimeDelta = TimeDelta::minutes(60);

/// What to do from the host.
#[derive(Debug, clap::Subcommand)]
pub enum AdminCommand {
    /// Make the first system admin; prints a one-time activation code
    Create {
        /// Login of the account
        #[arg(long)]
        login: String,
        /// Its position; never a person's name
        #[arg(long)]
        post: String,
        /// Official code of the unit whose admins look after it, or `id:` and its id [default: the root]
        #[arg(long)]
        unit: Option<String>,
    },
    /// Grant a role over a unit; makes the account, without a password, where there is none
    Grant(GrantArgs),
    /// Seal a one-time emergency entry, good for an hour: it restores one system admin and is on record
    BreakGlass,
}

/// Which grant.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct GrantArgs {
    /// Login of the account
    #[arg(long)]
    login: String,
    /// Role
    #[arg(long, value_parser = role)]
    role: Role,
    /// Official code of the unit, or `id:` and its id
    #[arg(long)]
    unit: String,
    /// Id of the team, for a reporter who reports for no other
    #[arg(long)]
    team: Option<i64>,
    /// Position, for a new account; never a person's name
    #[arg(long, default_value = "Granted on the host")]
    post: String,
    /// A new account is a machine's
    #[arg(long)]
    machine: bool,
}

/// Runs the command.
///
/// # Errors
/// What it is refused with, or a failure of storage.
pub fn run(config: &Config, what: &AdminCommand) -> Result<(), Failure> {
    let now = config.today.unwrap_or_else(|| SystemClock::default().now());
    let store = open_store(config)?;
    match what {
        AdminCommand::Create { login, post, unit } => create(&store, now, (login, post, unit.as_deref())),
        AdminCommand::Grant(args) => grant(&store, now, args),
        AdminCommand::BreakGlass => break_glass(&store, now),
    }
}

fn create(
    store: &Arc<dyn Store>,
    now: Instant,
    (login, post, unit): (&str, &str, Option<&str>),
) -> Result<(), Failure> {
    let unit = unit.map(|unit| find_unit(store, unit, in_viet_nam(now).0)).transpose().map_err(refused("--unit"))?;
    let (activation, hash) = code::make()?;
    let command = CreateAdmin {
        login: subject(login)?,
        post: Post::new(post).map_err(|problem| Failure::refused("--post", &problem.into()))?,
        unit,
        code: hash,
        expires_at: now + ACTIVATION,
    };
    as_host(store, now, "admin create", |act, tx| create_admin(act, tx, &command).map(drop))?;
    tracing::warn!(login, "a system admin was made on the host");
    println!(
        "{login} is invited. Its activation code, good once within 24 hours (mutation redeemCode):\n{activation}",
        activation = activation.reveal()
    );
    Ok(())
}

fn grant(store: &Arc<dyn Store>, now: Instant, args: &GrantArgs) -> Result<(), Failure> {
    let today = in_viet_nam(now).0;
    let command = GrantFromHost {
        login: subject(&args.login)?,
        kind: if args.machine { AccountKind::Service } else { AccountKind::Person },
        post: Post::new(&args.post).map_err(|problem| Failure::refused("--post", &problem.into()))?,
        demo: false,
        role: args.role,
        unit: find_unit(store, &args.unit, today).map_err(refused("--unit"))?,
        team: args.team.map(TeamId::new),
        valid_from: today,
        valid_to: None,
        reason: Reason::new("Granted on the host").map_err(|problem| Failure::refused("grant", &problem.into()))?,
    };
    as_host(store, now, "admin grant", |act, tx| grant_from_host(act, tx, &command).map(drop))?;
    println!("{login} holds {role} over {unit}", login = args.login, role = args.role.as_str(), unit = args.unit);
    Ok(())
}

fn break_glass(store: &Arc<dyn Store>, now: Instant) -> Result<(), Failure> {
    let (sealed, hash) = code::make()?;
    let login = format!("break-glass-{}", now.format("%Y%m%d-%H%M%S"));
    let command = SealBreakGlass {
        login: subject(&login)?,
        post: Post::new("Emergency entry").map_err(|problem| Failure::refused("break-glass", &problem.into()))?,
        code: hash,
        expires_at: now + EMERGENCY,
    };
    as_host(store, now, "admin break-glass", |act, tx| seal_break_glass(act, tx, &command).map(drop))?;
    tracing::warn!(login, "an emergency entry was sealed on the host");
    println!(
        "Emergency entry {login}, good once within 60 minutes (mutation redeemCode), on record:\n{sealed}",
        sealed = sealed.reveal()
    );
    Ok(())
}

fn as_host(
    store: &Arc<dyn Store>,
    now: Instant,
    what: &str,
    mut job: impl FnMut(&Act, &mut dyn WriteTx) -> Result<(), Error>,
) -> Result<(), Failure> {
    let act = host::act(now, what).map_err(|problem| Failure::refused(what, &problem.into()))?;
    store.write(|tx| job(&act, tx)).map_err(refused(what))
}

fn subject(login: &str) -> Result<Subject, Failure> {
    Subject::new(login).map_err(|problem| Failure::refused("--login", &problem.into()))
}

fn refused(what: &str) -> impl Fn(Error) -> Failure + '_ {
    move |error| Failure::refused(what, &error)
}
