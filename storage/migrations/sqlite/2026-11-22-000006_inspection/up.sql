-- Inspections, samples and acknowledged findings. The same tables stand in ../../postgres.
-- Moments are microseconds since 1970-01-01T00:00Z, days days since then. Everything is only ever added.

INSERT INTO sequence (name, last) VALUES ('inspection_id', 0), ('sample_id', 0);

CREATE TABLE inspection (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    book_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    day INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 1000000000000),
    verdict TEXT NOT NULL CHECK (verdict IN ('TRUE', 'UNTRUE', 'UNREACHABLE')),
    checked INTEGER NOT NULL CHECK (checked BETWEEN 0 AND value),
    confirmed INTEGER NOT NULL CHECK (confirmed BETWEEN 0 AND checked) CHECK (verdict <> 'TRUE' OR confirmed = checked),
    note TEXT NOT NULL CHECK (note <> ''),
    author TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_slot ON inspection (book_id, unit_id, day, indicator_id, reporter_kind, reporter_id, id);
CREATE INDEX inspection_drive ON inspection (drive_id, indicator_id, day);
CREATE INDEX inspection_unit ON inspection (unit_id);
CREATE TRIGGER inspection_no_update BEFORE UPDATE ON inspection BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER inspection_no_delete BEFORE DELETE ON inspection BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE sample (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (to_day >= from_day),
    size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 1000),
    commitment BLOB NOT NULL CHECK (LENGTH(commitment) = 32),
    sealed BLOB NOT NULL,
    author TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    committed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sample_drive ON sample (drive_id, id);
CREATE INDEX sample_unit ON sample (unit_id);
CREATE TRIGGER sample_no_update BEFORE UPDATE ON sample BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER sample_no_delete BEFORE DELETE ON sample BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE sample_drawn (
    sample_id INTEGER NOT NULL PRIMARY KEY REFERENCES sample (id),
    seed BLOB NOT NULL CHECK (LENGTH(seed) = 32),
    population INTEGER NOT NULL CHECK (population >= 0),
    author TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER sample_drawn_no_update BEFORE UPDATE ON sample_drawn BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER sample_drawn_no_delete BEFORE DELETE ON sample_drawn BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE sample_slot (
    sample_id INTEGER NOT NULL REFERENCES sample_drawn (sample_id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    book_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    indicator_id INTEGER NOT NULL,
    reporter_kind INTEGER NOT NULL CHECK (reporter_kind IN (1, 2)),
    reporter_id INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    PRIMARY KEY (sample_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sample_slot_no_update BEFORE UPDATE ON sample_slot BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER sample_slot_no_delete BEFORE DELETE ON sample_slot BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE acknowledgement (
    digest BLOB NOT NULL PRIMARY KEY CHECK (LENGTH(digest) = 32),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    code TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    author TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER acknowledgement_no_update BEFORE UPDATE ON acknowledgement BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER acknowledgement_no_delete BEFORE DELETE ON acknowledgement BEGIN SELECT RAISE(ABORT, 'append_only'); END;
