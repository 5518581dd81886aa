using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>What a request for features takes beside attributes of the layer.</summary>
internal static class ItemParameters
{
    internal const int UsualLimit = 100;
    internal const int LargestLimit = 10_000;

    internal static readonly Parameter<string?> Bbox = new(
        "bbox", "Box that features must touch: two corners, with heights or without, in the order of bbox-crs. In longitude and latitude, west is greater than east where it crosses the antimeridian",
        new() { Type = JsonSchemaType.Array, MinItems = 4, MaxItems = 6, Items = new OpenApiSchema { Type = JsonSchemaType.Number } }, new JsonArray(112.6, 32.4, 112.7, 32.5), text => text);

    internal static readonly Parameter<Crs> BboxCrs = System("bbox-crs", "Coordinate system of bbox");
    internal static readonly Parameter<Crs> Crs = System("crs", "Coordinate system of the answer; axes come in the order of its definition");

    internal static readonly Parameter<string?> Datetime = new(
        "datetime", "When it was reported: an RFC 3339 time or a day (UTC), or an interval of two with a slash between; both ends belong to it, .. is an open end",
        new() { Type = JsonSchemaType.String }, "2025-01-01/2025-06-30", text => text);

    /// <summary>More than the largest is taken as the largest.</summary>
    internal static readonly Parameter<int> Limit = new(
        "limit", $"Features on a page; more than {LargestLimit} are not given at once",
        new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{LargestLimit}", Default = UsualLimit }, 20,
        text => text is null ? UsualLimit
            : text.Length < 30 && decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many >= 1 ? (int)Math.Min(many, LargestLimit)
            : throw new BadParameterException("limit", text, $"a whole number from 1 to {LargestLimit}"));

    internal static readonly Parameter<long> Offset = PassedOver("offset", "Features to pass over, for clients that count by themselves; next links do not need it");
    internal static readonly Parameter<long> StartIndex = PassedOver("startindex", "The same as offset, as ArcGIS calls it; the greater counts where both are given");

    internal static readonly Parameter<string?> SortBy = new(
        "sortby", "Attributes with commas between, the weightiest first, a minus before one that goes down", Parameter.Pattern(@"^[+-]?[a-z_0-9]+(,[+-]?[a-z_0-9]+)*$"), "-version", text => text);

    internal static readonly Parameter<string?> Properties = new(
        "properties", "Attributes that are wanted, with commas between; all when left out", new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, new JsonArray("version"), text => text);

    internal static readonly Parameter<string?> Form = Parameter.Choice("f", "Form of the answer; what the client accepts when left out", "html", "csv", "fgb", "jsonfg", "geojson", "json");
    /// <summary>The first profile of GeoJSON that is known; null for none. What is not known is no error: the answer says which profile it has (/rec/profile-parameter/profile-negotiation).</summary>
    internal static readonly Parameter<string?> Profile = new(
        "profile", $"Profiles of GeoJSON with commas between, by name or address, of which the first that is known is taken: {string.Join(", ", ItemForm.ProfileNames)}; when left out, what the media type that the client accepts names, else plain GeoJSON",
        new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, new JsonArray("jsonfg"), text => text?.Split(',').Select(ItemForm.ProfileOf).FirstOrDefault(p => p is not null));

    /// <summary>Features that a request wants passed over.</summary>
    internal static long OffsetOf(IQueryCollection query) => Math.Max(Offset.Read(query), StartIndex.Read(query));

    /// <summary>What a list takes, beside attributes.</summary>
    internal static IReadOnlyList<Parameter> OfList { get; } =
        [Bbox, BboxCrs, Datetime, Limit, Offset, StartIndex, PageCursor.Parameter, Crs, .. FilterLanguage.Parameters, SortBy, Properties, Form, Profile];

    /// <summary>What a single feature takes.</summary>
    internal static IReadOnlyList<Parameter> OfOne { get; } = [Crs, Properties, Form, Profile];

    /// <summary>An attribute as a parameter: features have this value.</summary>
    internal static Parameter Of(LayerColumn column) => new(column.Name, column.Description, new OpenApiSchema
    {
        Type = column.Kind switch { ColumnKind.Whole => JsonSchemaType.Integer, ColumnKind.Number => JsonSchemaType.Number, ColumnKind.Flag => JsonSchemaType.Boolean, _ => JsonSchemaType.String },
        Format = column.Kind == ColumnKind.Time ? "date-time" : null,
        Enum = column.Values.Count > 0 ? [.. column.Values.Select(v => (JsonNode)v)] : null,
    }, column.Values.Count > 0 ? column.Values[0] : column.Kind switch { ColumnKind.Whole or ColumnKind.Number => 3, ColumnKind.Flag => true, ColumnKind.Time => "2025-03-01T08:15:00Z", _ => "text" });

    /// <summary>The order of a request; null for the layer's own.</summary>
    /// <exception cref="BadParameterException">It names what features are not sorted by.</exception>
    internal static RowOrder? OrderOf(IQueryCollection query, Layer layer)
    {
        if (SortBy.Read(query) is not { } text)
        {
            return null;
        }
        LayerColumn[] sortable = [.. layer.Columns.Where(c => c.IsSortable)];
        return RowOrder.Of(layer, text, sortable)
            ?? throw new BadParameterException(SortBy.Name, text, $"at most {RowOrder.MostNamed} different attributes of {string.Join(", ", sortable.Select(c => c.Name))}");
    }

    /// <summary>The attributes of a request.</summary>
    /// <exception cref="BadParameterException">It names what there is not.</exception>
    internal static IReadOnlyList<LayerColumn> ColumnsOf(IQueryCollection query, IReadOnlyList<LayerColumn> all)
    {
        if (Properties.Read(query) is not { } text)
        {
            return all;
        }
        return [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct().Select(name => all.FirstOrDefault(c => c.Name == name)
            ?? throw new BadParameterException(Properties.Name, name, $"some of {string.Join(", ", all.Select(c => c.Name))}"))];
    }

    private static Parameter<long> PassedOver(string name, string description) => new(
        name, description, new() { Type = JsonSchemaType.Integer, Minimum = "0", Default = 0 }, 100,
        text => text is null ? 0 : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many <= int.MaxValue ? many : throw new BadParameterException(name, text, $"a whole number from 0 to {int.MaxValue}"));

    private static Parameter<Crs> System(string name, string description) => new(
        name, description + ": the URI of one that the collection lists; CRS84 (longitude, latitude) when left out", new() { Type = JsonSchemaType.String, Format = "uri", Default = CrsRegistry.Crs84.Uri },
        "http://www.opengis.net/def/crs/EPSG/0/4490", text =>
        {
            if (text is null)
            {
                return CrsRegistry.Crs84;
            }
            try
            {
                var crs = CrsRegistry.Find(text);
                return OgcDocuments.Systems.Contains(crs) ? crs : throw new UnknownCrsException(text);
            }
            catch (UnknownCrsException)
            {
                throw new BadParameterException(name, text, "the URI of a system that the collection lists, such as http://www.opengis.net/def/crs/EPSG/0/4490");
            }
        });
}
