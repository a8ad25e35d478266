DROP TABLE request, rollup, report, tally_revision, tally, member, team, quota_amendment, quota, printed_figure,
    baseline, plan_column, team_rule, drive_indicator, drive_cutoff, drive_day, phase, drive, population_group,
    indicator_part, indicator, tree_epoch, unit_lineage, unit_version, unit, meta;
DROP SEQUENCE unit_id, drive_id, phase_id, indicator_id, population_group_id, baseline_id, quota_id, team_id, member_id;
DROP FUNCTION refuse_taken_code();
DROP FUNCTION refuse_change();
