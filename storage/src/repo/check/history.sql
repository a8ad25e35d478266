-- Replaced revisions of a book that no standing tally comes after, or that come without the one before.
SELECT r.book_id, r.day, r.unit_id, r.indicator_id, r.reporter_kind, r.reporter_id,
    'revision ' || r.revision || ' says ' || r.value || '; '
        || COALESCE('revision ' || t.revision || ' stands', 'nothing stands') AS how
FROM tally_revision AS r
LEFT JOIN tally AS t
    ON t.book_id = r.book_id AND t.day = r.day AND t.unit_id = r.unit_id AND t.indicator_id = r.indicator_id
    AND t.reporter_kind = r.reporter_kind AND t.reporter_id = r.reporter_id
WHERE r.book_id = $1
    AND (t.revision IS NULL OR r.revision >= t.revision
        OR (r.revision > 1 AND NOT EXISTS (
            SELECT 1 FROM tally_revision AS before
            WHERE before.book_id = r.book_id AND before.day = r.day AND before.unit_id = r.unit_id
                AND before.indicator_id = r.indicator_id AND before.reporter_kind = r.reporter_kind
                AND before.reporter_id = r.reporter_id AND before.revision = r.revision - 1)))
ORDER BY r.day, r.unit_id, r.indicator_id, r.reporter_kind, r.reporter_id, r.revision
LIMIT $2
