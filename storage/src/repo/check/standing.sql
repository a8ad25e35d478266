-- Standing tallies of a book that do not stand over the revision before theirs.
SELECT t.book_id, t.day, t.unit_id, t.indicator_id, t.reporter_kind, t.reporter_id,
    'revision ' || t.revision || ' stands over ' || t.prev || '; its history says '
        || COALESCE((
            SELECT CAST(before.value AS TEXT) FROM tally_revision AS before
            WHERE before.book_id = t.book_id AND before.day = t.day AND before.unit_id = t.unit_id
                AND before.indicator_id = t.indicator_id AND before.reporter_kind = t.reporter_kind
                AND before.reporter_id = t.reporter_id AND before.revision = t.revision - 1), 'nothing') AS how
FROM tally AS t
WHERE t.book_id = $1
    AND ((t.revision = 1 AND t.prev <> 0)
        OR (t.revision > 1 AND NOT EXISTS (
            SELECT 1 FROM tally_revision AS before
            WHERE before.book_id = t.book_id AND before.day = t.day AND before.unit_id = t.unit_id
                AND before.indicator_id = t.indicator_id AND before.reporter_kind = t.reporter_kind
                AND before.reporter_id = t.reporter_id AND before.revision = t.revision - 1
                AND before.value = t.prev AND before.drive_id = t.drive_id)))
ORDER BY t.day, t.unit_id, t.indicator_id, t.reporter_kind, t.reporter_id
LIMIT $2
