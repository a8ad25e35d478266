DROP TABLE acknowledgement;
DROP TABLE sample_slot;
DROP TABLE sample_drawn;
DROP TABLE sample;
DROP TABLE inspection;
DROP SEQUENCE inspection_id;
DROP SEQUENCE sample_id;
