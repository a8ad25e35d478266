//! What the demonstration tells whoever started it: a token per role, and questions ready to be pasted.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use caodiem_domain::access::Role;

use crate::app::App;
use crate::auth::keys::write_private;
use crate::auth::token::MAX_LIFE;
use crate::demo::{Demo, Part, Question, questions};
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
        let passes = demo.cast.iter().map(|part| pass(app, part)).collect::<Result<_, _>>()?;
        let questions = actix_web::rt::System::new().block_on(questions(app, demo))?;
        Ok(Self { passes, questions })
    }

    /// Prints them for the address.
    pub(super) fn print(&self, app: &App, address: SocketAddr) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        self.lines(app, address, &mut out).map_err(|error| Failure::failed("standard output cannot be written", error))
    }

    fn lines(&self, app: &App, address: SocketAddr, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(
            out,
            "\nTokens of accounts that exist in this demonstration only, good for 24 hours; each also stands in the file named:"
        )?;
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

fn pass(app: &App, part: &Part) -> Result<Pass, Failure> {
    let token = app.tokens.mint(&part.claims, MAX_LIFE)?;
    let folder = app.config.data_dir.join("tokens");
    let file = folder.join(part.name);
    let written = std::fs::create_dir_all(&folder).and_then(|()| replace(&file, &token));
    written.map_err(|error| Failure::failed(&file.display().to_string(), error))?;
    Ok(Pass { file, role: part.claims.role, place: part.place.clone(), token })
}

fn replace(file: &std::path::Path, token: &str) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => write_private(file, format!("{token}\n").as_bytes()),
    }
}
