DROP TABLE settlement;
DROP TABLE tolerance;
DROP TABLE official_figure;
DROP TABLE official_extract;
DROP TABLE official_source;
DROP SEQUENCE official_source_id;
DROP SEQUENCE official_extract_id;
DROP SEQUENCE settlement_id;
