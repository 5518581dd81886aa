using GeoSanitation.Server.Imports.FeatureFiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports;

/// <summary>One feature of a file of polygons, as it stands there.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Properties">Its properties as texts; those that are null are absent.</param>
/// <param name="Geometry">Polygons in the file's coordinates, maybe invalid; null when <paramref name="Defect"/> says why.</param>
/// <param name="Defect">Why it is no ward, or null.</param>
/// <param name="Repaired">What had to be mended to read it at all, or null.</param>
internal sealed record PolygonFeature(long Line, IReadOnlyDictionary<string, string> Properties, MultiPolygon? Geometry, string? Defect, string? Repaired);

/// <summary>All polygons of a file.</summary>
/// <param name="Features">In the file's order.</param>
/// <param name="Columns">Names of the properties, in the order of their first appearance.</param>
/// <param name="CrsName">The coordinate system the file names, known or not; null where it names none.</param>
/// <param name="CutsNames">True where the form of the file cuts names of properties at ten bytes.</param>
internal sealed record PolygonFeatures(IReadOnlyList<PolygonFeature> Features, IReadOnlyList<string> Columns, string? CrsName, bool CutsNames)
{
    private static readonly GeometryFactory Factory = ShapeBuilder.Factory;

    /// <summary>Reads a file, by what is in it: GeoJSON (also .gz), GeoPackage, FlatGeobuf, GeoParquet, a zipped Shapefile, or a .shp with its companions beside it.</summary>
    /// <exception cref="ImportFileException">It is none of these, or broken.</exception>
    internal static PolygonFeatures Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var features = FeatureFile.Open(file, ofPoints: false);
        if (features is not null)
        {
            return features.HasShapes ? ReadAll(features) : throw new ImportFileException("the file has no geometries, only columns; wards are imported from GeoJSON, GeoPackage, FlatGeobuf or a Shapefile");
        }
        var contents = RecordReader.Unpack(file, out var sample);
        if (sample.IsEmpty)
        {
            throw new ImportFileException("the file is empty");
        }
        return RecordReader.IsJson(sample.Span)
            ? JsonPolygons.Read(contents)
            : throw new ImportFileException("the file is in no form that wards come in; it must be GeoJSON (also .gz), GeoPackage, a Shapefile (.shp, or in a .zip), FlatGeobuf or GeoParquet");
    }

    /// <summary>Names of the properties of features.</summary>
    internal static IReadOnlyList<string> ColumnsOf(IEnumerable<PolygonFeature> features) => [.. features.SelectMany(f => f.Properties.Keys).Distinct()];

    private static PolygonFeatures ReadAll(FeatureFile file)
    {
        var features = new List<PolygonFeature>();
        while (file.Read())
        {
            var properties = new Dictionary<string, string>();
            for (var i = 0; i < file.Texts.Length; i++)
            {
                var text = file.Texts[i].Replace("\0", "", StringComparison.Ordinal).Trim();
                if (text.Length > 0)
                {
                    properties[file.Columns[i].Replace("\0", "", StringComparison.Ordinal)] = text;
                }
            }
            var (shape, defect) = (file.Shape, file.Defect);
            features.Add(shape switch
            {
                null => new PolygonFeature(file.Number, properties, null, defect ?? "the feature has no geometry", null),
                MultiPolygon many => new PolygonFeature(file.Number, properties, Flat(many), null, null),
                Polygon one => new PolygonFeature(file.Number, properties, Flat(Factory.CreateMultiPolygon([one])), null, null),
                _ => new PolygonFeature(file.Number, properties, null, $"the geometry is a {shape.GeometryType}; a ward is a Polygon or a MultiPolygon", null),
            });
        }
        return new PolygonFeatures(features, ColumnsOf(features), file.CrsName, file.CutsNames);
    }

    // Without heights and measures, which a ward has no use for.
    private static MultiPolygon Flat(MultiPolygon polygons)
        => Factory.CreateMultiPolygon([.. polygons.Geometries.Cast<Polygon>().Select(p => Factory.CreatePolygon(Flat(p.Shell), [.. p.Holes.Select(Flat)]))]);

    private static LinearRing Flat(LinearRing ring) => Factory.CreateLinearRing([.. ring.Coordinates.Select(c => new Coordinate(c.X, c.Y))]);
}
