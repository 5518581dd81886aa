using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;

namespace GeoSanitation.Server.Esri;

/// <summary>Which features of a layer a request means, and in which order.</summary>
internal static class FeatureSelection
{
    /// <summary>The features that a query means; fields, order and page are left to others.</summary>
    /// <exception cref="BadParameterException">A parameter is not what it may be.</exception>
    internal static FeatureQuery Of(EsriRequest request, EsriLayer layer)
    {
        request.RefuseNarrowing(QueryParameters.NotTaken, "where, objectIds and time say which features are meant");
        var conditions = new List<Predicate> { HasNumber(layer.Layer) };
        if (request.Get(QueryParameters.Where) is { } where)
        {
            conditions.Add(Condition(QueryParameters.Where.Name, where, request, layer, groups: null));
        }
        if (request.Get(QueryParameters.Time) is { } times)
        {
            var time = new ColumnValue(layer.Layer.Time ?? throw new BadParameterException(QueryParameters.Time.Name, "given", $"left out: {layer.Layer.Name} have no time"));
            conditions.AddRange(times.From is { } from ? [new Comparison(time, ComparisonOperator.GreaterOrEqual, Literal.Of(from))] : []);
            conditions.AddRange(times.To is { } to ? [new Comparison(time, ComparisonOperator.LessOrEqual, Literal.Of(to))] : []);
        }
        conditions.AddRange(Place(request));
        return new FeatureQuery(layer.Layer)
        {
            Issues = layer.IsEditable ? IssueFilterQuery.Parse(request.Given) : IssueFilter.All,
            Where = new All(conditions),
            Numbers = request.Get(QueryParameters.Ids),
        };
    }

    /// <summary>Esri's numbers of features have 32 bits: what has a greater one is not there.</summary>
    internal static Predicate HasNumber(Layer layer) => new Comparison(new ColumnValue(layer.NumberColumn), ComparisonOperator.LessOrEqual, Literal.Of((long)int.MaxValue));

    /// <summary>A condition on features, or on groups of them.</summary>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static Predicate Condition(string name, string text, EsriRequest request, EsriLayer layer, IReadOnlyList<LayerColumn>? groups)
    {
        var build = new PredicateBuilder(layer.Layer, CrsRegistry.Crs84) { IgnoresCase = true, NumberName = EsriFields.ObjectId, SeesPrivate = request.SeesReporters };
        try
        {
            return new EsriWhere(text, build, groups).Parse();
        }
        catch (FilterException problem)
        {
            throw new BadParameterException(name, text, $"a condition on {layer.Layer.Name}: {problem.Message}");
        }
    }

    /// <summary>The attribute of a name, in capitals or not.</summary>
    /// <exception cref="BadParameterException">There is none that the caller may see.</exception>
    internal static LayerColumn Column(string parameter, string name, EsriRequest request, EsriLayer layer)
    {
        if (name.Equals(EsriFields.ObjectId, StringComparison.OrdinalIgnoreCase))
        {
            return layer.Layer.NumberColumn;
        }
        var columns = EsriFields.ColumnsFor(layer.Layer, request.SeesReporters);
        return columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadParameterException(parameter, name, $"of {EsriFields.ObjectId}, {string.Join(", ", columns.Select(c => c.Name))}");
    }

    /// <summary>Fields with ASC or DESC behind them.</summary>
    /// <exception cref="BadParameterException">One is neither.</exception>
    internal static IEnumerable<(string Name, bool Descending)> Order(EsriRequest request)
    {
        foreach (var part in request.Get(QueryParameters.Order))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            yield return words switch
            {
                [var name] => (name, false),
                [var name, var way] when way.Equals("ASC", StringComparison.OrdinalIgnoreCase) => (name, false),
                [var name, var way] when way.Equals("DESC", StringComparison.OrdinalIgnoreCase) => (name, true),
                _ => throw new BadParameterException(QueryParameters.Order.Name, part, "fields with commas between, each with ASC or DESC behind it, or neither"),
            };
        }
    }

    private static IEnumerable<Predicate> Place(EsriRequest request)
    {
        var relation = request.Get(QueryParameters.Relation);
        var (meters, reference, type) = (QueryParameters.MetersOf(request), request.Get(QueryParameters.InReference), request.Get(QueryParameters.ShapeType));
        if (request.Get(QueryParameters.Shape) is not { } text)
        {
            return [];
        }
        // A kind beside numbers with commas may be the client's habit; beside JSON it must fit.
        if (EsriGeometry.Read(text, type, reference) is not { } shape)
        {
            return [new AnyOf([])];
        }
        if (meters is > 0)
        {
            return relation == "esriSpatialRelIntersects" ? [new Nearby(shape, meters.Value)] : throw new BadParameterException(QueryParameters.Relation.Name, relation, "esriSpatialRelIntersects beside distance");
        }
        return
        [
            relation switch
            {
                "esriSpatialRelIntersects" => new Spatial(SpatialRelation.Intersects, null, shape),
                "esriSpatialRelContains" => new Spatial(SpatialRelation.Contains, shape, null),
                "esriSpatialRelWithin" => new Spatial(SpatialRelation.Within, shape, null),
                "esriSpatialRelTouches" => new Spatial(SpatialRelation.Touches, shape, null),
                "esriSpatialRelOverlaps" => new Spatial(SpatialRelation.Overlaps, shape, null),
                "esriSpatialRelCrosses" => new Spatial(SpatialRelation.Crosses, shape, null),
                _ => new BoxesMeet(shape),
            },
        ];
    }
}
