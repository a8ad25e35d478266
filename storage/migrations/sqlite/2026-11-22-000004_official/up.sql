-- Official figures, tolerances and settlements. The same tables stand in ../../postgres.
-- Moments are microseconds since 1970-01-01T00:00Z, days of settlements days since then. Figures come a hundred thousand at
-- a time and have no foreign keys: what they refer to is never deleted, and is checked under the job's locks.

INSERT INTO sequence (name, last) VALUES ('official_source_id', 0), ('official_extract_id', 0), ('settlement_id', 0);

CREATE TABLE official_source (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    title TEXT NOT NULL CONSTRAINT official_source_title_key UNIQUE CHECK (title <> '')
) STRICT;

CREATE TABLE official_extract (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    source_id INTEGER NOT NULL REFERENCES official_source (id),
    as_of INTEGER NOT NULL,
    sha256 BLOB NOT NULL CHECK (LENGTH(sha256) = 32),
    strategy TEXT NOT NULL CHECK (strategy IN ('CREATE', 'UPDATE', 'CREATE_OR_UPDATE')),
    line_count INTEGER NOT NULL CHECK (line_count >= 1),
    figures INTEGER NOT NULL CHECK (figures >= 0),
    refused INTEGER NOT NULL CHECK (refused BETWEEN 0 AND line_count),
    author TEXT NOT NULL,
    received_at INTEGER NOT NULL CHECK (received_at >= as_of)
) STRICT;
CREATE INDEX official_extract_content ON official_extract (unit_id, source_id, as_of);
CREATE INDEX official_extract_as_of ON official_extract (as_of, source_id);
CREATE TRIGGER official_extract_no_update BEFORE UPDATE ON official_extract BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER official_extract_no_delete BEFORE DELETE ON official_extract BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE official_figure (
    unit_id INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    as_of INTEGER NOT NULL,
    extract_id INTEGER NOT NULL,
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    PRIMARY KEY (unit_id, indicator_id, source_id, as_of, extract_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER official_figure_no_update BEFORE UPDATE ON official_figure BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER official_figure_no_delete BEFORE DELETE ON official_figure BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE tolerance (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    percent TEXT NOT NULL CHECK (percent NOT LIKE '-%'),
    absolute INTEGER NOT NULL CHECK (absolute BETWEEN 0 AND 1000000000000),
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (drive_id, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER tolerance_no_update BEFORE UPDATE ON tolerance BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER tolerance_no_delete BEFORE DELETE ON tolerance BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE settlement (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    day INTEGER NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('REPORTED', 'VERIFIED', 'OFFICIAL', 'OTHER')),
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    reported INTEGER NULL CHECK (basis <> 'REPORTED' OR reported = value),
    verified INTEGER NULL CHECK (basis <> 'VERIFIED' OR verified = value),
    official INTEGER NULL CHECK (basis <> 'OFFICIAL' OR official = value),
    reason TEXT NOT NULL CHECK (reason IN (
        'NO_GAP', 'LATE_SYNC', 'PENDING_APPROVAL', 'OTHER_RESIDENCE', 'DUPLICATE', 'ENTRY_ERROR', 'UNTRUE',
        'OFFICIAL_ERROR', 'OTHER'
    )),
    note TEXT NULL CHECK ((basis <> 'OTHER' AND reason <> 'OTHER') OR note IS NOT NULL),
    author TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX settlement_place ON settlement (drive_id, unit_id, indicator_id, day, id);
CREATE TRIGGER settlement_no_update BEFORE UPDATE ON settlement BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER settlement_no_delete BEFORE DELETE ON settlement BEGIN SELECT RAISE(ABORT, 'append_only'); END;
