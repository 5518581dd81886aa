select json_agg(ST_AsGeoJSON(f, 'geom', 7)::json)::text
from (select id, ST_SetSRID(ST_MakePoint(lon, lat), 4326) as geom, category, status, to_char(to_timestamp(reported_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as reported_at
      from issue order by id limit 10000) as f
