DROP TABLE emulation_decision;
DROP TABLE emulation_candidate;
DROP TABLE emulation_list;
DROP SEQUENCE emulation_list_id;
