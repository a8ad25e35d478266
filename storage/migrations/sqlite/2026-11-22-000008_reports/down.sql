DROP TABLE period_report_certificate;
DROP TABLE period_report;
DELETE FROM sequence WHERE name = 'period_report_id';
