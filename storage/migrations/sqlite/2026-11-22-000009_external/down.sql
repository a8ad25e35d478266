DROP INDEX external_identity_account;
ALTER TABLE external_identity DROP COLUMN up_to;
