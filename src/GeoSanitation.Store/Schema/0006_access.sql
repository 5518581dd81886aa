-- Who may do what, who asked to be told, and who did what.
CREATE TABLE geosan.api_key (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL CHECK (name <> ''),
    role         text NOT NULL CHECK (role IN ('reader', 'inspector', 'handler', 'administrator')),
    prefix       text NOT NULL UNIQUE,
    hash         bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);

CREATE TABLE geosan.subscription (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url        text NOT NULL,
    filter     jsonb NOT NULL DEFAULT '{}',
    secret     text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE geosan.audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    actor   text NOT NULL,
    action  text NOT NULL,
    target  text,
    payload jsonb
);
CREATE INDEX audit_at ON geosan.audit (at);
