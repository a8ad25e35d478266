//! Baselines: append-only, the latest revision stands; printed figures beside them.

use caodiem_domain::access::Scope;
use caodiem_domain::baseline::{Baseline, BaselineKey, BaselinePredicate, BaselineQuestion, PrintedFigure};
use caodiem_domain::error::Constraint;
use caodiem_domain::id::{BaselineId, IndicatorId, Sequence, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::text::{Key, Source};
use caodiem_tests::on_both;

use crate::world::{NO_FIGURES, World, all_pages, author, conflict, count, day, exact, first, moment};

/// Records revisions of the first indicator and group, each `(unit, as of, revision, value)`, in the order given.
fn record(world: &World, figures: &[(UnitId, &str, i32, i64)]) -> Vec<Baseline> {
    world.write(|tx| {
        let ids = tx.allocate(Sequence::Baseline, figures.len())?;
        let baselines: Vec<Baseline> = figures
            .iter()
            .zip(ids)
            .map(|((unit, as_of, revision, value), id)| Baseline {
                id: BaselineId::new(id),
                key: key(world, *unit, as_of),
                revision: *revision,
                value: count(*value),
                source: Source::new("Phụ lục 1").expect("a source"),
                synthetic: *revision > 1,
                author: author(),
                recorded_at: moment("2023-06-05T08:30:00.123456Z"),
            })
            .collect();
        tx.insert_baselines(&baselines)?;
        Ok(baselines)
    })
}

fn key(world: &World, unit: UnitId, as_of: &str) -> BaselineKey {
    BaselineKey { unit, group: world.groups[0], indicator: world.indicators[0], as_of: day(as_of) }
}

on_both! {
    the_latest_revision_of_the_latest_day_answers(backend) {
        let Some(world) = World::new(backend) else { return };
        let (one, two) = (world.commune_a1a, world.commune_a1b);
        record(&world, &[
            (one, "2023-05-01", 1, 100),
            (one, "2023-05-20", 1, 0),
            (one, "2023-05-20", 2, 120),
            (one, "2023-06-10", 1, 999),
            (two, "2023-06-10", 1, 7),
        ]);
        let ask = |on: &str| {
            let question = BaselineQuestion {
                group: world.groups[0],
                indicator: world.indicators[0],
                on_or_before: day(on),
            };
            let found = world.read(|tx| tx.baselines_for(&[one, two], question));
            found.into_iter().map(|(unit, baseline)| (unit, baseline.value.get())).collect::<Vec<_>>()
        };
        assert_eq!(ask("2023-04-30"), []);
        assert_eq!(ask("2023-05-19"), [(one, 100)]);
        assert_eq!(ask("2023-05-20"), [(one, 120)]);
        assert_eq!(ask("2023-06-10"), [(one, 999), (two, 7)]);
    }

    baselines_of_several_indicators_answer_each_for_itself(backend) {
        let Some(world) = World::new(backend) else { return };
        let (one, two) = (world.commune_a1a, world.commune_a1b);
        let [first, second, _] = world.indicators;
        let recorded = record(&world, &[(one, "2023-05-20", 1, 5), (one, "2023-05-10", 1, 4), (two, "2023-05-10", 1, 7)]);
        let of_second = |id: i64, baseline: &Baseline| Baseline {
            id: BaselineId::new(id), key: BaselineKey { indicator: second, ..baseline.key }, ..baseline.clone()
        };
        let others = [of_second(901, &recorded[1]), of_second(902, &recorded[2])];
        world.write(|tx| tx.insert_baselines(&others));
        let ask = |units: &[UnitId], indicators: &[IndicatorId], on: &str| {
            let found = world.read(|tx| tx.baselines_of(units, world.groups[0], indicators, day(on)));
            found.into_iter().map(|((unit, of), baseline)| (unit, of, baseline.value.get())).collect::<Vec<_>>()
        };
        let all = [(one, first, 5), (one, second, 4), (two, first, 7), (two, second, 7)];
        assert_eq!(ask(&[one, two], &[first, second], "2023-05-20"), all);
        assert_eq!(ask(&[one], &[first, second], "2023-05-19"), [(one, first, 4), (one, second, 4)]);
        assert_eq!(ask(&[one, two], &[second], "2023-05-20"), [(one, second, 4), (two, second, 7)]);
        assert_eq!(ask(&[one, two], &[], "2023-05-20"), []);
    }

    a_baseline_is_read_as_it_was_recorded(backend) {
        let Some(world) = World::new(backend) else { return };
        let recorded = record(&world, &[(world.commune_a1a, "2023-05-20", 1, 0), (world.commune_a1a, "2023-05-20", 2, 5)]);
        let key = recorded[0].key;
        let other = BaselineKey { as_of: day("2023-05-21"), ..key };
        assert_eq!(world.read(|tx| tx.baselines_by_key(&[key, other, key])).into_values().collect::<Vec<_>>(), recorded[1..]);
        let revisions = world.read(|tx| tx.baseline_revisions(&[key, other]));
        assert_eq!(revisions.into_iter().collect::<Vec<_>>(), [(key, recorded.clone())]);
        let ids = [recorded[0].id, recorded[1].id, BaselineId::new(999)];
        let read = |scope: &Scope| world.read(|tx| tx.baselines_by_id(scope, &ids)).into_values().collect::<Vec<_>>();
        assert_eq!(read(&Scope::Country), recorded);
        assert_eq!(read(&world.scope(&[world.district_a1])), recorded);
        assert_eq!(read(&world.scope(&[world.province_b])), []);
        assert_eq!(read(&Scope::Subtrees(Vec::new())), []);
    }

    standing_revisions_are_listed_newest_first(backend) {
        let Some(world) = World::new(backend) else { return };
        let recorded = record(&world, &[
            (world.commune_a1a, "2023-05-20", 1, 1),
            (world.commune_a1b, "2023-05-20", 1, 2),
            (world.commune_a1a, "2023-05-20", 2, 3),
            (world.commune_a1a, "2023-05-21", 1, 4),
            (world.commune_b1a, "2023-05-20", 1, 5),
        ]);
        let expected = [4, 3, 2, 1].map(|at: usize| recorded[at].clone());
        for direction in [Direction::Forward, Direction::Backward] {
            for size in [1, 2, 3, 50] {
                let listed = all_pages(direction, size, |page| {
                    world.read(|tx| tx.list_baselines(&Scope::Country, &Filter::everything(), page))
                });
                assert_eq!(listed, expected);
            }
        }
        let narrowed = |scope: &Scope, filter: Filter<BaselinePredicate>| {
            let page = world.read(|tx| tx.list_baselines(scope, &filter, &first(50)));
            let counted = world.read(|tx| tx.count_baselines(scope, &filter));
            assert_eq!(counted, u64::try_from(page.rows.len()).expect("a length"));
            page.rows.into_iter().map(|(_, baseline)| baseline.value.get()).collect::<Vec<_>>()
        };
        let is = |predicate| narrowed(&Scope::Country, Filter::Is(predicate));
        assert_eq!(is(BaselinePredicate::Unit(vec![world.commune_a1a])), [4, 3]);
        assert_eq!(is(BaselinePredicate::Unit(Vec::new())), NO_FIGURES);
        assert_eq!(is(BaselinePredicate::AsOf(day("2023-05-20"))), [5, 3, 2]);
        assert_eq!(is(BaselinePredicate::Synthetic(true)), [3]);
        assert_eq!(is(BaselinePredicate::Group(vec![world.groups[1]])), NO_FIGURES);
        assert_eq!(is(BaselinePredicate::Indicator(vec![world.indicators[0]])), [5, 4, 3, 2]);
        assert_eq!(narrowed(&world.scope(&[world.district_a1]), Filter::everything()), [4, 3, 2]);
    }

    a_revision_is_recorded_once_and_never_changed(backend) {
        let Some(world) = World::new(backend) else { return };
        let recorded = record(&world, &[(world.commune_a1a, "2023-05-20", 1, 1)]);
        let again = Baseline { id: BaselineId::new(999), ..recorded[0].clone() };
        assert_eq!(world.try_write(|tx| tx.insert_baselines(std::slice::from_ref(&again))), conflict(Constraint::Check));
        let elsewhere = Baseline { key: BaselineKey { unit: UnitId::new(999), ..again.key }, ..again };
        assert_eq!(world.try_write(|tx| tx.insert_baselines(std::slice::from_ref(&elsewhere))), conflict(Constraint::Reference));
        assert!(world.refuses("UPDATE baseline SET value = 2"));
        assert!(world.refuses("DELETE FROM baseline"));
        assert_eq!(world.read(|tx| tx.baselines_by_id(&Scope::Country, &[recorded[0].id])).len(), 1);
    }

    a_printed_figure_is_overwritten_in_its_place(backend) {
        let Some(world) = World::new(backend) else { return };
        let figure = |unit, value| PrintedFigure {
            drive: world.drive,
            unit,
            column: Key::new("QUOTA").expect("a key"),
            value: exact(value),
            source: Source::new("Phụ lục 1").expect("a source"),
        };
        let (total, row) = (figure(None, "17410"), figure(Some(world.commune_a1a), "37/2"));
        world.write(|tx| tx.put_printed_figures(&[figure(None, "1"), row.clone()]));
        world.write(|tx| tx.put_printed_figures(&[figure(None, "2"), total.clone()]));
        world.write(|tx| tx.put_printed_figures(&[]));
        assert_eq!(world.read(|tx| tx.printed_figures(world.drive)), [total, row]);
        assert_eq!(world.read(|tx| tx.printed_figures(world.local_drive)), []);
    }
}
