namespace GeoSanitation.CountyGenerator;

/// <summary>Writes all files of the sample county that are generated; the taxonomy, the calendar and the rounds are written by hand.</summary>
internal static class SampleFiles
{
    /// <summary>Writes the files below a folder that holds, or gets, <c>geodata</c> and <c>seeds</c>.</summary>
    internal static void Write(string folder)
    {
        var (geodata, seeds) = (Path.Combine(folder, "geodata"), Path.Combine(folder, "seeds"));
        Directory.CreateDirectory(geodata);
        Directory.CreateDirectory(seeds);
        var terrain = new Terrain();
        var wards = new Wards(terrain);
        var places = new Places(wards);
        WriteWards(Path.Combine(geodata, "wards.geojson"), terrain, wards);
        Backdrop.Write(geodata, terrain, wards, places);
        Responsibility.Write(Path.Combine(seeds, "responsibility.csv"));
        new Issues(terrain, wards, places).Write(Path.Combine(seeds, "issues.csv.gz"));
    }

    private static void WriteWards(string path, Terrain terrain, Wards wards)
    {
        using var json = new GeoJson(path);
        foreach (var ward in wards.All)
        {
            json.Polygon(
                [("code", ward.Code), ("name", ward.Name.Chinese), ("name_en", ward.Name.English), ("level", ward.Level), ("parent_code", ward.ParentCode), ("responsible", ward.Responsible), ("population", ward.Population)],
                Outline.Of(ward.Blocks).Select(ring => ring.Select(c => terrain.LonLat(c.I, c.J))));
        }
    }
}
