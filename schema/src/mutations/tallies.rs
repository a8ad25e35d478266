//! Submitting tallies: the busiest mutation. Everything but unknown codes is read without the store before the rows are
//! handed to the writer lane, which commits what many clients sent together.

use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::tally::{RowResult, TallyRow};
use caodiem_domain::usecase::look_over_submission::{Spoken, look_over_submission};
use caodiem_domain::usecase::read_tallies::units_named;
use caodiem_domain::usecase::record_tallies::{MAX_ROWS, Submission, SubmissionOutcome};
use sha2::{Digest, Sha256};

use crate::codes::{decode, is_unknown_code};
use crate::error::Result;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::tally::{SubmitTalliesInput, UnitsByCode};
use crate::objects::consistency::ConsistencyFinding;
use crate::objects::problem::UserError;
use crate::objects::submission::{TallyResult, TallyStatus};
use crate::refusal;
use crate::request::{accept, caller, forget, gateway, read, settle};

/// Submitting tallies.
#[derive(Default)]
pub(crate) struct TallyMutations;

#[Object]
impl TallyMutations {
    /// Records what teams and units report to a drive. Every row is taken or refused by itself; what is taken is durable
    /// when the answer arrives. Sent again under the same request id, it gives the same answer and has no second effect.
    #[graphql(guard = "Need(Permission::SubmitTallies)", visible = "guard::submits_tallies")]
    async fn submit_tallies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows.")] input: SubmitTalliesInput,
    ) -> Result<SubmitTalliesPayload> {
        forget(ctx);
        let drive = key_of(&input.drive).map_err(|problem| vec![problem.at("drive")]);
        let (act, drive) = match few_enough(&input).and(accept(ctx, &input.request_id, drive)) {
            Ok(accepted) => accepted,
            Err(problems) => {
                refusal::record(ctx, &problems).await;
                return Ok(SubmitTalliesPayload::none(problems));
            }
        };
        let (rows, sheet) = Sheet::of(read_rows(ctx, &input).await?);
        if rows.is_empty() && !input.rows.is_empty() {
            refusal::record(ctx, &sheet.problems()).await;
            return Ok(sheet.complete(SubmissionOutcome { rows: Vec::new(), replayed: false }));
        }
        let spoken = Spoken::of(drive, &rows);
        let mut request = act.request;
        request.fingerprint = sheet.mark(request.fingerprint);
        let submission = Submission { actor: act.actor, received_at: act.now, request, drive, rows };
        let (outcome, errors) = settle(&caller(ctx)?.request, gateway(ctx)?.submit(submission).await)?;
        let refused = || SubmitTalliesPayload { errors, ..Default::default() };
        let complete = |done| SubmitTalliesPayload { spoken: Some(spoken), ..sheet.complete(done) };
        Ok(outcome.map_or_else(refused, complete))
    }
}

fn few_enough(input: &SubmitTalliesInput) -> Result<(), Vec<Problem>> {
    let actual = input.rows.len();
    let problem = || Problem::new(Code::TooMany).with("actual", actual).with("max", MAX_ROWS).at("rows");
    if actual > MAX_ROWS { Err(vec![problem()]) } else { Ok(()) }
}

async fn read_rows(ctx: &Context<'_>, input: &SubmitTalliesInput) -> Result<Vec<Result<TallyRow, Problem>>> {
    let named = input.unit_codes();
    let units = if named.is_empty() {
        UnitsByCode::new()
    } else {
        read(ctx, Permission::SubmitTallies, move |actor, tx| units_named(actor, tx, &named)).await?
    };
    let misses = |rows: &Vec<_>| rows.iter().any(|row: &Result<_, _>| row.as_ref().is_err_and(is_unknown_code));
    decode(ctx, |codes| input.rows(codes, &units), misses).await
}

/// The rows as they were sent: which of them could not be read, and where the others stood.
struct Sheet {
    places: Vec<usize>,
    unread: Vec<(usize, Problem)>,
}

impl Sheet {
    /// The rows that could be read, and what to remember of the others.
    fn of(rows: Vec<Result<TallyRow, Problem>>) -> (Vec<TallyRow>, Self) {
        let mut sheet = Self { places: Vec::with_capacity(rows.len()), unread: Vec::new() };
        let mut read = Vec::with_capacity(rows.len());
        for (index, row) in rows.into_iter().enumerate() {
            match row {
                Ok(row) => {
                    sheet.places.push(index);
                    read.push(row);
                }
                Err(problem) => sheet.unread.push((index, problem)),
            }
        }
        (read, sheet)
    }

    /// What is wrong with those that could not be read.
    fn problems(&self) -> Vec<Problem> {
        self.unread.iter().map(|(_, problem)| problem.clone()).collect()
    }

    /// A fingerprint that also says which rows could not be read: should the catalogue have grown before a retry, the
    /// recorded results would belong to other rows. The retry is then refused instead of answered wrongly.
    fn mark(&self, fingerprint: [u8; 32]) -> [u8; 32] {
        if self.unread.is_empty() {
            return fingerprint;
        }
        let mut digest = Sha256::new();
        digest.update(fingerprint);
        self.unread.iter().for_each(|(index, _)| digest.update(format!("{index},")));
        digest.finalize().into()
    }

    /// The results of all rows, in the order they were sent.
    fn complete(self, outcome: SubmissionOutcome) -> SubmitTalliesPayload {
        let shifted = !self.unread.is_empty();
        let unread =
            self.unread.into_iter().map(|(index, problem)| TallyResult { index, result: RowResult::Refused(problem) });
        let read = self.places.into_iter().zip(outcome.rows).map(|(index, result)| match result {
            RowResult::Refused(problem) if shifted => {
                TallyResult { index, result: RowResult::Refused(moved(&problem, index)) }
            }
            result => TallyResult { index, result },
        });
        let mut results: Vec<_> = unread.chain(read).collect();
        results.sort_unstable_by_key(|result| result.index);
        let count = |status| u32::try_from(results.iter().filter(|one| one.is(status)).count()).unwrap_or(u32::MAX);
        SubmitTalliesPayload {
            accepted: count(TallyStatus::Accepted),
            unchanged: count(TallyStatus::Unchanged),
            refused: count(TallyStatus::Refused),
            replayed: outcome.replayed,
            errors: Vec::new(),
            results,
            spoken: None,
        }
    }
}

/// The problem of a row, placed at the index under which the client sent it: `rows.<index>.<rest>`.
fn moved(problem: &Problem, index: usize) -> Problem {
    let rest = problem.field().splitn(3, '.').nth(2).unwrap_or_default();
    let bare = problem.params().iter().fold(Problem::new(problem.code()), |bare, (name, value)| bare.with(name, value));
    let bare = if rest.is_empty() { bare } else { bare.at(rest) };
    bare.at(index).at("rows")
}

/// What `submitTallies` gives.
#[derive(SimpleObject, Default)]
#[graphql(complex)]
pub(crate) struct SubmitTalliesPayload {
    /// One result per row, in the order they were sent; empty when the submission as a whole was refused.
    results: Vec<TallyResult>,
    /// How many rows stand now.
    accepted: u32,
    /// How many stood already.
    unchanged: u32,
    /// How many were refused.
    refused: u32,
    /// Whether it is the recorded answer to an earlier request of the same id.
    replayed: bool,
    /// Why the submission as a whole was refused; empty when its rows were looked at.
    errors: Vec<UserError>,
    #[graphql(skip)]
    spoken: Option<Spoken>,
}

/// The most findings of one answer.
const FINDINGS_MAX: usize = 1_000;

#[ComplexObject]
impl SubmitTalliesPayload {
    /// What is to be looked at in the units and days of the rows as figures stand now, as `consistencyFindings` has it; the first
    /// 1,000. Nothing was refused for it. Null where the units lie so far apart, or the days, that too many figures would have to
    /// be gone through: then it is asked for part by part.
    #[graphql(complexity = "100 * child_complexity + 100")]
    async fn findings(&self, ctx: &Context<'_>) -> Result<Option<Vec<ConsistencyFinding>>> {
        let Some(spoken) = self.spoken.clone() else { return Ok(Some(Vec::new())) };
        let today = caller(ctx)?.today();
        let found = read(ctx, Permission::ReadTallies, move |actor, tx| {
            match look_over_submission(actor, tx, &spoken, today) {
                Err(Error::Refused(problems)) if problems.iter().all(|one| one.code() == Code::TooMany) => Ok(None),
                done => done.map(Some),
            }
        });
        let shown = |found: Vec<_>| {
            let first = found.into_iter().take(FINDINGS_MAX);
            first.map(|(found, by)| ConsistencyFinding(found, by)).collect()
        };
        Ok(found.await?.map(shown))
    }
}

impl SubmitTalliesPayload {
    fn none(problems: Vec<Problem>) -> Self {
        Self { errors: problems.into_iter().map(UserError).collect(), ..Self::default() }
    }
}
