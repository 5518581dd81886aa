using System.Collections.Concurrent;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>
/// Features that a hotspot method makes with its usual parameters: of the issues that <c>filter</c>, <c>datetime</c> and the other words of the issue filter choose. A box chooses among the features that
/// came out, as it does everywhere: the numbers of a cell do not change with the part of the map that is looked at.
/// </summary>
internal sealed class MethodItems(KeptTables tables, Settings settings)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<LayerColumn>> _columns = [];

    /// <summary>What came out of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="query">The request's parameters.</param>
    /// <param name="version">The data version that is wanted, or a newer one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal Task<(FeatureTable Table, string DataVersion)> RunAsync(HotspotMethod method, IQueryCollection query, string version, CancellationToken cancellation)
        => tables.GetAsync(AnalysisRequest.Parse(method, ItemQuery.IssueValues(query)), version, cancellation);

    /// <summary>Attributes of what a method makes: the same whatever the issues are, so that nothing is worked out to know them.</summary>
    internal IReadOnlyList<LayerColumn> ColumnsOf(HotspotMethod method) => _columns.GetOrAdd(method.Name, _ => TableRow.ColumnsOf(ResultShape.Of(method, settings)));

    /// <summary>Rows that touch a box.</summary>
    internal static IReadOnlyList<int> Within(FeatureTable table, IReadOnlyList<Envelope> boxes, Geometry? bent)
    {
        if (boxes.Count == 0 && bent is null)
        {
            return table.Rows;
        }
        var area = bent ?? GeometryFactory.Default.BuildGeometry([.. boxes.Select(GeometryFactory.Default.ToGeometry)]);
        var prepared = PreparedGeometryFactory.Prepare(area);
        return [.. table.Rows.Where(row => prepared.Intersects(Runs.RunFeatures.ShapeOf(table, row)))];
    }
}
