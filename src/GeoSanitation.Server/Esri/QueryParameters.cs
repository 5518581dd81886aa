using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Esri;

/// <summary>What requests of Esri's protocol may say. Names come in capitals or not, and what is empty counts as not given.</summary>
internal static class QueryParameters
{
    private const int LongestJson = 4_000_000;
    private const int MostIds = 100_000;
    private const double FarthestMeters = 1_000_000;

    internal static readonly Parameter LayerNumber = new("layer", "Number of the layer: 0 issues, 1 wards, 2 hotspots", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = "2" }, 0);
    internal static readonly Parameter FeatureNumber = new("objectId", "Number of the feature", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" }, 1);

    internal static readonly Parameter<string?> DocumentFormat = Choice("f", "Form of the answer; JSON, or HTML for a browser, when left out", "html", "pjson", "json");
    internal static readonly Parameter<string?> AnswerFormat = Choice("f", "Form of the answer; JSON, or HTML for a browser, when left out", "html", "pjson", "geojson", "pbf", "json");
    internal static readonly Parameter<string?> Token = Text("token", "A key, as an alternative to the headers that carry one", "", 200);

    internal static readonly Parameter<string?> Where = Text("where", "Condition on fields, in SQL: comparisons, LIKE, IN, BETWEEN, IS NULL, arithmetic, DATE and TIMESTAMP, UPPER and LOWER", "severity >= 4 AND status IN ('reported', 'dispatched')", FilterTokens.LongestText);
    internal static readonly Parameter<string?> Having = Text("having", "Condition on groups: COUNT, SUM, MIN, MAX, AVG, STDDEV or VAR of fields, or fields of groupByFieldsForStatistics", "COUNT(OBJECTID) >= 1", FilterTokens.LongestText);
    internal static readonly Parameter<string?> Shape = Text("geometry", "A shape that features must lie to as spatialRel says: xmin,ymin,xmax,ymax, or x,y, or Esri's JSON of a point, multipoint, polyline, polygon or envelope", "112.6,32.4,112.7,32.5", LongestJson);
    internal static readonly Parameter<string?> ShapeType = Choice("geometryType", "Kind of geometry; told by its form when left out", [.. EsriGeometry.Types.Select(t => t.Type).Reverse()]);
    internal static readonly Parameter<string> Relation = Word("spatialRel", "How features lie to geometry", "esriSpatialRelIntersects", "esriSpatialRelContains", "esriSpatialRelWithin", "esriSpatialRelTouches",
        "esriSpatialRelOverlaps", "esriSpatialRelCrosses", "esriSpatialRelIndexIntersects", "esriSpatialRelEnvelopeIntersects");
    internal static readonly Parameter<double?> Distance = new("distance", "Features no farther from geometry than so much, in units, on the ellipsoid", new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0" }, 500,
        text => text is null ? null : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 && double.IsFinite(value) ? value : throw new BadParameterException("distance", text, "a number >= 0"));
    internal static readonly Parameter<string> Units = Word("units", "Unit of distance", [.. UnitMeters.Keys]);
    internal static readonly Parameter<Crs?> InReference = Reference("inSR", "System of geometry where that does not say; longitude and latitude when left out");
    internal static readonly Parameter<Crs?> OutReference = Reference("outSR", "System of the answer's shapes; longitude and latitude when left out");

    internal static readonly Parameter<IReadOnlyList<long>?> Ids = new("objectIds", "Only the features of these numbers, commas between", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d+(,\d+)*$" }, "1,2,3", NumbersOf);
    internal static readonly Parameter<(DateTime? From, DateTime? To)?> Time = new("time", "An instant, or two with a comma between, of which null is open; both ends belong to it: milliseconds since 1970 (UTC)",
        Parameter.Pattern("^(null|NULL|-?[0-9]+)(, ?(null|NULL|-?[0-9]+))?$"), "1735689600000,1751328000000", TimesOf);

    internal static readonly Parameter<string[]> Fields = Names("outFields", "Fields to answer with, commas between, or *; the number only when left out", "*");
    internal static readonly Parameter<string[]> Order = Names("orderByFields", "Fields with commas between, the weightiest first, each with ASC or DESC behind it; by number when left out", "OBJECTID DESC");
    internal static readonly Parameter<string[]> GroupBy = Names("groupByFieldsForStatistics", "Fields that groups have in common, beside outStatistics", "severity");
    internal static readonly Parameter<string?> Statistics = Text("outStatistics", "Statistics of the features, or of each group: an array of objects with statisticType (count, sum, min, max, avg, stddev, var, percentile_cont, percentile_disc), onStatisticField, outStatisticFieldName and, for percentiles, statisticParameters",
        """[{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"n"}]""", 50_000);

    internal static readonly Parameter<bool?> WithShapes = Switch("returnGeometry", "False leaves the shapes out");
    internal static readonly Parameter<bool?> OnlyIds = Switch("returnIdsOnly", "Answers with the numbers of all features that are meant, however many");
    internal static readonly Parameter<bool?> OnlyCount = Switch("returnCountOnly", "Answers with their count");
    internal static readonly Parameter<bool?> OnlyExtent = Switch("returnExtentOnly", "Answers with the box around them; beside returnCountOnly with their count too");
    internal static readonly Parameter<bool?> Distinct = Switch("returnDistinctValues", "Answers with the different values of outFields");
    internal static readonly Parameter<int?> Offset = Parameter.Whole("resultOffset", 0, int.MaxValue, "So many features are passed over", 10);
    internal static readonly Parameter<int?> Count = Parameter.Whole("resultRecordCount", 0, int.MaxValue, $"Features of an answer at most; {FeatureServer.MostFeatures} at most in any case, times maxRecordCountFactor", 100);
    internal static readonly Parameter<int?> CountFactor = Parameter.Whole("maxRecordCountFactor", 1, FeatureServer.LargestFactor, $"So many times {FeatureServer.MostFeatures} features are an answer's at most; once when left out", 4);
    internal static readonly Parameter<bool?> FeaturesBeyond = Switch("returnExceededLimitFeatures", "False answers without features where there are more than an answer may have, and says that there are: for clients that ask for smaller areas then");
    internal static readonly Parameter<string?> ResultType = Choice("resultType", "What the answer is for; no matter which, it is the same", "none", "standard", "tile");
    internal static readonly Parameter<string?> Quantization = Text("quantizationParameters", "Whole numbers instead of coordinates: an object with extent, tolerance (in units of outSR), mode (view or edit) and originPosition (upperLeft or lowerLeft)",
        """{"mode":"view","originPosition":"upperLeft","tolerance":0.001,"extent":{"xmin":112.5,"ymin":32.3,"xmax":112.8,"ymax":32.6}}""", 5_000);
    internal static readonly Parameter<int?> Precision = Parameter.Whole("geometryPrecision", 0, 15, "Decimal places of coordinates", 6);
    internal static readonly Parameter<double?> Offsets = new("maxAllowableOffset", "Outlines may be simplified so far, in units of outSR", new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0" }, 0.0001,
        text => text is null ? null : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 && double.IsFinite(value) ? value : throw new BadParameterException("maxAllowableOffset", text, "a number >= 0"));

    internal static readonly Parameter<string?> Adds = Text("adds", "New issues: an array of features with geometry and attributes", "", LongestJson);
    internal static readonly Parameter<string?> Updates = Text("updates", "Changes: an array of features with attributes, OBJECTID among them, and geometry where they move", "", LongestJson);
    internal static readonly Parameter<string?> Deletes = Text("deletes", "Numbers of issues to delete, commas between, or an array", "", LongestJson);
    internal static readonly Parameter<string?> NewFeatures = Text("features", "New issues: an array of features with geometry and attributes", "", LongestJson);
    internal static readonly Parameter<string?> ChangedFeatures = Text("features", "Changes: an array of features with attributes, OBJECTID among them, and geometry where they move", "", LongestJson);
    internal static readonly Parameter<string?> DeletedIds = Text("objectIds", "Numbers of issues to delete, commas between", "", LongestJson);
    internal static readonly Parameter<string?> Edits = Text("edits", "Layers and what is to be done in each: [{\"id\":0,\"adds\":[],\"updates\":[],\"deletes\":[]}]", "", LongestJson);
    internal static readonly Parameter<bool?> Rollback = Switch("rollbackOnFailure", "False makes each change for itself; else all are made or none");

    /// <summary>What narrows a query and is not offered.</summary>
    internal static readonly string[] NotTaken = ["text", "fullText", "historicMoment", "uniqueIds"];

    /// <summary>What a query takes.</summary>
    internal static IReadOnlyList<Parameter> OfQuery { get; } =
    [
        AnswerFormat, Token, Where, Ids, Shape, ShapeType, InReference, Relation, Distance, Units, Time, Fields, OutReference, WithShapes, OnlyIds, OnlyCount, OnlyExtent, Distinct, Order, GroupBy, Statistics, Having,
        Offset, Count, CountFactor, FeaturesBeyond, ResultType, Quantization, Precision, Offsets,
    ];

    /// <summary>What changes are taken from.</summary>
    internal static IReadOnlyList<Parameter> OfEdits { get; } = [Adds, Updates, Deletes, Rollback];

    private static Dictionary<string, double> UnitMeters => new()
    {
        ["esriSRUnit_Meter"] = 1,
        ["esriSRUnit_Kilometer"] = 1000,
        ["esriSRUnit_Foot"] = 0.3048,
        ["esriSRUnit_StatuteMile"] = 1609.344,
        ["esriSRUnit_NauticalMile"] = 1852,
        ["esriSRUnit_USNauticalMile"] = 1853.248,
    };

    /// <summary>Distance of a request in meters; null where there is none.</summary>
    /// <exception cref="BadParameterException">It is too far.</exception>
    internal static double? MetersOf(EsriRequest request)
    {
        var meters = request.Get(Distance) * UnitMeters[request.Get(Units)];
        return meters > FarthestMeters ? throw new BadParameterException(Distance.Name, $"{meters} meters", $"at most {FarthestMeters} meters") : meters;
    }

    private static IReadOnlyList<long>? NumbersOf(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var parts = text.Trim('[', ']', ' ').Split(',');
        // A number that no feature can have finds none.
        return parts.Length <= MostIds && parts.All(p => p.Trim() is { Length: > 0 } digits && digits.All(char.IsAsciiDigit))
            ? [.. parts.Select(p => long.TryParse(p, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id) ? id : 0)]
            : throw new BadParameterException("objectIds", text, $"at most {MostIds} whole numbers with commas between");
    }

    private static (DateTime? From, DateTime? To)? TimesOf(string? text)
    {
        if (text is null)
        {
            return null;
        }
        return text.Split(',') switch
        {
            [var one] when Moment(one) is { } at => (at, at),
            [var from, var to] when Moment(from) is var start && Moment(to) is var end && !(start > end) => (start, end),
            _ => throw Bad(),
        };

        DateTime? Moment(string part)
        {
            if (part.Trim().ToLowerInvariant() is "null" or "")
            {
                return null;
            }
            return long.TryParse(part, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var ms) && Math.Abs(ms) < 200_000_000_000_000
                ? DateTime.UnixEpoch.AddMilliseconds(ms) : throw Bad();
        }

        BadParameterException Bad() => new("time", text, "an instant, or two with a comma between, the first not after the second, in milliseconds since 1970; null for an open end");
    }

    internal static Parameter<string?> Text(string name, string description, string example, int longest)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = longest }, example, text => text is null || (text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal)) ? text
            : throw new BadParameterException(name, text, $"a text of at most {longest} characters without NUL"));

    private static Parameter<string[]> Names(string name, string description, string example)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String }, example, text => text is null ? [] : [.. text.Split(',').Select(part => part.Trim()).Where(part => part.Length > 0)]);

    internal static Parameter<string?> Choice(string name, string description, params string[] words)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] }, words[^1],
            text => text is null ? null : words.FirstOrDefault(w => w.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw new BadParameterException(name, text, "one of " + string.Join(", ", words)));

    private static Parameter<string> Word(string name, string description, params string[] words)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = words[0] }, words[0],
            text => text is null ? words[0] : words.FirstOrDefault(w => w.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw new BadParameterException(name, text, "one of " + string.Join(", ", words)));

    internal static Parameter<bool?> Switch(string name, string description)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.Boolean }, true, text => text?.ToLowerInvariant() switch
        {
            null => null,
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new BadParameterException(name, text, "true or false"),
        });

    private static Parameter<Crs?> Reference(string name, string description)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String }, "102100", text => text is null ? null : SpatialReferences.Read(name, text));
}
