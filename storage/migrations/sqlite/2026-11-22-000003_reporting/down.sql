DELETE FROM proposal WHERE operation = 'REOPEN_DAY';
CREATE TABLE proposal_anew (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    operation TEXT NOT NULL CHECK (operation IN (
        'SET_QUOTAS', 'APPLY_CASCADE', 'FOUND_UNIT', 'REVISE_UNIT', 'MERGE_UNITS', 'SPLIT_UNIT', 'CLOSE_UNIT',
        'GRANT_ASSIGNMENT'
    )),
    input TEXT NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    reason TEXT NOT NULL,
    proposer_id INTEGER NOT NULL REFERENCES account (id),
    assignment_id INTEGER NOT NULL REFERENCES assignment (id),
    proposed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at > proposed_at),
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    decided_by INTEGER NULL REFERENCES account (id),
    decided_at INTEGER NULL,
    note TEXT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT proposal_two_people CHECK (
        state NOT IN ('APPROVED', 'REJECTED') OR (decided_by IS NOT NULL AND decided_by <> proposer_id)
    )
) STRICT;
INSERT INTO proposal_anew SELECT * FROM proposal;
DROP TABLE proposal;
ALTER TABLE proposal_anew RENAME TO proposal;
CREATE INDEX proposal_unit ON proposal (unit_id);
DROP TABLE compilation_figure;
DROP TABLE compilation_gap;
DROP TABLE compilation;
DROP TABLE reopening;
DROP TABLE report_excuse;
DROP INDEX report_day;
DELETE FROM sqlite_stat1 WHERE tbl = 'report';
ALTER TABLE report DROP COLUMN late_reason;
CREATE TABLE drive_cutoff (
    drive_id INTEGER NOT NULL REFERENCES drive (id),
    level TEXT NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    before TEXT NOT NULL CHECK (before IS TIME(before)),
    PRIMARY KEY (drive_id, level)
) STRICT, WITHOUT ROWID;
INSERT INTO drive_cutoff (drive_id, level, before) SELECT drive_id, level, before FROM reporting_rule;
DROP TABLE reporting_rule;
DELETE FROM sequence WHERE name IN ('report_excuse_id', 'reopening_id', 'compilation_id');
