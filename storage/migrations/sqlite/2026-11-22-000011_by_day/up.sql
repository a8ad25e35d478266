-- Figures and reports of a day lie together, sums of a week: a day of the whole country then goes to a few pages that
-- follow one another, however many days there are, instead of another page for every unit. The same tables stand in
-- ../../postgres.
--
-- A figure stands in `tally` and nowhere else; `tally_revision` keeps what corrections replaced. The database itself sees
-- to that: nothing is replaced but by its next revision, and what is replaced is kept.

CREATE TABLE tally_by_day (
    book_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    drive_id INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    prev INTEGER NOT NULL CHECK (prev BETWEEN 0 AND 1000000000000),
    author TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    device_at INTEGER NULL,
    reason TEXT NULL CHECK (revision = 1 OR reason IS NOT NULL),
    PRIMARY KEY (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id)
) STRICT, WITHOUT ROWID;
INSERT INTO tally_by_day (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, drive_id, revision, value,
    prev, author, received_at, device_at, reason)
SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, drive_id, revision, value,
    prev, author, received_at, device_at, reason
FROM tally ORDER BY book_id, day, unit_id, indicator_id, reporter_kind, reporter_id;

CREATE TABLE tally_replaced (
    book_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    drive_id INTEGER NOT NULL,
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    author TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    device_at INTEGER NULL,
    reason TEXT NULL CHECK (revision = 1 OR reason IS NOT NULL),
    PRIMARY KEY (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO tally_replaced (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, drive_id, value,
    author, received_at, device_at, reason)
SELECT book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, drive_id, value,
    author, received_at, device_at, reason
FROM tally_revision AS kept
WHERE NOT EXISTS (
    SELECT 1 FROM tally
    WHERE tally.book_id = kept.book_id AND tally.unit_id = kept.unit_id AND tally.day = kept.day
        AND tally.indicator_id = kept.indicator_id AND tally.reporter_kind = kept.reporter_kind
        AND tally.reporter_id = kept.reporter_id AND tally.revision = kept.revision
)
ORDER BY book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision;

DROP TABLE tally;
ALTER TABLE tally_by_day RENAME TO tally;
-- Lists of a drive's tallies are by day, then by unit.
CREATE INDEX tally_list ON tally (drive_id, day, unit_id);
CREATE INDEX tally_team ON tally (drive_id, day, reporter_id) WHERE reporter_kind = 2;

DROP TABLE tally_revision;
ALTER TABLE tally_replaced RENAME TO tally_revision;
CREATE TRIGGER tally_revision_no_update BEFORE UPDATE ON tally_revision BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER tally_revision_no_delete BEFORE DELETE ON tally_revision BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER tally_next BEFORE UPDATE ON tally
WHEN (NEW.book_id, NEW.day, NEW.unit_id, NEW.indicator_id, NEW.reporter_kind, NEW.reporter_id, NEW.drive_id,
        NEW.revision, NEW.prev)
    <> (OLD.book_id, OLD.day, OLD.unit_id, OLD.indicator_id, OLD.reporter_kind, OLD.reporter_id, OLD.drive_id,
        OLD.revision + 1, OLD.value)
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER tally_no_delete BEFORE DELETE ON tally BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER tally_keep AFTER UPDATE ON tally
BEGIN
    INSERT INTO tally_revision (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision, drive_id,
        value, author, received_at, device_at, reason)
    VALUES (OLD.book_id, OLD.day, OLD.unit_id, OLD.indicator_id, OLD.reporter_kind, OLD.reporter_id, OLD.revision,
        OLD.drive_id, OLD.value, OLD.author, OLD.received_at, OLD.device_at, OLD.reason);
END;

CREATE TABLE report_by_day (
    drive_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
    first_received_at INTEGER NOT NULL,
    last_received_at INTEGER NOT NULL CHECK (last_received_at >= first_received_at),
    late_reason TEXT NULL,
    PRIMARY KEY (drive_id, day, reporter_kind, reporter_id)
) STRICT, WITHOUT ROWID;
INSERT INTO report_by_day (drive_id, day, reporter_kind, reporter_id, unit_id, nil, first_received_at, last_received_at,
    late_reason)
SELECT drive_id, day, reporter_kind, reporter_id, unit_id, nil, first_received_at, last_received_at, late_reason
FROM report ORDER BY drive_id, day, reporter_kind, reporter_id;
DROP TABLE report;
ALTER TABLE report_by_day RENAME TO report;
-- Who reported on a day, whatever the unit: read without looking a row up.
CREATE INDEX report_day ON report (drive_id, day, unit_id, first_received_at);

-- A row holds a week of an indicator of a unit: seven days from 1970-01-01 on, `own_0` what the unit itself did on the
-- first of them, `below_0` what all under it did. Without either nothing was said of that day: a figure of 0 is one.
CREATE TABLE rollup_by_week (
    drive_id INTEGER NOT NULL,
    week INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    own_0 INTEGER NULL,
    own_1 INTEGER NULL,
    own_2 INTEGER NULL,
    own_3 INTEGER NULL,
    own_4 INTEGER NULL,
    own_5 INTEGER NULL,
    own_6 INTEGER NULL,
    below_0 INTEGER NULL,
    below_1 INTEGER NULL,
    below_2 INTEGER NULL,
    below_3 INTEGER NULL,
    below_4 INTEGER NULL,
    below_5 INTEGER NULL,
    below_6 INTEGER NULL,
    PRIMARY KEY (drive_id, week, unit_id, indicator_id)
) STRICT, WITHOUT ROWID;
INSERT INTO rollup_by_week (drive_id, week, unit_id, indicator_id,
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
FROM rollup GROUP BY drive_id, day / 7, unit_id, indicator_id ORDER BY 1, 2, 3, 4;
DROP TABLE rollup;
ALTER TABLE rollup_by_week RENAME TO rollup;

-- How many rows share the first column of each index, the first two, and so on; see 000002_tally_list.
DELETE FROM sqlite_stat1 WHERE tbl IN ('tally', 'report');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('tally', 'tally', '10000000 5000000 300000 4 1 1 1'),
    ('tally', 'tally_list', '10000000 3000000 300000 4'),
    ('tally', 'tally_team', '10000000 3000000 300000 4'),
    ('report', 'report', '3000000 1000000 70000 70000 1'),
    ('report', 'report_day', '3000000 1000000 70000 1 1');
