-- What an issue was before a change, as servers have it in memory: who follows some of the issues is told of those that are no longer among them.
CREATE TYPE geosan.issue_before AS (
    id            bigint,
    lon           double precision,
    lat           double precision,
    reported_at   timestamptz,
    due_at        timestamptz,
    ward_id       integer,
    category_code text,
    source        text,
    department    text,
    round_id      integer,
    status        integer,
    severity      smallint,
    traits        integer,
    done_at       timestamptz,
    closed_at     timestamptz,
    responsible   text
);
ALTER TABLE geosan.change ADD COLUMN before geosan.issue_before;

CREATE OR REPLACE FUNCTION geosan.note_issue_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before geosan.issue_before;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := ROW(OLD.id, ST_X(OLD.geom), ST_Y(OLD.geom), OLD.reported_at, OLD.due_at, coalesce(OLD.ward_id, 0), OLD.category_code, OLD.source, OLD.department,
            coalesce(OLD.round_id, 0), array_position(ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'], OLD.status) - 1, OLD.severity,
            2 * (OLD.relapse_of IS NOT NULL)::int + 4 * (OLD.location_quality = 'default_point')::int, coalesce(OLD.resolved_at, OLD.closed_at), OLD.closed_at, OLD.responsible);
    END IF;
    IF TG_OP = 'DELETE' THEN
        INSERT INTO geosan.change (kind, id_from, id_to, before) VALUES ('issue', OLD.id, OLD.id, before);
    ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        INSERT INTO geosan.change (kind, id_from, id_to, before) VALUES ('issue', OLD.id, OLD.id, before), ('issue', NEW.id, NEW.id, NULL);
    ELSE
        INSERT INTO geosan.change (kind, id_from, id_to, before) VALUES ('issue', NEW.id, NEW.id, before);
    END IF;
    NOTIFY geosan_change;
    RETURN NULL;
END
$$;

-- Publishing changes no issue, so the feed has no row of it; who watches the feed looks which runs are published.
CREATE FUNCTION geosan.note_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY geosan_change;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_publication AFTER UPDATE ON geosan.run
    FOR EACH ROW WHEN (OLD.published_at IS DISTINCT FROM NEW.published_at) EXECUTE FUNCTION geosan.note_publication();
