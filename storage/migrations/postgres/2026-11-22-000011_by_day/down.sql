ALTER TABLE rollup DROP CONSTRAINT rollup_pkey;
ALTER TABLE rollup DROP COLUMN week;
ALTER TABLE rollup ADD PRIMARY KEY (drive_id, unit_id, indicator_id, day);
ALTER TABLE rollup RESET (fillfactor);

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
