using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Catalog;

/// <summary>Which records a request means, in which order, and which page of them.</summary>
internal sealed record RecordQuery
{
    internal const int MostRecords = 100;

    /// <summary>Name of the parameter that says which record a page begins with.</summary>
    internal const string StartName = "startindex";

    private const int UsualRecords = 10;

    /// <summary>What ArcGIS Hub's client puts before the keys that it sorts by.</summary>
    private const string HubPrefix = "properties.";

    /// <summary>Form of records.</summary>
    internal static readonly Parameter<string> Form = Parameter.Word("f", "Form of the answer: there is one, of two names", "json", "geojson");

    private static readonly Parameter<string?> Text = Parameter.OfText(
        "q", "Text in title, description or keywords, in English or Chinese: one of several with commas between, of which words with blanks between stand beside each other in this order", "hotspots,热点");

    private static readonly Parameter<string[]?> Types = List("type", $"Types with commas between: {CatalogRecord.DataSetType}, {CatalogRecord.DownloadType}", CatalogRecord.DataSetType);
    private static readonly Parameter<string[]?> Ids = List("ids", "Ids with commas between", "issues");
    private static readonly Parameter<string?> RecordId = Parameter.OfText("recordId", "Id of one record, as ArcGIS Hub calls it", "issues");
    private static readonly Parameter<string[]?> ExternalIds = List("externalIds", $"External ids with commas between, each with its scheme ({CatalogRecord.Scheme}) and a colon before it or without", "geosanitation:issues");
    private static readonly Parameter<string?> Title = Parameter.OfText("title", "The whole title, in either language", "Wards");
    private static readonly Parameter<string[]?> Tags = List("tags", "Keywords with commas between; one of them is enough", "sanitation");

    private static readonly Parameter<Envelope[]> Bbox = new(
        "bbox", "Box in longitude and latitude that records must touch: two corners, with heights or without. West is greater than east where it crosses the antimeridian",
        new() { Type = JsonSchemaType.Array, MinItems = 4, MaxItems = 6, Items = new OpenApiSchema { Type = JsonSchemaType.Number } }, new JsonArray(112.6, 32.4, 112.7, 32.5), BoxesOf);

    private static readonly Parameter<(DateTimeOffset? From, DateTimeOffset? Before)> Datetime = IssueFilterQuery.Interval("datetime", "A time or an interval that the time of records must touch; those without a time are meant too");

    private static readonly Parameter<int> Limit = new(
        "limit", $"Records on a page; more than {MostRecords} are not given at once", new() { Type = JsonSchemaType.Integer, Minimum = "1", Default = UsualRecords }, 20,
        text => text is null ? UsualRecords
            : text.Length < 30 && decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many >= 1 ? (int)Math.Min(many, MostRecords)
            : throw new BadParameterException("limit", text, $"a whole number from 1 to {MostRecords}"));

    private static readonly Parameter<int?> Start = Parameter.Whole(StartName, 1, int.MaxValue, "Number of the first record of the page, from 1", 1);

    private static readonly Dictionary<string, Comparison<CatalogRecord>> Keys = new()
    {
        ["id"] = (a, b) => string.CompareOrdinal(a.Id, b.Id),
        ["title"] = (a, b) => string.Compare(a.Title.English, b.Title.English, StringComparison.OrdinalIgnoreCase),
        ["type"] = (a, b) => string.CompareOrdinal(a.Type, b.Type),
        ["updated"] = ByChange,
        ["modified"] = ByChange,
    };

    private static readonly Parameter<IReadOnlyList<(string Key, bool Descends)>> SortBy = Order("sortby");

    /// <summary>The same as ArcGIS Hub writes it. A query knows no capitals: whoever reads one of them reads the other.</summary>
    private static readonly Parameter HubSortBy = Order("sortBy");

    /// <summary>What a list of records takes.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [Form, Text, Types, Ids, RecordId, ExternalIds, Title, Tags, Bbox, Datetime, Limit, Start, SortBy, HubSortBy, .. FilterLanguage.Parameters];

    /// <summary>Names of what records may be sorted by.</summary>
    internal static IEnumerable<string> Sortables => Keys.Keys;

    /// <summary>What the page begins with, from 1.</summary>
    internal required int First { get; init; }

    /// <summary>How many are on it at most.</summary>
    internal required int Most { get; init; }

    private IReadOnlyList<(string Key, bool Descends)> Sorted { get; init; } = [];

    private Func<CatalogRecord, bool> Takes { get; init; } = _ => true;

    /// <summary>Reads a request.</summary>
    /// <param name="query">Its parameters.</param>
    /// <param name="shown">The values of records that <c>filter</c> is judged by.</param>
    /// <exception cref="BadParameterException">A parameter is not what it may be.</exception>
    internal static RecordQuery Of(IQueryCollection query, RecordAttributes shown)
    {
        foreach (var (name, values) in query)
        {
            if (!Parameters.Any(p => p.Name == name))
            {
                throw new BadParameterException(name, values.ToString(), $"left out: this address takes only {string.Join(", ", Parameters.Select(p => p.Name))}");
            }
        }
        // What is empty counts as not given (/req/record-core-query-parameters/empty-value).
        query = new QueryCollection(query.Where(p => !StringValues.IsNullOrEmpty(p.Value)).ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase));
        Form.Read(query);
        var (phrases, types, ids, externalIds, tags) = (PhrasesOf(Text.Read(query)), Types.Read(query), Ids.Read(query), ExternalIds.Read(query), Tags.Read(query));
        var (recordId, title, boxes, (from, before)) = (RecordId.Read(query), Title.Read(query), Bbox.Read(query), Datetime.Read(query));
        var filter = FilterLanguage.Read(query, RecordAttributes.Layer);
        return new RecordQuery
        {
            First = Start.Read(query) ?? 1,
            Most = Limit.Read(query),
            Sorted = SortBy.Read(query),
            Takes = record =>
                (phrases is null || phrases.Any(phrase => record.Texts.Any(text => SingleBlanks(text).Contains(phrase, StringComparison.OrdinalIgnoreCase))))
                && (types is null || types.Contains(record.Type, StringComparer.OrdinalIgnoreCase))
                && (ids is null || ids.Contains(record.Id))
                && (recordId is null || recordId == record.Id)
                && (externalIds is null || externalIds.Contains(record.Id) || externalIds.Contains($"{CatalogRecord.Scheme}:{record.Id}"))
                && (title is null || title.Equals(record.Title.English, StringComparison.OrdinalIgnoreCase) || title.Equals(record.Title.Chinese, StringComparison.OrdinalIgnoreCase))
                && (tags is null || tags.Any(tag => record.Set.Keywords.Contains(tag, StringComparer.OrdinalIgnoreCase)))
                && (boxes.Length == 0 || (record.Set.Box is { } box && boxes.Any(box.Intersects)))
                && (record.Set.Period is not { } period || ((from is null || period.Last >= from) && (before is null || period.First < before)))
                && (filter is null || shown.Hold(filter, record)),
        };
    }

    /// <summary>The records that are meant, in order.</summary>
    internal IReadOnlyList<CatalogRecord> Choose(IEnumerable<CatalogRecord> records)
    {
        // What is equal by all keys stays in the order of the catalog.
        return [.. records.Where(Takes).Order(Comparer<CatalogRecord>.Create(Compare))];

        int Compare(CatalogRecord a, CatalogRecord b)
        {
            foreach (var (key, descends) in Sorted)
            {
                if (Keys[key](a, b) is not 0 and var order)
                {
                    return descends ? -order : order;
                }
            }
            return 0;
        }
    }

    private static int ByChange(CatalogRecord a, CatalogRecord b) => Nullable.Compare(a.Set.Modified, b.Set.Modified);

    private static List<string>? PhrasesOf(string? text) => text?.Split(',').Select(SingleBlanks).Where(phrase => phrase.Length > 0).ToList();

    private static string SingleBlanks(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Parameter<string[]?> List(string name, string description, string example)
        => new(name, description, new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, new JsonArray(example), text => text?.Split(','));

    private static Envelope[] BoxesOf(string? text)
        => CommonParameters.Bbox.Read(text?.Split(',') is [var west, var south, _, var east, var north, _] ? $"{west},{south},{east},{north}" : text);

    private static string KeyForm => $@"[+-]?({HubPrefix.Replace(".", @"\.", StringComparison.Ordinal)})?({string.Join('|', Keys.Keys)})";

    private static string KeyOf(string name) => name.StartsWith(HubPrefix, StringComparison.Ordinal) ? name[HubPrefix.Length..] : name;

    private static Parameter<IReadOnlyList<(string Key, bool Descends)>> Order(string name) => new(
        name, $"Keys with commas between, the weightiest first, a minus before one that goes down: {string.Join(", ", Keys.Keys)}; as the catalog has them when left out",
        Parameter.Pattern($"^{KeyForm}(,{KeyForm})*$"), "-updated", text =>
        {
            if (text is null)
            {
                return [];
            }
            // A plus in a query is a blank.
            var keys = text.Split(',').Select(key => (Key: KeyOf(key.TrimStart('+', '-', ' ')), Descends: key.StartsWith('-'))).ToList();
            return keys.TrueForAll(k => Keys.ContainsKey(k.Key)) ? keys : throw new BadParameterException(name, text, $"some of {string.Join(", ", Keys.Keys)} with commas between, a minus before one that goes down");
        });
}
