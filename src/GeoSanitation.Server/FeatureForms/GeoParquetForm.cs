using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Parquet;
using Parquet.Schema;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Features as GeoParquet 1.1: the shape as well-known binary in the column <c>geometry</c>, and what it is in the metadata.</summary>
internal static class GeoParquetForm
{
    private const string ShapeName = "geometry";
    private const int RowsOfAGroup = 20_000;

    /// <summary>Writes them.</summary>
    /// <param name="features">The features.</param>
    /// <param name="output">System of the coordinates; x is east. Only CRS84 is written: a system of its own would need PROJJSON.</param>
    /// <param name="file">Where to; it must be able to seek.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="Problems.BadParameterException">Another system is asked for.</exception>
    internal static async Task WriteAsync(FeatureSet features, Crs output, Stream file, CancellationToken cancellation)
    {
        if (output != CrsRegistry.Crs84)
        {
            throw new Problems.BadParameterException("crs", output.Name, "left out: GeoParquet is written in longitude and latitude (CRS84)");
        }
        var groups = features.Columns.Select(ParquetColumn.Of).ToList();
        var shape = new DataField<byte[]>(ShapeName, true);
        var (bounds, types) = (new Envelope(), new SortedSet<string>(StringComparer.Ordinal));
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema([shape, .. groups.Select(g => g.Field)]), file, cancellationToken: cancellation);
        var shapes = new List<byte[]?>();
        var binary = new WKBWriter();
        await foreach (var row in features.Rows.WithCancellation(cancellation))
        {
            var geometry = row.Place is { } place ? new Point(place.LonDegrees, place.LatDegrees) : row.Shape;
            shapes.Add(geometry is null ? null : binary.Write(geometry));
            if (geometry is not null)
            {
                bounds.ExpandToInclude(geometry.EnvelopeInternal);
                types.Add(geometry.GeometryType);
            }
            for (var i = 0; i < groups.Count; i++)
            {
                groups[i].Add(row, i);
            }
            if (shapes.Count == RowsOfAGroup)
            {
                await FlushAsync();
            }
        }
        if (shapes.Count > 0)
        {
            await FlushAsync();
        }
        var column = new JsonObject { ["encoding"] = "WKB", ["geometry_types"] = new JsonArray([.. types.Select(t => (JsonNode)t)]) };
        if (!bounds.IsNull)
        {
            column["bbox"] = new JsonArray(bounds.MinX, bounds.MinY, bounds.MaxX, bounds.MaxY);
        }
        writer.CustomMetadata = new Dictionary<string, string>
        {
            ["geo"] = new JsonObject { ["version"] = "1.1.0", ["primary_column"] = ShapeName, ["columns"] = new JsonObject { [ShapeName] = column } }.ToJsonString(),
        };

        async Task FlushAsync()
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(shape, shapes!);
            shapes.Clear();
            foreach (var values in groups)
            {
                await values.WriteAsync(group, cancellation);
            }
        }
    }
}

/// <summary>Values of an attribute that wait for their row group.</summary>
internal abstract class ParquetColumn
{
    /// <summary>The attribute in the file.</summary>
    internal abstract DataField Field { get; }

    internal static ParquetColumn Of(LayerColumn column) => column.Kind switch
    {
        ColumnKind.Whole => new Values<long>(new DataField<long>(column.Name, true), (row, i) => row.Whole(i)),
        ColumnKind.Number => new Values<double>(new DataField<double>(column.Name, true), (row, i) => row.Real(i)),
        ColumnKind.Flag => new Values<bool>(new DataField<bool>(column.Name, true), (row, i) => row.Flag(i)),
        ColumnKind.Time => new Values<DateTime>(new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true), (row, i) => row.Time(i)),
        _ => new Texts(column),
    };

    internal abstract void Add(FeatureRow row, int column);

    internal abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation);

    private sealed class Values<T>(DataField declared, Func<FeatureRow, int, T> valueOf) : ParquetColumn
        where T : struct
    {
        private readonly List<T?> _values = [];

        internal override DataField Field => declared;

        internal override void Add(FeatureRow row, int column) => _values.Add(row.IsNull(column) ? null : valueOf(row, column));

        internal override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync<T>(declared, _values.ToArray().AsMemory(), cancellationToken: cancellation);
            _values.Clear();
        }
    }

    private sealed class Texts(LayerColumn column) : ParquetColumn
    {
        private readonly List<string?> _values = [];

        internal override DataField Field { get; } = new DataField<string>(column.Name, true);

        internal override void Add(FeatureRow row, int position) => _values.Add(row.IsNull(position) ? null : RowJson.Words(row, column.Kind, position));

        internal override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync(Field, _values!);
            _values.Clear();
        }
    }
}
