create temp table found as
select id, ST_ClusterDBSCAN(g, eps => 50, minpoints => 10) over () as cluster from point
