//! Period reports: what goes up, frozen.

use async_graphql::{Context, Enum, ID, Object};
use caodiem_domain::audit::hex;
use caodiem_domain::id::{AccountId, PeriodReportId};
use caodiem_domain::period_report::column::Format;
use caodiem_domain::period_report::paper::{self, PaperCell};
use caodiem_domain::period_report::{self, print};
use caodiem_domain::text::Reason;

use crate::error::Result;
use crate::guard;
use crate::ids::{id_of, key_of};
use crate::loaders::period_reports::SignatoryOf;
use crate::objects::catalogue::{Group, Indicator};
use crate::objects::drive::{Drive, Phase};
use crate::objects::problem::Finding;
use crate::objects::reporting::ReportKind;
use crate::objects::unit::Unit;
use crate::request::load;
use crate::scalars::{BigInt, Date, DateTime, Rational};

/// Where a report stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "period_report::ReportStatus")]
pub(crate) enum PeriodReportStatus {
    /// Its days were not over, or reports were missing, when it was issued.
    Partial,
    /// Its days were over and everybody had reported.
    Complete,
    /// Another person than its issuer stands for it.
    Certified,
    /// It puts another report right, and nobody certified it yet.
    Correction,
}

/// How the figures of a column are printed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Format")]
pub(crate) enum ReportFormat {
    /// A whole number, rounded half-up: `17.411`.
    Whole,
    /// A percentage with one decimal: `80,5 %`.
    Percent,
}

/// A report.
pub(crate) struct PeriodReport(pub(crate) period_report::PeriodReport);

impl PeriodReport {
    /// The report in scope.
    pub(crate) async fn find(ctx: &Context<'_>, id: PeriodReportId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }

    /// The report in scope that a global id names; an id of anything else names none.
    pub(crate) async fn find_by_id(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        match key_of::<PeriodReportId>(id) {
            Ok(key) => Self::find(ctx, key).await,
            Err(_names_no_report) => Ok(None),
        }
    }

    async fn login(ctx: &Context<'_>, account: AccountId) -> Result<Option<String>> {
        Ok(load(ctx, SignatoryOf(account)).await?.map(|login| login.to_string()))
    }
}

/// A period report (báo cáo): figures of the units under a unit, frozen as they were known at a moment. It never changes; what
/// was wrong is put right by another report. As a file: `GET /reports/<id>.csv` and `.xlsx`.
#[Object(visible = "guard::reads_reports")]
impl PeriodReport {
    /// Opaque global id.
    pub(crate) async fn id(&self) -> ID {
        id_of(&self.0.id)
    }

    /// The number it is printed with.
    async fn number(&self) -> BigInt {
        BigInt(self.0.id.get())
    }

    /// Of which period.
    async fn kind(&self) -> ReportKind {
        self.0.about.kind.into()
    }

    /// Where it stands.
    async fn status(&self) -> PeriodReportStatus {
        self.0.status().into()
    }

    /// Whether its days were over, and every unit had reported on every working day of them.
    async fn is_whole(&self) -> bool {
        self.0.about.is_whole
    }

    /// The drive.
    async fn drive(&self, ctx: &Context<'_>) -> Result<Option<Drive>> {
        Drive::find(ctx, self.0.about.drive).await
    }

    /// The unit whose units are its rows.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.about.unit).await
    }

    /// The phase whose quotas it holds against; null for the whole drive.
    async fn phase(&self, ctx: &Context<'_>) -> Result<Option<Phase>> {
        match self.0.about.phase {
            Some(phase) => Phase::find(ctx, self.0.about.drive, phase).await,
            None => Ok(None),
        }
    }

    /// Of what.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>> {
        Indicator::find(ctx, self.0.about.indicator).await
    }

    /// Of whom.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<Group>> {
        Group::find(ctx, self.0.about.group).await
    }

    /// The first day it reports.
    async fn from(&self) -> Date {
        Date(self.0.about.days.from())
    }

    /// The last day it reports: what it is as of.
    async fn to(&self) -> Date {
        Date(self.0.about.days.to())
    }

    /// The moment up to which figures were known to it.
    async fn known_at(&self) -> DateTime {
        DateTime(self.0.about.known_at)
    }

    /// The login of its issuer; null for the host.
    async fn issuer(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Self::login(ctx, self.0.about.issuer).await
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.0.about.issued_at)
    }

    /// The report that it puts right.
    async fn corrects(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        match self.0.about.corrects {
            Some(wrong) => Self::find(ctx, wrong).await,
            None => Ok(None),
        }
    }

    /// Why that had to be put right.
    async fn reason(&self) -> Option<&str> {
        self.0.about.reason.as_ref().map(Reason::as_str)
    }

    /// The report that puts it right; null while it stands.
    async fn corrected_by(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        match self.0.corrected_by {
            Some(right) => Self::find(ctx, right).await,
            None => Ok(None),
        }
    }

    /// The login of whoever certified it.
    async fn certified_by(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match &self.0.certification {
            Some(certified) => Self::login(ctx, certified.by).await,
            None => Ok(None),
        }
    }

    /// When that was.
    async fn certified_at(&self) -> Option<DateTime> {
        self.0.certification.as_ref().map(|certified| DateTime(certified.at))
    }

    /// What they had to say.
    async fn note(&self) -> Option<&str> {
        self.0.certification.as_ref()?.note.as_ref().map(Reason::as_str)
    }

    /// SHA-256 over the frozen text, in hexadecimal. It stands in the record of acts as well.
    async fn hash(&self) -> String {
        hex(&self.0.hash)
    }

    /// The frozen text: whoever has it can work the hash out. Refused with `REPORT_ALTERED`, like everything read from it,
    /// when it is not the text that was hashed.
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn content(&self) -> Result<String> {
        self.0.paper()?;
        Ok(self.0.content.clone())
    }

    /// Its columns.
    #[graphql(complexity = "10 * child_complexity + 2")]
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn columns(&self) -> Result<Vec<ReportColumn>> {
        Ok(self.0.paper()?.columns.into_iter().map(ReportColumn).collect())
    }

    /// Its sections: of a final report one per phase, and the whole last; of others one. The totals of the last section are
    /// those of the report.
    #[graphql(complexity = "3 * child_complexity + 2")]
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn sections(&self) -> Result<Vec<ReportSection>> {
        let paper = self.0.paper()?;
        let formats: Vec<Format> = paper.columns.iter().map(|column| column.format).collect();
        let section = |section| ReportSection { formats: formats.clone(), section };
        Ok(paper.sections.into_iter().map(section).collect())
    }

    /// Where cells and totals differ, where rows do not make the unit's own figure, and who did not report.
    #[expect(clippy::unused_async, reason = "resolvers are asynchronous")]
    async fn findings(&self) -> Result<Vec<Finding>> {
        Ok(self.0.paper()?.findings.into_iter().map(Finding).collect())
    }
}

/// A column.
pub(crate) struct ReportColumn(paper::PaperColumn);

/// A column of a report.
#[Object]
impl ReportColumn {
    /// Its key.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// Vietnamese heading.
    async fn heading(&self) -> &str {
        &self.0.heading_vi
    }

    /// English heading.
    async fn heading_en(&self) -> &str {
        &self.0.heading_en
    }

    /// Its number, and how it is worked out from other columns: `(5) = 100 × ((2) + (4)) / (1)`.
    async fn formula(&self) -> &str {
        &self.0.formula
    }

    /// How its figures are printed.
    async fn format(&self) -> ReportFormat {
        self.0.format.into()
    }
}

/// A section with how its cells are printed.
pub(crate) struct ReportSection {
    formats: Vec<Format>,
    section: paper::Section,
}

/// Rows of a report that belong together.
#[Object]
impl ReportSection {
    /// Name of the phase; empty where the report has one section.
    async fn name(&self) -> &str {
        &self.section.name
    }

    /// First day of its figures.
    async fn from(&self) -> Date {
        Date(self.section.days.from())
    }

    /// Last day of its figures.
    async fn to(&self) -> Date {
        Date(self.section.days.to())
    }

    /// Its rows, in the order of the units' codes.
    #[graphql(complexity = "20 * child_complexity + 2")]
    async fn rows(&self) -> Vec<ReportRow<'_>> {
        self.section.rows.iter().map(|row| ReportRow { formats: &self.formats, row }).collect()
    }

    /// Its totals, in the order of the columns: from exact figures, ratios from the sums of what they are made of.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn totals(&self) -> Vec<ReportCell<'_>> {
        cells(&self.formats, &self.section.totals)
    }
}

/// A row with how its cells are printed.
pub(crate) struct ReportRow<'section> {
    formats: &'section [Format],
    row: &'section paper::PaperRow,
}

/// A row of a report.
#[Object]
impl ReportRow<'_> {
    /// The unit as it is now; null where it is out of scope by now.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.row.unit).await
    }

    /// Its official code, as frozen.
    async fn code(&self) -> &str {
        &self.row.code
    }

    /// Its name with its kind, as frozen.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Its cells, in the order of the columns.
    #[graphql(complexity = "10 * child_complexity + 2")]
    async fn cells(&self) -> Vec<ReportCell<'_>> {
        cells(self.formats, &self.row.cells)
    }
}

/// A cell.
pub(crate) struct ReportCell<'section>(Format, &'section PaperCell);

/// A cell of a report.
#[Object]
impl ReportCell<'_> {
    /// As it is printed in Viet Nam: `17.411`, `80,5 %`; null where there is no figure, which is not zero.
    async fn printed(&self) -> Option<String> {
        self.1.as_ref().map(|exact| print::figure(exact, self.0))
    }

    /// The exact figure behind it; a percentage is given as 0 to 100.
    async fn exact(&self) -> Option<Rational> {
        self.1.clone().map(Rational::from)
    }
}

fn cells<'section>(formats: &[Format], cells: &'section [PaperCell]) -> Vec<ReportCell<'section>> {
    formats.iter().zip(cells).map(|(format, cell)| ReportCell(*format, cell)).collect()
}
