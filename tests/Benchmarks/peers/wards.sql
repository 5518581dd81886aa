create temp table found as
select point.id, ward.id as ward from point join ward on ST_Contains(ward.g, point.g)
