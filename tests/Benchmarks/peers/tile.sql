select length(ST_AsMVT(tile, 'issues', 4096, 'geom', 'id')) from (
    select id, :attributes, ST_AsMVTGeom(g, ST_TileEnvelope(:z, :x, :y), 4096, 1, true) as geom
    from issue where g && ST_TileEnvelope(:z, :x, :y, margin => 1.0 / 4096)
) as tile
