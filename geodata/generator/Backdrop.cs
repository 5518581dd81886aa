namespace GeoSanitation.CountyGenerator;

/// <summary>What lies on the ground, so that a map reads well without any other: river, lake, roads and named places.</summary>
internal static class Backdrop
{
    private const double RiverHalfWidthMeters = 55;

    internal static void Write(string folder, Terrain terrain, Wards wards, Places places)
    {
        WriteWater(Path.Combine(folder, "water.geojson"), terrain, places);
        WriteRoads(Path.Combine(folder, "roads.geojson"), terrain, wards, places);
        WriteBuiltUp(Path.Combine(folder, "built_up.geojson"), terrain);
        foreach (var (kind, file) in new[] { ("market", "markets"), ("old_estate", "old_estates"), ("urban_village", "urban_villages"), ("park", "parks") })
        {
            using var json = new GeoJson(Path.Combine(folder, $"{file}.geojson"));
            foreach (var place in places.All.Where(p => p.Kind == kind))
            {
                json.Polygon(Named(kind, place.Name), [place.Ring().Select(c => terrain.LonLat(c.U, c.V))]);
            }
        }
    }

    private static (string, object?)[] Named(string kind, Name name) => [("kind", kind), ("name", name.Chinese), ("name_en", name.English)];

    private static void WriteWater(string path, Terrain terrain, Places places)
    {
        using var json = new GeoJson(path);
        var middle = Enumerable.Range(0, Terrain.Size + 1).Where(u => places.IsInside(Math.Clamp(u, 0, Terrain.Size - 1), Terrain.RiverRow))
            .Select(u => terrain.At(u, Terrain.RiverRow)).ToList();
        var left = new List<(double, double)>();
        var right = new List<(double, double)>();
        for (var k = 0; k < middle.Count; k++)
        {
            var (before, after) = (middle[Math.Max(k - 1, 0)], middle[Math.Min(k + 1, middle.Count - 1)]);
            var (east, north) = (after.X - before.X, after.Y - before.Y);
            var length = Math.Sqrt(east * east + north * north);
            var half = RiverHalfWidthMeters * (1 + 0.25 * Chance.Noise(k / 6.0, 0.5, 51));
            left.Add(Terrain.LonLatOf(middle[k].X - half * north / length, middle[k].Y + half * east / length));
            right.Add(Terrain.LonLatOf(middle[k].X + half * north / length, middle[k].Y - half * east / length));
        }
        json.Polygon(Named("river", Names.River), [[.. right, .. Enumerable.Reverse(left), right[0]]]);
        var lake = places.All.Single(p => p.Name.English == "South Lake Park");
        var (u, v) = (lake.U + 1.5, lake.V + 1.5);
        // Sixteen points around a circle, by halving its corners: no sine is needed.
        (double U, double V)[] round = [(1, 0), (0.92, 0.38), (0.71, 0.71), (0.38, 0.92), (0, 1), (-0.38, 0.92), (-0.71, 0.71), (-0.92, 0.38), (-1, 0), (-0.92, -0.38), (-0.71, -0.71), (-0.38, -0.92), (0, -1), (0.38, -0.92), (0.71, -0.71), (0.92, -0.38), (1, 0)];
        json.Polygon(Named("lake", new Name("南湖", "South Lake")), [round.Select(c => terrain.LonLat(u + 1.05 * c.U, v + 0.8 * c.V))]);
    }

    private static void WriteBuiltUp(string path, Terrain terrain)
    {
        using var json = new GeoJson(path);
        var blocks = new Blocks((i, j) => Wards.IsBuiltUp(i + 0.5, j + 0.5) ? Terrain.FromSeat(i, j) < 50 ? 0 : j > Terrain.SeatV ? 1 : 2 : Blocks.None);
        blocks.Tidy(label => label);
        for (var label = 0; label < 3; label++)
        {
            var name = label == 0 ? new Name("县城", "County seat") : Names.Areas[2 + label];
            var rings = Outline.Of(blocks.Where(l => l == label).ToHashSet());
            json.Polygon(Named("built_up", name), rings.Select(ring => ring.Select(c => terrain.LonLat(c.I, c.J))));
        }
    }

    private static void WriteRoads(string path, Terrain terrain, Wards wards, Places places)
    {
        using var json = new GeoJson(path);
        Road("trunk", new Name("国道901", "National Road 901"), Across(u => (u, 118.5 + 3 * Chance.Noise(u / 25, 0.5, 61))));
        Road("primary", new Name("省道312", "Provincial Road 312"), Across(v => (128 + 4 * Chance.Noise(v / 25, 0.5, 62), v)));
        for (var area = 3; area < 5; area++)
        {
            var (u, v) = Wards.TownMiddle(area);
            Road("secondary", new Name($"{Names.Areas[area].Chinese[..2]}公路", $"{Names.Areas[area].English.Split(' ')[0]} Highway"), Winding((Terrain.SeatU, Terrain.SeatV), (u, v), 63 + (ulong)area));
        }
        foreach (var ((u, v, area), number) in wards.CommunitySeeds.Select((seed, number) => (seed, number)).Where(c => Terrain.FromSeat(c.seed.U, c.seed.V) > 28))
        {
            var to = area >= 3 ? Wards.TownMiddle(area) : (U: Terrain.SeatU, V: Terrain.SeatV);
            if (Terrain.Distance(u, v, to.U, to.V) > 3)
            {
                Road("rural", new Name("", ""), Winding((u, v), to, 70 + (ulong)number));
            }
        }
        foreach (var street in places.Streets)
        {
            Road("street", street.Name, Enumerable.Range(street.From, street.To - street.From + 1).Select(k => street.IsColumn ? ((double)street.At, (double)k) : (k, street.At)));
        }
        foreach (var (lane, k) in Lanes(places).Select((lane, k) => (lane, k)))
        {
            Road("lane", new Name("", ""), lane);
        }

        void Road(string kind, Name name, IEnumerable<(double U, double V)> line)
        {
            var inside = line.Where(c => places.IsInside(c.U, c.V)).Select(c => terrain.LonLat(c.U, c.V)).ToList();
            if (inside.Count > 1)
            {
                json.LineString(Named(kind, name), inside);
            }
        }
    }

    private static IEnumerable<(double U, double V)> Across(Func<double, (double U, double V)> at) => Enumerable.Range(4, Terrain.Size - 8).Select(k => at(k));

    private static IEnumerable<(double U, double V)> Winding((double U, double V) from, (double U, double V) to, ulong layer)
    {
        var steps = (int)(Terrain.Distance(from.U, from.V, to.U, to.V) / 1.5) + 2;
        for (var k = 0; k <= steps; k++)
        {
            var t = (double)k / steps;
            var bend = 26 * t * (1 - t) * Chance.Noise(3 * t, 0.5, layer);
            yield return (from.U + t * (to.U - from.U) + bend * 0.7, from.V + t * (to.V - from.V) - bend * 0.7);
        }
    }

    // Between the main streets, block by block, with gaps; none through a place that stands there.
    private static IEnumerable<IEnumerable<(double U, double V)>> Lanes(Places places)
    {
        for (var i = 90; i < 165; i++)
        {
            for (var j = 92; j < 162; j++)
            {
                if (Open(i, j, i, j + 1, 81))
                {
                    yield return [(i, j), (i, j + 1)];
                }
                if (Open(i, j, i + 1, j, 82))
                {
                    yield return [(i, j), (i + 1, j)];
                }
            }
        }

        bool Open(int u1, int v1, int u2, int v2, ulong layer)
        {
            var (u, v) = ((u1 + u2) / 2.0, (v1 + v2) / 2.0);
            return Wards.IsBuiltUp(u, v) && Chance.Noise(u / 1.7, v / 1.7, layer) > -0.25
                && !(v1 <= Terrain.RiverRow && v2 >= Terrain.RiverRow)
                && !places.All.Any(p => u > p.U && u < p.U + p.Width && v > p.V && v < p.V + p.Height);
        }
    }
}
