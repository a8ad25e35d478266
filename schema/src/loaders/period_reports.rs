//! Loaders of period reports.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use caodiem_domain::access::Permission;
use caodiem_domain::error::Error;
use caodiem_domain::id::{AccountId, PeriodReportId};
use caodiem_domain::period_report::PeriodReport;
use caodiem_domain::text::Subject;
use caodiem_domain::usecase::read_reports::{period_reports_by_id, signatories};

use super::{Batch, sorted};

/// A report that the caller sees.
impl Loader<PeriodReportId> for Batch {
    type Value = PeriodReport;
    type Error = Error;

    async fn load(&self, keys: &[PeriodReportId]) -> Result<HashMap<PeriodReportId, PeriodReport>, Error> {
        let ids = sorted(keys);
        let found = self.read(Permission::ReadReports, move |actor, tx| period_reports_by_id(actor, tx, &ids));
        Ok(found.await?.into_iter().collect())
    }
}

/// The login of an account that issued or certified a report which the caller sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SignatoryOf(pub(crate) AccountId);

impl Loader<SignatoryOf> for Batch {
    type Value = Subject;
    type Error = Error;

    async fn load(&self, keys: &[SignatoryOf]) -> Result<HashMap<SignatoryOf, Subject>, Error> {
        let ids: Vec<AccountId> = sorted(keys).into_iter().map(|key| key.0).collect();
        let found = self.read(Permission::ReadReports, move |actor, tx| signatories(actor, tx, &ids)).await?;
        Ok(found.into_iter().map(|(id, login)| (SignatoryOf(id), login)).collect())
    }
}
