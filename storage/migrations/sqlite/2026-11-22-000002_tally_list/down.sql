DELETE FROM sqlite_stat1 WHERE tbl = 'tally';
DROP INDEX tally_list;
