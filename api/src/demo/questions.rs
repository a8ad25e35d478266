//! Three questions that show what the demonstration holds, asked and answered through the schema itself.

use std::fmt::Write;

use async_graphql::Request;
use caodiem_domain::access::{Actor, Role};
use caodiem_domain::usecase::resolve_actor::resolve_actor;
use caodiem_schema::Caller;
use serde_json::Value;

use super::Demo;
use crate::app::App;
use crate::failure::Failure;

/// A question with its answer.
#[derive(Debug)]
pub struct Question {
    /// In words.
    pub asks: &'static str,
    /// Who asks: the name of a token's file.
    pub role: Role,
    /// The document, on one line.
    pub document: String,
    /// What the schema answered, as JSON in the order of the document.
    pub answer: String,
}

const FAILED: &str = "a question of the demonstration";

/// Where the first document finds what the others name.
const IDS: &str = "{ drives { nodes { id unit { code } phases { id } } } gia: unitByCode(code: \"181\") { id } \
                   honQuan: unitByCode(code: \"694\") { id } }";

/// Asks them.
///
/// # Errors
/// When one is not answered, which would be a fault of ours.
pub async fn questions(app: &App, demo: &Demo) -> Result<Vec<Question>, Failure> {
    let analyst = analyst(app, demo)?;
    let ids: Value =
        serde_json::from_str(&ask(app, &analyst, IDS).await?).map_err(|error| Failure::failed(FAILED, error))?;
    let drive = |code: &str| {
        let drives = ids.pointer("/drives/nodes").and_then(Value::as_array).into_iter().flatten();
        drives.into_iter().find(|drive| drive.pointer("/unit/code").and_then(Value::as_str) == Some(code))
    };
    let text = |value: Option<&Value>, pointer: &str| {
        value.and_then(|value| value.pointer(pointer)?.as_str()).map(str::to_owned).unwrap_or_default()
    };
    let (district, province) = (drive("181"), drive("70"));
    let about = |drive: Option<&Value>, phase: bool| {
        let mut about =
            format!("drive: \"{}\", indicator: \"ACTIVATED\", group: \"RESIDENTS_14_PLUS\"", text(drive, "/id"));
        if phase {
            // Writing to a string cannot fail.
            let _written = write!(about, ", phase: \"{}\"", text(drive, "/phases/0/id"));
        }
        about
    };
    let documents = [
        (
            "How far did the district get, against its quota and its pace?",
            format!(
                "{{ progress(units: [\"{unit}\"], input: {{ {about} }}) {{ unit {{ name }} quota done percent remaining \
                 planned {{ perDay }} }} }}",
                unit = text(Some(&ids), "/gia/id"),
                about = about(district, false),
            ),
        ),
        (
            "Where does the printed plan not add up?",
            format!(
                "{{ planTable(drive: \"{drive}\") {{ findings {{ code messageEn }} }} }}",
                drive = text(province, "/id")
            ),
        ),
        (
            "Which place does the district of Hớn Quản hold in its province?",
            format!(
                "{{ progress(units: [\"{unit}\"], input: {{ {about} }}) {{ unit {{ name }} percent \
                 rank {{ place of }} required {{ daysLeft perDay projectedFinish }} }} }}",
                unit = text(Some(&ids), "/honQuan/id"),
                about = about(province, true),
            ),
        ),
    ];
    let mut questions = Vec::new();
    for (asks, document) in documents {
        let answer = ask(app, &analyst, &document).await?;
        questions.push(Question { asks, role: Role::Analyst, document, answer });
    }
    Ok(questions)
}

fn analyst(app: &App, demo: &Demo) -> Result<Actor, Failure> {
    let missing = || Failure::failed(FAILED, "nobody plays the analyst");
    let analyst = demo.cast.iter().find(|part| part.claims.role == Role::Analyst).ok_or_else(missing)?;
    let now = app.clock.now();
    let resolved = app.store.read(|tx| resolve_actor(tx, &analyst.claims, now));
    resolved.map_err(|error| Failure::refused("the demonstration", &error))
}

async fn ask(app: &App, actor: &Actor, document: &str) -> Result<String, Failure> {
    let caller = Caller { actor: actor.clone(), now: app.clock.now(), request: "demo".to_owned() };
    let request = caodiem_schema::prepare(&app.schema, Request::new(document), caller);
    let response = app.schema.execute(request).await;
    if let Some(error) = response.errors.first() {
        return Err(Failure::failed(FAILED, format!("{}: {document}", error.message)));
    }
    serde_json::to_string(&response.data).map_err(|error| Failure::failed(FAILED, error))
}
