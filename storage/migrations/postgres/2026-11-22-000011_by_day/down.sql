ALTER TABLE rollup RENAME TO rollup_before;
ALTER TABLE rollup_before DROP CONSTRAINT rollup_pkey;
CREATE TABLE rollup (
    drive_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    indicator_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    total BIGINT NOT NULL,
    own BIGINT NOT NULL,
    PRIMARY KEY (drive_id, unit_id, indicator_id, day)
);
INSERT INTO rollup (drive_id, unit_id, indicator_id, day, total, own)
SELECT drive_id, unit_id, indicator_id, week * 7 + 0, COALESCE(own_0, 0) + COALESCE(below_0, 0), COALESCE(own_0, 0)
FROM rollup_before WHERE own_0 IS NOT NULL OR below_0 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 1, COALESCE(own_1, 0) + COALESCE(below_1, 0), COALESCE(own_1, 0)
FROM rollup_before WHERE own_1 IS NOT NULL OR below_1 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 2, COALESCE(own_2, 0) + COALESCE(below_2, 0), COALESCE(own_2, 0)
FROM rollup_before WHERE own_2 IS NOT NULL OR below_2 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 3, COALESCE(own_3, 0) + COALESCE(below_3, 0), COALESCE(own_3, 0)
FROM rollup_before WHERE own_3 IS NOT NULL OR below_3 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 4, COALESCE(own_4, 0) + COALESCE(below_4, 0), COALESCE(own_4, 0)
FROM rollup_before WHERE own_4 IS NOT NULL OR below_4 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 5, COALESCE(own_5, 0) + COALESCE(below_5, 0), COALESCE(own_5, 0)
FROM rollup_before WHERE own_5 IS NOT NULL OR below_5 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 6, COALESCE(own_6, 0) + COALESCE(below_6, 0), COALESCE(own_6, 0)
FROM rollup_before WHERE own_6 IS NOT NULL OR below_6 IS NOT NULL;
DROP TABLE rollup_before;

ALTER TABLE report DROP CONSTRAINT report_pkey;
ALTER TABLE report ADD PRIMARY KEY (drive_id, reporter_kind, reporter_id, day);
CREATE INDEX report_unit ON report (drive_id, unit_id, day);
ALTER TABLE report RESET (fillfactor);

DROP TRIGGER tally_keep ON tally;
DROP TRIGGER tally_no_delete ON tally;
DROP TRIGGER tally_next ON tally;
DROP FUNCTION keep_replaced_tally;
ALTER TABLE tally_revision DROP CONSTRAINT tally_revision_pkey;
ALTER TABLE tally_revision
    ADD PRIMARY KEY (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision);
INSERT INTO tally_revision (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, drive_id, value,
    author, received_at, device_at, reason)
SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, drive_id, value,
    author, received_at, device_at, reason
FROM tally;

DROP INDEX tally_team;
CREATE INDEX tally_reporter ON tally (reporter_kind, reporter_id, drive_id, indicator_id, day);
ALTER TABLE tally DROP CONSTRAINT tally_reason_check;
ALTER TABLE tally DROP CONSTRAINT tally_pkey;
ALTER TABLE tally ADD PRIMARY KEY (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id);
