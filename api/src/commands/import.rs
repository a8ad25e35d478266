//! `caodiem import`: trees of units with their succession, and the starter catalogue.

use std::path::PathBuf;
use std::sync::Arc;

use caodiem_domain::error::Error;
use caodiem_domain::ports::Store;
use caodiem_domain::problem::Problem;
use caodiem_domain::text::LegalBasis;
use caodiem_domain::time::{Clock, Day};
use caodiem_domain::usecase::Act;
use caodiem_domain::usecase::import_units::{self, EqualCodes, ImportReport, SnapshotUnit, import_units};

use crate::app::open_store;
use crate::cli::{ImportCommand, day};
use crate::clock::SystemClock;
use crate::commands::import_official;
use crate::config::Config;
use crate::data::table::Table;
use crate::data::units::{Builtin, open_succession, open_units, read_succession, read_units};
use crate::data::villages::{Where, advance, generate};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{host, starter};

/// The first tree, or one that is built in.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct ImportUnits {
    /// CSV with code, name, kind, `parent_code` (and synthetic)
    #[arg(long, required_unless_present = "builtin", conflicts_with = "builtin", requires = "on")]
    file: Option<PathBuf>,
    /// A tree that is built in, with the succession from the one before it
    #[arg(long, value_enum)]
    builtin: Option<Builtin>,
    /// The day from which it stands [default of a built-in tree: its own]
    #[arg(long, value_parser = day)]
    on: Option<Day>,
    /// Make villages up, marked synthetic, under these codes (commas between), or `all`; name the same at every import
    #[arg(long, requires = "builtin", value_name = "CODES|all")]
    villages: Option<String>,
    /// The act it rests on
    #[arg(long)]
    legal_basis: Option<String>,
}

/// A later tree.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct ImportSuccession {
    /// CSV of the new tree: code, name, kind, `parent_code` (and synthetic)
    #[arg(long)]
    units: PathBuf,
    /// CSV of the succession: `old_code`, `new_code`, mode (same, whole, part)
    #[arg(long)]
    succession: PathBuf,
    /// The day from which the new tree stands
    #[arg(long, value_parser = day)]
    on: Day,
    /// What an equal code means where the succession does not say `same`
    #[arg(long, value_enum)]
    equal_codes: EqualCodesArg,
    /// The act it rests on
    #[arg(long)]
    legal_basis: Option<String>,
}

/// What an equal code means.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum EqualCodesArg {
    /// The unit ended and another one took its code
    Reused,
    /// The unit lives on under its code
    CarryOn,
}

/// A tree to be imported, with the files that its complaints speak of.
struct Tree {
    command: import_units::ImportUnits,
    units: Table,
    succession: Option<Table>,
}

/// Runs the command.
///
/// # Errors
/// Every complaint about the files, or a failure of storage.
pub fn run(config: &Config, what: &ImportCommand) -> Result<(), Failure> {
    if let ImportCommand::Official(args) = what {
        return import_official::run(config, args);
    }
    let progress = Progress::begin();
    progress.step("reading");
    let tree = match what {
        ImportCommand::Units(args) => Some(args.read()?),
        ImportCommand::Succession(args) => Some(args.read()?),
        ImportCommand::Catalogue | ImportCommand::Official(_) => None,
    };
    let store = open_store(config)?;
    progress.step("importing");
    let done = match tree {
        Some(tree) => import(&store, &tree).map(|report| printed(&report)),
        None => define(&store).map(|()| "the starter catalogue is there".to_owned()),
    };
    progress.end();
    println!("{}", done?);
    Ok(())
}

fn import(store: &Arc<dyn Store>, tree: &Tree) -> Result<ImportReport, Failure> {
    let act = host_act()?;
    store.write(|tx| import_units(&act, tx, &tree.command)).map_err(|error| explain(&error, tree))
}

fn define(store: &Arc<dyn Store>) -> Result<(), Failure> {
    starter::define(|what, job| {
        let act = host_act()?;
        store.write(|tx| job(&act, tx)).map_err(|error| Failure::refused(what, &error))
    })
}

fn host_act() -> Result<Act, Failure> {
    host::act(SystemClock::default().now(), "import").map_err(|problem| Failure::refused("import", &problem.into()))
}

/// A refusal in the words of the files.
fn explain(error: &Error, tree: &Tree) -> Failure {
    let Error::Refused(problems) = error else { return Failure::refused("import", error) };
    let in_files = |problem: &Problem| {
        let in_units = tree.units.explain("units", problem);
        in_units.or_else(|| tree.succession.as_ref()?.explain("succession", problem))
    };
    let general = |problem: &Problem| Failure::refused("import", &problem.clone().into()).to_string();
    Failure::input_all(problems.iter().map(|problem| in_files(problem).unwrap_or_else(|| general(problem))).collect())
}

fn printed(report: &ImportReport) -> String {
    let ImportReport { founded, revised, closed, unchanged, edges, without_successor } = report;
    format!(
        "{founded} founded, {revised} revised, {closed} closed, {unchanged} unchanged, {edges} lineage edges, \
         {without_successor} without a known successor"
    )
}

fn basis(text: Option<&str>) -> Result<Option<LegalBasis>, Failure> {
    let basis = text.map(LegalBasis::new).transpose();
    basis.map_err(|problem| Failure::refused("--legal-basis", &problem.into()))
}

impl ImportUnits {
    fn read(&self) -> Result<Tree, Failure> {
        let legal_basis = basis(self.legal_basis.as_deref())?;
        let Some(tree) = self.builtin else {
            let (Some(file), Some(on)) = (&self.file, self.on) else {
                return Err(Failure::config("import units needs --builtin, or --file and --on"));
            };
            let units = open_units(file)?;
            let command = import_units::ImportUnits {
                on,
                units: read_units(&units)?,
                succession: Vec::new(),
                equal_codes: EqualCodes::CarryOn,
                legal_basis,
            };
            return Ok(Tree { command, units, succession: None });
        };
        let (units, succession) = (tree.units()?, tree.succession()?);
        let command = import_units::ImportUnits {
            on: self.on.unwrap_or(tree.stands_from()),
            units: [read_units(&units)?, self.villages_of(tree)?].concat(),
            succession: succession.as_ref().map(read_succession).transpose()?.unwrap_or_default(),
            equal_codes: tree.equal_codes(),
            legal_basis: legal_basis.or_else(|| tree.legal_basis()),
        };
        Ok(Tree { command, units, succession })
    }

    /// Villages are made up in the tree of 2023 and taken along from there.
    fn villages_of(&self, tree: Builtin) -> Result<Vec<SnapshotUnit>, Failure> {
        let Some(wanted) = &self.villages else { return Ok(Vec::new()) };
        let first = read_units(&Builtin::Y2023.units()?)?;
        let made = generate(&first, &Where::parse(wanted));
        let mut villages = made.map_err(|problem| Failure::refused("--villages", &problem.into()))?;
        for next in [Builtin::Y2025June, Builtin::Y2025] {
            if next.stands_from() > tree.stands_from() {
                break;
            }
            let succession = next.succession()?.as_ref().map(read_succession).transpose()?.unwrap_or_default();
            villages = advance(villages, &succession, next.equal_codes(), &read_units(&next.units()?)?);
        }
        Ok(villages)
    }
}

impl ImportSuccession {
    fn read(&self) -> Result<Tree, Failure> {
        let (units, succession) = (open_units(&self.units)?, open_succession(&self.succession)?);
        let command = import_units::ImportUnits {
            on: self.on,
            units: read_units(&units)?,
            succession: read_succession(&succession)?,
            equal_codes: match self.equal_codes {
                EqualCodesArg::Reused => EqualCodes::AreReused,
                EqualCodesArg::CarryOn => EqualCodes::CarryOn,
            },
            legal_basis: basis(self.legal_basis.as_deref())?,
        };
        Ok(Tree { command, units, succession: Some(succession) })
    }
}
