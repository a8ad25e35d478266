-- Lists of a drive's tallies are by day, then by unit; what is left of the order is sorted within a unit's day.
CREATE INDEX tally_list ON tally (drive_id, day, unit_id);

-- What PostgreSQL learns by itself, said once for all: how many rows share the first column of each index, the first two,
-- and so on. Without it SQLite takes every index for equally good and reads a whole drive by day to find one team's
-- figures. The numbers need only be right in their proportions; nothing measures them anew.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('tally', 'tally', '1000000 500000 400 4 1 1 1'),
    ('tally', 'tally_reporter', '1000000 900000 400 400 100 1'),
    ('tally', 'tally_list', '1000000 300000 4000 4');
