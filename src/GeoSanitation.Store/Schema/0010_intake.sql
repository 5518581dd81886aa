-- What bulk intake keeps beside the issues themselves.

-- What the file said last about this issue, as a hash: the same row again changes nothing, also where the issue was edited here since.
ALTER TABLE geosan.issue ADD COLUMN source_hash uuid;

-- A geocoder's stand-ins for "somewhere in the city". An import notices them; a row that arrives later on one of them is marked at once.
CREATE TABLE geosan.default_point (
    lon        double precision NOT NULL,
    lat        double precision NOT NULL,
    import_id  bigint REFERENCES geosan.import ON DELETE SET NULL,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (lon, lat)
);

CREATE FUNCTION geosan.is_default_point(place geometry) RETURNS boolean
    LANGUAGE sql STABLE STRICT
    RETURN EXISTS (SELECT FROM geosan.default_point WHERE lon = ST_X(place) AND lat = ST_Y(place));

-- The issue that a new one, reported now at this place, is a relapse of: same category, closed before the report but no longer ago than `days`,
-- no farther than distance_meters (on the ellipsoid); the one closed last, then the lowest id. Null for none. A default point is no place.
-- The import finds the same pairs set-based (Issues/RelapseSweep.cs).
CREATE FUNCTION geosan.find_relapse(place geometry, category text, reported timestamptz, distance_meters double precision, days double precision) RETURNS bigint
    LANGUAGE sql STABLE STRICT
    RETURN (
        SELECT id
        FROM geosan.issue
        WHERE geom && ST_Expand(place, distance_meters / (110000 * greatest(cos(radians(ST_Y(place))), 0.001)), distance_meters / 110000)
          AND category_code = category
          AND status = 'closed'
          AND closed_at < reported
          AND closed_at >= reported - make_interval(secs => days * 86400)
          AND location_quality = 'ok'
          AND NOT geosan.is_default_point(place)
          AND ST_DWithin(geom::geography, place::geography, distance_meters)
        ORDER BY closed_at DESC, id
        LIMIT 1);
