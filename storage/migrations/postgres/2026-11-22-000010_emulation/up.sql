-- Emulation lists, frozen, and the council's decisions on their candidates. Rows are only ever added: a later decision takes
-- the place of an earlier one by its version. The same tables stand in ../../sqlite.
-- Moments are microseconds since 1970-01-01T00:00Z. The host acts as account 0.

CREATE SEQUENCE emulation_list_id;

CREATE TABLE emulation_list (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    account_id BIGINT NOT NULL,
    author TEXT NOT NULL,
    drawn_at BIGINT NOT NULL,
    content TEXT NOT NULL,
    hash BYTEA NOT NULL CHECK (LENGTH(hash) = 32)
);
CREATE INDEX emulation_list_unit ON emulation_list (unit_id, id);
CREATE INDEX emulation_list_drive ON emulation_list (drive_id, id);
CREATE TRIGGER emulation_list_fixed BEFORE UPDATE OR DELETE ON emulation_list
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What decisions rest on; everything else about a candidate stands in the text of its list.
CREATE TABLE emulation_candidate (
    list_id BIGINT NOT NULL REFERENCES emulation_list (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    is_out BOOLEAN NOT NULL,
    PRIMARY KEY (list_id, unit_id),
    CONSTRAINT emulation_candidate_out_key UNIQUE (list_id, unit_id, is_out)
);
CREATE TRIGGER emulation_candidate_fixed BEFORE UPDATE OR DELETE ON emulation_candidate
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Whether the candidate is out of the running stands here once more, so that the database itself refuses to commend it.
CREATE TABLE emulation_decision (
    list_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    decided TEXT COLLATE "C" NOT NULL CHECK (decided IN ('COMMENDED', 'CRITICISED', 'NEITHER')),
    number TEXT NOT NULL CHECK (number <> ''),
    award TEXT NULL CHECK (award IS NULL OR decided = 'COMMENDED'),
    reason TEXT NOT NULL CHECK (reason <> ''),
    is_out BOOLEAN NOT NULL,
    account_id BIGINT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (list_id, unit_id, version),
    CONSTRAINT emulation_decision_in_running CHECK (decided <> 'COMMENDED' OR NOT is_out),
    FOREIGN KEY (list_id, unit_id, is_out) REFERENCES emulation_candidate (list_id, unit_id, is_out)
);
CREATE TRIGGER emulation_decision_fixed BEFORE UPDATE OR DELETE ON emulation_decision
FOR EACH ROW EXECUTE FUNCTION refuse_change();
