//! Plan tables: a drive's quotas as its appendix prints them.

use async_graphql::{Context, Object};
use caodiem_domain::plan;

use crate::error::Result;
use crate::objects::problem::Finding;
use crate::objects::unit::Unit;
use crate::scalars::{BigInt, Rational};

/// A plan table.
pub(crate) struct PlanTable(pub(crate) plan::PlanTable);

/// A drive's quota table, column by column and row by row, with what does not add up in it.
#[Object]
impl PlanTable {
    /// The columns with their totals, in the order of the plan.
    #[graphql(complexity = "12 * child_complexity + 2")]
    async fn columns(&self) -> Vec<PlanColumn<'_>> {
        self.0.columns.iter().map(PlanColumn).collect()
    }

    /// The rows in the order of the units' codes.
    #[graphql(complexity = "30 * child_complexity + 2")]
    async fn rows(&self) -> Vec<PlanRow<'_>> {
        self.0.rows.iter().map(PlanRow).collect()
    }

    /// Where cells and totals differ, a unit has no baseline, declared and calendar days differ.
    async fn findings(&self) -> Vec<Finding> {
        self.0.findings.iter().cloned().map(Finding).collect()
    }
}

/// A column with its totals.
pub(crate) struct PlanColumn<'table>(&'table plan::PlanColumnTotal);

/// A column of a plan table.
#[Object]
impl PlanColumn<'_> {
    /// Its key within the table; formulas name columns by it.
    async fn key(&self) -> &str {
        self.0.column.key.as_str()
    }

    /// The Vietnamese heading.
    async fn heading(&self) -> &str {
        self.0.column.heading_vi.as_str()
    }

    /// The English heading.
    async fn heading_en(&self) -> &str {
        self.0.column.heading_en.as_str()
    }

    /// How it is worked out, in the keys of columns before it.
    async fn formula(&self) -> &str {
        &self.0.formula
    }

    /// Whether its rows add up to its total. The total of a rate is worked out from totals, never summed.
    async fn adds_up(&self) -> bool {
        self.0.column.shows.adds_up()
    }

    /// The true total: the rounded exact sum, or for a rate the rate of the totals.
    async fn total(&self) -> PlanCell<'_> {
        PlanCell(&self.0.total)
    }

    /// The sum of the printed cells, which may differ from the printed total.
    async fn cells_sum(&self) -> BigInt {
        BigInt(self.0.cells_sum)
    }

    /// What the source document prints as its total; null where that was not recorded.
    async fn source_total(&self) -> Option<Rational> {
        self.0.source_total.clone().map(Rational::from)
    }
}

/// A row.
pub(crate) struct PlanRow<'table>(&'table plan::PlanRow);

/// A row of a plan table.
#[Object]
impl PlanRow<'_> {
    /// The unit of the row.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Unit::find(ctx, self.0.unit).await
    }

    /// The cells, in the order of the columns.
    #[graphql(complexity = "12 * child_complexity + 2")]
    async fn cells(&self) -> Vec<PlanCell<'_>> {
        self.0.cells.iter().map(PlanCell).collect()
    }
}

/// A cell.
pub(crate) struct PlanCell<'table>(&'table plan::Cell);

/// A cell of a plan table.
#[Object]
impl PlanCell<'_> {
    /// As the plan prints it: rounded half-up on its own; null where a base is missing.
    async fn printed(&self) -> Option<BigInt> {
        self.0.printed.map(BigInt)
    }

    /// The exact figure behind it; null where a base is missing.
    async fn exact(&self) -> Option<Rational> {
        self.0.exact.clone().map(Rational::from)
    }
}
