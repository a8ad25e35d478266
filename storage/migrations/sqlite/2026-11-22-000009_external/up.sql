-- A binding signs in to the account's assignments up to this one. The key serves signing in, the index lists of accounts.
ALTER TABLE external_identity ADD COLUMN up_to INTEGER NOT NULL DEFAULT 0 CHECK (up_to >= 0);
CREATE INDEX external_identity_account ON external_identity (account_id);
