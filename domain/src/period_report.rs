//! Period reports (báo cáo ngày, tuần, giai đoạn, tổng kết): what goes up, frozen.
//!
//! A report is never computed anew: its [`paper`] is worked out once, kept as text with its SHA-256, and everything that is
//! printed of it is printed from there. What was wrong in it is put right by another report that names it.

pub mod column;
pub mod content;
pub mod paper;
pub mod print;
pub mod sheet;

use sha2::{Digest, Sha256};

use crate::audit::hex;
use crate::id::{AccountId, DriveId, GroupId, IndicatorId, PeriodReportId, PhaseId, UnitId};
use crate::problem::{Code, Problem};
use crate::text::Reason;
use crate::time::{DayRange, Instant, in_viet_nam};

pub use crate::reporting::rule::ReportKind;
use paper::Paper;

/// Where a report stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReportStatus {
    /// Its days were not over, or reports were missing, when it was issued.
    Partial,
    /// Its days were over and everybody had reported.
    Complete,
    /// Another person than its issuer stands for it.
    Certified,
    /// It puts another report right, and nobody certified it yet.
    Correction,
}

/// What a report is of. Stands in columns of its own, for lists, and in the frozen text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// Of which period.
    pub kind: ReportKind,
    /// Of which drive.
    pub drive: DriveId,
    /// Of which unit: its rows are the units under it. Who sees the unit sees the report.
    pub unit: UnitId,
    /// The phase whose quotas it holds against; `None` for the whole drive.
    pub phase: Option<PhaseId>,
    /// Of what.
    pub indicator: IndicatorId,
    /// Of whom.
    pub group: GroupId,
    /// The days it reports.
    pub days: DayRange,
    /// The moment up to which figures were known to it.
    pub known_at: Instant,
    /// Whether its days were over, and every unit had reported on every working day of them.
    pub is_whole: bool,
    /// The report that it puts right.
    pub corrects: Option<PeriodReportId>,
    /// Why that had to be put right.
    pub reason: Option<Reason>,
    /// Who issued it; 0 for the host.
    pub issuer: AccountId,
    /// When.
    pub issued_at: Instant,
}

/// That another person stands for a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certification {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
    /// What they had to say.
    pub note: Option<Reason>,
}

/// A report as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PeriodReport {
    /// Its key, and the number it is printed with.
    pub id: PeriodReportId,
    /// What it is of.
    pub about: About,
    /// The frozen text: [`content`] reads it.
    pub content: String,
    /// SHA-256 over the text.
    pub hash: [u8; 32],
    /// Who stands for it.
    pub certification: Option<Certification>,
    /// The report that puts it right.
    pub corrected_by: Option<PeriodReportId>,
}

impl PeriodReport {
    /// Freezes a paper.
    #[must_use]
    pub fn freeze(id: PeriodReportId, paper: &Paper) -> Self {
        let content = content::encode(paper);
        let hash = Sha256::digest(content.as_bytes()).into();
        Self { id, about: paper.about.clone(), content, hash, certification: None, corrected_by: None }
    }

    /// The paper, as it was frozen.
    ///
    /// # Errors
    /// [`Code::ReportAltered`] when the text is not the one that was hashed, or speaks of something else.
    pub fn paper(&self) -> Result<Paper, Problem> {
        let altered = || Problem::new(Code::ReportAltered).at("report");
        let reckoned: [u8; 32] = Sha256::digest(self.content.as_bytes()).into();
        let paper = (reckoned == self.hash).then(|| content::decode(&self.content)).flatten();
        paper.filter(|paper| paper.about == self.about).ok_or_else(altered)
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> ReportStatus {
        match (&self.certification, self.about.corrects, self.about.is_whole) {
            (Some(_), _, _) => ReportStatus::Certified,
            (None, Some(_), _) => ReportStatus::Correction,
            (None, None, true) => ReportStatus::Complete,
            (None, None, false) => ReportStatus::Partial,
        }
    }

    /// Whether its days were over when it was issued.
    #[must_use]
    pub fn days_were_over(&self) -> bool {
        self.about.days.to() < in_viet_nam(self.about.known_at).0
    }

    /// The hash as it goes on record.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("sha256:{digits}", digits = hex(&self.hash))
    }
}

/// What lists of reports can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PeriodReportPredicate {
    /// Of this drive.
    Drive(DriveId),
    /// Of one of these units.
    Unit(Vec<UnitId>),
    /// Of this unit or any under it.
    Under(UnitId),
    /// One of these kinds.
    Kind(Vec<ReportKind>),
    /// Certified, or not yet.
    Certified(bool),
    /// Put right by another, or not: those that are not stand.
    Corrected(bool),
}
