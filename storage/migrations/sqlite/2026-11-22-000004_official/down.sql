DROP TABLE settlement;
DROP TABLE tolerance;
DROP TABLE official_figure;
DROP TABLE official_extract;
DROP TABLE official_source;
DELETE FROM sequence WHERE name IN ('official_source_id', 'official_extract_id', 'settlement_id');
