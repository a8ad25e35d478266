//! The record of acts: added to in one chain by whoever writes, read within scope, and every tampering found by hand is
//! found by the verifier.

use std::collections::BTreeMap;
use std::thread;

use caodiem_domain::access::{Actor, Role, Scope};
use caodiem_domain::audit::verify::{Check, Report, Verifier, What};
use caodiem_domain::audit::{ActOutcome, Change, Checkpoint, Entry, RecordPredicate};
use caodiem_domain::error::StoreError;
use caodiem_domain::id::{AccountId, UnitId};
use caodiem_domain::page::{Direction, Filter};
use caodiem_domain::ports::audit::Seen;
use caodiem_domain::ports::{CheckpointKeys, Store, WriteTx};
use caodiem_domain::unit::UnitKind;
use caodiem_domain::usecase::define_catalogue::{DefineGroup, define_group};
use caodiem_domain::usecase::revise_unit::{FoundUnit, found_unit};
use caodiem_domain::usecase::verify_audit::{Exported, set_checkpoint, verify_audit};
use caodiem_storage::statements;
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;
use caodiem_tests::stage::{act, actor};

use crate::world::{World, all_pages, day, first, moment, reopen, title};

/// A key of the tests: whoever knows its word signs.
struct Word(&'static str);

impl Word {
    fn signature(&self, statement: &[u8]) -> Vec<u8> {
        [self.0.as_bytes(), statement].concat()
    }
}

impl CheckpointKeys for Word {
    fn sign(&self, statement: &[u8]) -> Result<(String, Vec<u8>), StoreError> {
        Ok(("word".to_owned(), self.signature(statement)))
    }

    fn verifies(&self, kid: &str, statement: &[u8], signature: &[u8]) -> bool {
        kid == "word" && signature == self.signature(statement)
    }
}

const KEYS: Word = Word("open sesame");

fn entry(account: i64, unit: UnitId, operation: &str) -> Entry {
    let actor = Actor { account: AccountId::new(account), unit, ..actor(Role::Planner) };
    let at = moment("2023-06-05T08:30:00.123456Z");
    Entry::of(&actor, at, operation, "{a:\"Đợt\"}", ActOutcome::Done, format!("request-{operation}"))
}

fn acts(store: &dyn Store, unit: UnitId, count: usize) {
    for at in 0..count {
        let change = Change { kind: "Quota", id: 7, before: Some("1".to_owned()), after: Some("2".to_owned()) };
        let write = |tx: &mut dyn WriteTx| {
            tx.changed(change.clone());
            tx.record(vec![entry(1, unit, &format!("act-{at}"))]);
            Ok(())
        };
        store.write(write).expect("it is recorded");
    }
}

fn checkpoint(store: &dyn Store) -> Option<Checkpoint> {
    store.write(|tx| set_checkpoint(tx, &KEYS, moment("2023-06-05T09:00:00Z"))).expect("a checkpoint")
}

/// A world with nine acts and checkpoints on the third and the ninth, whose database lets itself be tampered with.
fn opened(backend: Backend) -> Option<(World, Vec<Exported>)> {
    let world = World::new(backend)?;
    acts(&*world.store, world.country, 3);
    let early = checkpoint(&*world.store).expect("three were added");
    acts(&*world.store, world.country, 6);
    let late = checkpoint(&*world.store).expect("six were added");
    assert_eq!(checkpoint(&*world.store), None, "a checkpoint of nothing new");
    let exported = [early, late].map(|checkpoint| Exported { checkpoint, stored: true }).to_vec();
    assert!(world.refuses("UPDATE audit SET operation = 'forged'"), "the record can be edited");
    assert!(world.refuses("DELETE FROM audit"), "the record can be deleted");
    assert!(world.refuses("DELETE FROM audit_checkpoint"), "checkpoints can be deleted");
    world.database.execute(match backend {
        Backend::Sqlite => {
            "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;
             DROP TRIGGER audit_checkpoint_no_update; DROP TRIGGER audit_checkpoint_no_delete"
        }
        Backend::Postgres => {
            "DROP TRIGGER audit_fixed ON audit; DROP TRIGGER audit_checkpoint_fixed ON audit_checkpoint"
        }
    });
    Some((world, exported))
}

fn verified(world: &World, exported: &[Exported], verifier: Verifier) -> Report {
    verify_audit(&*world.store, &KEYS, exported.iter().cloned(), verifier).expect("it is read")
}

fn found(world: &World, exported: &[Exported]) -> Vec<(i64, What)> {
    let report = verified(world, exported, Verifier::default());
    report.findings.into_iter().map(|finding| (finding.seq, finding.what)).collect()
}

/// Tampers, and tells what is found; the database is a fresh one each time.
fn after(backend: Backend, sql: &str) -> Option<Vec<(i64, What)>> {
    let (world, _) = opened(backend)?;
    assert_eq!(found(&world, &[]), []);
    world.database.execute(sql);
    Some(found(&world, &[]))
}

const ROLL_BACK: &str = "DELETE FROM audit WHERE seq > 5; DELETE FROM audit_checkpoint WHERE seq > 5;
    UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)";

on_both! {
    acts_stand_in_one_chain(backend) {
        let Some(world) = World::new(backend) else { return };
        let several = (1..=3).map(|at| entry(at, world.country, "several")).collect::<Vec<_>>();
        world.write(|tx| {
            tx.changed(Change { kind: "Unit", id: 1, before: None, after: Some("new".to_owned()) });
            tx.record(several.clone());
            Ok(())
        });
        acts(&*world.store, world.country, 2);
        let failed = world.try_write(|tx| -> Result<(), _> {
            tx.record(several.clone());
            Err(StoreError::Stale)
        });
        assert_eq!(failed, Err(StoreError::Stale));
        let (rows, head) = world.read(|tx| Ok((tx.chain(1, 100)?, tx.chain_head()?)));
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert_eq!(rows[0].changes, "Unit 1: - => new");
        assert_eq!((rows[1].changes.as_str(), rows[4].changes.as_str()), ("", "Quota 7: 1 => 2"));
        assert!(rows.windows(2).all(|pair| pair[1].previous == pair[0].hash));
        assert_eq!(head, (5, rows[4].hash));
        assert_eq!(world.read(|tx| tx.chain(4, 1)).iter().map(|row| row.seq).collect::<Vec<_>>(), [4]);
        let hashes = world.read(|tx| tx.chain_hashes(&[5, 99, 2]));
        assert_eq!(hashes, BTreeMap::from([(2, rows[1].hash), (5, rows[4].hash)]));
        let report = verified(&world, &[], Verifier::default());
        assert_eq!((report.rows, report.checkpoints, report.found), (5, 0, 0));
    }

    sealing_costs_three_statements(backend) {
        let Some(world) = World::new(backend) else { return };
        let cost = |count: usize| {
            let before = statements();
            world.write(|tx| {
                tx.record((0..count).map(|_| entry(1, world.country, "act")).collect());
                Ok(())
            });
            statements() - before
        };
        cost(1);
        let nothing = cost(0);
        let (one, many) = (cost(1) - nothing, cost(500) - nothing);
        println!("sealing costs {one} statements for an act, {many} for 500");
        assert!(one <= 3 && many <= 3, "{one}, {many}");
    }

    an_edit_of_any_column_is_found(backend) {
        let Some((world, _)) = opened(backend) else { return };
        let edits = [
            "at = at + 1", "account_id = 9", "subject = 'other'", "assignment_id = 9", "role = 'auditor'", "role = NULL",
            "operation = 'forged'", "unit_id = NULL", "input = ''", "changes = ''", "outcome = 'FORBIDDEN'",
            "request = 'other'", "previous = (SELECT hash FROM audit WHERE seq = 1)",
            "hash = (SELECT hash FROM audit WHERE seq = 1)",
        ];
        world.database.execute("CREATE TABLE kept AS SELECT * FROM audit");
        for edit in edits {
            world.database.execute(&format!("UPDATE audit SET {edit} WHERE seq = 4"));
            let found = found(&world, &[]);
            assert!(found.contains(&(4, What::Edited)), "{edit}: {found:?}");
            world.database.execute("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept");
            assert_eq!(self::found(&world, &[]), []);
        }
    }

    a_deletion_is_found(backend) {
        let Some(found) = after(backend, "DELETE FROM audit WHERE seq BETWEEN 4 AND 5") else { return };
        assert_eq!(found, [(4, What::Missing(5))]);
    }

    a_swap_is_found(backend) {
        let swap = "UPDATE audit SET seq = 99 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
            UPDATE audit SET seq = 5 WHERE seq = 99";
        let Some(found) = after(backend, swap) else { return };
        assert!(found.contains(&(4, What::Edited)) && found.contains(&(5, What::Edited)), "{found:?}");
    }

    an_insertion_is_found(backend) {
        let insert = "UPDATE audit SET seq = seq + 1000 WHERE seq >= 4; UPDATE audit SET seq = seq - 999 WHERE seq > 1000;
            INSERT INTO audit SELECT 4, at, account_id, subject, assignment_id, role, operation, unit_id, input, changes,
            outcome, request, hash, hash FROM audit WHERE seq = 3";
        let Some(found) = after(backend, insert) else { return };
        assert_eq!(found[0], (4, What::Edited), "{found:?}");
        assert!(found.contains(&(10, What::BehindHead)), "{found:?}");
    }

    a_cut_tail_is_found(backend) {
        let Some(found) = after(backend, "DELETE FROM audit WHERE seq > 5") else { return };
        assert_eq!(found, [(9, What::TailCut(5)), (9, What::RolledBack(5))]);
        let Some(found) = after(backend, "DELETE FROM audit WHERE seq > 5; UPDATE audit_head SET seq = 5,
            hash = (SELECT hash FROM audit WHERE seq = 5)") else { return };
        assert_eq!(found, [(9, What::RolledBack(5))], "the head was cut with it; a checkpoint was not");
    }

    an_edited_head_is_found(backend) {
        let edit = "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 2)";
        let Some(found) = after(backend, edit) else { return };
        assert_eq!(found, [(9, What::HeadEdited)]);
    }

    a_forged_checkpoint_is_found(backend) {
        let forge = "INSERT INTO audit_checkpoint SELECT seq, hash, 0, 'word', hash FROM audit WHERE seq = 5";
        let Some(found) = after(backend, forge) else { return };
        assert_eq!(found, [(5, What::Forged)]);
    }

    an_old_backup_is_found_by_what_was_exported(backend) {
        let Some((world, exported)) = opened(backend) else { return };
        assert_eq!(found(&world, &exported), []);
        world.database.execute(ROLL_BACK);
        assert_eq!(found(&world, &[]), [], "without an export nothing tells");
        assert_eq!(found(&world, &exported), [(9, What::Withheld), (9, What::RolledBack(5))]);
        // Other acts since then do not hide it.
        acts(&*world.store, world.country, 6);
        assert_eq!(found(&world, &exported), [(9, What::Withheld), (9, What::Rewritten)]);
        let beside = Exported { stored: false, ..exported[1].clone() };
        assert_eq!(found(&world, &[beside]), [(9, What::Rewritten)]);
    }

    without_its_comparison_a_tampering_is_not_found(backend) {
        let cases = [
            (Check::Content, "UPDATE audit SET input = 'forged' WHERE seq = 4"),
            (Check::Place, "DELETE FROM audit WHERE seq = 4"),
            (Check::Head, "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 2)"),
            (Check::Agreement, "DELETE FROM audit WHERE seq > 5;
                UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)"),
            (Check::Signature, "INSERT INTO audit_checkpoint SELECT seq, hash, 0, 'word', hash FROM audit WHERE seq = 5"),
            (Check::Presence, "DELETE FROM audit_checkpoint"),
        ];
        for (check, sql) in cases {
            let Some((world, exported)) = opened(backend) else { return };
            world.database.execute(sql);
            assert_ne!(found(&world, &exported), [], "{check:?}");
            let blind = verified(&world, &exported, Verifier::without(check));
            assert!(blind.agrees(), "{check:?}: {:?}", blind.findings);
        }
    }

    whoever_writes_at_once_leaves_no_gap(backend) {
        const EACH: usize = 40;
        let Some(world) = World::new(backend) else { return };
        // Two servers on PostgreSQL; SQLite serves one.
        let other = if backend == Backend::Postgres { reopen(&world.database) } else { world.store.clone() };
        thread::scope(|scope| {
            for store in [&world.store, &other, &world.store, &other] {
                scope.spawn(|| acts(&**store, world.country, EACH));
            }
        });
        let report = verified(&world, &[], Verifier::default());
        assert_eq!((report.rows, report.found), (160, 0), "{:?}", report.findings);
    }

    what_cannot_be_recorded_is_not_done(backend) {
        let Some(world) = World::new(backend) else { return };
        let now = moment("2023-06-05T08:30:00Z");
        let group = |code: &str| {
            let command = DefineGroup {
                code: caodiem_domain::text::Key::new(code).expect("a key"),
                name_vi: title(code),
                name_en: title(code),
            };
            world.store.write(|tx| define_group(&act(Role::Planner, now), tx, &command))
        };
        let unit = |code: &str| {
            let command = FoundUnit {
                parent: Some(world.district_a1),
                code: caodiem_domain::text::UnitCode::new(code).expect("a code"),
                name: caodiem_domain::text::UnitName::new(code).expect("a name"),
                kind: UnitKind::RuralCommune,
                valid_from: day("2023-06-01"),
                legal_basis: None,
                synthetic: true,
            };
            world.store.write(|tx| found_unit(&act(Role::SystemAdmin, now), tx, &command))
        };
        assert!(group("BEFORE").is_ok() && unit("A1x").is_ok());
        world.database.execute(match backend {
            Backend::Sqlite => "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END",
            Backend::Postgres => "ALTER TABLE audit ADD CONSTRAINT audit_full CHECK (false) NOT VALID",
        });
        let rows = |table: &str| world.database.number(&format!("SELECT COUNT(*) AS number FROM {table}"));
        let counts = || ["unit", "unit_version", "population_group", "request", "audit"].map(rows);
        let before = counts();
        assert!(group("AFTER").is_err() && unit("A1y").is_err());
        assert_eq!(counts(), before, "a write without a record left something");
        assert_eq!(world.read(|tx| tx.groups()).len(), 3, "reading goes on");
        world.database.execute(match backend {
            Backend::Sqlite => "DROP TRIGGER full",
            Backend::Postgres => "ALTER TABLE audit DROP CONSTRAINT audit_full",
        });
        assert!(group("AFTER").is_ok() && unit("A1y").is_ok());
        assert_eq!(found(&world, &[]), []);
    }

    acts_are_listed_to_whom_they_concern(backend) {
        let Some(world) = World::new(backend) else { return };
        let done = [
            (1, world.commune_a1a, "one"),
            (2, world.district_a1, "two"),
            (1, world.commune_b1a, "three"),
            (0, UnitId::new(0), "four"),
        ];
        for (account, unit, operation) in done {
            world.write(|tx| {
                tx.record(vec![entry(account, unit, operation)]);
                Ok(())
            });
        }
        let listed = |seen: &Seen, filter: &Filter<RecordPredicate>| {
            let count = world.read(|tx| tx.count_records(seen, filter));
            let forward = all_pages(Direction::Forward, 1, |page| world.read(|tx| tx.list_records(seen, filter, page)));
            let backward = all_pages(Direction::Backward, 2, |page| world.read(|tx| tx.list_records(seen, filter, page)));
            assert_eq!(forward, backward);
            assert_eq!(u64::try_from(forward.len()).expect("few"), count);
            forward.into_iter().map(|record| record.operation).collect::<Vec<_>>()
        };
        let all = Filter::everything();
        let is = |predicate: RecordPredicate| Filter::Is(predicate);
        assert_eq!(listed(&Seen::All, &all), ["four", "three", "two", "one"]);
        assert_eq!(listed(&Seen::Within(world.scope(&[world.province_a])), &all), ["two", "one"]);
        assert_eq!(listed(&Seen::Within(Scope::Subtrees(Vec::new())), &all), [""; 0]);
        assert_eq!(listed(&Seen::Own(AccountId::new(1)), &all), ["three", "one"]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Under(world.district_a1))), ["two", "one"]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Place(vec![2, 4, 9]))), ["four", "two"]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Operation(vec!["one".to_owned()]))), ["one"]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Subject(vec!["nobody".to_owned()]))), [""; 0]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Refused(true))), [""; 0]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Request("request-two".to_owned()))), ["two"]);
        let since = moment("2023-06-05T08:30:00.123457Z");
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Since(since))), [""; 0]);
        assert_eq!(listed(&Seen::All, &is(RecordPredicate::Before(since))).len(), 4);
        let page = world.read(|tx| tx.list_records(&Seen::All, &all, &first(2)));
        assert!(page.has_next && !page.has_previous);
    }
}
