-- Kept analyses: what was asked, of which data, and what came out.
CREATE TABLE geosan.run (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text,
    method       text NOT NULL,
    parameters   jsonb NOT NULL,
    filter       jsonb NOT NULL,
    data_version text NOT NULL,
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress     real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    explain      jsonb,
    error        text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    published_at timestamptz,
    CHECK (published_at IS NULL OR state = 'done')
);

CREATE TABLE geosan.run_feature (
    run_id     bigint NOT NULL REFERENCES geosan.run ON DELETE CASCADE,
    id         integer NOT NULL,
    properties jsonb NOT NULL,
    geom       geometry(Geometry, 4326),
    PRIMARY KEY (run_id, id)
);
CREATE INDEX run_feature_geom ON geosan.run_feature USING gist (geom);
