-- Official figures, tolerances and settlements. The same tables stand in ../../sqlite.
-- Moments are microseconds since 1970-01-01T00:00Z, days of settlements days since then. Figures come a hundred thousand at
-- a time and have no foreign keys: what they refer to is never deleted, and is checked under the job's locks.

CREATE SEQUENCE official_source_id;
CREATE SEQUENCE official_extract_id;
CREATE SEQUENCE settlement_id;

CREATE TABLE official_source (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    title TEXT COLLATE "C" NOT NULL CONSTRAINT official_source_title_key UNIQUE CHECK (title <> '')
);

CREATE TABLE official_extract (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    source_id BIGINT NOT NULL REFERENCES official_source (id),
    as_of BIGINT NOT NULL,
    sha256 BYTEA NOT NULL CHECK (LENGTH(sha256) = 32),
    strategy TEXT COLLATE "C" NOT NULL CHECK (strategy IN ('CREATE', 'UPDATE', 'CREATE_OR_UPDATE')),
    line_count INTEGER NOT NULL CHECK (line_count >= 1),
    figures INTEGER NOT NULL CHECK (figures >= 0),
    refused INTEGER NOT NULL CHECK (refused BETWEEN 0 AND line_count),
    author TEXT NOT NULL,
    received_at BIGINT NOT NULL CHECK (received_at >= as_of)
);
CREATE INDEX official_extract_content ON official_extract (unit_id, source_id, as_of);
CREATE INDEX official_extract_as_of ON official_extract (as_of, source_id);
CREATE TRIGGER official_extract_fixed BEFORE UPDATE OR DELETE ON official_extract
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE official_figure (
    unit_id BIGINT NOT NULL,
    indicator_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    extract_id BIGINT NOT NULL,
    value BIGINT NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    PRIMARY KEY (unit_id, indicator_id, source_id, as_of, extract_id)
);
CREATE TRIGGER official_figure_fixed BEFORE UPDATE OR DELETE ON official_figure
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE tolerance (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    percent TEXT NOT NULL CHECK (percent NOT LIKE '-%'),
    absolute BIGINT NOT NULL CHECK (absolute BETWEEN 0 AND 1000000000000),
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (drive_id, version)
);
CREATE TRIGGER tolerance_fixed BEFORE UPDATE OR DELETE ON tolerance
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE settlement (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    day INTEGER NOT NULL,
    basis TEXT COLLATE "C" NOT NULL CHECK (basis IN ('REPORTED', 'VERIFIED', 'OFFICIAL', 'OTHER')),
    value BIGINT NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    reported BIGINT NULL CHECK (basis <> 'REPORTED' OR reported = value),
    verified BIGINT NULL CHECK (basis <> 'VERIFIED' OR verified = value),
    official BIGINT NULL CHECK (basis <> 'OFFICIAL' OR official = value),
    reason TEXT COLLATE "C" NOT NULL CHECK (reason IN (
        'NO_GAP', 'LATE_SYNC', 'PENDING_APPROVAL', 'OTHER_RESIDENCE', 'DUPLICATE', 'ENTRY_ERROR', 'UNTRUE',
        'OFFICIAL_ERROR', 'OTHER'
    )),
    note TEXT NULL CHECK ((basis <> 'OTHER' AND reason <> 'OTHER') OR note IS NOT NULL),
    author TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX settlement_place ON settlement (drive_id, unit_id, indicator_id, day, id);
CREATE TRIGGER settlement_fixed BEFORE UPDATE OR DELETE ON settlement
FOR EACH ROW EXECUTE FUNCTION refuse_change();
