-- Accounts, sessions, assignments, decisions by two, and the record of acts. The same tables stand in ../../sqlite.
-- Moments are microseconds since 1970-01-01T00:00Z.

CREATE SEQUENCE account_id;
CREATE SEQUENCE assignment_id;
CREATE SEQUENCE session_id;
CREATE SEQUENCE service_key_id;
CREATE SEQUENCE proposal_id;

CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    login TEXT COLLATE "C" NOT NULL CONSTRAINT account_login_key UNIQUE CHECK (login <> ''),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('PERSON', 'SERVICE')),
    post TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('INVITED', 'ACTIVE', 'DISABLED')),
    disabled_for TEXT NULL CHECK (state <> 'DISABLED' OR disabled_for IS NOT NULL),
    demo BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    last_sign_in BIGINT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX account_unit ON account (unit_id);

CREATE TABLE credentials (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    password TEXT NULL CHECK (password LIKE '$argon2id$%'),
    totp BYTEA NULL,
    totp_confirmed BOOLEAN NOT NULL,
    totp_step BIGINT NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    refused_until BIGINT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);

CREATE TABLE one_time_code (
    hash BYTEA NOT NULL PRIMARY KEY CHECK (LENGTH(hash) = 32),
    account_id BIGINT NOT NULL REFERENCES account (id),
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('ACTIVATION', 'RESET', 'BREAK_GLASS')),
    expires_at BIGINT NOT NULL,
    used_at BIGINT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX one_time_code_account ON one_time_code (account_id);

CREATE TABLE service_key (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    account_id BIGINT NOT NULL REFERENCES account (id),
    kid TEXT COLLATE "C" NOT NULL,
    public BYTEA NOT NULL CHECK (LENGTH(public) = 65),
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NULL,
    last_used_at BIGINT NULL,
    CONSTRAINT service_key_kid_key UNIQUE (account_id, kid)
);

CREATE TABLE spent_assertion (
    account_id BIGINT NOT NULL,
    jti TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, jti)
);

CREATE TABLE external_identity (
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id),
    CONSTRAINT external_identity_key PRIMARY KEY (issuer, subject)
);

CREATE TABLE assignment (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    account_id BIGINT NOT NULL REFERENCES account (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN (
        'system_admin', 'unit_admin', 'planner', 'reporter', 'verifier', 'analyst', 'integrator', 'auditor',
        'break_glass'
    )),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    team_id BIGINT NULL REFERENCES team (id),
    drive_id BIGINT NULL REFERENCES drive (id),
    only_for TEXT COLLATE "C" NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NULL CHECK (valid_to > valid_from),
    granted_under BIGINT NULL REFERENCES assignment (id) CHECK (granted_under <> id),
    chain INTEGER NOT NULL CHECK (chain BETWEEN 0 AND 6),
    granted_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    ended_at BIGINT NULL,
    ended_by TEXT NULL CHECK (ended_at IS NULL OR ended_by IS NOT NULL),
    suspended_at BIGINT NULL,
    last_used_at BIGINT NULL,
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX assignment_account ON assignment (account_id);
CREATE INDEX assignment_unit ON assignment (unit_id);
CREATE INDEX assignment_granted_under ON assignment (granted_under);

CREATE TABLE session (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    account_id BIGINT NOT NULL REFERENCES account (id),
    assignment_id BIGINT NOT NULL REFERENCES assignment (id),
    device TEXT NOT NULL,
    refresh BYTEA NOT NULL CHECK (LENGTH(refresh) = 32),
    previous BYTEA NULL,
    rotated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at > created_at),
    ended_at BIGINT NULL,
    ended_for TEXT COLLATE "C" NULL CHECK (ended_for IN ('SIGNED_OUT', 'ENDED', 'REUSED', 'CREDENTIALS', 'DISABLED')),
    version INTEGER NOT NULL CHECK (version >= 1)
);
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_assignment ON session (assignment_id);

CREATE TABLE proposal (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
    operation TEXT COLLATE "C" NOT NULL CHECK (operation IN (
        'SET_QUOTAS', 'APPLY_CASCADE', 'FOUND_UNIT', 'REVISE_UNIT', 'MERGE_UNITS', 'SPLIT_UNIT', 'CLOSE_UNIT',
        'GRANT_ASSIGNMENT'
    )),
    input TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    reason TEXT NOT NULL,
    proposer_id BIGINT NOT NULL REFERENCES account (id),
    assignment_id BIGINT NOT NULL REFERENCES assignment (id),
    proposed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at > proposed_at),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    decided_by BIGINT NULL REFERENCES account (id),
    decided_at BIGINT NULL,
    note TEXT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    CONSTRAINT proposal_two_people CHECK (
        state NOT IN ('APPROVED', 'REJECTED') OR (decided_by IS NOT NULL AND decided_by <> proposer_id)
    )
);
CREATE INDEX proposal_unit ON proposal (unit_id);

-- The record of acts: a chain without gaps. Rows are only ever added.

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    at BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    assignment_id BIGINT NOT NULL,
    role TEXT COLLATE "C" NULL,
    operation TEXT COLLATE "C" NOT NULL,
    unit_id BIGINT NULL,
    input TEXT NOT NULL,
    changes TEXT NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    previous BYTEA NOT NULL CHECK (LENGTH(previous) = 32),
    hash BYTEA NOT NULL CHECK (LENGTH(hash) = 32)
);
CREATE INDEX audit_account ON audit (account_id, seq);
CREATE INDEX audit_unit ON audit (unit_id, seq);
CREATE TRIGGER audit_fixed BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    hash BYTEA NOT NULL CHECK (LENGTH(hash) = 32)
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, DECODE(REPEAT('00', 32), 'hex'));

CREATE TABLE audit_checkpoint (
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    hash BYTEA NOT NULL CHECK (LENGTH(hash) = 32),
    at BIGINT NOT NULL,
    kid TEXT COLLATE "C" NOT NULL,
    signature BYTEA NOT NULL
);
CREATE TRIGGER audit_checkpoint_fixed BEFORE UPDATE OR DELETE ON audit_checkpoint
FOR EACH ROW EXECUTE FUNCTION refuse_change();
