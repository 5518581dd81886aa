using System.Globalization;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>Which features of a collection a request means.</summary>
internal static class ItemQuery
{
    /// <summary>Points on a side of a box that is bent in longitude and latitude.</summary>
    private const int StepsOfASide = 32;

    /// <summary>Words of the issue filter; a box is about the features of a collection, whatever they are.</summary>
    internal static readonly string[] IssueWords = [.. IssueFilterQuery.Parameters.Where(p => p.Name != ItemParameters.Bbox.Name).Select(p => p.Name)];

    /// <summary>All parameters of a list of features.</summary>
    internal static IEnumerable<Parameter> ParametersOf(Collection collection)
    {
        IEnumerable<Parameter> parameters = ItemParameters.OfList;
        if (collection.Layer.Name == LayerCatalog.Issues.Name)
        {
            parameters = parameters.Concat(IssueFilterQuery.Parameters).DistinctBy(p => p.Name);
        }
        return collection.Method is not null ? parameters
            : parameters.Concat(collection.Queryables.Where(c => c.Kind != ColumnKind.Texts).Select(ItemParameters.Of)).DistinctBy(p => p.Name);
    }

    /// <summary>The issue filter of a request: of the issues themselves, or of those that a method works on.</summary>
    internal static IssueFilter IssuesOf(IQueryCollection query) => IssueFilterQuery.Parse(IssueValues(query));

    /// <summary>The words of the issue filter of a request alone.</summary>
    internal static IQueryCollection IssueValues(IQueryCollection query) => new QueryCollection(query.Where(p => IssueWords.Contains(p.Key)).ToDictionary());

    /// <summary>The features of a layer that a request means; which of them, in which order, and what of them.</summary>
    /// <param name="query">The request's parameters.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="visible">Attributes that the caller may see.</param>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal static FeatureQuery Of(IQueryCollection query, Layer layer, IReadOnlyList<LayerColumn> visible)
    {
        var isIssues = layer.Name == LayerCatalog.Issues.Name;
        // A layer without times has all its features at all times; the words must be a time all the same.
        var issues = IssuesOf(isIssues ? query : new QueryCollection(query.Where(p => p.Key == ItemParameters.Datetime.Name).ToDictionary()));
        var conditions = new List<Predicate>();
        if (!isIssues && FilterLanguage.Read(query, layer) is { } filter)
        {
            conditions.Add(filter);
        }
        var build = new PredicateBuilder(layer, CrsRegistry.Crs84);
        foreach (var (name, values) in query)
        {
            if (layer.Find(name) is { IsQueryable: true } column && !(isIssues && IssueWords.Contains(name)) && ItemParameters.OfList.All(p => p.Name != name))
            {
                conditions.AddRange(values.Select(value => Equal(build, column, value ?? "")));
            }
        }
        var boxes = BoxesOf(query, out var bent);
        if (bent is not null)
        {
            conditions.Add(new Spatial(SpatialRelation.Intersects, null, bent));
        }
        return new FeatureQuery(layer)
        {
            Issues = isIssues ? issues : IssueFilter.All,
            Boxes = boxes,
            Where = conditions.Count == 0 ? null : new All(conditions),
            Columns = ItemParameters.ColumnsOf(query, visible),
            Order = ItemParameters.OrderOf(query, layer),
            Offset = ItemParameters.OffsetOf(query),
            Limit = ItemParameters.Limit.Read(query),
        };
    }

    /// <summary>The box of a request, in longitude and latitude: two where it crosses the antimeridian, none where none is given.</summary>
    /// <param name="query">The request's parameters.</param>
    /// <param name="bent">The box as a polygon, where its sides are no meridians and parallels.</param>
    internal static IReadOnlyList<Envelope> BoxesOf(IQueryCollection query, out Geometry? bent)
    {
        bent = null;
        var system = ItemParameters.BboxCrs.Read(query);
        if (ItemParameters.Bbox.Read(query) is not { } text)
        {
            return [];
        }
        try
        {
            double[] numbers = [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw new FilterException($"{part} is no number"))];
            if (system.IsGeographic)
            {
                var box = new PredicateBuilder(LayerCatalog.Issues, system).Box(numbers);
                return box is GeometryCollection two ? [.. two.Geometries.Select(g => g.EnvelopeInternal)] : [box.EnvelopeInternal];
            }
            bent = Bent(numbers, system);
            return [];
        }
        catch (FilterException problem)
        {
            throw new BadParameterException(ItemParameters.Bbox.Name, text, $"two corners in {system.Name} with commas between, the lower one first: {problem.Message}");
        }
    }

    private static Geometry Bent(double[] numbers, Crs system)
    {
        var (x1, y1, x2, y2) = PredicateBuilder.Corners(numbers);
        var (low, high) = (system.AxisOrder.FromWire(x1, y1), system.AxisOrder.FromWire(x2, y2));
        if (low.East > high.East || low.North > high.North)
        {
            throw new FilterException("its first corner is above its second");
        }
        (double X, double Y)[] corners = [(low.East, low.North), (high.East, low.North), (high.East, high.North), (low.East, high.North), (low.East, low.North)];
        var ring = new List<Coordinate>();
        for (var side = 0; side < 4; side++)
        {
            for (var step = 0; step < StepsOfASide; step++)
            {
                var part = step / (double)StepsOfASide;
                var place = system.ToLonLat(corners[side].X + part * (corners[side + 1].X - corners[side].X), corners[side].Y + part * (corners[side + 1].Y - corners[side].Y));
                ring.Add(place.IsValid ? new Coordinate(place.LonDegrees, place.LatDegrees) : throw new FilterException($"it reaches beyond where {system.Name} can be drawn"));
            }
        }
        ring.Add(ring[0].Copy());
        var polygon = GeometryFactory.Default.CreatePolygon([.. ring]);
        return polygon.IsValid ? polygon : polygon.Envelope;
    }

    private static Predicate Equal(PredicateBuilder build, LayerColumn column, string value)
    {
        try
        {
            Operand literal = column.Kind switch
            {
                ColumnKind.Whole or ColumnKind.Number => PredicateBuilder.Number(value),
                ColumnKind.Flag => value is "true" or "false" ? Literal.Of(value == "true") : throw new FilterException("it is true or false"),
                ColumnKind.Time => PredicateBuilder.Instant(value),
                ColumnKind.Texts => throw new FilterException("it is a list, which filter=A_CONTAINS(...) asks for"),
                _ => PredicateBuilder.Text(value),
            };
            return PredicateBuilder.Compare(build.Value(column.Name), ComparisonOperator.Equal, literal);
        }
        catch (FilterException problem)
        {
            throw new BadParameterException(column.Name, value, $"a value that the attribute can have: {problem.Message}");
        }
    }
}
