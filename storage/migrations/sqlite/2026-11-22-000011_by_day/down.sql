CREATE TABLE rollup_by_unit (
    drive_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    total INTEGER NOT NULL,
    own INTEGER NOT NULL,
    PRIMARY KEY (drive_id, unit_id, indicator_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO rollup_by_unit (drive_id, unit_id, indicator_id, day, total, own)
SELECT drive_id, unit_id, indicator_id, week * 7 + 0, COALESCE(own_0, 0) + COALESCE(below_0, 0), COALESCE(own_0, 0)
FROM rollup WHERE own_0 IS NOT NULL OR below_0 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 1, COALESCE(own_1, 0) + COALESCE(below_1, 0), COALESCE(own_1, 0)
FROM rollup WHERE own_1 IS NOT NULL OR below_1 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 2, COALESCE(own_2, 0) + COALESCE(below_2, 0), COALESCE(own_2, 0)
FROM rollup WHERE own_2 IS NOT NULL OR below_2 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 3, COALESCE(own_3, 0) + COALESCE(below_3, 0), COALESCE(own_3, 0)
FROM rollup WHERE own_3 IS NOT NULL OR below_3 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 4, COALESCE(own_4, 0) + COALESCE(below_4, 0), COALESCE(own_4, 0)
FROM rollup WHERE own_4 IS NOT NULL OR below_4 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 5, COALESCE(own_5, 0) + COALESCE(below_5, 0), COALESCE(own_5, 0)
FROM rollup WHERE own_5 IS NOT NULL OR below_5 IS NOT NULL
UNION ALL
SELECT drive_id, unit_id, indicator_id, week * 7 + 6, COALESCE(own_6, 0) + COALESCE(below_6, 0), COALESCE(own_6, 0)
FROM rollup WHERE own_6 IS NOT NULL OR below_6 IS NOT NULL;
DROP TABLE rollup;
ALTER TABLE rollup_by_unit RENAME TO rollup;

CREATE TABLE report_by_unit (
    drive_id INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
    first_received_at INTEGER NOT NULL,
    last_received_at INTEGER NOT NULL CHECK (last_received_at >= first_received_at),
    late_reason TEXT NULL,
    PRIMARY KEY (drive_id, reporter_kind, reporter_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO report_by_unit (drive_id, reporter_kind, reporter_id, day, unit_id, nil, first_received_at,
    last_received_at, late_reason)
SELECT drive_id, reporter_kind, reporter_id, day, unit_id, nil, first_received_at, last_received_at, late_reason
FROM report ORDER BY drive_id, reporter_kind, reporter_id, day;
DROP TABLE report;
ALTER TABLE report_by_unit RENAME TO report;
CREATE INDEX report_unit ON report (drive_id, unit_id, day);
CREATE INDEX report_day ON report (drive_id, day, unit_id, first_received_at);

CREATE TABLE tally_revision_by_unit (
    book_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
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
    PRIMARY KEY (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO tally_revision_by_unit (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision, drive_id,
    value, author, received_at, device_at, reason)
SELECT book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision, drive_id, value, author, received_at,
    device_at, reason
FROM tally_revision
UNION ALL
SELECT book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision, drive_id, value, author, received_at,
    device_at, reason
FROM tally
ORDER BY 1, 2, 3, 4, 5, 6, 7;

CREATE TABLE tally_by_unit (
    book_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
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
    reason TEXT NULL,
    PRIMARY KEY (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id)
) STRICT, WITHOUT ROWID;
INSERT INTO tally_by_unit (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, drive_id, revision, value,
    prev, author, received_at, device_at, reason)
SELECT book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, drive_id, revision, value, prev, author,
    received_at, device_at, reason
FROM tally ORDER BY book_id, unit_id, day, indicator_id, reporter_kind, reporter_id;

DROP TABLE tally;
ALTER TABLE tally_by_unit RENAME TO tally;
CREATE INDEX tally_reporter ON tally (reporter_kind, reporter_id, drive_id, indicator_id, day);
CREATE INDEX tally_list ON tally (drive_id, day, unit_id);

DROP TABLE tally_revision;
ALTER TABLE tally_revision_by_unit RENAME TO tally_revision;
CREATE TRIGGER tally_revision_no_update BEFORE UPDATE ON tally_revision BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER tally_revision_no_delete BEFORE DELETE ON tally_revision BEGIN SELECT RAISE(ABORT, 'append_only'); END;

DELETE FROM sqlite_stat1 WHERE tbl IN ('tally', 'report');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('tally', 'tally', '1000000 500000 400 4 1 1 1'),
    ('tally', 'tally_reporter', '1000000 900000 400 400 100 1'),
    ('tally', 'tally_list', '1000000 300000 4000 4'),
    ('report', 'report', '1000000 300000 300000 70 1'),
    ('report', 'report_unit', '1000000 300000 70 1'),
    ('report', 'report_day', '1000000 300000 4000 1 1');
