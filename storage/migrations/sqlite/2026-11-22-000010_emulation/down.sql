DROP TABLE emulation_decision;
DROP TABLE emulation_candidate;
DROP TABLE emulation_list;
DELETE FROM sequence WHERE name = 'emulation_list_id';
