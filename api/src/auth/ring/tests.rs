#![expect(clippy::expect_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use caodiem_domain::time::Clock;

use super::notes::DAY;
use super::*;

const START: i64 = 1_700_000_000;

struct Moving(AtomicI64);

impl Clock for Moving {
    fn now(&self) -> Instant {
        at(self.0.load(Ordering::Relaxed))
    }
}

fn at(seconds: i64) -> Instant {
    chrono::DateTime::from_timestamp(seconds, 0).expect("a moment")
}

/// A ring of two keys: the first one signs, the second was just published.
fn rotated(home: &Path) -> (Folder, PathBuf, String, String) {
    let (folder, old) = (Folder::new(&home.join("keys")), home.join("signing.pem"));
    let ring = folder.open(&old, at(START)).expect("a ring");
    let first = ring.signing().expect("a key").id.clone();
    let mut second = String::new();
    let change = folder.change(&old, at(START), |change| {
        second = change.publish()?;
        Ok(())
    });
    change.expect("published");
    (folder, old, first, second)
}

fn refused(folder: &Folder, old: &Path, now: i64, change: impl FnOnce(&mut Notes) -> Result<(), String>) -> String {
    let done = folder.change(old, at(now), |ring| change(ring.notes).map_err(Failure::Failed));
    done.map_or_else(|failure| failure.to_string(), |_| String::new())
}

#[test]
fn a_ring_is_made_once_and_an_old_key_is_taken_over() {
    let home = tempfile::tempdir().expect("a folder");
    let (key, text) = SigningKey::make().expect("a key");
    let old = home.path().join("signing.pem");
    write_private(&old, text.as_bytes()).expect("written");
    let folder = Folder::new(&home.path().join("deep/keys"));
    for _ in 0..2 {
        let ring = folder.open(&old, at(START)).expect("a ring");
        assert_eq!(ring.signing().map(|key| key.id.clone()), Some(key.id.clone()));
        assert_eq!(ring.notes.keys.len(), 1);
    }
}

#[test]
fn a_key_is_published_a_day_before_it_signs() {
    let home = tempfile::tempdir().expect("a folder");
    let (folder, old, first, second) = rotated(home.path());
    let ring = folder.read().expect("a ring");
    assert_eq!(ring.published().count(), 2);
    assert_eq!(ring.signing().map(|key| key.id.clone()), Some(first.clone()));
    assert!(ring.verifying(&second).is_some());
    let early = refused(&folder, &old, START + DAY - 1, |notes| notes.activate(&second, at(START + DAY - 1), None));
    assert!(early.contains("1 h more"), "{early}");
    assert_eq!(refused(&folder, &old, START + DAY, |notes| notes.activate(&second, at(START + DAY), None)), "");
    let ring = folder.read().expect("a ring");
    assert_eq!(ring.signing().map(|key| key.id.clone()), Some(second));
    assert_eq!(ring.notes.state(&first), Some(KeyState::Passive));
}

#[test]
fn a_key_is_kept_a_day_after_it_signed() {
    let home = tempfile::tempdir().expect("a folder");
    let (folder, old, first, second) = rotated(home.path());
    let turned = START + DAY;
    assert_eq!(refused(&folder, &old, turned, |notes| notes.activate(&second, at(turned), None)), "");
    let signs = refused(&folder, &old, turned, |notes| notes.remove(&second, at(turned), Some("lost")));
    assert!(signs.contains("signs"), "{signs}");
    let early = refused(&folder, &old, turned, |notes| notes.remove(&first, at(turned + DAY - 1), None));
    assert!(early.contains("too early"), "{early}");
    let forced = refused(&folder, &old, turned, |notes| notes.remove(&first, at(turned), Some("lost")));
    assert_eq!(forced, "");
    let ring = folder.read().expect("a ring");
    assert!(ring.verifying(&first).is_none());
    assert_eq!(ring.notes.deeds.last().and_then(|deed| deed.reason.as_deref()), Some("lost"));
}

#[test]
fn a_disabled_key_verifies_nothing_and_the_one_that_signs_cannot_be_disabled() {
    let home = tempfile::tempdir().expect("a folder");
    let (folder, old, first, second) = rotated(home.path());
    assert!(refused(&folder, &old, START, |notes| notes.disable(&first, at(START), "stolen")).contains("signs"));
    assert_eq!(refused(&folder, &old, START, |notes| notes.activate(&second, at(START), Some("stolen"))), "");
    let signature = folder.read().expect("a ring").verifying(&first).expect("a key").sign(b"text").expect("signed");
    assert!(folder.read().expect("a ring").is_signed(&first, b"text", &signature));
    assert_eq!(refused(&folder, &old, START, |notes| notes.disable(&first, at(START), "stolen")), "");
    let ring = folder.read().expect("a ring");
    assert!(ring.verifying(&first).is_none());
    assert!(!ring.is_signed(&first, b"text", &signature));
    assert!(refused(&folder, &old, START, |notes| notes.activate(&first, at(START), None)).contains("disabled"));
}

#[test]
fn what_a_removed_key_signed_can_still_be_looked_into() {
    let home = tempfile::tempdir().expect("a folder");
    let (folder, old, first, second) = rotated(home.path());
    let signature = folder.read().expect("a ring").verifying(&first).expect("a key").sign(b"text").expect("signed");
    let later = START + DAY;
    assert_eq!(refused(&folder, &old, later, |notes| notes.activate(&second, at(later), None)), "");
    let removed = folder.change(&old, at(later + DAY), |ring| {
        ring.notes.remove(&first, at(later + DAY), None).map_err(Failure::Failed)?;
        ring.throw_away(&first)
    });
    removed.expect("removed");
    assert!(!folder.key(&first).exists());
    assert!(folder.read().expect("a ring").is_signed(&first, b"text", &signature));
}

#[test]
fn a_running_process_notices_a_change_within_seconds() {
    let home = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(Moving(START.into()));
    let (path, old) = (home.path().join("keys"), home.path().join("signing.pem"));
    let keyring = Keyring::open(&path, &old, Arc::<Moving>::clone(&clock)).expect("a ring");
    let (_, before) = keyring.current();
    let published = Folder::new(&path).change(&old, at(START), |change| change.publish().map(drop));
    published.expect("published");
    clock.0.store(START + 1, Ordering::Relaxed);
    let (ring, after) = keyring.current();
    assert_ne!(before, after);
    assert_eq!(ring.published().count(), 2);
    std::fs::write(Folder::new(&path).notes(), "{").expect("written");
    clock.0.store(START + 2, Ordering::Relaxed);
    assert_eq!(keyring.current().0.published().count(), 2, "what cannot be read leaves the keys as they were");
}

#[test]
fn what_is_recorded_is_noted_no_more_but_for_what_was_done_to_keys() {
    let home = tempfile::tempdir().expect("a folder");
    let (folder, old, first, second) = rotated(home.path());
    let waiting = || {
        let notes = folder.read().expect("a ring").notes;
        notes.unrecorded().map(|deed| (deed.what.clone(), deed.kid.clone())).collect::<Vec<_>>()
    };
    let change = |change: &dyn Fn(&mut Notes)| {
        let done = folder.change(&old, at(START), |ring| {
            change(ring.notes);
            Ok(())
        });
        done.expect("changed")
    };
    change(&|notes| notes.minted(&first, "for somebody", at(START)));
    let noted = |what: &str, kid: &str| (what.to_owned(), kid.to_owned());
    assert_eq!(waiting(), [noted("rotate", &first), noted("rotate", &second), noted("token", &first)]);
    let ids: Vec<String> =
        folder.read().expect("a ring").notes.unrecorded().filter_map(|deed| deed.unrecorded.clone()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), 3, "each goes on record under an id of its own");
    let (one, others) = ids.split_first().expect("three");
    change(&|notes| notes.recorded(others));
    assert_eq!(waiting(), [noted("rotate", &first)]);
    let left = change(&|notes| notes.recorded(std::slice::from_ref(one)));
    assert_eq!(left.deeds.iter().map(|deed| deed.what.as_str()).collect::<Vec<_>>(), ["rotate", "rotate"]);
}
