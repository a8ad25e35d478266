//! Plan tables out of the store.

use caodiem_domain::access::{Actor, Role};
use caodiem_domain::baseline::PrintedFigure;
use caodiem_domain::error::Error;
use caodiem_domain::plan::{Column, PlanColumn, PlanTable};
use caodiem_domain::quota::Holder;
use caodiem_domain::text::Source;
use caodiem_domain::usecase::plan_drive::{ReviseDrive, revise_drive};
use caodiem_domain::usecase::record_baselines::record_printed_figures;
use caodiem_domain::usecase::show_plan_table::show_plan_table;
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::world::{World, exact, key, now, refusals, title};

fn lay_out(world: &World) {
    let column =
        |name: &str, shows| PlanColumn { key: key(name), heading_vi: title(name), heading_en: title(name), shows };
    let group = world.group;
    let columns = vec![
        column("eligible", Column::Baseline { group, indicator: world.eligible }),
        column("quota", Column::Quota { phase: Some(world.phases[0]), indicator: world.activated, group }),
        column("teams", Column::Teams),
        column(
            "per_team_day",
            Column::PerEachDay { of: key("quota"), each: key("teams"), phase: Some(world.phases[0]) },
        ),
    ];
    let command =
        ReviseDrive { drive: Some(world.drive), expected_version: 1, columns: Some(columns), ..ReviseDrive::default() };
    world.stage.store.write(|tx| revise_drive(&act(Role::Planner, now()), tx, &command)).expect("columns");
    let printed = PrintedFigure {
        drive: world.drive,
        unit: None,
        column: key("quota"),
        value: exact("99"),
        source: Source::new("Phụ lục 1").expect("a source"),
    };
    let record = |tx: &mut dyn caodiem_domain::ports::WriteTx| {
        record_printed_figures(&act(Role::Planner, now()), tx, std::slice::from_ref(&printed))
    };
    world.stage.store.write(record).expect("it is recorded");
}

fn show(world: &World, actor: &Actor, unit: Option<caodiem_domain::id::UnitId>) -> Result<PlanTable, Error> {
    world.stage.store.read(|tx| show_plan_table(actor, tx, world.drive, unit))
}

fn printed(table: &PlanTable) -> Vec<Vec<Option<i64>>> {
    table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.printed).collect()).collect()
}

on_both! {
    the_table_is_printed_from_what_is_on_record(backend) {
        let Some(world) = World::new(backend) else { return };
        world.eligible();
        lay_out(&world);
        for (unit, amount) in world.districts.iter().zip([60, 40]) {
            world.owe(Holder::Unit(*unit), Some(0), amount);
        }
        world.team(world.villages[0], &[1]);
        world.team(world.communes[1], &[1]);
        let table = show(&world, &actor(Role::Analyst), None).expect("a table");
        let expected = [
            vec![Some(600), Some(60), Some(2), Some(3)],
            vec![Some(400), Some(40), Some(0), None],
            vec![None, None, Some(0), None],
        ];
        assert_eq!(printed(&table), expected);
        let totals: Vec<Option<i64>> = table.columns.iter().map(|column| column.total.printed).collect();
        assert_eq!(totals, [Some(1_000), Some(100), Some(2), Some(6)]);
        let findings: Vec<(&str, &str)> =
            table.findings.iter().map(|finding| (finding.code().as_str(), finding.field())).collect();
        assert_eq!(
            findings,
            [
                ("PRINTED_TOTAL_DIFFERS", "columns.quota"),
                ("CHILD_WITHOUT_BASELINE", "rows.2.eligible"),
                ("DECLARED_DAYS_DIFFER", ""),
            ]
        );
        let below = show(&world, &actor(Role::Analyst), Some(world.districts[0])).expect("a table");
        assert_eq!(below.rows.len(), 2);
        assert_eq!(below.columns[1].source_total, None);
    }

    who_sees_a_part_sees_no_totals(backend) {
        let Some(world) = World::new(backend) else { return };
        world.eligible();
        lay_out(&world);
        let own = world.planner(world.districts[0]).actor;
        let table = show(&world, &own, None).expect("a table");
        assert_eq!(table.rows.len(), 1);
        assert!(table.columns.iter().all(|column| column.total.exact.is_none() && column.source_total.is_none()));
        assert_eq!(show(&world, &own, Some(world.districts[0])).map(|table| table.rows.len()), Ok(2));
        assert_eq!(refusals(show(&world, &own, Some(world.districts[1]))), [("NOT_FOUND", "unit".to_owned())]);
    }
}
