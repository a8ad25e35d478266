DROP INDEX external_identity_account;
