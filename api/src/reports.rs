//! `GET /reports/<id>.csv` and `GET /reports/<id>.xlsx`: a period report as a file, from its frozen text alone.

mod workbook;

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, CONTENT_DISPOSITION};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, rt, web};
use caodiem_domain::access::Actor;
use caodiem_domain::audit::{ActOutcome, Entry};
use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::period_report::sheet::Sheet;
use caodiem_domain::problem::{Kind, Problem};
use caodiem_domain::usecase::read_reports::{ExportReport, export_report};
use caodiem_schema::period_report_of;
use serde::Deserialize;

use crate::app::App;
use crate::graphql::answer::{Form, Refused};
use crate::graphql::identify;
use crate::observe::{RequestId, Told};

/// Where reports are served.
pub(crate) const PATH: &str = "/reports/{file}";

/// What a spreadsheet needs at the front to take a file for UTF-8.
const BOM: &str = "\u{feff}";

/// What may stand behind the path.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Whether CSV begins with a byte order mark.
    #[serde(default)]
    bom: bool,
}

/// The forms of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileForm {
    Csv,
    Xlsx,
}

impl FileForm {
    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Answers with a file, or as GraphQL answers an error.
pub(crate) async fn serve(
    request: HttpRequest,
    file: web::Path<String>,
    asked: Result<web::Query<Asked>, actix_web::Error>,
    app: web::Data<App>,
) -> HttpResponse {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut told = Told { kind: Some("export"), ..Told::default() };
    let answer = match asked {
        Ok(asked) => handle(&request, &file, asked.bom, app, &id, &mut told).await,
        Err(_unfit) => Err(Refused::bad_request("The only parameter is bom, true or false.")),
    };
    let mut response = answer.unwrap_or_else(|refused| {
        told.code = Some(refused.code.to_owned());
        refused.respond(Form::Json, &id)
    });
    response.extensions_mut().insert(told);
    response
}

async fn handle(
    request: &HttpRequest,
    file: &str,
    bom: bool,
    app: web::Data<App>,
    id: &str,
    told: &mut Told,
) -> Result<HttpResponse, Refused> {
    let now = app.clock.now();
    if !request.headers().contains_key(AUTHORIZATION) {
        return Err(Refused::unauthenticated());
    }
    let actor = identify(request.headers(), &app, told).await?.ok_or_else(Refused::unauthenticated)?;
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let form = [FileForm::Csv, FileForm::Xlsx].into_iter().find(|form| form.extension() == extension);
    let known = period_report_of(stem).zip(form);
    let missing = || Refused::by_rule(&Problem::not_found("PeriodReport", file).at("report"));
    let (report, form) = known.ok_or_else(missing)?;
    let command = ExportReport { report, form: form.extension(), now, request: id.to_owned() };
    let wait = app.config.execution_timeout;
    let made = web::block(move || make(&app, &actor, &command, form, bom));
    let made = rt::time::timeout(wait, made).await.map_err(|_elapsed| Refused::timeout())?;
    let body = made.map_err(|_cancelled| Refused::unavailable())??;
    let name = format!("attachment; filename=\"bao-cao-{number}.{extension}\"", number = report.get());
    Ok(HttpResponse::Ok().content_type(form.media_type()).insert_header((CONTENT_DISPOSITION, name)).body(body))
}

fn make(app: &App, actor: &Arc<Actor>, command: &ExportReport, form: FileForm, bom: bool) -> Result<Vec<u8>, Refused> {
    let sheet = app.store.write(|tx| export_report(actor, tx, command));
    let sheet = sheet.map_err(|error| refused(app, actor, command, error))?;
    match form {
        FileForm::Csv => Ok(csv(&sheet, bom)),
        FileForm::Xlsx => workbook::write(&sheet).map_err(|error| {
            tracing::error!(request = %command.request, %error, "a workbook cannot be written");
            Refused::internal()
        }),
    }
}

fn csv(sheet: &Sheet, bom: bool) -> Vec<u8> {
    let text = sheet.csv();
    if bom { [BOM.as_bytes(), text.as_bytes()].concat() } else { text.into_bytes() }
}

/// As elsewhere: what the role may not do goes on record, the cause of a fault to the log.
fn refused(app: &App, actor: &Actor, command: &ExportReport, error: Error) -> Refused {
    match error {
        Error::Refused(problems) => {
            let Some(problem) = problems.first() else { return Refused::internal() };
            if problem.code().kind() == Kind::Forbidden {
                record_forbidden(app, actor, command, problem);
            }
            Refused::by_rule(problem)
        }
        Error::Store(failure @ (StoreError::Busy | StoreError::Unavailable(_) | StoreError::Unknown(_))) => {
            tracing::warn!(request = %command.request, cause = %failure, "the store is not available");
            Refused::unavailable()
        }
        Error::Store(StoreError::TimedOut) => {
            tracing::warn!(request = %command.request, "a statement took too long");
            Refused::timeout()
        }
        Error::Store(failure) => {
            tracing::error!(request = %command.request, cause = %failure, "the store failed");
            Refused::internal()
        }
    }
}

fn record_forbidden(app: &App, actor: &Actor, command: &ExportReport, problem: &Problem) {
    let outcome = ActOutcome::Refused(problem.code().as_str().to_owned());
    let input = format!("report {id} as {form}", id = command.report.get(), form = command.form);
    let entry = Entry::of(actor, command.now, "exportPeriodReport", &input, outcome, command.request.clone());
    let written = app.store.write(|tx| {
        tx.record(vec![entry.clone()]);
        Ok(())
    });
    if let Err(error) = written {
        tracing::error!(request = %command.request, cause = %error, "a refusal could not be put on record");
    }
}
