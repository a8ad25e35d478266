DROP TABLE period_report_certificate;
DROP TABLE period_report;
DROP SEQUENCE period_report_id;
