-- Report discipline: who reports by when, excuses, reopened days, and what levels confirmed of those below. The same
-- tables stand in ../../sqlite. Moments are microseconds since 1970-01-01T00:00Z, days are numbers of days since then.

CREATE SEQUENCE report_excuse_id;
CREATE SEQUENCE reopening_id;
CREATE SEQUENCE compilation_id;

CREATE TABLE reporting_rule (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    level TEXT COLLATE "C" NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    reporters TEXT COLLATE "C" NOT NULL CHECK (reporters IN ('EACH_UNIT', 'EACH_TEAM')),
    before TIME NOT NULL,
    grace_minutes INTEGER NOT NULL CHECK (grace_minutes BETWEEN 0 AND 1440),
    closes_after_minutes INTEGER NULL CHECK (closes_after_minutes BETWEEN grace_minutes AND 527040),
    weekly INTEGER NULL CHECK (weekly BETWEEN 0 AND 6),
    phase_due_days INTEGER NULL CHECK (phase_due_days BETWEEN 0 AND 366),
    final_due_days INTEGER NULL CHECK (final_due_days BETWEEN 0 AND 366),
    PRIMARY KEY (drive_id, level)
);
INSERT INTO reporting_rule (drive_id, level, reporters, before, grace_minutes)
SELECT drive_id, level, 'EACH_UNIT', before, 0 FROM drive_cutoff;
DROP TABLE drive_cutoff;

-- Why a first word came late; a report that was on time has none.
ALTER TABLE report ADD COLUMN late_reason TEXT NULL;
-- Who reported on a day, whatever the unit: read without looking a row up.
CREATE INDEX report_day ON report (drive_id, day, unit_id, first_received_at);

CREATE TABLE report_excuse (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    team_id BIGINT NULL REFERENCES team (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (to_day >= from_day),
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    withdrawn_reason TEXT NULL,
    withdrawn_by TEXT NULL,
    withdrawn_at BIGINT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT report_excuse_withdrawn CHECK (
        (withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)
    )
);
CREATE INDEX report_excuse_drive ON report_excuse (drive_id, from_day);

CREATE TABLE reopening (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (to_day >= from_day),
    until BIGINT NOT NULL,
    reason TEXT NOT NULL,
    decision TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL CHECK (at < until)
);
CREATE INDEX reopening_drive ON reopening (drive_id, from_day);

CREATE TABLE compilation (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('DAILY', 'WEEKLY', 'PHASE', 'FINAL')),
    day INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('CONFIRMED', 'RETURNED')),
    expected INTEGER NOT NULL CHECK (expected >= 0),
    received INTEGER NOT NULL CHECK (received BETWEEN 0 AND expected),
    on_time INTEGER NOT NULL CHECK (on_time BETWEEN 0 AND received),
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NULL CHECK (state = 'CONFIRMED' OR reason IS NOT NULL),
    CONSTRAINT compilation_revision UNIQUE (drive_id, unit_id, kind, day, revision)
);
CREATE INDEX compilation_day ON compilation (drive_id, kind, day, unit_id);

-- Who was silent when a level confirmed all the same: each of them was named.
CREATE TABLE compilation_gap (
    compilation_id BIGINT NOT NULL REFERENCES compilation (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    reporter_kind SMALLINT NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id BIGINT NOT NULL,
    PRIMARY KEY (compilation_id, reporter_kind, reporter_id)
);

-- Totals that a level stated itself, beside the sum of the parts at that moment. Never added to anything.
CREATE TABLE compilation_figure (
    compilation_id BIGINT NOT NULL REFERENCES compilation (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    stated BIGINT NOT NULL CHECK (stated BETWEEN 0 AND 1000000000000),
    parts BIGINT NOT NULL CHECK (parts >= 0),
    PRIMARY KEY (compilation_id, indicator_id)
);

CREATE TRIGGER compilation_append_only BEFORE UPDATE OR DELETE ON compilation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER compilation_gap_append_only BEFORE UPDATE OR DELETE ON compilation_gap
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER compilation_figure_append_only BEFORE UPDATE OR DELETE ON compilation_figure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reopening_append_only BEFORE UPDATE OR DELETE ON reopening
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A closed day is reopened by two people.
ALTER TABLE proposal DROP CONSTRAINT proposal_operation_check;
ALTER TABLE proposal ADD CONSTRAINT proposal_operation_check CHECK (operation IN (
        'SET_QUOTAS', 'APPLY_CASCADE', 'FOUND_UNIT', 'REVISE_UNIT', 'MERGE_UNITS', 'SPLIT_UNIT', 'CLOSE_UNIT',
        'GRANT_ASSIGNMENT', 'REOPEN_DAY'
    ));
