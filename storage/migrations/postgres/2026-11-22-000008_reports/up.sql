-- Period reports, frozen. Rows are only ever added: a report that was wrong is put right by another one that names it, and
-- that somebody stands for it is a row of its own. The same tables stand in ../../sqlite.
-- Moments are microseconds since 1970-01-01T00:00Z. The host issues as account 0.

CREATE SEQUENCE period_report_id;

CREATE TABLE period_report (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('DAILY', 'WEEKLY', 'PHASE', 'FINAL')),
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    phase_id BIGINT NULL REFERENCES phase (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    group_id BIGINT NOT NULL REFERENCES population_group (id),
    from_day DATE NOT NULL,
    to_day DATE NOT NULL CHECK (to_day >= from_day),
    known_at BIGINT NOT NULL,
    is_whole BOOLEAN NOT NULL,
    corrects BIGINT NULL CONSTRAINT period_report_corrects_key UNIQUE REFERENCES period_report (id) CHECK (corrects < id),
    reason TEXT NULL CHECK ((reason IS NULL) = (corrects IS NULL)),
    issuer_id BIGINT NOT NULL,
    issued_at BIGINT NOT NULL CHECK (issued_at >= known_at),
    content TEXT NOT NULL,
    hash BYTEA NOT NULL CHECK (LENGTH(hash) = 32),
    CONSTRAINT period_report_issuer_key UNIQUE (id, issuer_id),
    CHECK ((kind = 'PHASE') <= (phase_id IS NOT NULL)),
    CHECK ((kind = 'FINAL') <= (phase_id IS NULL)),
    CHECK ((kind = 'DAILY') <= (from_day = to_day))
);
CREATE INDEX period_report_unit ON period_report (unit_id, id);
CREATE INDEX period_report_drive ON period_report (drive_id, id);
CREATE TRIGGER period_report_fixed BEFORE UPDATE OR DELETE ON period_report
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The issuer stands here once more, so that the database itself can demand two people.
CREATE TABLE period_report_certificate (
    report_id BIGINT NOT NULL PRIMARY KEY,
    issuer_id BIGINT NOT NULL,
    certified_by BIGINT NOT NULL REFERENCES account (id),
    certified_at BIGINT NOT NULL,
    note TEXT NULL,
    CONSTRAINT period_report_two_people CHECK (certified_by <> issuer_id),
    FOREIGN KEY (report_id, issuer_id) REFERENCES period_report (id, issuer_id)
);
CREATE TRIGGER period_report_certificate_fixed BEFORE UPDATE OR DELETE ON period_report_certificate
FOR EACH ROW EXECUTE FUNCTION refuse_change();
