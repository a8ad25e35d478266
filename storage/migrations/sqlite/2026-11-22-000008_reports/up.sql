-- Period reports, frozen. Rows are only ever added: a report that was wrong is put right by another one that names it, and
-- that somebody stands for it is a row of its own. The same tables stand in ../../postgres.
-- Moments are microseconds since 1970-01-01T00:00Z. The host issues as account 0.

INSERT INTO sequence (name, last) VALUES ('period_report_id', 0);

CREATE TABLE period_report (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    kind TEXT NOT NULL CHECK (kind IN ('DAILY', 'WEEKLY', 'PHASE', 'FINAL')),
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    phase_id INTEGER NULL REFERENCES phase (id),
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    group_id INTEGER NOT NULL REFERENCES population_group (id),
    from_day TEXT NOT NULL CHECK (from_day IS DATE(from_day)),
    to_day TEXT NOT NULL CHECK (to_day >= from_day) CHECK (to_day IS DATE(to_day)),
    known_at INTEGER NOT NULL,
    is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
    corrects INTEGER NULL CONSTRAINT period_report_corrects_key UNIQUE REFERENCES period_report (id) CHECK (corrects < id),
    reason TEXT NULL CHECK ((reason IS NULL) = (corrects IS NULL)),
    issuer_id INTEGER NOT NULL,
    issued_at INTEGER NOT NULL CHECK (issued_at >= known_at),
    content TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (LENGTH(hash) = 32),
    CONSTRAINT period_report_issuer_key UNIQUE (id, issuer_id),
    CHECK ((kind = 'PHASE') <= (phase_id IS NOT NULL)),
    CHECK ((kind = 'FINAL') <= (phase_id IS NULL)),
    CHECK ((kind = 'DAILY') <= (from_day = to_day))
) STRICT;
CREATE INDEX period_report_unit ON period_report (unit_id, id);
CREATE INDEX period_report_drive ON period_report (drive_id, id);
CREATE TRIGGER period_report_no_update BEFORE UPDATE ON period_report BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER period_report_no_delete BEFORE DELETE ON period_report BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- The issuer stands here once more, so that the database itself can demand two people.
CREATE TABLE period_report_certificate (
    report_id INTEGER NOT NULL PRIMARY KEY,
    issuer_id INTEGER NOT NULL,
    certified_by INTEGER NOT NULL REFERENCES account (id),
    certified_at INTEGER NOT NULL,
    note TEXT NULL,
    CONSTRAINT period_report_two_people CHECK (certified_by <> issuer_id),
    FOREIGN KEY (report_id, issuer_id) REFERENCES period_report (id, issuer_id)
) STRICT;
CREATE TRIGGER period_report_certificate_no_update BEFORE UPDATE ON period_report_certificate
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER period_report_certificate_no_delete BEFORE DELETE ON period_report_certificate
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
