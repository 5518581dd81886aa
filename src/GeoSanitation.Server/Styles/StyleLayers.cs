namespace GeoSanitation.Server.Styles;

/// <summary>Layers of map styles (maplibre.org/maplibre-style-spec, version 8), from the bottom up. They use only what Mapbox GL knows too.</summary>
internal static class StyleLayers
{
    internal const string Land = """
        {"id": "land", "type": "background", "paint": {"background-color": "#f6f5f1"}}
        """;

    internal const string Heatmap = """
        {"id": "heatmap", "type": "raster", "source": "heatmap", "paint": {"raster-opacity": 0.85}}
        """;

    // ArcGIS takes has of one argument for false where the value is 0, as the class of a cell that is neither hot nor cold is.
    internal const string Hotspots = """
        {"id": "hotspot-areas", "type": "fill", "source": "hotspots", "source-layer": "hotspots", "filter": ["==", ["geometry-type"], "Polygon"],
          "paint": {"fill-opacity": 0.7, "fill-antialias": false, "fill-color": ["case",
            ["has", "class", ["properties"]], ["match", ["get", "class"], 3, "#99101f", 2, "#d6513f", 1, "#f3a27f", -1, "#9cc4e0", -2, "#4f93c8", -3, "#1d5a9e", "rgba(0,0,0,0)"],
            ["has", "quadrant", ["properties"]], ["match", ["get", "quadrant"], "HH", "#99101f", "HL", "#f3a27f", "LH", "#9cc4e0", "LL", "#1d5a9e", "rgba(0,0,0,0)"],
            ["has", "pattern", ["properties"]], ["case", ["in", "hot spot", ["get", "pattern"]], "#d6513f", ["in", "cold spot", ["get", "pattern"]], "#4f93c8", "rgba(0,0,0,0)"],
            ["has", "lower", ["properties"]], "rgba(106,27,112,0.12)",
            "rgba(15,92,87,0.18)"]}},
        {"id": "hotspot-lines", "type": "line", "source": "hotspots", "source-layer": "hotspots",
          "filter": ["all", ["==", ["geometry-type"], "Polygon"], ["!", ["has", "class", ["properties"]]], ["!", ["has", "quadrant", ["properties"]]], ["!", ["has", "pattern", ["properties"]]]],
          "paint": {"line-width": 1.6, "line-color": ["case", ["has", "lower", ["properties"]], "#6a1b70", "#0f5c57"]}},
        {"id": "hotspot-points", "type": "circle", "source": "hotspots", "source-layer": "hotspots", "filter": ["==", ["geometry-type"], "Point"],
          "paint": {"circle-radius": 3, "circle-color": ["case", [">=", ["coalesce", ["get", "cluster"], 0], 0], "#0f5c57", "#b3b9c2"]}}
        """;

    internal const string Wards = """
        {"id": "ward-lines", "type": "line", "source": "wards", "source-layer": "wards", "layout": {"line-join": "round"},
          "paint": {"line-color": "#6b7280", "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 15, 1.8]}},
        {"id": "ward-labels", "type": "symbol", "source": "wards", "source-layer": "ward_labels",
          "layout": {"text-field": ["coalesce", ["get", "name"], ["get", "name_en"]], "text-font": ["GeoSanitation"], "text-size": 13, "text-max-width": 8},
          "paint": {"text-color": "#1f2937", "text-halo-color": "#ffffff", "text-halo-width": 1.4}}
        """;

    internal const string Issues = """
        {"id": "clusters", "type": "circle", "source": "issues", "source-layer": "clusters",
          "paint": {"circle-color": "#33475b", "circle-opacity": 0.88, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5,
            "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1, 9, 10, 13, 40, 19]}},
        {"id": "issues", "type": "circle", "source": "issues", "source-layer": "issues",
          "layout": {"circle-sort-key": ["get", "severity"]},
          "paint": {"circle-color": ["case", ["get", "overdue"], "#d55e00", ["match", ["get", "status"], ["closed", "rejected"], true, false], "#7b828d", "#0072b2"],
            "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 3, 14, ["+", 2, ["*", 0.45, ["get", "severity"]]], 16, 14],
            "circle-stroke-color": ["case", ["get", "relapse"], "#111111", "#ffffff"], "circle-stroke-width": 0.8}},
        {"id": "issue-markers", "type": "symbol", "source": "issues", "source-layer": "issues", "minzoom": 15,
          "layout": {"icon-image": ["concat", "category-", ["get", "category"]], "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 15, 0.4, 16, 0.9]}},
        {"id": "cluster-labels", "type": "symbol", "source": "issues", "source-layer": "clusters",
          "layout": {"text-field": ["get", "point_count_abbreviated"], "text-font": ["GeoSanitation"], "text-size": 12, "text-allow-overlap": true},
          "paint": {"text-color": "#ffffff"}}
        """;
}
