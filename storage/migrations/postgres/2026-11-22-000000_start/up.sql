-- The same tables stand in ../../sqlite. Text that is compared or ordered is COLLATE "C", as SQLite compares it.
-- Hot tables (tally, tally_revision, report, rollup, request) keep days as days since 1970-01-01 and moments as
-- microseconds since 1970-01-01T00:00Z, and have no foreign keys: what they refer to is never deleted, and is checked
-- under the job's locks.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append_only: %', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END
$$;

CREATE SEQUENCE unit_id;
CREATE SEQUENCE drive_id;
CREATE SEQUENCE phase_id;
CREATE SEQUENCE indicator_id;
CREATE SEQUENCE population_group_id;
CREATE SEQUENCE baseline_id;
CREATE SEQUENCE quota_id;
CREATE SEQUENCE team_id;
CREATE SEQUENCE member_id;

CREATE TABLE meta (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Units.

CREATE TABLE unit (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    path TEXT COLLATE "C" NOT NULL CONSTRAINT unit_path_key UNIQUE CHECK (path <> ''),
    synthetic BOOLEAN NOT NULL,
    closed_on DATE NULL,
    latest INTEGER NOT NULL CHECK (latest >= 1)
);

CREATE TABLE unit_version (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    code TEXT COLLATE "C" NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    toned_key TEXT COLLATE "C" NOT NULL,
    plain_key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'COUNTRY', 'PROVINCE', 'CENTRAL_CITY', 'RURAL_DISTRICT', 'URBAN_DISTRICT', 'DISTRICT_TOWN', 'PROVINCIAL_CITY',
        'RURAL_COMMUNE', 'WARD', 'TOWNSHIP', 'SPECIAL_ZONE', 'VILLAGE', 'HAMLET', 'SOUTHERN_HAMLET', 'QUARTER',
        'RESIDENTIAL_GROUP', 'ORGANISATION'
    )),
    level TEXT COLLATE "C" NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    parent_id BIGINT NULL REFERENCES unit (id) CHECK (parent_id <> unit_id),
    valid_from DATE NOT NULL,
    valid_to DATE NULL CHECK (valid_to > valid_from),
    legal_basis TEXT NULL,
    PRIMARY KEY (unit_id, number),
    CONSTRAINT unit_version_code_key UNIQUE (code, valid_from)
);
CREATE UNIQUE INDEX unit_version_one_open ON unit_version (unit_id) WHERE valid_to IS NULL;
CREATE INDEX unit_version_plain_key ON unit_version (plain_key);
CREATE INDEX unit_version_parent ON unit_version (parent_id, code);

-- One unit per code on any day. Writers of units hold the row of tree_epoch, so that no two of them meet here.
CREATE FUNCTION refuse_taken_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM unit_version AS other
        WHERE other.code = NEW.code
            AND (other.unit_id, other.number) <> (NEW.unit_id, NEW.number)
            AND other.valid_from < COALESCE(NEW.valid_to, 'infinity')
            AND COALESCE(other.valid_to, 'infinity') > NEW.valid_from
    ) THEN
        RAISE EXCEPTION 'unit_code_taken' USING ERRCODE = 'unique_violation', CONSTRAINT = 'unit_code_taken';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER unit_version_code BEFORE INSERT ON unit_version
FOR EACH ROW EXECUTE FUNCTION refuse_taken_code();
CREATE TRIGGER unit_version_fixed BEFORE DELETE OR UPDATE OF
    unit_id, number, code, name, toned_key, plain_key, kind, level, parent_id, valid_from, legal_basis ON unit_version
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unit_version_end BEFORE UPDATE OF valid_to ON unit_version
FOR EACH ROW WHEN (OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL) EXECUTE FUNCTION refuse_change();

CREATE TABLE unit_lineage (
    from_id BIGINT NOT NULL REFERENCES unit (id),
    to_id BIGINT NOT NULL REFERENCES unit (id) CHECK (to_id <> from_id),
    on_day DATE NOT NULL,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('MERGE', 'SPLIT', 'TRANSFER')),
    share TEXT NULL CHECK (mode <> 'MERGE' OR share = '1'),
    PRIMARY KEY (from_id, to_id, on_day)
);
CREATE INDEX unit_lineage_to ON unit_lineage (to_id);
CREATE TRIGGER unit_lineage_fixed BEFORE UPDATE OR DELETE ON unit_lineage
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- One row, counted up by every write of units: what is kept in memory of trees holds while it stays the same.
CREATE TABLE tree_epoch (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch BIGINT NOT NULL
);
INSERT INTO tree_epoch (id, epoch) VALUES (1, 1);

-- The catalogue.

CREATE TABLE indicator (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    code TEXT COLLATE "C" NOT NULL CONSTRAINT indicator_code_key UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    stage TEXT COLLATE "C" NOT NULL CHECK (stage IN (
        'ELIGIBLE', 'ENROL', 'APPROVE', 'ACTIVATE', 'ISSUE', 'MEANS', 'OTHER'
    )),
    level TEXT COLLATE "C" NULL CHECK (level IN ('ONE', 'TWO')),
    attribution TEXT COLLATE "C" NOT NULL CHECK (attribution IN ('RESIDENCE', 'RECEIVING')),
    time_rule TEXT COLLATE "C" NOT NULL CHECK (time_rule IN ('SUM', 'LAST'))
);

CREATE TABLE indicator_part (
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    part_id BIGINT NOT NULL REFERENCES indicator (id) CHECK (part_id <> indicator_id),
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, part_id)
);

CREATE TABLE population_group (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    code TEXT COLLATE "C" NOT NULL CONSTRAINT population_group_code_key UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL
);

-- Drives.

CREATE TABLE drive (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    plan_number TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    issuer TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    parent_id BIGINT NULL REFERENCES drive (id) CHECK (parent_id <> id),
    book_id BIGINT NOT NULL REFERENCES drive (id),
    issued_on DATE NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL CHECK (ends_on >= starts_on),
    declared_days INTEGER NULL CHECK (declared_days >= 0),
    tree_date DATE NOT NULL,
    settles TEXT COLLATE "C" NOT NULL CHECK (settles IN ('REPORTED', 'VERIFIED', 'OFFICIAL')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('DRAFT', 'OPEN', 'CLOSED')),
    weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 0 AND 127),
    synthetic BOOLEAN NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT drive_plan_number_key UNIQUE (unit_id, plan_number)
);
CREATE INDEX drive_parent ON drive (parent_id);
CREATE INDEX drive_starts_on ON drive (starts_on, id);
CREATE INDEX drive_plan_number ON drive (plan_number, id);

CREATE TABLE phase (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    name TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL CHECK (ends_on >= starts_on),
    declared_days INTEGER NULL CHECK (declared_days >= 0),
    CONSTRAINT phase_ordinal_key UNIQUE (drive_id, ordinal)
);

CREATE TABLE drive_day (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    day DATE NOT NULL,
    working BOOLEAN NOT NULL,
    PRIMARY KEY (drive_id, day, working)
);

CREATE TABLE drive_cutoff (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    level TEXT COLLATE "C" NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    before TIME NOT NULL,
    PRIMARY KEY (drive_id, level)
);

CREATE TABLE drive_indicator (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    PRIMARY KEY (drive_id, indicator_id)
);

CREATE TABLE team_rule (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    ordinal INTEGER NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'PROJECT_06', 'COMMUNITY_DIGITAL', 'FIXED_ENROLMENT', 'MOBILE_ENROLMENT', 'VOLUNTEER'
    )),
    size_min INTEGER NOT NULL CHECK (size_min >= 0),
    size_max INTEGER NOT NULL CHECK (size_max >= size_min),
    leader_position TEXT NULL,
    it_members_min INTEGER NOT NULL CHECK (it_members_min >= 0),
    it_organisations TEXT NOT NULL,
    PRIMARY KEY (drive_id, ordinal)
);

CREATE TABLE plan_column (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    ordinal INTEGER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    heading_vi TEXT NOT NULL,
    heading_en TEXT NOT NULL,
    shows TEXT NOT NULL,
    PRIMARY KEY (drive_id, ordinal),
    CONSTRAINT plan_column_key_key UNIQUE (drive_id, key)
);

-- Baselines and what sources print.

CREATE TABLE baseline (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    group_id BIGINT NOT NULL REFERENCES population_group (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    as_of DATE NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    value BIGINT NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    source TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    CONSTRAINT baseline_revision_key UNIQUE (unit_id, group_id, indicator_id, as_of, revision)
);
CREATE TRIGGER baseline_fixed BEFORE UPDATE OR DELETE ON baseline
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE printed_figure (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL,
    column_key TEXT COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (drive_id, unit_id, column_key)
);

-- Quotas. phase_id 0 is the whole drive; holder_kind 1 a unit, 2 a team, 3 a member.

CREATE TABLE quota (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    phase_id BIGINT NOT NULL,
    holder_kind SMALLINT NOT NULL CHECK (holder_kind IN (1, 2, 3)),
    holder_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    group_id BIGINT NOT NULL REFERENCES population_group (id),
    basis TEXT NOT NULL,
    amount TEXT NOT NULL CHECK (amount NOT LIKE '-%'),
    due DATE NULL,
    counts_opening BOOLEAN NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT quota_key UNIQUE (drive_id, phase_id, holder_kind, holder_id, indicator_id, group_id)
);
CREATE INDEX quota_unit ON quota (unit_id);

CREATE TABLE quota_amendment (
    quota_id BIGINT NOT NULL REFERENCES quota (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    amount TEXT NOT NULL CHECK (amount NOT LIKE '-%'),
    basis TEXT NOT NULL,
    explanation TEXT NOT NULL,
    reason TEXT NULL,
    decision TEXT NULL,
    author TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (quota_id, version)
);
CREATE TRIGGER quota_amendment_fixed BEFORE UPDATE OR DELETE ON quota_amendment
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Teams.

CREATE TABLE team (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'PROJECT_06', 'COMMUNITY_DIGITAL', 'FIXED_ENROLMENT', 'MOBILE_ENROLMENT', 'VOLUNTEER'
    )),
    name TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NULL CHECK (valid_to > valid_from),
    synthetic BOOLEAN NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX team_unit ON team (unit_id);
CREATE INDEX team_name ON team (name, id);

CREATE TABLE member (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    team_id BIGINT NOT NULL REFERENCES team (id),
    position TEXT NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL CHECK (organisation IN (
        'VILLAGE_BOARD', 'POLICE', 'YOUTH_UNION', 'WOMENS_UNION', 'FARMERS_UNION', 'VETERANS_ASSOCIATION',
        'FATHERLAND_FRONT', 'SCHOOL', 'STATE_BODY', 'OTHER'
    )),
    is_leader BOOLEAN NOT NULL,
    knows_it BOOLEAN NOT NULL,
    weight TEXT NOT NULL CHECK (weight NOT LIKE '-%'),
    valid_from DATE NOT NULL,
    valid_to DATE NULL CHECK (valid_to > valid_from)
);
CREATE INDEX member_team ON member (team_id);

-- Tallies. reporter_kind 1 is a unit, 2 a team.

CREATE TABLE tally (
    book_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    indicator_id BIGINT NOT NULL,
    reporter_kind SMALLINT NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id BIGINT NOT NULL,
    drive_id BIGINT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    value BIGINT NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    prev BIGINT NOT NULL CHECK (prev BETWEEN 0 AND 1000000000000),
    author TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    device_at BIGINT NULL,
    reason TEXT NULL,
    PRIMARY KEY (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id)
);
CREATE INDEX tally_reporter ON tally (reporter_kind, reporter_id, drive_id, indicator_id, day);

CREATE TABLE tally_revision (
    book_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    indicator_id BIGINT NOT NULL,
    reporter_kind SMALLINT NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id BIGINT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    drive_id BIGINT NOT NULL,
    value BIGINT NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    author TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    device_at BIGINT NULL,
    reason TEXT NULL CHECK (revision = 1 OR reason IS NOT NULL),
    PRIMARY KEY (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, revision)
);
CREATE TRIGGER tally_revision_fixed BEFORE UPDATE OR DELETE ON tally_revision
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE report (
    drive_id BIGINT NOT NULL,
    reporter_kind SMALLINT NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    unit_id BIGINT NOT NULL,
    nil BOOLEAN NOT NULL,
    first_received_at BIGINT NOT NULL,
    last_received_at BIGINT NOT NULL CHECK (last_received_at >= first_received_at),
    PRIMARY KEY (drive_id, reporter_kind, reporter_id, day)
);
CREATE INDEX report_unit ON report (drive_id, unit_id, day);

CREATE TABLE rollup (
    drive_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    indicator_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    total BIGINT NOT NULL,
    own BIGINT NOT NULL,
    PRIMARY KEY (drive_id, unit_id, indicator_id, day)
);

CREATE TABLE request (
    subject TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL CHECK (LENGTH(fingerprint) = 64),
    outcome TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT request_id_key PRIMARY KEY (subject, id)
);
