//! The catalogue.

use std::collections::BTreeMap;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::IndicatorId;
use caodiem_domain::indicator::{Group, Indicator};
use caodiem_domain::ports::{ReadCatalogue, WriteCatalogue};
use diesel::prelude::*;

use super::{OrFailed, Tx};
use crate::rows::indicator::{GroupRow, IndicatorRow, PartRow, indicator_of, part_rows};
use crate::tables::{indicator, indicator_part, population_group};

impl ReadCatalogue for Tx<'_> {
    fn indicators(&mut self) -> Result<Vec<Indicator>, StoreError> {
        let mut parts = BTreeMap::<i64, Vec<IndicatorId>>::new();
        let rows: Vec<PartRow> = indicator_part::table
            .order_by((indicator_part::indicator_id, indicator_part::ordinal))
            .load(self.conn)
            .or_failed()?;
        for row in rows {
            parts.entry(row.indicator_id).or_default().push(IndicatorId::new(row.part_id));
        }
        let rows: Vec<IndicatorRow> = indicator::table.order_by(indicator::code).load(self.conn).or_failed()?;
        rows.into_iter()
            .map(|row| {
                let parts = parts.remove(&row.id).unwrap_or_default();
                indicator_of(row, parts)
            })
            .collect()
    }

    fn groups(&mut self) -> Result<Vec<Group>, StoreError> {
        let rows: Vec<GroupRow> =
            population_group::table.order_by(population_group::code).load(self.conn).or_failed()?;
        rows.into_iter().map(Group::try_from).collect()
    }
}

impl WriteCatalogue for Tx<'_> {
    fn insert_indicator(&mut self, indicator: &Indicator) -> Result<(), StoreError> {
        diesel::insert_into(indicator::table).values(IndicatorRow::from(indicator)).execute(self.conn).or_failed()?;
        let parts = part_rows(indicator);
        if !parts.is_empty() {
            diesel::insert_into(indicator_part::table).values(&parts).execute(self.conn).or_failed()?;
        }
        Ok(())
    }

    fn insert_group(&mut self, group: &Group) -> Result<(), StoreError> {
        diesel::insert_into(population_group::table).values(GroupRow::from(group)).execute(self.conn).or_failed()?;
        Ok(())
    }
}
