//! `caodiem import official`: an extract of the national database, from a file on the host.

use std::io::Read;
use std::path::PathBuf;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::extract::Strategy;
use caodiem_domain::extract::sheet::{BYTES_MAX, Sheet, digest};
use caodiem_domain::problem::{Language, Problem};
use caodiem_domain::text::Source;
use caodiem_domain::time::{Clock, Day, Instant, start_of_day};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::import_official::{self, ImportOutcome, import_official};

use crate::app::open_store;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;
use crate::host;
use crate::progress::Progress;

/// An extract of official figures.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct ImportOfficial {
    /// CSV in UTF-8: `unit_code`, perhaps `unit_name`, and a column per indicator; cumulative figures
    file: PathBuf,
    /// Where it comes from; figures of different sources are never mixed up
    #[arg(long)]
    source: String,
    /// The moment up to which its figures count (2025-07-01T08:00:00+07:00), or a day, for its end
    #[arg(long, value_parser = moment)]
    as_of: Instant,
    /// What it may do to figures of the same source and moment
    #[arg(long, value_enum, default_value = "create-or-update")]
    strategy: StrategyArg,
    /// Load the rows that are right although others are not
    #[arg(long)]
    partial: bool,
    /// Only say what would come of it
    #[arg(long)]
    dry_run: bool,
}

/// What an import may do.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum StrategyArg {
    /// Only figures where none stands
    Create,
    /// Only figures where another stands
    Update,
    /// Either
    CreateOrUpdate,
}

impl From<StrategyArg> for Strategy {
    fn from(argument: StrategyArg) -> Self {
        match argument {
            StrategyArg::Create => Self::Create,
            StrategyArg::Update => Self::Update,
            StrategyArg::CreateOrUpdate => Self::CreateOrUpdate,
        }
    }
}

fn moment(text: &str) -> Result<Instant, String> {
    let end_of = |day: Day| day.succ_opt().map(start_of_day);
    let day = text.parse::<Day>().ok().and_then(end_of);
    let moment = || chrono::DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    day.or_else(moment).ok_or_else(|| "a moment is written like 2025-07-01T08:00:00+07:00, or 2025-07-01".to_owned())
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the file, or a failure of storage.
pub fn run(config: &Config, args: &ImportOfficial) -> Result<(), Failure> {
    let progress = Progress::begin();
    progress.step("reading");
    let command = args.read()?;
    let store = open_store(config)?;
    progress.step("importing");
    let act = act()?;
    let done = store.write(|tx| import_official(&act, tx, &command));
    progress.end();
    let outcome = done.map_err(|error| Failure::refused("import official", &error))?;
    for line in noted(&outcome) {
        println!("{line}");
    }
    println!("{}", printed(&outcome, args.dry_run));
    let refused = outcome.refusals().len();
    if outcome.extract.is_none() && !args.dry_run {
        return Err(Failure::input(format!("nothing was loaded: {refused} things have to be mended first")));
    }
    Ok(())
}

impl ImportOfficial {
    fn read(&self) -> Result<import_official::ImportOfficial, Failure> {
        let unread = |error: std::io::Error| Failure::input(format!("{path}: {error}", path = self.file.display()));
        let file = std::fs::File::open(&self.file).map_err(unread)?;
        // One byte more than may be: what is longer is refused without being read to its end.
        let most = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        let mut content = Vec::new();
        file.take(most).read_to_end(&mut content).map_err(unread)?;
        let source = Source::new(&self.source).map_err(|problem| Failure::refused("--source", &problem.into()))?;
        Ok(import_official::ImportOfficial {
            source,
            as_of: self.as_of,
            strategy: self.strategy.into(),
            partial: self.partial,
            dry_run: self.dry_run,
            sheet: Sheet::read(&content),
            sha256: digest(&content),
        })
    }
}

/// The host as a verifier of the whole country: its system admin reads no figures.
fn act() -> Result<Act, Failure> {
    let refused = |problem: Problem| Failure::refused("import official", &problem.into());
    let act = host::act(SystemClock::default().now(), "import").map_err(refused)?;
    let Actor { subject, unit, .. } = act.actor.clone();
    Ok(Act { actor: Actor::host(subject, Role::Verifier, unit, Scope::Country), ..act })
}

fn noted(outcome: &ImportOutcome) -> Vec<String> {
    let lines = outcome.noted.iter().map(|noted| {
        let place = match (noted.line, noted.column) {
            (0, _) => String::new(),
            (line, None) => format!("line {line}: "),
            (line, Some(column)) => format!("line {line}, column {column}: "),
        };
        let problem = &noted.problem;
        format!("{place}{text} ({code})", text = problem.text(Language::En), code = problem.code().as_str())
    });
    let more = outcome.noted_total.saturating_sub(outcome.noted.len());
    lines.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

fn printed(outcome: &ImportOutcome, dry_run: bool) -> String {
    let ImportOutcome { rows, refused, created, updated, unchanged, known, .. } = outcome;
    let what = match (outcome.extract, known, dry_run) {
        (Some(id), true, _) => format!("extract {id} was there already", id = id.get()),
        (Some(id), ..) => format!("extract {id} was loaded", id = id.get()),
        (None, _, true) => "nothing was loaded: it was a dry run".to_owned(),
        (None, ..) => "nothing was loaded".to_owned(),
    };
    format!(
        "{what}; {rows} rows, {refused} refused, {created} figures created, {updated} updated, {unchanged} unchanged"
    )
}
