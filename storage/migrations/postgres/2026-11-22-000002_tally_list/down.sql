DROP INDEX tally_list;
