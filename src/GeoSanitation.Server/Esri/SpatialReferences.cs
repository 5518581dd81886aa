using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Esri;

/// <summary>Coordinate systems by Esri's well-known ids; x is east everywhere.</summary>
internal static class SpatialReferences
{
    private const int WebMercator = 3857;

    /// <summary>Esri's own numbers of the web's plane, older than EPSG's.</summary>
    private static readonly int[] OtherWebMercators = [102100, 102113, 3785, 900913];

    /// <summary>The system of longitude and latitude.</summary>
    internal static Crs LonLat => CrsRegistry.Wgs84;

    /// <summary>A system as its number, or as an object with wkid, latestWkid or wkt.</summary>
    /// <exception cref="BadParameterException">It is none that is known.</exception>
    internal static Crs Read(string name, string text)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return OfNumber(name, text, int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        }
        return Read(name, EsriJson.Object(name, text));
    }

    /// <summary>A system as an object.</summary>
    /// <exception cref="BadParameterException">It is none that is known.</exception>
    internal static Crs Read(string name, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in (string[])["latestWkid", "wkid"])
            {
                if (json.TryGetProperty(member, out var number) && number.ValueKind == JsonValueKind.Number)
                {
                    return OfNumber(name, number.GetRawText(), number.TryGetInt32(out var wkid) ? wkid : 0);
                }
            }
            if (json.TryGetProperty("wkt", out var wkt) && wkt.ValueKind == JsonValueKind.String)
            {
                try
                {
                    return CrsRegistry.FromWkt(EsriJson.Text(name, wkt));
                }
                catch (UnknownCrsException)
                {
                    throw Unknown(name, json.GetRawText());
                }
            }
        }
        else if (json.ValueKind == JsonValueKind.Number)
        {
            return OfNumber(name, json.GetRawText(), json.TryGetInt32(out var wkid) ? wkid : 0);
        }
        throw Unknown(name, json.GetRawText());
    }

    /// <summary>Number of a system, and the newer number where Esri has two.</summary>
    internal static (int Wkid, int LatestWkid) NumbersOf(Crs crs) => crs.EpsgCode is WebMercator ? (OtherWebMercators[0], WebMercator) : (crs.EpsgCode ?? 4326, crs.EpsgCode ?? 4326);

    /// <summary>A system as Esri writes it.</summary>
    internal static JsonObject Write(Crs crs)
    {
        var (wkid, latest) = NumbersOf(crs);
        return new JsonObject { ["wkid"] = wkid, ["latestWkid"] = latest };
    }

    private static Crs OfNumber(string name, string given, int wkid)
    {
        try
        {
            return CrsRegistry.Find($"EPSG:{(OtherWebMercators.Contains(wkid) ? WebMercator : wkid)}");
        }
        catch (UnknownCrsException)
        {
            throw Unknown(name, given);
        }
    }

    private static BadParameterException Unknown(string name, string given)
        => new(name, given, "the number of a coordinate system such as 4326, 102100, 3857, 4490, 4547, or an object such as {\"wkid\":4326}");
}
