using System.IO.Compression;
using GeoSanitation.Testing;
using Sylvan.Data.Csv;
using Xunit;

namespace GeoSanitation.Coordinates;

/// <summary>The City of Chicago's own feet against its own degrees: 74,401 reports of the real file.</summary>
public class ChicagoTests
{
    private const string Reports = "data/chicago_sanitation_2010_2014.csv.gz";
    private const string Areas = "data/chicago_community_areas_epsg3435_shp.zip";

    [SharedFact(Reports)]
    public void Feet_of_the_city_file_are_its_degrees_to_a_tenth_of_a_millimeter()
    {
        using var text = new StreamReader(new GZipStream(
            File.OpenRead(SharedData.Path(Reports)), CompressionMode.Decompress));
        using var csv = CsvDataReader.Create(text);
        var (xColumn, yColumn) = (csv.GetOrdinal("X_Coordinate"), csv.GetOrdinal("Y_Coordinate"));
        var (lonColumn, latColumn) = (csv.GetOrdinal("Longitude"), csv.GetOrdinal("Latitude"));
        List<double> x = [], y = [], lon = [], lat = [];
        while (csv.Read())
        {
            if (csv.GetString(xColumn) != "" && csv.GetString(lonColumn) != "")
            {
                x.Add(csv.GetDouble(xColumn));
                y.Add(csv.GetDouble(yColumn));
                lon.Add(csv.GetDouble(lonColumn));
                lat.Add(csv.GetDouble(latColumn));
            }
        }

        double[] gotLon = new double[x.Count], gotLat = new double[x.Count];
        CrsRegistry.Find("EPSG:3435").ToLonLat(x.ToArray(), y.ToArray(), gotLon, gotLat);

        Assert.InRange(x.Count, 70_000, 74_401);
        double worstMeters = Enumerable.Range(0, x.Count)
            .Max(i => Math.Max(Math.Abs(gotLon[i] - lon[i]), Math.Abs(gotLat[i] - lat[i]))) * 111_320;
        Assert.True(worstMeters < 1e-4, $"worst difference {worstMeters:e2} m");
    }

    [SharedFact(Areas)]
    public void The_prj_of_the_city_shapefile_is_EPSG_3435()
    {
        using var zip = ZipFile.OpenRead(SharedData.Path(Areas));
        using var text = new StreamReader(zip.Entries.Single(entry => entry.Name.EndsWith(".prj", StringComparison.OrdinalIgnoreCase)).Open());
        Assert.Same(CrsRegistry.Find("EPSG:3435"), CrsRegistry.FromWkt(text.ReadToEnd()));
    }
}
