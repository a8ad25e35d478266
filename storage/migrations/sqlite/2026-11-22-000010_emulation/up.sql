-- Emulation lists, frozen, and the council's decisions on their candidates. Rows are only ever added: a later decision takes
-- the place of an earlier one by its version. The same tables stand in ../../postgres.
-- Moments are microseconds since 1970-01-01T00:00Z. The host acts as account 0.

INSERT INTO sequence (name, last) VALUES ('emulation_list_id', 0);

CREATE TABLE emulation_list (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    account_id INTEGER NOT NULL,
    author TEXT NOT NULL,
    drawn_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (LENGTH(hash) = 32)
) STRICT;
CREATE INDEX emulation_list_unit ON emulation_list (unit_id, id);
CREATE INDEX emulation_list_drive ON emulation_list (drive_id, id);
CREATE TRIGGER emulation_list_no_update BEFORE UPDATE ON emulation_list
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER emulation_list_no_delete BEFORE DELETE ON emulation_list
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What decisions rest on; everything else about a candidate stands in the text of its list.
CREATE TABLE emulation_candidate (
    list_id INTEGER NOT NULL REFERENCES emulation_list (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    is_out INTEGER NOT NULL CHECK (is_out IN (0, 1)),
    PRIMARY KEY (list_id, unit_id),
    CONSTRAINT emulation_candidate_out_key UNIQUE (list_id, unit_id, is_out)
) STRICT;
CREATE TRIGGER emulation_candidate_no_update BEFORE UPDATE ON emulation_candidate
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER emulation_candidate_no_delete BEFORE DELETE ON emulation_candidate
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Whether the candidate is out of the running stands here once more, so that the database itself refuses to commend it.
CREATE TABLE emulation_decision (
    list_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    decided TEXT NOT NULL CHECK (decided IN ('COMMENDED', 'CRITICISED', 'NEITHER')),
    number TEXT NOT NULL CHECK (number <> ''),
    award TEXT NULL CHECK (award IS NULL OR decided = 'COMMENDED'),
    reason TEXT NOT NULL CHECK (reason <> ''),
    is_out INTEGER NOT NULL CHECK (is_out IN (0, 1)),
    account_id INTEGER NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (list_id, unit_id, version),
    CONSTRAINT emulation_decision_in_running CHECK (decided <> 'COMMENDED' OR NOT is_out),
    FOREIGN KEY (list_id, unit_id, is_out) REFERENCES emulation_candidate (list_id, unit_id, is_out)
) STRICT;
CREATE TRIGGER emulation_decision_no_update BEFORE UPDATE ON emulation_decision
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER emulation_decision_no_delete BEFORE DELETE ON emulation_decision
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
