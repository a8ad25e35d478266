-- Report discipline: who reports by when, excuses, reopened days, and what levels confirmed of those below. The same
-- tables stand in ../../postgres. Moments are microseconds since 1970-01-01T00:00Z, days are numbers of days since then.

INSERT INTO sequence (name, last) VALUES ('report_excuse_id', 0);
INSERT INTO sequence (name, last) VALUES ('reopening_id', 0);
INSERT INTO sequence (name, last) VALUES ('compilation_id', 0);

CREATE TABLE reporting_rule (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    level TEXT NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    reporters TEXT NOT NULL CHECK (reporters IN ('EACH_UNIT', 'EACH_TEAM')),
    before TEXT NOT NULL CHECK (before IS TIME(before)),
    grace_minutes INTEGER NOT NULL CHECK (grace_minutes BETWEEN 0 AND 1440),
    closes_after_minutes INTEGER NULL CHECK (closes_after_minutes BETWEEN grace_minutes AND 527040),
    weekly INTEGER NULL CHECK (weekly BETWEEN 0 AND 6),
    phase_due_days INTEGER NULL CHECK (phase_due_days BETWEEN 0 AND 366),
    final_due_days INTEGER NULL CHECK (final_due_days BETWEEN 0 AND 366),
    PRIMARY KEY (drive_id, level)
) STRICT, WITHOUT ROWID;
INSERT INTO reporting_rule (drive_id, level, reporters, before, grace_minutes)
SELECT drive_id, level, 'EACH_UNIT', before, 0 FROM drive_cutoff;
DROP TABLE drive_cutoff;

-- Why a first word came late; a report that was on time has none.
ALTER TABLE report ADD COLUMN late_reason TEXT NULL;
-- Who reported on a day, whatever the unit: read without looking a row up.
CREATE INDEX report_day ON report (drive_id, day, unit_id, first_received_at);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('report', 'report', '1000000 300000 300000 70 1'),
    ('report', 'report_unit', '1000000 300000 70 1'),
    ('report', 'report_day', '1000000 300000 4000 1 1');

CREATE TABLE report_excuse (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    team_id INTEGER NULL REFERENCES team (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (to_day >= from_day),
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    withdrawn_reason TEXT NULL,
    withdrawn_by TEXT NULL,
    withdrawn_at INTEGER NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT report_excuse_withdrawn CHECK (
        (withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)
    )
) STRICT;
CREATE INDEX report_excuse_drive ON report_excuse (drive_id, from_day);

CREATE TABLE reopening (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (to_day >= from_day),
    until INTEGER NOT NULL,
    reason TEXT NOT NULL,
    decision TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL CHECK (at < until)
) STRICT;
CREATE INDEX reopening_drive ON reopening (drive_id, from_day);

CREATE TABLE compilation (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('DAILY', 'WEEKLY', 'PHASE', 'FINAL')),
    day INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    state TEXT NOT NULL CHECK (state IN ('CONFIRMED', 'RETURNED')),
    expected INTEGER NOT NULL CHECK (expected >= 0),
    received INTEGER NOT NULL CHECK (received BETWEEN 0 AND expected),
    on_time INTEGER NOT NULL CHECK (on_time BETWEEN 0 AND received),
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NULL CHECK (state = 'CONFIRMED' OR reason IS NOT NULL),
    CONSTRAINT compilation_revision UNIQUE (drive_id, unit_id, kind, day, revision)
) STRICT;
CREATE INDEX compilation_day ON compilation (drive_id, kind, day, unit_id);

-- Who was silent when a level confirmed all the same: each of them was named.
CREATE TABLE compilation_gap (
    compilation_id INTEGER NOT NULL REFERENCES compilation (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    PRIMARY KEY (compilation_id, reporter_kind, reporter_id)
) STRICT, WITHOUT ROWID;

-- Totals that a level stated itself, beside the sum of the parts at that moment. Never added to anything.
CREATE TABLE compilation_figure (
    compilation_id INTEGER NOT NULL REFERENCES compilation (id),
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    stated INTEGER NOT NULL CHECK (stated BETWEEN 0 AND 1000000000000),
    parts INTEGER NOT NULL CHECK (parts >= 0),
    PRIMARY KEY (compilation_id, indicator_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER compilation_no_update BEFORE UPDATE ON compilation BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER compilation_no_delete BEFORE DELETE ON compilation BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER compilation_gap_no_update BEFORE UPDATE ON compilation_gap BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER compilation_gap_no_delete BEFORE DELETE ON compilation_gap BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER compilation_figure_no_update BEFORE UPDATE ON compilation_figure BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER compilation_figure_no_delete BEFORE DELETE ON compilation_figure BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER reopening_no_update BEFORE UPDATE ON reopening BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER reopening_no_delete BEFORE DELETE ON reopening BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A closed day is reopened by two people.
CREATE TABLE proposal_anew (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    operation TEXT NOT NULL CHECK (operation IN (
        'SET_QUOTAS', 'APPLY_CASCADE', 'FOUND_UNIT', 'REVISE_UNIT', 'MERGE_UNITS', 'SPLIT_UNIT', 'CLOSE_UNIT',
        'GRANT_ASSIGNMENT', 'REOPEN_DAY'
    )),
    input TEXT NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    reason TEXT NOT NULL,
    proposer_id INTEGER NOT NULL REFERENCES account (id),
    assignment_id INTEGER NOT NULL REFERENCES assignment (id),
    proposed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at > proposed_at),
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    decided_by INTEGER NULL REFERENCES account (id),
    decided_at INTEGER NULL,
    note TEXT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT proposal_two_people CHECK (
        state NOT IN ('APPROVED', 'REJECTED') OR (decided_by IS NOT NULL AND decided_by <> proposer_id)
    )
) STRICT;
INSERT INTO proposal_anew SELECT * FROM proposal;
DROP TABLE proposal;
ALTER TABLE proposal_anew RENAME TO proposal;
CREATE INDEX proposal_unit ON proposal (unit_id);
