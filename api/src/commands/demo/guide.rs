//! What the demonstration tells whoever started it: a token per role, and questions ready to be pasted.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use caodiem_domain::access::Role;
use caodiem_domain::id::TeamId;
use caodiem_domain::text::Subject;
use caodiem_domain::unit::Unit;
use caodiem_domain::usecase::resolve_actor::Claims;

use crate::app::App;
use crate::auth::keys::write_private;
use crate::auth::token::MAX_LIFE;
use crate::demo::{Demo, Question, questions};
use crate::failure::Failure;

/// A token with whom it is for.
struct Pass {
    file: PathBuf,
    role: Role,
    place: String,
    token: String,
}

/// Tokens and questions.
pub(super) struct Guide {
    passes: Vec<Pass>,
    questions: Vec<Question>,
}

impl Guide {
    /// Mints the tokens, puts each into a file of its own, and asks the questions.
    pub(super) fn write(app: &App, demo: &Demo) -> Result<Self, Failure> {
        let passes = roles(demo).into_iter().map(|place| pass(app, place)).collect::<Result<_, _>>()?;
        let questions = actix_web::rt::System::new().block_on(questions(app, demo))?;
        Ok(Self { passes, questions })
    }

    /// Prints them for the address.
    pub(super) fn print(&self, app: &App, address: SocketAddr) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        self.lines(app, address, &mut out).map_err(|error| Failure::failed("standard output cannot be written", error))
    }

    fn lines(&self, app: &App, address: SocketAddr, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "\nTokens, good for 24 hours; each also stands in the file that is named:")?;
        for Pass { file, role, place, token } in &self.passes {
            writeln!(out, "\n{role} over {place} ({file})\n{token}", role = role.as_str(), file = file.display())?;
        }
        writeln!(out, "\nThree questions to paste:")?;
        for Question { asks, role, document, answer } in &self.questions {
            let file = self.passes.iter().find(|pass| pass.role == *role).map(|pass| pass.file.display().to_string());
            let body = serde_json::json!({ "query": document }).to_string().replace('\'', "'\\''");
            writeln!(out, "\n# {asks}")?;
            writeln!(
                out,
                "curl -s http://{address}/graphql -H 'Content-Type: application/json' \\\n  -H \"Authorization: Bearer $(cat {file})\" \\\n  -d '{body}'",
                file = file.unwrap_or_default(),
            )?;
            writeln!(out, "{{\"data\":{answer}}}")?;
        }
        if app.config.graphiql {
            writeln!(out, "\nA page to try more (it loads its scripts from the network): http://{address}/graphiql")?;
        }
        writeln!(out)
    }
}

/// Each role over a place where it has something to see.
fn roles(demo: &Demo) -> Vec<(Role, &Unit, Option<TeamId>, &'static str)> {
    let places = &demo.places;
    vec![
        (Role::SystemAdmin, &places.country, None, "system-admin"),
        (Role::UnitAdmin, &places.binh_gia, None, "unit-admin"),
        (Role::Planner, &places.binh_gia, None, "planner"),
        (Role::Planner, &places.binh_phuoc, None, "planner-binh-phuoc"),
        (Role::Reporter, &demo.team_unit, Some(demo.team), "reporter"),
        (Role::Verifier, &places.binh_gia, None, "verifier"),
        (Role::Analyst, &places.country, None, "analyst"),
        (Role::Integrator, &places.binh_phuoc, None, "integrator"),
        (Role::Auditor, &places.country, None, "auditor"),
    ]
}

fn pass(app: &App, (role, unit, team, name): (Role, &Unit, Option<TeamId>, &str)) -> Result<Pass, Failure> {
    let subject = Subject::new(&format!("demo:{name}"));
    let subject = subject.map_err(|problem| Failure::refused("the demonstration", &problem.into()))?;
    let claims = Claims { subject, role, unit: unit.id, team };
    let token = app.tokens.mint(&claims, MAX_LIFE);
    let token = token.map_err(|error| Failure::failed("the token cannot be signed", error))?;
    let folder = app.config.data_dir.join("tokens");
    let file = folder.join(name);
    let written = std::fs::create_dir_all(&folder).and_then(|()| replace(&file, &token));
    written.map_err(|error| Failure::failed(&file.display().to_string(), error))?;
    let place =
        if team.is_some() { format!("the team of {}", unit.version.full_name()) } else { unit.version.full_name() };
    Ok(Pass { file, role, place, token })
}

fn replace(file: &std::path::Path, token: &str) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => write_private(file, format!("{token}\n").as_bytes()),
    }
}
