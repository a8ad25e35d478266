-- Inspections, samples and acknowledged findings. The same tables stand in ../../sqlite.
-- Moments are microseconds since 1970-01-01T00:00Z, days days since then. Everything is only ever added.

CREATE SEQUENCE inspection_id;
CREATE SEQUENCE sample_id;

CREATE TABLE inspection (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    book_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    day INTEGER NOT NULL,
    indicator_id BIGINT NOT NULL,
    reporter_kind SMALLINT NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id BIGINT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    value BIGINT NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    verdict TEXT COLLATE "C" NOT NULL CHECK (verdict IN ('TRUE', 'UNTRUE', 'UNREACHABLE')),
    checked BIGINT NOT NULL CHECK (checked BETWEEN 0 AND value),
    confirmed BIGINT NOT NULL CHECK (confirmed BETWEEN 0 AND checked) CHECK (verdict <> 'TRUE' OR confirmed = checked),
    note TEXT NOT NULL CHECK (note <> ''),
    author TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX inspection_slot ON inspection (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, id);
CREATE INDEX inspection_drive ON inspection (drive_id, indicator_id, day);
CREATE INDEX inspection_unit ON inspection (unit_id);
CREATE TRIGGER inspection_fixed BEFORE UPDATE OR DELETE ON inspection
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE sample (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (to_day >= from_day),
    size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 1000),
    commitment BYTEA NOT NULL CHECK (LENGTH(commitment) = 32),
    sealed BYTEA NOT NULL,
    author TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    committed_at BIGINT NOT NULL
);
CREATE INDEX sample_drive ON sample (drive_id, id);
CREATE INDEX sample_unit ON sample (unit_id);
CREATE TRIGGER sample_fixed BEFORE UPDATE OR DELETE ON sample
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE sample_drawn (
    sample_id BIGINT NOT NULL PRIMARY KEY REFERENCES sample (id),
    seed BYTEA NOT NULL CHECK (LENGTH(seed) = 32),
    population INTEGER NOT NULL CHECK (population >= 0),
    author TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TRIGGER sample_drawn_fixed BEFORE UPDATE OR DELETE ON sample_drawn
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE sample_slot (
    sample_id BIGINT NOT NULL REFERENCES sample_drawn (sample_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    book_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    indicator_id BIGINT NOT NULL,
    reporter_kind SMALLINT NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id BIGINT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    PRIMARY KEY (sample_id, ordinal)
);
CREATE TRIGGER sample_slot_fixed BEFORE UPDATE OR DELETE ON sample_slot
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE acknowledgement (
    digest BYTEA NOT NULL PRIMARY KEY CHECK (LENGTH(digest) = 32),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    code TEXT COLLATE "C" NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    author TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TRIGGER acknowledgement_fixed BEFORE UPDATE OR DELETE ON acknowledgement
FOR EACH ROW EXECUTE FUNCTION refuse_change();
