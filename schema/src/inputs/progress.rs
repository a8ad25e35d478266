//! Inputs about progress.

use async_graphql::{Enum, ID, InputObject};
use caodiem_domain::problem::{Code, Problem};
use caodiem_domain::progress::{self, KnownAt};
use caodiem_domain::time::{DaySpan, Instant};

use crate::codes::Codes;
use crate::error::Result;
use crate::ids::key_of;
use crate::inputs::Check;
use crate::inputs::basis::base;
use crate::loaders::progress::Measure;
use crate::scalars::{Date, DateTime};

/// On which tree figures are read.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreeView {
    /// As the tree was on each day.
    AsItWas,
    /// As if the tree of the day `onto` had always stood.
    Restated,
}

/// What progress is asked for.
#[derive(InputObject)]
pub(crate) struct ProgressInput {
    /// The drive.
    drive: ID,
    /// Code of the indicator, simple or composite.
    indicator: String,
    /// Code of the population group of the quota.
    group: String,
    /// The phase of the quota; the whole drive when absent.
    phase: Option<ID>,
    /// First day of what was done; the phase's or drive's first when absent.
    from: Option<Date>,
    /// Last day of what was done; today, or the phase's or drive's last when that is over, when absent.
    to: Option<Date>,
    /// On which tree figures are read.
    #[graphql(default_with = "TreeView::AsItWas")]
    view: TreeView,
    /// The day whose tree figures are restated onto; with RESTATED only.
    onto: Option<Date>,
    /// As known at that moment, which may not lie in the future: what the board showed then. Tallies count by the server's
    /// receipt, amounts of quotas by their amendments; that moment's day stands for today. The tree, due days, teams and
    /// opening figures are those that stand. What stands when absent, which is faster.
    known_at: Option<DateTime>,
}

impl ProgressInput {
    /// What is measured, asked at `now`, or everything that is wrong.
    pub(crate) fn measure(&self, codes: &Codes, now: Instant) -> Result<Measure, Vec<Problem>> {
        let mut check = Check::default();
        let drive = check.field("drive", key_of(&self.drive));
        let base = check.all(base(codes, &self.group, &self.indicator));
        let phase = check.optional("phase", self.phase.as_ref(), |id| key_of(id));
        let view = check.field("onto", self.view());
        let days = span(self.from, self.to);
        let known_at = check.optional("knownAt", self.known_at, |moment| KnownAt::new(moment.0, now));
        check.done(|| {
            let (group, indicator) = base?;
            Some(Measure { drive: drive?, indicator, group, phase: phase?, days, view: view?, known_at: known_at? })
        })
    }

    fn view(&self) -> Result<progress::TreeView, Problem> {
        match (self.view, self.onto) {
            (TreeView::AsItWas, _) => Ok(progress::TreeView::AsItWas),
            (TreeView::Restated, Some(onto)) => Ok(progress::TreeView::Restated { onto: onto.0 }),
            (TreeView::Restated, None) => Err(Problem::new(Code::Empty)),
        }
    }
}

/// Days as two arguments name them.
pub(crate) fn span(from: Option<Date>, to: Option<Date>) -> DaySpan {
    DaySpan { from: from.map(|day| day.0), to: to.map(|day| day.0) }
}
