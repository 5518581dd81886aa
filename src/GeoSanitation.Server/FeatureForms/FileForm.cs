using System.Text.Json;
using GeoSanitation.Coordinates;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>A form of file that features are taken away in.</summary>
/// <param name="Extension">Its extension, without the dot.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="WriteAsync">Writes features, in a system, to a stream.</param>
internal sealed record FileForm(string Extension, string MediaType, Func<FeatureSet, Crs, Stream, CancellationToken, Task> WriteAsync)
{
    private const int FlushBytes = 1 << 15;

    /// <summary>Whether the file holds the time of its making, so that the same features give other bytes each time.</summary>
    internal bool HoldsTimes { get; private init; }

    /// <summary>Every form there is.</summary>
    internal static IReadOnlyList<FileForm> All { get; } =
    [
        new("geojson", GeoJson.FeatureWriter.MediaType, (features, crs, file, cancellation) => WriteGeoJsonAsync(features, crs, file, asSequence: false, cancellation)),
        new("geojsonl", "application/geo+json-seq", (features, crs, file, cancellation) => WriteGeoJsonAsync(features, crs, file, asSequence: true, cancellation)),
        new("csv", "text/csv; charset=utf-8; header=present", CsvForm.WriteAsync),
        new("fgb", "application/flatgeobuf", FlatGeobufForm.WriteAsync),
        new("gpkg", "application/geopackage+sqlite3", (features, crs, file, cancellation) => ByFolderAsync(file, async folder =>
        {
            var path = Path.Combine(folder, features.Name + ".gpkg");
            await GeoPackageForm.WriteAsync(features, crs, path, cancellation);
            return path;
        }, cancellation)) { HoldsTimes = true },
        new("shp.zip", "application/zip", (features, crs, file, cancellation) => ByFolderAsync(file, async folder =>
        {
            var content = Directory.CreateDirectory(Path.Combine(folder, "shp")).FullName;
            await ShapefileForm.WriteAsync(features, crs, Path.Combine(content, features.Name + ".shp"), cancellation);
            var path = Path.Combine(folder, features.Name + ".zip");
            System.IO.Compression.ZipFile.CreateFromDirectory(content, path);
            return path;
        }, cancellation)) { HoldsTimes = true },
        new("parquet", "application/vnd.apache.parquet", (features, crs, file, cancellation) => ByFolderAsync(file, async folder =>
        {
            var path = Path.Combine(folder, features.Name + ".parquet");
            await using var parquet = File.Create(path);
            await GeoParquetForm.WriteAsync(features, crs, parquet, cancellation);
            return path;
        }, cancellation)),
    ];

    /// <summary>The form that the name of a file ends with; null for none.</summary>
    internal static FileForm? Of(string fileName) => All.FirstOrDefault(f => fileName.EndsWith("." + f.Extension, StringComparison.OrdinalIgnoreCase));

    private static async Task WriteGeoJsonAsync(FeatureSet features, Crs crs, Stream file, bool asSequence, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(file, RowJson.Options);
        if (!asSequence)
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteString("name", features.Name);
            WriteSystem(json, crs);
            json.WriteStartArray("features");
        }
        await foreach (var row in features.Rows.WithCancellation(cancellation))
        {
            json.WriteStartObject();
            json.WriteString("type", "Feature");
            if (asSequence)
            {
                WriteSystem(json, crs);
            }
            RowJson.WriteId(json, row);
            json.WritePropertyName("geometry");
            RowJson.WriteShape(json, row, crs);
            json.WritePropertyName("properties");
            RowJson.WriteProperties(json, row, features.Columns, features.Columns.Count);
            json.WriteEndObject();
            if (asSequence)
            {
                await json.FlushAsync(cancellation);
                json.Reset();
                await file.WriteAsync("\n"u8.ToArray(), cancellation);
            }
            else if (json.BytesPending >= FlushBytes)
            {
                await json.FlushAsync(cancellation);
            }
        }
        if (!asSequence)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
        await json.FlushAsync(cancellation);
    }

    private static void WriteSystem(Utf8JsonWriter json, Crs crs)
    {
        if (crs != CrsRegistry.Crs84)
        {
            json.WriteString("coordRefSys", crs.Uri);
        }
    }

    /// <summary>A form whose end must be known before its start is made in a folder of its own first.</summary>
    private static async Task ByFolderAsync(Stream file, Func<string, Task<string>> makeAsync, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("geosan-export-");
        try
        {
            await using var made = File.OpenRead(await makeAsync(folder.FullName));
            await made.CopyToAsync(file, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
