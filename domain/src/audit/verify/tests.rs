use proptest::prelude::*;

use super::*;
use crate::audit::{ActOutcome, Entry};
use crate::id::{AccountId, AssignmentId};
use crate::problem::Problem;
use crate::text::Subject;
use crate::time::Instant;

type Case<'a> = (Check, &'a [Record], Link, &'a [Checkpoint]);

const KEPT: Kept = Kept::Stored;

fn chain(length: usize) -> Result<Vec<Record>, Problem> {
    let subject = Subject::new("tester")?;
    let mut rows: Vec<Record> = Vec::new();
    for at in 0..length {
        let entry = Entry {
            at: Instant::default(),
            account: AccountId::new(1),
            subject: subject.clone(),
            assignment: AssignmentId::new(1),
            role: None,
            operation: format!("act {at}"),
            unit: None,
            input: String::new(),
            changes: Vec::new(),
            outcome: ActOutcome::Done,
            request: String::new(),
        };
        rows.push(Record::follow(&entry, end(&rows)));
    }
    Ok(rows)
}

fn end(rows: &[Record]) -> Link {
    rows.last().map_or((0, GENESIS), |last| (last.seq, last.hash))
}

fn checkpoint(rows: &[Record], seq: i64) -> Checkpoint {
    let hash = hash_at(rows, seq).unwrap_or_default();
    Checkpoint { seq, hash, at: Instant::default(), kid: "k".to_owned(), signature: Vec::new() }
}

fn hash_at(rows: &[Record], seq: i64) -> Option<[u8; 32]> {
    rows.iter().find(|row| row.seq == seq).map(|row| row.hash)
}

fn read(mut verifier: Verifier, rows: &[Record], head: Link, checkpoints: &[Checkpoint]) -> Vec<(i64, What)> {
    for row in rows {
        verifier.record(row);
    }
    verifier.head(head);
    for checkpoint in checkpoints {
        verifier.checkpoint(checkpoint, true, KEPT, hash_at(rows, checkpoint.seq));
    }
    verifier.finish().findings.into_iter().map(|finding| (finding.seq, finding.what)).collect()
}

fn found(rows: &[Record], head: Link, checkpoints: &[Checkpoint]) -> Vec<(i64, What)> {
    read(Verifier::default(), rows, head, checkpoints)
}

/// Gives every row from a place on the hash of its content and the link to the row before it, as somebody would who knows
/// the recipe.
fn mend(rows: &mut [Record]) {
    let (mut seq, mut hash) = (0, GENESIS);
    for row in rows {
        seq += 1;
        (row.seq, row.previous) = (seq, hash);
        hash = row.reckoned();
        row.hash = hash;
    }
}

fn edit(rows: &mut [Record], seq: i64) {
    rows.iter_mut().filter(|row| row.seq == seq).for_each(|row| row.operation = "forged".to_owned());
}

proptest! {
    #[test]
    fn an_untouched_chain_agrees(length in 0_usize..40) {
        let rows = chain(length).map_err(|problem| TestCaseError::fail(format!("{problem:?}")))?;
        let points: Vec<_> = rows.iter().map(|row| checkpoint(&rows, row.seq)).collect();
        prop_assert_eq!(found(&rows, end(&rows), &points), []);
    }

    #[test]
    fn an_edit_is_found_where_it_was_made((length, at) in (1_usize..40).prop_flat_map(|length| (Just(length), 1..=length))) {
        let rows = chain(length).map_err(|problem| TestCaseError::fail(format!("{problem:?}")))?;
        let (head, seq) = (end(&rows), i64::try_from(at).unwrap_or_default());
        let mut edited = rows.clone();
        edit(&mut edited, seq);
        prop_assert_eq!(found(&edited, head, &[]), [(seq, What::Edited)]);
        // With its own hash mended the next row, or the head, no longer fits.
        for row in edited.iter_mut().filter(|row| row.seq == seq) {
            row.hash = row.reckoned();
        }
        let expected = if at == length { (seq, What::HeadEdited) } else { (seq + 1, What::Unlinked) };
        prop_assert_eq!(found(&edited, head, &[]), [expected]);
        // With everything after it mended only a checkpoint tells.
        mend(&mut edited);
        prop_assert_eq!(found(&edited, end(&edited), &[]), []);
        let points: Vec<_> = rows.iter().map(|row| checkpoint(&rows, row.seq)).collect();
        let first = found(&edited, end(&edited), &points).first().copied();
        prop_assert_eq!(first, Some((seq, What::Rewritten)));
    }

    #[test]
    fn a_deleted_stretch_is_found_with_its_ends(
        (length, from, to) in (1_usize..40)
            .prop_flat_map(|length| (Just(length), 1..=length))
            .prop_flat_map(|(length, from)| (Just(length), Just(from), from..=length))
    ) {
        let mut rows = chain(length).map_err(|problem| TestCaseError::fail(format!("{problem:?}")))?;
        let (head, from, to) = (end(&rows), i64::try_from(from).unwrap_or_default(), i64::try_from(to).unwrap_or_default());
        rows.retain(|row| !(from..=to).contains(&row.seq));
        let expected = if to == head.0 { (to, What::TailCut(from - 1)) } else { (from, What::Missing(to)) };
        prop_assert_eq!(found(&rows, head, &[]), [expected]);
    }

    #[test]
    fn swapped_rows_are_both_found((length, one) in (2_usize..40).prop_flat_map(|length| (Just(length), 1..length))) {
        let mut rows = chain(length).map_err(|problem| TestCaseError::fail(format!("{problem:?}")))?;
        let (head, one) = (end(&rows), i64::try_from(one).unwrap_or_default());
        for row in &mut rows {
            let other = match row.seq {
                seq if seq == one => one + 1,
                seq if seq == one + 1 => one,
                _ => continue,
            };
            row.seq = other;
        }
        rows.sort_by_key(|row| row.seq);
        let found = found(&rows, head, &[]);
        prop_assert!(found.contains(&(one, What::Edited)) && found.contains(&(one + 1, What::Edited)), "{:?}", found);
    }

    #[test]
    fn an_inserted_row_is_found((length, at) in (1_usize..40).prop_flat_map(|length| (Just(length), 1..=length))) {
        let rows = chain(length).map_err(|problem| TestCaseError::fail(format!("{problem:?}")))?;
        let at = i64::try_from(at).unwrap_or_default();
        let mut longer = rows.clone();
        let copy = rows.iter().find(|row| row.seq == at).cloned();
        for row in longer.iter_mut().filter(|row| row.seq >= at) {
            row.seq += 1;
        }
        longer.extend(copy);
        longer.sort_by_key(|row| row.seq);
        // The copy fits; whatever was pushed back does not.
        let forward = found(&longer, end(&rows), &[]);
        prop_assert!(forward.contains(&(at + 1, What::Edited)) && forward.contains(&(at + 1, What::Unlinked)), "{:?}", forward);
        prop_assert!(forward.contains(&(end(&rows).0 + 1, What::BehindHead)), "{:?}", forward);
    }
}

#[test]
fn what_was_done_to_head_and_checkpoints_is_found() -> Result<(), Problem> {
    let rows = chain(9)?;
    assert_eq!(found(&rows, (9, [7; 32]), &[]), [(9, What::HeadEdited)]);
    assert_eq!(found(&rows, (12, [7; 32]), &[]), [(12, What::TailCut(9))]);
    assert_eq!(found(&rows, (4, [7; 32]), &[]), [(5, What::BehindHead)]);
    let forged = Checkpoint { hash: [7; 32], ..checkpoint(&rows, 6) };
    assert_eq!(found(&rows, end(&rows), &[forged]), [(6, What::Rewritten)]);
    let mut verifier = Verifier::default();
    verifier.checkpoint(&checkpoint(&rows, 6), false, KEPT, hash_at(&rows, 6));
    verifier.checkpoint(&checkpoint(&rows, 7), true, Kept::Exported { stored: false }, hash_at(&rows, 7));
    verifier.checkpoint(&checkpoint(&rows, 8), true, Kept::Exported { stored: true }, hash_at(&rows, 8));
    verifier.checkpoint(&checkpoint(&rows, 8), true, Kept::ExportedOnly, hash_at(&rows, 8));
    let found: Vec<_> = verifier.finish().findings.into_iter().map(|finding| (finding.seq, finding.what)).collect();
    assert_eq!(found, [(6, What::Forged), (7, What::Withheld)]);
    Ok(())
}

#[test]
fn an_old_backup_is_found_by_a_checkpoint_that_was_exported() -> Result<(), Problem> {
    let rows = chain(9)?;
    let (points, backup) = ([checkpoint(&rows, 3), checkpoint(&rows, 8)], rows.get(..5).unwrap_or_default());
    assert_eq!(found(backup, end(backup), &points), [(8, What::RolledBack(5))]);
    // Acts that came after the restoration do not hide it.
    let mut grown = backup.to_vec();
    grown.extend_from_slice(rows.get(5..).unwrap_or_default());
    edit(&mut grown, 6);
    mend(&mut grown);
    assert_eq!(found(&grown, end(&grown), &points), [(8, What::Rewritten)]);
    Ok(())
}

/// Each tampering that one comparison alone finds is no longer found without it.
#[test]
fn every_comparison_is_needed() -> Result<(), Problem> {
    let rows = chain(9)?;
    let head = end(&rows);
    let mut edited = rows.clone();
    edit(&mut edited, 4);
    let mut rehashed = edited.clone();
    rehashed.iter_mut().filter(|row| row.seq == 4).for_each(|row| row.hash = row.reckoned());
    let mut gap = rows.clone();
    gap.retain(|row| row.seq != 4);
    let forged = [Checkpoint { hash: [7; 32], ..checkpoint(&rows, 4) }];
    let cases: [Case<'_>; 5] = [
        (Check::Content, &edited, head, &[]),
        (Check::Link, &rehashed, head, &[]),
        (Check::Place, &gap, head, &[]),
        (Check::Head, &rows, (12, head.1), &[]),
        (Check::Agreement, &rows, head, &forged),
    ];
    for (check, rows, head, points) in cases {
        assert_eq!(found(rows, head, points).len(), 1, "{check:?}");
        assert_eq!(read(Verifier::without(check), rows, head, points), [], "{check:?}");
    }
    let mut without = [Verifier::without(Check::Signature), Verifier::without(Check::Presence)];
    for (verifier, (genuine, stored)) in without.iter_mut().zip([(false, true), (true, false)]) {
        verifier.checkpoint(&checkpoint(&rows, 4), genuine, Kept::Exported { stored }, hash_at(&rows, 4));
    }
    assert!(
        without.into_iter().all(|verifier| verifier
            .finish()
            .findings
            .iter()
            .all(|one| one.what == What::RolledBack(0)))
    );
    Ok(())
}

#[test]
fn findings_are_bounded_and_counted() -> Result<(), Problem> {
    let mut rows = chain(150)?;
    for row in &mut rows {
        row.operation = "forged".to_owned();
    }
    let mut verifier = Verifier::default();
    for row in &rows {
        verifier.record(row);
    }
    let report = verifier.finish();
    assert_eq!((report.found, report.findings.len(), report.rows), (150, KEPT_MAX, 150));
    assert!(!report.agrees());
    Ok(())
}
