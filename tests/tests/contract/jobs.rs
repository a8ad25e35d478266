//! Jobs: one transaction each; all of it or nothing, whatever happens inside.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use caodiem_domain::error::{Constraint, Error, StoreError};
use caodiem_domain::id::{GroupId, Sequence};
use caodiem_domain::ports::{Lock, WriteTx};
use caodiem_domain::problem::{Code, Problem};
use caodiem_storage::{Config, open};
use caodiem_tests::database::Backend;
use caodiem_tests::on_both;

use crate::world::{NO_FIGURES, World, conflict, group};

/// Long enough for the other job to have gone on if it could.
const A_WHILE: Duration = Duration::from_millis(150);

fn add_group(tx: &mut dyn WriteTx, code: &str) -> Result<GroupId, StoreError> {
    let id = GroupId::new(tx.allocate(Sequence::Group, 1)?[0]);
    tx.insert_group(&group(id, code))?;
    Ok(id)
}

fn break_down() -> Result<(), Error> {
    panic!("on purpose")
}

fn groups(world: &World) -> Vec<String> {
    world.read(|tx| tx.groups()).into_iter().map(|group| group.code.to_string()).collect()
}

/// Runs a job that takes `held`, and while it holds it another one that takes `wanted`. Answers whether the second one
/// had to wait for the first to end.
fn waits(world: &World, held: Lock, wanted: Lock) -> bool {
    let (holding, held_now) = mpsc::channel();
    let (finished, ended) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            world.write(|tx| {
                tx.lock(&[held])?;
                holding.send(()).expect("somebody waits");
                released.recv().expect("a word");
                Ok(())
            });
        });
        held_now.recv().expect("it holds the lock");
        scope.spawn(move || {
            world.write(|tx| tx.lock(&[wanted, wanted]));
            finished.send(()).expect("somebody waits");
        });
        let waited = ended.recv_timeout(A_WHILE).is_err();
        release.send(()).expect("it waits");
        if waited {
            ended.recv().expect("it goes on");
        }
        waited
    })
}

on_both! {
    a_job_that_fails_leaves_nothing(backend) {
        let Some(world) = World::new(backend) else { return };
        let before = groups(&world);
        let refused = world.store.write(|tx| {
            add_group(tx, "NEW")?;
            Err::<(), Error>(Problem::new(Code::Empty).into())
        });
        assert_eq!(refused, Err(Problem::new(Code::Empty).into()));
        assert_eq!(groups(&world), before);
    }

    a_job_that_panics_leaves_nothing_and_ends_nobody_else(backend) {
        let Some(world) = World::new(backend) else { return };
        let before = groups(&world);
        let outcome = world.store.write(|tx| {
            add_group(tx, "NEW")?;
            break_down()
        });
        assert!(matches!(outcome, Err(Error::Store(StoreError::Other(_)))), "{outcome:?}");
        assert_eq!(groups(&world), before);
        let outcome = world.store.read(|_| break_down());
        assert!(outcome.is_err());
        world.write(|tx| add_group(tx, "NEW"));
        assert!(groups(&world).contains(&"NEW".to_owned()));
    }

    a_job_cannot_go_on_after_a_failed_statement(backend) {
        let Some(world) = World::new(backend) else { return };
        let before = groups(&world);
        let outcome = world.try_write(|tx| {
            add_group(tx, "NEW")?;
            assert_eq!(add_group(tx, "NEW"), conflict(Constraint::GroupCode));
            Ok(())
        });
        assert!(outcome.is_err(), "the failure was swallowed");
        assert_eq!(groups(&world), before);
    }

    a_job_is_run_again_when_the_database_was_busy(backend) {
        let Some(world) = World::new(backend) else { return };
        let runs = AtomicU32::new(0);
        world.write(|tx| {
            add_group(tx, "NEW")?;
            if runs.fetch_add(1, Ordering::Relaxed) < 2 { Err(StoreError::Busy) } else { Ok(()) }
        });
        assert_eq!(runs.into_inner(), 3);
        let endless = AtomicU32::new(0);
        let outcome = world.try_write(|_| {
            endless.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(StoreError::Busy)
        });
        assert_eq!(outcome, Err(StoreError::Busy));
        assert!((2..20).contains(&endless.into_inner()), "it gives up in the end");
        for error in [StoreError::Stale, StoreError::Unknown(String::new()), StoreError::Corrupt(String::new())] {
            let once = AtomicU32::new(0);
            let outcome = world.try_write(|_| {
                once.fetch_add(1, Ordering::Relaxed);
                Err::<(), _>(error.clone())
            });
            assert_eq!(outcome, Err(error));
            assert_eq!(once.into_inner(), 1);
        }
    }

    a_job_that_waits_too_long_is_told_so(backend) {
        let Some(world) = World::new(backend) else { return };
        let config = Config::new(&world.database.url()).expect("a URL");
        let World { store, database, .. } = world;
        // SQLite's file has one store at a time.
        drop(store);
        let store = open(&Config { statement_timeout_ms: 200, lock_timeout_ms: 1_000, ..config }).expect("it opens");
        let (holding, held) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let outcome = thread::scope(|scope| {
            let holder = Arc::clone(&store);
            scope.spawn(move || {
                let job = |tx: &mut dyn WriteTx| {
                    tx.lock(&[Lock::Tree])?;
                    holding.send(()).expect("somebody waits");
                    released.recv().expect("a word");
                    Ok(())
                };
                holder.write(job).expect("it holds the lock");
            });
            held.recv().expect("it holds the lock");
            let outcome = store.write(|tx| Ok(tx.lock(&[Lock::Tree])?));
            release.send(()).expect("it waits");
            outcome
        });
        // On SQLite it does not come so far as to send a statement.
        let late = if backend == Backend::Postgres { StoreError::TimedOut } else { StoreError::Busy };
        assert_eq!(outcome, Err(late.into()));
        drop((store, database));
    }

    a_job_that_reads_sees_one_snapshot(backend) {
        let Some(world) = World::new(backend) else { return };
        let before = groups(&world);
        let (began, wrote) = (Barrier::new(2), Barrier::new(2));
        thread::scope(|scope| {
            scope.spawn(|| {
                began.wait();
                world.write(|tx| add_group(tx, "NEW"));
                wrote.wait();
            });
            world.read(|tx| {
                let first = tx.groups()?.len();
                began.wait();
                wrote.wait();
                assert_eq!(tx.groups()?.len(), first);
                Ok(())
            });
        });
        assert_eq!(groups(&world).len(), before.len() + 1);
    }

    the_tree_is_held_by_many_or_changed_by_one(backend) {
        let Some(world) = World::new(backend) else { return };
        let world = Arc::new(world);
        // SQLite has one writer: there every job waits for the one before.
        let alone = backend == Backend::Sqlite;
        assert_eq!(waits(&world, Lock::TreeShared, Lock::TreeShared), alone);
        assert!(waits(&world, Lock::Tree, Lock::TreeShared));
        assert!(waits(&world, Lock::TreeShared, Lock::Tree));
        assert!(waits(&world, Lock::Tree, Lock::Tree));
    }

    a_book_is_held_by_one(backend) {
        let Some(world) = World::new(backend) else { return };
        let alone = backend == Backend::Sqlite;
        assert!(waits(&world, Lock::Book(world.drive), Lock::Book(world.drive)));
        assert!(waits(&world, Lock::Book(world.drive), Lock::BookShared(world.drive)));
        assert!(waits(&world, Lock::BookShared(world.drive), Lock::Book(world.drive)));
        assert_eq!(waits(&world, Lock::BookShared(world.drive), Lock::BookShared(world.drive)), alone);
        assert_eq!(waits(&world, Lock::Book(world.drive), Lock::Book(world.local_drive)), alone);
        assert_eq!(waits(&world, Lock::Book(world.drive), Lock::TreeShared), alone);
    }

    keys_are_never_handed_out_twice(backend) {
        let Some(world) = World::new(backend) else { return };
        let take = |count| world.write(|tx| tx.allocate(Sequence::Quota, count));
        let mut keys = take(3);
        let lost = world.try_write(|tx| {
            tx.allocate(Sequence::Quota, 2)?;
            Err::<(), _>(StoreError::Stale)
        });
        assert!(lost.is_err());
        keys.extend(take(1_000));
        assert_eq!(take(0), NO_FIGURES);
        let others: Vec<Vec<i64>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| take(50))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        keys.extend(others.concat());
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((keys.len(), count), (1_203, 1_203));
        assert!(keys.iter().all(|key| *key > 0));
    }
}
