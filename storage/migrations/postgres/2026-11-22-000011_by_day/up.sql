-- Figures and reports of a day lie together in their keys, sums of a week: a day of the whole country then goes to a few
-- pages that follow one another, however many days there are, instead of another page for every unit. The same tables
-- stand in ../../sqlite.
--
-- A figure stands in `tally` and nowhere else; `tally_revision` keeps what corrections replaced. The database itself sees
-- to that: nothing is replaced but by its next revision, and what is replaced is kept.

ALTER TABLE tally DROP CONSTRAINT tally_pkey;
ALTER TABLE tally ADD PRIMARY KEY (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id);
ALTER TABLE tally ADD CONSTRAINT tally_reason_check CHECK (revision = 1 OR reason IS NOT NULL);
DROP INDEX tally_reporter;
CREATE INDEX tally_team ON tally (drive_id, day, reporter_id) WHERE reporter_kind = 2;

DROP TRIGGER tally_revision_fixed ON tally_revision;
DELETE FROM tally_revision AS kept USING tally
WHERE (tally.book_id, tally.unit_id, tally.day, tally.indicator_id, tally.reporter_kind, tally.reporter_id, tally.revision)
    = (kept.book_id, kept.unit_id, kept.day, kept.indicator_id, kept.reporter_kind, kept.reporter_id, kept.revision);
ALTER TABLE tally_revision DROP CONSTRAINT tally_revision_pkey;
ALTER TABLE tally_revision
    ADD PRIMARY KEY (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision);
CREATE TRIGGER tally_revision_fixed BEFORE UPDATE OR DELETE ON tally_revision
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_replaced_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tally_revision (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, drive_id,
        value, author, received_at, device_at, reason)
    VALUES (OLD.book_id, OLD.day, OLD.unit_id, OLD.indicator_id, OLD.reporter_kind, OLD.reporter_id, OLD.revision,
        OLD.drive_id, OLD.value, OLD.author, OLD.received_at, OLD.device_at, OLD.reason);
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_next BEFORE UPDATE ON tally
FOR EACH ROW WHEN (
    (NEW.book_id, NEW.day, NEW.unit_id, NEW.indicator_id, NEW.reporter_kind, NEW.reporter_id, NEW.drive_id,
        NEW.revision, NEW.prev)
    <> (OLD.book_id, OLD.day, OLD.unit_id, OLD.indicator_id, OLD.reporter_kind, OLD.reporter_id, OLD.drive_id,
        OLD.revision + 1, OLD.value)
) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tally_no_delete BEFORE DELETE ON tally FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tally_keep AFTER UPDATE ON tally FOR EACH ROW EXECUTE FUNCTION keep_replaced_tally();

ALTER TABLE report DROP CONSTRAINT report_pkey;
ALTER TABLE report ADD PRIMARY KEY (drive_id, day, reporter_kind, reporter_id);
DROP INDEX report_unit;
-- A report is renewed by each further figure of the day: with room on its page that touches no index.
ALTER TABLE report SET (fillfactor = 60);

ALTER TABLE rollup RENAME TO rollup_before;
ALTER TABLE rollup_before DROP CONSTRAINT rollup_pkey;
-- A row holds a week of an indicator of a unit: seven days from 1970-01-01 on, `own_0` what the unit itself did on the
-- first of them, `below_0` what all under it did. Without either nothing was said of that day: a figure of 0 is one.
-- Half of each page is left for the rows as they grow: a further day then touches no index.
CREATE TABLE rollup (
    drive_id BIGINT NOT NULL,
    week INTEGER NOT NULL,
    unit_id BIGINT NOT NULL,
    indicator_id BIGINT NOT NULL,
    own_0 BIGINT NULL,
    own_1 BIGINT NULL,
    own_2 BIGINT NULL,
    own_3 BIGINT NULL,
    own_4 BIGINT NULL,
    own_5 BIGINT NULL,
    own_6 BIGINT NULL,
    below_0 BIGINT NULL,
    below_1 BIGINT NULL,
    below_2 BIGINT NULL,
    below_3 BIGINT NULL,
    below_4 BIGINT NULL,
    below_5 BIGINT NULL,
    below_6 BIGINT NULL,
    PRIMARY KEY (drive_id, week, unit_id, indicator_id)
) WITH (fillfactor = 50);
INSERT INTO rollup (drive_id, week, unit_id, indicator_id,
    own_0, own_1, own_2, own_3, own_4, own_5, own_6,
    below_0, below_1, below_2, below_3, below_4, below_5, below_6)
SELECT drive_id, day / 7, unit_id, indicator_id,
    MAX(CASE WHEN day % 7 = 0 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 1 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 2 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 3 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 4 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 5 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 6 AND (own <> 0 OR total = 0) THEN own END),
    MAX(CASE WHEN day % 7 = 0 AND total <> own THEN total - own END),
    MAX(CASE WHEN day % 7 = 1 AND total <> own THEN total - own END),
    MAX(CASE WHEN day % 7 = 2 AND total <> own THEN total - own END),
    MAX(CASE WHEN day % 7 = 3 AND total <> own THEN total - own END),
    MAX(CASE WHEN day % 7 = 4 AND total <> own THEN total - own END),
    MAX(CASE WHEN day % 7 = 5 AND total <> own THEN total - own END),
    MAX(CASE WHEN day % 7 = 6 AND total <> own THEN total - own END)
FROM rollup_before GROUP BY drive_id, day / 7, unit_id, indicator_id ORDER BY 1, 2, 3, 4;
DROP TABLE rollup_before;
