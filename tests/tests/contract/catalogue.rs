//! The catalogue: indicators and groups.

use caodiem_domain::error::Constraint;
use caodiem_domain::id::{GroupId, IndicatorId};
use caodiem_domain::indicator::{AccountLevel, Attribution, Indicator, Stage, TimeRule};
use caodiem_tests::on_both;

use crate::world::{World, conflict, group, indicator};

on_both! {
    the_catalogue_is_read_whole_and_by_code(backend) {
        let Some(world) = World::new(backend) else { return };
        let [one, two, all] = world.indicators;
        let enrolled = Indicator {
            stage: Stage::Enrol,
            level: Some(AccountLevel::Two),
            attribution: Attribution::Receiving,
            time_rule: TimeRule::Last,
            ..indicator(IndicatorId::new(900), "ENROLLED", Vec::new())
        };
        world.write(|tx| tx.insert_indicator(&enrolled));
        let expected = [
            // Parts keep the order they were named in.
            indicator(all, "ALL", vec![two, one]),
            enrolled,
            indicator(one, "L1", Vec::new()),
            indicator(two, "L2", Vec::new()),
        ];
        assert_eq!(world.read(|tx| tx.indicators()), expected);
        let groups = [group(world.groups[1], "PUPILS"), group(world.groups[0], "RESIDENTS")];
        assert_eq!(world.read(|tx| tx.groups()), groups);
    }

    a_code_is_taken_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let again = indicator(IndicatorId::new(900), "L1", Vec::new());
        assert_eq!(world.try_write(|tx| tx.insert_indicator(&again)), conflict(Constraint::IndicatorCode));
        let again = group(GroupId::new(900), "PUPILS");
        assert_eq!(world.try_write(|tx| tx.insert_group(&again)), conflict(Constraint::GroupCode));
        let of_nothing = indicator(IndicatorId::new(900), "SUM", vec![IndicatorId::new(999)]);
        assert_eq!(world.try_write(|tx| tx.insert_indicator(&of_nothing)), conflict(Constraint::Reference));
    }
}
