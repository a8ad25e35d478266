-- Standing tallies of a book that are not their latest revision, or whose overwritten value is not the one before.
SELECT t.book_id, t.unit_id, t.day, t.indicator_id, t.reporter_kind, t.reporter_id,
    'revision ' || t.revision || ' stands with ' || t.value || ' over ' || t.prev
        || '; its history says ' || COALESCE(CAST(last.value AS TEXT), 'nothing')
        || ' over ' || COALESCE(CAST(before.value AS TEXT), 'nothing') AS how
FROM tally AS t
LEFT JOIN tally_revision AS last
    ON last.book_id = t.book_id AND last.unit_id = t.unit_id AND last.day = t.day
    AND last.indicator_id = t.indicator_id AND last.reporter_kind = t.reporter_kind
    AND last.reporter_id = t.reporter_id AND last.revision = t.revision
LEFT JOIN tally_revision AS before
    ON before.book_id = t.book_id AND before.unit_id = t.unit_id AND before.day = t.day
    AND before.indicator_id = t.indicator_id AND before.reporter_kind = t.reporter_kind
    AND before.reporter_id = t.reporter_id AND before.revision = t.revision - 1
WHERE t.book_id = $1
    AND (last.value IS NULL OR last.value <> t.value OR last.drive_id <> t.drive_id
        OR COALESCE(before.value, 0) <> t.prev OR (t.revision > 1 AND before.value IS NULL))
ORDER BY t.unit_id, t.day, t.indicator_id, t.reporter_kind, t.reporter_id
LIMIT $2
