using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Parameters;

/// <summary>Parameters that mean the same wherever they stand.</summary>
internal static class CommonParameters
{
    /// <summary>Forms of an RFC 3339 time; one without a zone is UTC.</summary>
    internal static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary>Lon/lat boxes: none when it is not given, two where it crosses the antimeridian.</summary>
    internal static readonly Parameter<Envelope[]> Bbox = new(
        "bbox", "Box in longitude and latitude: west,south,east,north (degrees, WGS 84). West is greater than east where it crosses the antimeridian",
        Parameter.Numbers(4), new JsonArray(112.6, 32.4, 112.7, 32.5), Boxes);

    /// <summary>System of the answer's coordinates.</summary>
    internal static readonly Parameter<Crs> Crs = new(
        "crs", "Coordinate system of the answer: EPSG:n, an OGC URI or URN, GCJ02 or BD09. Axes come in the order of its definition; CRS84 (longitude, latitude) when left out",
        new() { Type = Microsoft.OpenApi.JsonSchemaType.String, Default = "CRS84" }, "EPSG:3857", text => text is null ? CrsRegistry.Crs84 : CrsRegistry.Find(text));

    /// <summary>System of the coordinates that are sent, and of those in the answer; null when it is not given.</summary>
    internal static readonly Parameter<Coordinates.Crs?> BodyCrs = new(
        "crs", "Coordinate system of the body and of the answer: EPSG:n, an OGC URI or URN, GCJ02 or BD09, axes in the order of its definition; longitude and latitude when left out",
        new() { Type = Microsoft.OpenApi.JsonSchemaType.String }, "GCJ02", text => text is null ? null : CrsRegistry.Find(text));

    /// <summary>Form of an answer that has only one; a word that clients add everywhere is no reason to refuse them.</summary>
    internal static readonly Parameter<string> GeoJson = Parameter.Word("f", "Format of the answer", "geojson");

    /// <summary>The same for JSON: ArcGIS adds it to addresses of styles and tiles.</summary>
    internal static readonly Parameter<string> Json = Parameter.Word("f", "Format of the answer", "json");

    /// <summary>What an issue counts.</summary>
    internal static readonly Parameter<string> Weight = Parameter.Word("weight", "What an issue counts: one, or its severity", "none", "severity");

    /// <summary>Whether a geocoder's stand-ins take part.</summary>
    internal static readonly Parameter<bool> IncludeDefaultPoints = Parameter.Flag(
        "include_default_points", "Counts issues that stand on a geocoder's default point too; left out otherwise, as that is no place where anything was seen");

    /// <summary>The order of features, by the attributes that stand in their own table.</summary>
    /// <param name="layer">Their layer.</param>
    /// <param name="usual">The order when it is left out.</param>
    /// <param name="usualInWords">The same for people.</param>
    internal static Parameter<RowOrder> SortBy(Layer layer, string usual, string usualInWords)
    {
        LayerColumn[] keys = [.. layer.Columns.Where(c => c.IsSortable && layer.IsOwn(c))];
        var names = string.Join(", ", keys.Select(k => k.Name));
        return new(
            "sortby", $"Keys with commas between, the weightiest first, a minus before one that goes down: {names}. {usualInWords} when left out",
            Parameter.Pattern(@"^[+-]?[a-z_]+(,[+-]?[a-z_]+)*$"), "-severity,due_at",
            text => RowOrder.Of(layer, text ?? usual, keys) ?? throw new BadParameterException(
                "sortby", text, $"at most {RowOrder.MostNamed} different keys of {names}, with commas between, a minus before one that goes down"));
    }

    /// <summary>Numbers with commas between; null for what is none.</summary>
    internal static double?[] Degrees(string text)
        => [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : (double?)null)];

    /// <summary>A time with the plus of its zone: in a query a plus that was not percent-encoded means a blank, of which no RFC 3339 time has one.</summary>
    internal static string WithPlus(string time) => time.Replace(' ', '+');

    /// <summary>An RFC 3339 time, or the start of a day (UTC); null for null.</summary>
    internal static DateTimeOffset? Moment(string? text)
    {
        if (text is null)
        {
            return null;
        }
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(WithPlus(text), ["yyyy-MM-dd", .. TimeFormats], CultureInfo.InvariantCulture, utc, out var time) && time.Year < 9999
            ? time
            : throw new BadParameterException("at", text, "an RFC 3339 time or a day, such as 2025-01-01");
    }

    private static Envelope[] Boxes(string? text)
    {
        if (text is null)
        {
            return [];
        }
        if (Degrees(text) is not [{ } west, { } south, { } east, { } north] || Math.Abs(west) > 180 || Math.Abs(east) > 180 || south < -90 || north > 90 || south > north)
        {
            throw new BadParameterException("bbox", text, "west,south,east,north in degrees, south not above north; west is greater than east where it crosses the antimeridian");
        }
        return west <= east ? [new(west, east, south, north)] : [new(west, 180, south, north), new(-180, east, south, north)];
    }
}
