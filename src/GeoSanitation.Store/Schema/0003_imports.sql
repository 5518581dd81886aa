-- Bulk intake: one row a file, and every row of it that was refused, with its reason.
CREATE TABLE geosan.import (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('issues', 'wards')),
    file_name     text NOT NULL,
    source        text,
    mapping       jsonb,
    state         text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    actor         text,
    rows_read     bigint NOT NULL DEFAULT 0 CHECK (rows_read >= 0),
    loaded        bigint NOT NULL DEFAULT 0 CHECK (loaded >= 0),
    unchanged     bigint NOT NULL DEFAULT 0 CHECK (unchanged >= 0),
    updated       bigint NOT NULL DEFAULT 0 CHECK (updated >= 0),
    refused       bigint NOT NULL DEFAULT 0 CHECK (refused >= 0),
    warnings      jsonb NOT NULL DEFAULT '[]',
    error         text,
    started_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    CHECK (state <> 'done' OR loaded + unchanged + updated + refused = rows_read),
    CHECK ((state = 'running') = (finished_at IS NULL))
);
CREATE INDEX import_started ON geosan.import (started_at DESC);

CREATE TABLE geosan.import_reject (
    import_id   bigint NOT NULL REFERENCES geosan.import ON DELETE CASCADE,
    line        bigint NOT NULL,
    column_name text,
    value       text,
    reason      text NOT NULL,
    PRIMARY KEY (import_id, line)
);
