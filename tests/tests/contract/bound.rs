//! Assignments for a single drive: it is all that they show and change.

use caodiem_domain::access::{Permission, Role};
use caodiem_domain::id::DriveId;
use caodiem_domain::ports::Lock;
use caodiem_domain::problem::Code;
use caodiem_domain::tally::{Figure, Reporter, TallyRow};
use caodiem_domain::time::DaySpan;
use caodiem_domain::usecase::read_tallies::{reports, tallies_by_slot};
use caodiem_domain::usecase::record_tallies::{Submission, record_tallies};
use caodiem_domain::usecase::show_plan_table::show_plan_table;
use caodiem_domain::usecase::visible_drives;
use caodiem_tests::on_both;
use caodiem_tests::stage::request;

use crate::cast::{Cast, NOW, codes};
use crate::world::{day, moment};

on_both! {
    what_is_for_one_drive_shows_and_changes_no_other(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let world = &cast.world;
        let account = cast.account("chi-mot-dot", world.district_a1);
        let bound = |role| cast.actor(cast.assign_as(account, role, world.district_a1, |one| one.drive = Some(world.local_drive)));
        let free = |role| cast.actor(cast.assign(account, role, world.district_a1));
        let both = [world.drive, world.local_drive];
        let seen = |actor: &_| world.read(|tx| visible_drives(actor, tx, &both)).into_keys().collect::<Vec<DriveId>>();
        assert_eq!(seen(&free(Role::Verifier)), both);
        assert_eq!(seen(&bound(Role::Verifier)), [world.local_drive]);
        // Reading.
        let table = |actor: &_, drive| codes(world.store.read(|tx| show_plan_table(actor, tx, drive, Some(world.district_a1)))).map(drop);
        assert_eq!(table(&bound(Role::Planner), world.drive), Err(vec![Code::NotFound]));
        assert_eq!(table(&bound(Role::Planner), world.local_drive), Ok(()));
        let asked = |actor: &_, drive| {
            codes(world.store.read(|tx| reports(actor, tx, drive, world.commune_a1a, DaySpan::default()))).map(drop)
        };
        assert_eq!(asked(&bound(Role::Verifier), world.drive), Err(vec![Code::NotFound]));
        assert_eq!(asked(&bound(Role::Verifier), world.local_drive), Ok(()));
        let figure = world.figure(world.commune_a1a, "2023-06-05", 5);
        world.write(|tx| tx.put_tallies(std::slice::from_ref(&figure)));
        let slot = world.slot(world.commune_a1a, "2023-06-05", Reporter::Unit(world.commune_a1a));
        let found = |actor: &_| world.store.read(|tx| tallies_by_slot(actor, tx, &[slot])).expect("tallies").len();
        assert_eq!((found(&free(Role::Verifier)), found(&bound(Role::Verifier))), (1, 0), "it was reported to the other drive");
        // Changing.
        let planner = bound(Role::Planner);
        assert!(!planner.may(Permission::ManageCatalogue), "the catalogue is everybody's");
        let row = TallyRow {
            reporter: Reporter::Unit(world.commune_a1a),
            credited: None,
            day: day("2023-06-05"),
            figure: Figure::Nil,
            reason: None,
            device_at: None,
        };
        let tried = |drive| {
            let actor = bound(Role::Reporter);
            let rows = vec![row.clone()];
            let sent = Submission { request: request(&actor, 1), actor, received_at: moment(NOW), drive, rows };
            let answers = world.store.write(|tx| record_tallies(tx, Lock::Book, std::slice::from_ref(&sent))).expect("answers");
            codes(answers.into_iter().next().expect("one")).map(drop)
        };
        assert_eq!(tried(world.drive), Err(vec![Code::NotFound]));
        assert_eq!(tried(world.local_drive), Ok(()));
    }
}
