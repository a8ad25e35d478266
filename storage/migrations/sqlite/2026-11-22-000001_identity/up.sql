-- Accounts, sessions, assignments, decisions by two, and the record of acts. The same tables stand in ../../postgres.
-- Moments are microseconds since 1970-01-01T00:00Z.

INSERT INTO sequence (name, last) VALUES ('account_id', 0);
INSERT INTO sequence (name, last) VALUES ('assignment_id', 0);
INSERT INTO sequence (name, last) VALUES ('session_id', 0);
INSERT INTO sequence (name, last) VALUES ('service_key_id', 0);
INSERT INTO sequence (name, last) VALUES ('proposal_id', 0);

CREATE TABLE account (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    login TEXT NOT NULL CONSTRAINT account_login_key UNIQUE CHECK (login <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('PERSON', 'SERVICE')),
    post TEXT NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    state TEXT NOT NULL CHECK (state IN ('INVITED', 'ACTIVE', 'DISABLED')),
    disabled_for TEXT NULL CHECK (state <> 'DISABLED' OR disabled_for IS NOT NULL),
    demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    last_sign_in INTEGER NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX account_unit ON account (unit_id);

CREATE TABLE credentials (
    account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (id),
    password TEXT NULL CHECK (password LIKE '$argon2id$%'),
    totp BLOB NULL,
    totp_confirmed INTEGER NOT NULL CHECK (totp_confirmed IN (0, 1)),
    totp_step INTEGER NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    refused_until INTEGER NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;

CREATE TABLE one_time_code (
    hash BLOB NOT NULL PRIMARY KEY CHECK (LENGTH(hash) = 32),
    account_id INTEGER NOT NULL REFERENCES account (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('ACTIVATION', 'RESET', 'BREAK_GLASS')),
    expires_at INTEGER NOT NULL,
    used_at INTEGER NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE INDEX one_time_code_account ON one_time_code (account_id);

CREATE TABLE service_key (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    account_id INTEGER NOT NULL REFERENCES account (id),
    kid TEXT NOT NULL,
    public BLOB NOT NULL CHECK (LENGTH(public) = 65),
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER NULL,
    last_used_at INTEGER NULL,
    CONSTRAINT service_key_kid_key UNIQUE (account_id, kid)
) STRICT;

CREATE TABLE spent_assertion (
    account_id INTEGER NOT NULL,
    jti TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, jti)
) STRICT;

CREATE TABLE external_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account (id),
    CONSTRAINT external_identity_key PRIMARY KEY (issuer, subject)
) STRICT;

CREATE TABLE assignment (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    account_id INTEGER NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN (
        'system_admin', 'unit_admin', 'planner', 'reporter', 'verifier', 'analyst', 'integrator', 'auditor',
        'break_glass'
    )),
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    team_id INTEGER NULL REFERENCES team (id),
    drive_id INTEGER NULL REFERENCES drive (id),
    only_for TEXT NOT NULL,
    valid_from TEXT NOT NULL CHECK (valid_from IS DATE(valid_from)),
    valid_to TEXT NULL CHECK (valid_to > valid_from) CHECK (valid_to IS DATE(valid_to)),
    granted_under INTEGER NULL REFERENCES assignment (id) CHECK (granted_under <> id),
    chain INTEGER NOT NULL CHECK (chain BETWEEN 0 AND 6),
    granted_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    ended_at INTEGER NULL,
    ended_by TEXT NULL CHECK (ended_at IS NULL OR ended_by IS NOT NULL),
    suspended_at INTEGER NULL,
    last_used_at INTEGER NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX assignment_account ON assignment (account_id);
CREATE INDEX assignment_unit ON assignment (unit_id);
CREATE INDEX assignment_granted_under ON assignment (granted_under);

CREATE TABLE session (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    account_id INTEGER NOT NULL REFERENCES account (id),
    assignment_id INTEGER NOT NULL REFERENCES assignment (id),
    device TEXT NOT NULL,
    refresh BLOB NOT NULL CHECK (LENGTH(refresh) = 32),
    previous BLOB NULL,
    rotated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
    ended_at INTEGER NULL,
    ended_for TEXT NULL CHECK (ended_for IN ('SIGNED_OUT', 'ENDED', 'REUSED', 'CREDENTIALS', 'DISABLED')),
    version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_assignment ON session (assignment_id);

CREATE TABLE proposal (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id > 0),
    operation TEXT NOT NULL CHECK (operation IN (
        'SET_QUOTAS', 'APPLY_CASCADE', 'FOUND_UNIT', 'REVISE_UNIT', 'MERGE_UNITS', 'SPLIT_UNIT', 'CLOSE_UNIT',
        'GRANT_ASSIGNMENT'
    )),
    input TEXT NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    reason TEXT NOT NULL,
    proposer_id INTEGER NOT NULL REFERENCES account (id),
    assignment_id INTEGER NOT NULL REFERENCES assignment (id),
    proposed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at > proposed_at),
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    decided_by INTEGER NULL REFERENCES account (id),
    decided_at INTEGER NULL,
    note TEXT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT proposal_two_people CHECK (
        state NOT IN ('APPROVED', 'REJECTED') OR (decided_by IS NOT NULL AND decided_by <> proposer_id)
    )
) STRICT;
CREATE INDEX proposal_unit ON proposal (unit_id);

-- The record of acts: a chain without gaps. Rows are only ever added.

CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    at INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    assignment_id INTEGER NOT NULL,
    role TEXT NULL,
    operation TEXT NOT NULL,
    unit_id INTEGER NULL,
    input TEXT NOT NULL,
    changes TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request TEXT NOT NULL,
    previous BLOB NOT NULL CHECK (LENGTH(previous) = 32),
    hash BLOB NOT NULL CHECK (LENGTH(hash) = 32)
) STRICT;
CREATE INDEX audit_account ON audit (account_id, seq);
CREATE INDEX audit_unit ON audit (unit_id, seq);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (LENGTH(hash) = 32)
) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, ZEROBLOB(32));

CREATE TABLE audit_checkpoint (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    hash BLOB NOT NULL CHECK (LENGTH(hash) = 32),
    at INTEGER NOT NULL,
    kid TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint BEGIN SELECT RAISE(ABORT, 'append_only'); END;
CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint BEGIN SELECT RAISE(ABORT, 'append_only'); END;
