-- Wards: polygons that somebody answers for, in a tree. A new boundary closes the old row and opens a new one,
-- so that an issue keeps the ward it was assigned at the time.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS ltree;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- An ltree label takes only letters, digits and underscores; any other code is written as its UTF-8 bytes.
CREATE FUNCTION geosan.ward_label(code text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN code ~ '^[A-Za-z0-9][A-Za-z0-9_]*$' THEN code ELSE '__' || encode(convert_to(code, 'UTF8'), 'hex') END;

CREATE TABLE geosan.ward (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code        text NOT NULL CHECK (code <> '' AND octet_length(code) <= 100),
    name        text NOT NULL CHECK (name <> ''),
    name_en     text,
    level       text NOT NULL CHECK (level <> ''),
    parent_id   integer REFERENCES geosan.ward,
    path        ltree NOT NULL,
    responsible text,
    geom        geometry(MultiPolygon, 4326) NOT NULL CHECK (NOT ST_IsEmpty(geom)),
    valid_from  timestamptz NOT NULL DEFAULT now(),
    valid_to    timestamptz CHECK (valid_to > valid_from),
    CHECK (parent_id <> id),
    -- One row at a time stands for a code.
    EXCLUDE USING gist (code WITH =, tstzrange(valid_from, valid_to) WITH &&)
);
CREATE UNIQUE INDEX ward_code_now ON geosan.ward (code) WHERE valid_to IS NULL;
CREATE INDEX ward_geom ON geosan.ward USING gist (geom);
CREATE INDEX ward_path ON geosan.ward USING gist (path);
CREATE INDEX ward_parent ON geosan.ward (parent_id);
