-- What is bound to an account is listed with it; the key serves signing in.
CREATE INDEX external_identity_account ON external_identity (account_id);
