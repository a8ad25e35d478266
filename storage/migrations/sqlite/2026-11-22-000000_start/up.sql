-- The same tables stand in ../../postgres. STRICT tables know no dates: days are 'YYYY-MM-DD', moments
-- 'YYYY-MM-DD HH:MM:SS.ffffff' in UTC, both checked where people may come near them.
-- Hot tables (tally, tally_revision, report, rollup, request) keep days as days since 1970-01-01 and moments as
-- microseconds since 1970-01-01T00:00Z, and have no foreign keys: what they refer to is never deleted, and is checked
-- under the job's locks.

-- PostgreSQL has sequences for this.
CREATE TABLE sequence (
    name TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL CHECK (last >= 0)
) STRICT;
INSERT INTO sequence (name, last) VALUES
    ('unit_id', 0), ('drive_id', 0), ('phase_id', 0), ('indicator_id', 0), ('population_group_id', 0),
    ('baseline_id', 0), ('quota_id', 0), ('team_id', 0), ('member_id', 0);

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Units.

CREATE TABLE unit (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    path TEXT NOT NULL CONSTRAINT unit_path_key UNIQUE CHECK (path <> ''),
    synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
    closed_on TEXT NULL CHECK (closed_on IS DATE(closed_on)),
    latest INTEGER NOT NULL CHECK (latest >= 1)
) STRICT;

CREATE TABLE unit_version (
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    toned_key TEXT NOT NULL,
    plain_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'COUNTRY', 'PROVINCE', 'CENTRAL_CITY', 'RURAL_DISTRICT', 'URBAN_DISTRICT', 'DISTRICT_TOWN', 'PROVINCIAL_CITY',
        'RURAL_COMMUNE', 'WARD', 'TOWNSHIP', 'SPECIAL_ZONE', 'VILLAGE', 'HAMLET', 'SOUTHERN_HAMLET', 'QUARTER',
        'RESIDENTIAL_GROUP', 'ORGANISATION'
    )),
    level TEXT NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    parent_id INTEGER NULL REFERENCES unit (id) CHECK (parent_id <> unit_id),
    valid_from TEXT NOT NULL CHECK (valid_from IS DATE(valid_from)),
    valid_to TEXT NULL CHECK (valid_to > valid_from) CHECK (valid_to IS DATE(valid_to)),
    legal_basis TEXT NULL,
    PRIMARY KEY (unit_id, number),
    CONSTRAINT unit_version_code_key UNIQUE (code, valid_from)
) STRICT;
CREATE UNIQUE INDEX unit_version_one_open ON unit_version (unit_id) WHERE valid_to IS NULL;
CREATE INDEX unit_version_plain_key ON unit_version (plain_key);
CREATE INDEX unit_version_parent ON unit_version (parent_id, code);

-- One unit per code on any day.
CREATE TRIGGER unit_version_code BEFORE INSERT ON unit_version
WHEN EXISTS (
    SELECT 1 FROM unit_version AS other
    WHERE other.code = NEW.code
        AND (other.unit_id, other.number) <> (NEW.unit_id, NEW.number)
        AND other.valid_from < COALESCE(NEW.valid_to, 'infinity')
        AND COALESCE(other.valid_to, 'infinity') > NEW.valid_from
)
BEGIN SELECT RAISE(ABORT, 'unit_code_taken'); END;
CREATE TRIGGER unit_version_fixed BEFORE UPDATE OF
    unit_id, number, code, name, toned_key, plain_key, kind, level, parent_id, valid_from, legal_basis ON unit_version
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER unit_version_end BEFORE UPDATE OF valid_to ON unit_version
WHEN OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER unit_version_no_delete BEFORE DELETE ON unit_version BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE unit_lineage (
    from_id INTEGER NOT NULL REFERENCES unit (id),
    to_id INTEGER NOT NULL REFERENCES unit (id) CHECK (to_id <> from_id),
    on_day TEXT NOT NULL CHECK (on_day IS DATE(on_day)),
    mode TEXT NOT NULL CHECK (mode IN ('MERGE', 'SPLIT', 'TRANSFER')),
    share TEXT NULL CHECK (mode <> 'MERGE' OR share = '1'),
    PRIMARY KEY (from_id, to_id, on_day)
) STRICT;
CREATE INDEX unit_lineage_to ON unit_lineage (to_id);
CREATE TRIGGER unit_lineage_no_update BEFORE UPDATE ON unit_lineage BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER unit_lineage_no_delete BEFORE DELETE ON unit_lineage BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- One row, counted up by every write of units: what is kept in memory of trees holds while it stays the same.
CREATE TABLE tree_epoch (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL
) STRICT;
INSERT INTO tree_epoch (id, epoch) VALUES (1, 1);

-- The catalogue.

CREATE TABLE indicator (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    code TEXT NOT NULL CONSTRAINT indicator_code_key UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN (
        'ELIGIBLE', 'ENROL', 'APPROVE', 'ACTIVATE', 'ISSUE', 'MEANS', 'OTHER'
    )),
    level TEXT NULL CHECK (level IN ('ONE', 'TWO')),
    attribution TEXT NOT NULL CHECK (attribution IN ('RESIDENCE', 'RECEIVING')),
    time_rule TEXT NOT NULL CHECK (time_rule IN ('SUM', 'LAST'))
) STRICT;

CREATE TABLE indicator_part (
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    part_id INTEGER NOT NULL REFERENCES indicator (id) CHECK (part_id <> indicator_id),
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, part_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE population_group (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    code TEXT NOT NULL CONSTRAINT population_group_code_key UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT;

-- Drives.

CREATE TABLE drive (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    plan_number TEXT NOT NULL,
    title TEXT NOT NULL,
    issuer TEXT NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    parent_id INTEGER NULL REFERENCES drive (id) CHECK (parent_id <> id),
    book_id INTEGER NOT NULL REFERENCES drive (id),
    issued_on TEXT NOT NULL CHECK (issued_on IS DATE(issued_on)),
    starts_on TEXT NOT NULL CHECK (starts_on IS DATE(starts_on)),
    ends_on TEXT NOT NULL CHECK (ends_on >= starts_on) CHECK (ends_on IS DATE(ends_on)),
    declared_days INTEGER NULL CHECK (declared_days >= 0),
    tree_date TEXT NOT NULL CHECK (tree_date IS DATE(tree_date)),
    settles TEXT NOT NULL CHECK (settles IN ('REPORTED', 'VERIFIED', 'OFFICIAL')),
    state TEXT NOT NULL CHECK (state IN ('DRAFT', 'OPEN', 'CLOSED')),
    weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 0 AND 127),
    synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT drive_plan_number_key UNIQUE (unit_id, plan_number)
) STRICT;
CREATE INDEX drive_parent ON drive (parent_id);
CREATE INDEX drive_starts_on ON drive (starts_on, id);
CREATE INDEX drive_plan_number ON drive (plan_number, id);

CREATE TABLE phase (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    name TEXT NOT NULL,
    starts_on TEXT NOT NULL CHECK (starts_on IS DATE(starts_on)),
    ends_on TEXT NOT NULL CHECK (ends_on >= starts_on) CHECK (ends_on IS DATE(ends_on)),
    declared_days INTEGER NULL CHECK (declared_days >= 0),
    CONSTRAINT phase_ordinal_key UNIQUE (drive_id, ordinal)
) STRICT;

CREATE TABLE drive_day (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    day TEXT NOT NULL CHECK (day IS DATE(day)),
    working INTEGER NOT NULL CHECK (working IN (0, 1)),
    PRIMARY KEY (drive_id, day, working)
) STRICT, WITHOUT ROWID;

CREATE TABLE drive_cutoff (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    level TEXT NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    before TEXT NOT NULL CHECK (before IS TIME(before)),
    PRIMARY KEY (drive_id, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE drive_indicator (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    PRIMARY KEY (drive_id, indicator_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_rule (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'PROJECT_06', 'COMMUNITY_DIGITAL', 'FIXED_ENROLMENT', 'MOBILE_ENROLMENT', 'VOLUNTEER'
    )),
    size_min INTEGER NOT NULL CHECK (size_min >= 0),
    size_max INTEGER NOT NULL CHECK (size_max >= size_min),
    leader_position TEXT NULL,
    it_members_min INTEGER NOT NULL CHECK (it_members_min >= 0),
    it_organisations TEXT NOT NULL,
    PRIMARY KEY (drive_id, ordinal)
) STRICT;

CREATE TABLE plan_column (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    ordinal INTEGER NOT NULL,
    key TEXT NOT NULL,
    heading_vi TEXT NOT NULL,
    heading_en TEXT NOT NULL,
    shows TEXT NOT NULL,
    PRIMARY KEY (drive_id, ordinal),
    CONSTRAINT plan_column_key_key UNIQUE (drive_id, key)
) STRICT;

-- Baselines and what sources print.

CREATE TABLE baseline (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    group_id INTEGER NOT NULL REFERENCES population_group (id),
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    as_of TEXT NOT NULL CHECK (as_of IS DATE(as_of)),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    source TEXT NOT NULL,
    synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
    author TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    CONSTRAINT baseline_revision_key UNIQUE (unit_id, group_id, indicator_id, as_of, revision)
) STRICT;
CREATE TRIGGER baseline_no_update BEFORE UPDATE ON baseline BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER baseline_no_delete BEFORE DELETE ON baseline BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE printed_figure (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL,
    column_key TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (drive_id, unit_id, column_key)
) STRICT, WITHOUT ROWID;

-- Quotas. phase_id 0 is the whole drive; holder_kind 1 a unit, 2 a team, 3 a member.

CREATE TABLE quota (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    phase_id INTEGER NOT NULL,
    holder_kind INTEGER NOT NULL CHECK (holder_kind IN (1, 2, 3)),
    holder_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    group_id INTEGER NOT NULL REFERENCES population_group (id),
    basis TEXT NOT NULL,
    amount TEXT NOT NULL CHECK (amount NOT LIKE '-%'),
    due TEXT NULL CHECK (due IS DATE(due)),
    counts_opening INTEGER NOT NULL CHECK (counts_opening IN (0, 1)),
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT quota_key UNIQUE (drive_id, phase_id, holder_kind, holder_id, indicator_id, group_id)
) STRICT;
CREATE INDEX quota_unit ON quota (unit_id);

CREATE TABLE quota_amendment (
    quota_id INTEGER NOT NULL REFERENCES quota (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    amount TEXT NOT NULL CHECK (amount NOT LIKE '-%'),
    basis TEXT NOT NULL,
    explanation TEXT NOT NULL,
    reason TEXT NULL,
    decision TEXT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (quota_id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER quota_amendment_no_update BEFORE UPDATE ON quota_amendment BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER quota_amendment_no_delete BEFORE DELETE ON quota_amendment BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Teams.

CREATE TABLE team (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'PROJECT_06', 'COMMUNITY_DIGITAL', 'FIXED_ENROLMENT', 'MOBILE_ENROLMENT', 'VOLUNTEER'
    )),
    name TEXT NOT NULL,
    valid_from TEXT NOT NULL CHECK (valid_from IS DATE(valid_from)),
    valid_to TEXT NULL CHECK (valid_to > valid_from) CHECK (valid_to IS DATE(valid_to)),
    synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX team_unit ON team (unit_id);
CREATE INDEX team_name ON team (name, id);

CREATE TABLE member (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    team_id INTEGER NOT NULL REFERENCES team (id),
    position TEXT NOT NULL,
    organisation TEXT NOT NULL CHECK (organisation IN (
        'VILLAGE_BOARD', 'POLICE', 'YOUTH_UNION', 'WOMENS_UNION', 'FARMERS_UNION', 'VETERANS_ASSOCIATION',
        'FATHERLAND_FRONT', 'SCHOOL', 'STATE_BODY', 'OTHER'
    )),
    is_leader INTEGER NOT NULL CHECK (is_leader IN (0, 1)),
    knows_it INTEGER NOT NULL CHECK (knows_it IN (0, 1)),
    weight TEXT NOT NULL CHECK (weight NOT LIKE '-%'),
    valid_from TEXT NOT NULL CHECK (valid_from IS DATE(valid_from)),
    valid_to TEXT NULL CHECK (valid_to > valid_from) CHECK (valid_to IS DATE(valid_to))
) STRICT;
CREATE INDEX member_team ON member (team_id);

-- Tallies. reporter_kind 1 is a unit, 2 a team.

CREATE TABLE tally (
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
CREATE INDEX tally_reporter ON tally (reporter_kind, reporter_id, drive_id, indicator_id, day);

CREATE TABLE tally_revision (
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
CREATE TRIGGER tally_revision_no_update BEFORE UPDATE ON tally_revision BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER tally_revision_no_delete BEFORE DELETE ON tally_revision BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE report (
    drive_id INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
    first_received_at INTEGER NOT NULL,
    last_received_at INTEGER NOT NULL CHECK (last_received_at >= first_received_at),
    PRIMARY KEY (drive_id, reporter_kind, reporter_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_unit ON report (drive_id, unit_id, day);

CREATE TABLE rollup (
    drive_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    total INTEGER NOT NULL,
    own INTEGER NOT NULL,
    PRIMARY KEY (drive_id, unit_id, indicator_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL CHECK (LENGTH(fingerprint) = 64),
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT request_id_key PRIMARY KEY (subject, id)
) STRICT, WITHOUT ROWID;
