DELETE FROM proposal WHERE operation = 'REOPEN_DAY';
ALTER TABLE proposal DROP CONSTRAINT proposal_operation_check;
ALTER TABLE proposal ADD CONSTRAINT proposal_operation_check CHECK (operation IN (
        'SET_QUOTAS', 'APPLY_CASCADE', 'FOUND_UNIT', 'REVISE_UNIT', 'MERGE_UNITS', 'SPLIT_UNIT', 'CLOSE_UNIT',
        'GRANT_ASSIGNMENT'
    ));
DROP TABLE compilation_figure;
DROP TABLE compilation_gap;
DROP TABLE compilation;
DROP TABLE reopening;
DROP TABLE report_excuse;
DROP INDEX report_day;
ALTER TABLE report DROP COLUMN late_reason;
CREATE TABLE drive_cutoff (
    drive_id BIGINT NOT NULL REFERENCES drive (id),
    level TEXT COLLATE "C" NOT NULL CHECK (level IN (
        'COUNTRY', 'PROVINCE', 'DISTRICT', 'COMMUNE', 'VILLAGE', 'ORGANISATION'
    )),
    before TIME NOT NULL,
    PRIMARY KEY (drive_id, level)
);
INSERT INTO drive_cutoff (drive_id, level, before) SELECT drive_id, level, before FROM reporting_rule;
DROP TABLE reporting_rule;
DROP SEQUENCE report_excuse_id;
DROP SEQUENCE reopening_id;
DROP SEQUENCE compilation_id;
