using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GeoSanitation.Coordinates;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Esri;
using NetTopologySuite.IO.Esri.Shapefiles.Readers;

namespace GeoSanitation.Server.Imports;

/// <summary>One feature of a file of polygons, as it stands there.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Properties">Its properties as texts; those that are null are absent.</param>
/// <param name="Geometry">Polygons in the file's coordinates, maybe invalid; null when <paramref name="Defect"/> says why.</param>
/// <param name="Defect">Why it is no ward, or null.</param>
/// <param name="Repaired">What had to be mended to read it at all, or null.</param>
internal sealed record PolygonFeature(long Line, IReadOnlyDictionary<string, string> Properties, MultiPolygon? Geometry, string? Defect, string? Repaired);

/// <summary>All polygons of a GeoJSON file or a Shapefile.</summary>
/// <param name="Features">In the file's order.</param>
/// <param name="Columns">Names of the properties, in the order of their first appearance.</param>
/// <param name="Crs">The coordinate system the file names, or null.</param>
internal sealed record PolygonFeatures(IReadOnlyList<PolygonFeature> Features, IReadOnlyList<string> Columns, Crs? Crs)
{
    // What a packed Shapefile may unpack to.
    private const long MostUnpackedBytes = 1L << 30;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 0);

    /// <summary>Reads a file, by what is in it: GeoJSON (also .gz), a zipped Shapefile, or a .shp with its companions beside it.</summary>
    /// <exception cref="ImportFileException">It is none of these, or broken.</exception>
    internal static PolygonFeatures Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var contents = RecordReader.Unpack(file, out var sample);
        if (sample.Span.StartsWith("PK\u0003\u0004"u8))
        {
            return ReadZip(file);
        }
        // The file code of a Shapefile: 9994, big-endian.
        if (sample.Span.StartsWith((ReadOnlySpan<byte>)[0, 0, 0x27, 0x0A]))
        {
            return ReadShapefile(path);
        }
        if (sample.IsEmpty)
        {
            throw new ImportFileException("the file is empty");
        }
        return ReadGeoJson(contents);
    }

    private static PolygonFeatures ReadGeoJson(Stream contents)
    {
        using var reader = new JsonFeatures(contents);
        var features = new List<PolygonFeature>();
        while (reader.Next() is { } document)
        {
            using (document)
            {
                features.Add(FromJson(reader.Number, document.RootElement));
            }
        }
        Crs? crs = null;
        if (reader.Crs is { } name)
        {
            try
            {
                crs = CrsRegistry.Find(name);
            }
            catch (UnknownCrsException)
            {
                throw new ImportFileException($"the file says its coordinate system is {name}, which is not known here; say it with --crs");
            }
        }
        return new PolygonFeatures(features, ColumnsOf(features), crs);
    }

    private static PolygonFeature FromJson(long number, JsonElement feature)
    {
        var properties = new Dictionary<string, string>();
        try
        {
            if (feature.ValueKind != JsonValueKind.Object)
            {
                return new PolygonFeature(number, properties, null, "this is not a Feature", null);
            }
            if (feature.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in members.EnumerateObject())
                {
                    if (member.Value.ValueKind != JsonValueKind.Null)
                    {
                        var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
                        properties[member.Name] = text.Replace("\0", "", StringComparison.Ordinal).Trim();
                    }
                }
            }
            if (!feature.TryGetProperty("geometry", out var geometry) || geometry.ValueKind != JsonValueKind.Object)
            {
                return new PolygonFeature(number, properties, null, "the feature has no geometry", null);
            }
            var builder = new JsonPolygons();
            builder.Add(geometry);
            return builder.Polygons.Count > 0
                ? new PolygonFeature(number, properties, Factory.CreateMultiPolygon([.. builder.Polygons]), null, builder.Repaired)
                : new PolygonFeature(number, properties, null, builder.Defect ?? "the geometry is empty", null);
        }
        catch (Exception problem) when (problem is InvalidOperationException or FormatException)
        {
            return new PolygonFeature(number, properties, null, "a text or a number of the feature cannot be read", null);
        }
    }

    private static PolygonFeatures ReadZip(FileStream file)
    {
        var folder = Directory.CreateTempSubdirectory("geosan-shapefile-");
        try
        {
            file.Position = 0;
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var shapes = zip.Entries.Where(e => e.Name.EndsWith(".shp", StringComparison.OrdinalIgnoreCase)).ToList();
            if (shapes.Count != 1)
            {
                throw new ImportFileException($"the ZIP file has {shapes.Count} Shapefiles (.shp) in it; it must have one");
            }
            var stem = Path.ChangeExtension(shapes[0].FullName, null);
            var left = MostUnpackedBytes;
            foreach (var entry in zip.Entries.Where(e => Path.ChangeExtension(e.FullName, null) == stem))
            {
                var extension = Path.GetExtension(entry.Name).ToLowerInvariant();
                if (extension is ".shp" or ".shx" or ".dbf" or ".prj" or ".cpg")
                {
                    using var from = entry.Open();
                    using var to = File.Create(Path.Combine(folder.FullName, "wards" + extension));
                    left -= CopyAtMost(from, to, left);
                }
            }
            return ReadShapefile(Path.Combine(folder.FullName, "wards.shp"));
        }
        catch (InvalidDataException)
        {
            throw new ImportFileException("the file begins like ZIP but cannot be unpacked");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static long CopyAtMost(Stream from, Stream to, long most)
    {
        var block = new byte[1 << 16];
        long copied = 0;
        int read;
        while ((read = from.Read(block)) > 0)
        {
            copied += read;
            if (copied > most)
            {
                throw new ImportFileException($"the ZIP file unpacks to more than {MostUnpackedBytes >> 20} MB");
            }
            to.Write(block, 0, read);
        }
        return copied;
    }

    private static PolygonFeatures ReadShapefile(string path)
    {
        string? Beside(string extension)
            => (string[])[Path.ChangeExtension(path, extension), Path.ChangeExtension(path, extension.ToUpperInvariant())] is var paths ? paths.FirstOrDefault(File.Exists) : null;
        if (Beside(".dbf") is not { } table)
        {
            throw new ImportFileException("the Shapefile's .dbf is missing; it must stand beside the .shp");
        }
        Crs? crs = null;
        if (Beside(".prj") is { } projection)
        {
            try
            {
                crs = CrsRegistry.FromWkt(File.ReadAllText(projection));
            }
            catch (UnknownCrsException problem)
            {
                throw new ImportFileException($"the Shapefile's .prj names a coordinate system that is not known here ({problem.Message}); say it with --crs");
            }
        }
        var features = new List<PolygonFeature>();
        try
        {
            var options = new ShapefileReaderOptions { GeometryBuilderMode = GeometryBuilderMode.IgnoreInvalidShapes, Encoding = EncodingOf(table, Beside(".cpg")) };
            using var reader = Shapefile.OpenRead(path, options);
            while (reader.Read(out var deleted, out var feature))
            {
                if (!deleted)
                {
                    features.Add(FromShape(features.Count + 1, feature));
                }
            }
        }
        catch (Exception problem) when (problem is not ImportFileException and not OutOfMemoryException)
        {
            // The library says broken in many ways: end of stream, index out of range, bad cast ...
            throw new ImportFileException($"the Shapefile cannot be read after feature {features.Count}: {problem.Message}");
        }
        return new PolygonFeatures(features, ColumnsOf(features), crs);
    }

    private static PolygonFeature FromShape(long number, Feature feature)
    {
        var properties = new Dictionary<string, string>();
        foreach (var name in feature.Attributes.GetNames())
        {
            var text = feature.Attributes[name] switch
            {
                null => "",
                double value when value == Math.Floor(value) && Math.Abs(value) < 1e15 => ((long)value).ToString(CultureInfo.InvariantCulture),
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                var value => value.ToString() ?? "",
            };
            text = text.Replace("\0", "", StringComparison.Ordinal).Trim();
            if (text.Length > 0)
            {
                properties[name] = text;
            }
        }
        return feature.Geometry switch
        {
            null or { IsEmpty: true } => new PolygonFeature(number, properties, null, "the feature has no geometry", null),
            MultiPolygon many => new PolygonFeature(number, properties, Flat(many), null, null),
            Polygon one => new PolygonFeature(number, properties, Flat(Factory.CreateMultiPolygon([one])), null, null),
            var other => new PolygonFeature(number, properties, null, $"the geometry is a {other.GeometryType}; a ward is a Polygon or a MultiPolygon", null),
        };
    }

    // Without heights and measures, which a ward has no use for.
    private static MultiPolygon Flat(MultiPolygon polygons)
        => Factory.CreateMultiPolygon([.. polygons.Geometries.Cast<Polygon>().Select(p => Factory.CreatePolygon(Flat(p.Shell), [.. p.Holes.Select(Flat)]))]);

    private static LinearRing Flat(LinearRing ring) => Factory.CreateLinearRing([.. ring.Coordinates.Select(c => new Coordinate(c.X, c.Y))]);

    /// <summary>The encoding of a .dbf: what its .cpg says; else UTF-8 if it is, else GB 18030.</summary>
    private static Encoding EncodingOf(string table, string? codePage)
    {
        if (codePage is not null)
        {
            var name = File.ReadAllText(codePage).Trim();
            if (name.Replace("-", "", StringComparison.Ordinal).Equals("UTF8", StringComparison.OrdinalIgnoreCase))
            {
                return Encoding.UTF8;
            }
            try
            {
                return CodePagesEncodingProvider.Instance.GetEncoding(name)
                    ?? (int.TryParse(name, out var number) ? CodePagesEncodingProvider.Instance.GetEncoding(number) : null)
                    ?? Encoding.GetEncoding(name);
            }
            catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
            {
                // An unknown name says nothing; the bytes may.
            }
        }
        var bytes = File.ReadAllBytes(table);
        var header = bytes.Length > 10 ? BitConverter.ToUInt16(bytes, 8) : 0;
        return Utf8.IsValid(bytes.AsSpan(Math.Min((int)header, bytes.Length))) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    }

    private static string[] ColumnsOf(IEnumerable<PolygonFeature> features) => [.. features.SelectMany(f => f.Properties.Keys).Distinct()];

    /// <summary>Collects the polygons of a GeoJSON geometry, mending rings that can be mended.</summary>
    private sealed class JsonPolygons
    {
        internal List<Polygon> Polygons { get; } = [];

        internal string? Defect { get; private set; }

        internal string? Repaired { get; private set; }

        internal void Add(JsonElement geometry)
        {
            var type = geometry.ValueKind == JsonValueKind.Object && geometry.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
            if (type == "GeometryCollection" && geometry.TryGetProperty("geometries", out var parts) && parts.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in parts.EnumerateArray())
                {
                    Add(part);
                }
                return;
            }
            if (type is not ("Polygon" or "MultiPolygon"))
            {
                Defect ??= $"the geometry is a {type ?? "thing without a type"}; a ward is a Polygon or a MultiPolygon";
                return;
            }
            if (!geometry.TryGetProperty("coordinates", out var coordinates) || coordinates.ValueKind != JsonValueKind.Array)
            {
                Defect ??= "the geometry has no coordinates";
                return;
            }
            if (type == "Polygon")
            {
                AddPolygon(coordinates);
                return;
            }
            foreach (var polygon in coordinates.EnumerateArray())
            {
                AddPolygon(polygon);
            }
        }

        private void AddPolygon(JsonElement rings)
        {
            if (rings.ValueKind != JsonValueKind.Array || rings.GetArrayLength() == 0)
            {
                Defect ??= "a polygon has no ring";
                return;
            }
            LinearRing? shell = null;
            var holes = new List<LinearRing>();
            var first = true;
            foreach (var ring in rings.EnumerateArray())
            {
                if (Ring(ring) is { } read)
                {
                    if (first)
                    {
                        shell = read;
                    }
                    else
                    {
                        holes.Add(read);
                    }
                }
                else if (!first)
                {
                    Repaired = "a hole of fewer than three places was left out";
                }
                first = false;
            }
            if (shell is null)
            {
                Defect ??= "an outer ring has fewer than three places, or coordinates that are no numbers";
                return;
            }
            Polygons.Add(Factory.CreatePolygon(shell, [.. holes]));
        }

        private LinearRing? Ring(JsonElement ring)
        {
            if (ring.ValueKind != JsonValueKind.Array)
            {
                return null;
            }
            var places = new List<Coordinate>(ring.GetArrayLength() + 1);
            foreach (var position in ring.EnumerateArray())
            {
                if (position.ValueKind != JsonValueKind.Array || position.GetArrayLength() < 2 || !position[0].TryGetDouble(out var x) || !position[1].TryGetDouble(out var y)
                    || !double.IsFinite(x) || !double.IsFinite(y))
                {
                    return null;
                }
                places.Add(new Coordinate(x, y));
            }
            if (places.Count > 0 && !places[0].Equals2D(places[^1]))
            {
                places.Add(places[0].Copy());
                Repaired = "a ring that was not closed was closed";
            }
            return places.Count >= 4 ? Factory.CreateLinearRing([.. places]) : null;
        }
    }
}
