DROP TABLE acknowledgement;
DROP TABLE sample_slot;
DROP TABLE sample_drawn;
DROP TABLE sample;
DROP TABLE inspection;
DELETE FROM sequence WHERE name IN ('inspection_id', 'sample_id');
