select '[' || string_agg(format('{"type":"Feature","id":%s,"geometry":{"type":"Point","coordinates":[%s,%s]},"properties":{"category":"%s","status":"%s","reported_at":"%s"}}',
    id, round(lon::numeric, 7), round(lat::numeric, 7), category, status, to_char(to_timestamp(reported_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), ',') || ']'
from (select * from issue order by id limit 10000) as i
