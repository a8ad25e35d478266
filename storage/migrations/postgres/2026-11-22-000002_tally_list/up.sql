-- Lists of a drive's tallies are by day, then by unit; what is left of the order is sorted within a unit's day.
CREATE INDEX tally_list ON tally (drive_id, day, unit_id);
