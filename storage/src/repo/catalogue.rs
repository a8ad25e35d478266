//! The catalogue.

use std::sync::Arc;

use caodiem_domain::error::StoreError;
use caodiem_domain::id::IndicatorId;
use caodiem_domain::indicator::{Group, Indicator};
use caodiem_domain::ports::{ReadCatalogue, WriteCatalogue};
use diesel::prelude::*;

use super::{OrFailed, Tx};
use crate::rows::indicator::{GroupRow, IndicatorRow, indicator_of, part_rows};
use crate::tables::{indicator, indicator_part, population_group};

impl ReadCatalogue for Tx<'_> {
    fn indicators(&mut self) -> Result<Vec<Indicator>, StoreError> {
        if let Some(indicators) = &self.kept()?.indicators {
            return Ok(indicators.to_vec());
        }
        let rows: Vec<(IndicatorRow, Option<i64>)> = indicator::table
            .left_join(indicator_part::table.on(indicator_part::indicator_id.eq(indicator::id)))
            .order_by((indicator::code, indicator_part::ordinal))
            .select((indicator::all_columns, indicator_part::part_id.nullable()))
            .load(self.conn)
            .or_failed()?;
        let mut found: Vec<(IndicatorRow, Vec<IndicatorId>)> = Vec::new();
        for (row, part) in rows {
            let part = part.map(IndicatorId::new);
            match found.last_mut().filter(|(last, _)| last.id == row.id) {
                Some((_, parts)) => parts.extend(part),
                None => found.push((row, part.into_iter().collect())),
            }
        }
        let indicators =
            found.into_iter().map(|(row, parts)| indicator_of(row, parts)).collect::<Result<Vec<_>, _>>()?;
        self.kept()?.indicators = Some(Arc::from(indicators.as_slice()));
        self.share()?;
        Ok(indicators)
    }

    fn groups(&mut self) -> Result<Vec<Group>, StoreError> {
        let rows: Vec<GroupRow> =
            population_group::table.order_by(population_group::code).load(self.conn).or_failed()?;
        rows.into_iter().map(Group::try_from).collect()
    }
}

impl WriteCatalogue for Tx<'_> {
    fn insert_indicator(&mut self, indicator: &Indicator) -> Result<(), StoreError> {
        self.kept_changes()?;
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
