select jsonb_agg(jsonb_build_object('type', 'Feature', 'id', id, 'geometry', ST_AsGeoJSON(ST_MakePoint(lon, lat), 7)::jsonb,
    'properties', jsonb_build_object('category', category, 'status', status, 'reported_at', to_char(to_timestamp(reported_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))))::text
from (select * from issue order by id limit 10000) as i
