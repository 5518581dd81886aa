-- Runs: who asked, how the columns of a result are called, and which server is at work on it.
CREATE SEQUENCE geosan.run_owner AS integer CYCLE;

ALTER TABLE geosan.run
    ADD COLUMN method_version integer NOT NULL DEFAULT 1 CHECK (method_version > 0),
    ADD COLUMN actor text NOT NULL DEFAULT 'anonymous',
    -- False for a request that took too long to be waited for; only the last of those are kept.
    ADD COLUMN kept boolean NOT NULL DEFAULT true,
    ADD COLUMN columns jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN feature_count integer NOT NULL DEFAULT 0 CHECK (feature_count >= 0),
    -- The server that computes it holds an advisory lock of this number for as long as it lives.
    ADD COLUMN owner integer,
    ADD COLUMN started_at timestamptz,
    ADD CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL)),
    ADD CHECK (state <> 'failed' OR error IS NOT NULL);

-- What tells a feature from the others of its run, and is the same in the next run: the id of a cell, the number of a cluster.
ALTER TABLE geosan.run_feature ADD COLUMN key text NOT NULL;

CREATE INDEX run_published ON geosan.run (published_at DESC, id DESC) WHERE published_at IS NOT NULL;
CREATE INDEX run_alive ON geosan.run (id) WHERE state IN ('queued', 'running');
