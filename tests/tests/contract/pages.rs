//! Cursors: a place in one list under one order, and nothing else.

use caodiem_domain::access::Scope;
use caodiem_domain::drive::DriveOrder;
use caodiem_domain::error::{Error, StoreError};
use caodiem_domain::page::{Cursor, Filter, Page, PageRequest};
use caodiem_domain::ports::ReadTx;
use caodiem_domain::tally::TallyOrder;
use caodiem_domain::unit::UnitOrder;
use caodiem_tests::on_both;

use crate::world::{World, day, first};

/// Every list there is, as the cursors of its first page.
type List<'world> =
    (&'static str, Box<dyn Fn(&mut dyn ReadTx, &PageRequest) -> Result<Vec<Cursor>, StoreError> + 'world>);

fn cursors<T>(page: Page<T>) -> Vec<Cursor> {
    page.rows.into_iter().map(|(cursor, _)| cursor).collect()
}

fn lists(world: &World) -> Vec<List<'_>> {
    let mut lists: Vec<List<'_>> = Vec::new();
    let scope = &Scope::Country;
    for (name, order) in
        [("units by code", UnitOrder::Code), ("units by name", UnitOrder::Name), ("units by path", UnitOrder::Path)]
    {
        lists.push((
            name,
            Box::new(move |tx, page| {
                let units = tx.list_units(scope, &Filter::everything(), order, page, day("2023-06-01"))?;
                Ok(units.rows.into_iter().map(|(cursor, _)| cursor).collect())
            }),
        ));
    }
    for (name, order) in [("drives by day", DriveOrder::StartsOn), ("drives by number", DriveOrder::PlanNumber)] {
        lists.push((
            name,
            Box::new(move |tx, page| {
                let drives = tx.list_drives(scope, &Filter::everything(), order, page)?;
                Ok(drives.rows.into_iter().map(|(cursor, _)| cursor).collect())
            }),
        ));
    }
    for (name, order) in [("tallies", TallyOrder::Day), ("newest tallies", TallyOrder::NewestDay)] {
        lists.push((
            name,
            Box::new(move |tx, page| {
                let tallies = tx.list_tallies(scope, world.drive, &Filter::everything(), order, page)?;
                Ok(tallies.rows.into_iter().map(|(cursor, _)| cursor).collect())
            }),
        ));
    }
    lists.push((
        "teams",
        Box::new(move |tx, page| {
            let teams = tx.list_teams(scope, &Filter::everything(), page)?;
            Ok(teams.rows.into_iter().map(|(cursor, _)| cursor).collect())
        }),
    ));
    lists.push(("quotas", Box::new(move |tx, page| Ok(cursors(tx.list_quotas(scope, &Filter::everything(), page)?)))));
    lists.push((
        "baselines",
        Box::new(move |tx, page| Ok(cursors(tx.list_baselines(scope, &Filter::everything(), page)?))),
    ));
    lists.push((
        "proposals",
        Box::new(move |tx, page| Ok(cursors(tx.list_proposals(scope, &Filter::everything(), page)?))),
    ));
    lists
}

on_both! {
    a_cursor_that_the_list_did_not_hand_out_is_refused(backend) {
        let Some(world) = World::new(backend) else { return };
        world.write(|tx| {
            tx.put_tallies(&[world.figure(world.commune_a1a, "2023-06-01", 1), world.figure(world.commune_b1a, "2023-06-01", 2)])
        });
        let lists = lists(&world);
        let mut handed_out: Vec<(&str, Cursor)> = vec![
            ("nobody", Cursor(String::new())),
            ("nobody", Cursor("no list at all".to_owned())),
            ("nobody", Cursor("\u{1f}\u{1f}".to_owned())),
            ("nobody", Cursor("' OR 1 = 1 --".to_owned())),
        ];
        for (name, list) in &lists {
            let cursors = world.read(|tx| list(tx, &first(50)));
            handed_out.extend(cursors.into_iter().take(1).map(|cursor| (*name, cursor)));
        }
        assert!(handed_out.len() >= 4 + 8, "too few lists have rows: {handed_out:?}");
        for (name, list) in &lists {
            for (by, cursor) in &handed_out {
                let request = PageRequest { cursor: Some(cursor.clone()), ..first(1) };
                let outcome = world.store.read(|tx| list(tx, &request).map_err(Error::Store));
                let expected = if by == name { None } else { Some(Error::Store(StoreError::BadCursor)) };
                assert_eq!(outcome.err(), expected, "{name} with a cursor of {by}");
            }
        }
    }

    a_cursor_whose_key_was_tampered_with_is_refused_or_means_a_place(backend) {
        let Some(world) = World::new(backend) else { return };
        world.write(|tx| tx.put_tallies(&[world.figure(world.commune_a1a, "2023-06-01", 1)]));
        for (name, list) in lists(&world) {
            for cursor in world.read(|tx| list(tx, &first(1))) {
                for tampered in [format!("{}x", cursor.0), format!("{}\u{1f}1", cursor.0), cursor.0.replace('1', "'")] {
                    let request = PageRequest { cursor: Some(Cursor(tampered.clone())), ..first(1) };
                    let outcome = world.store.read(|tx| list(tx, &request).map_err(Error::Store));
                    let fine = matches!(outcome, Ok(_) | Err(Error::Store(StoreError::BadCursor)));
                    assert!(fine, "{name} with {tampered:?}: {outcome:?}");
                }
            }
        }
    }
}
