using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Imports;

/// <summary>What a request to import brings: the file, now on disk, and what is said about it.</summary>
internal sealed class ImportUpload
{
    private const int LongestField = 1 << 16;

    private static readonly Parameter<string> KindField = Parameter.Word("kind", "What the file is of", "issues", "wards");
    private static readonly Parameter<string?> SourceField = Parameter.OfText("source", "Issues: how all of the file were found; else a column says so, or the file's name", "hotline", 100);
    private static readonly Parameter<string?> MappingField = Parameter.OfText(
        "mapping", "Issues: which column is what, as JSON; what it leaves out is guessed from the names", """{"external_id": "SRNumber", "lon": "Longitude", "lat": "Latitude"}""", LongestField);

    private static readonly Parameter<string?> CrsField = new(
        "crs", "Coordinate system of the file, where it does not say so itself: EPSG:n, an OGC URI or URN, GCJ02 or BD09", new() { Type = JsonSchemaType.String }, "EPSG:4547", KnownCrs);

    private static readonly Parameter<string?> TimeZoneField = new(
        "time_zone", "Issues: IANA name of the zone of times that carry none; the city's when left out", new() { Type = JsonSchemaType.String }, "Asia/Shanghai", KnownZone);

    private static readonly Parameter<bool> RequireWardField = Parameter.Flag("require_ward", "Issues: refuses rows that lie in no ward");
    private static readonly Parameter<string?> LevelField = Parameter.OfText("level", "Wards: level of all of the file; else a property says so, or the file's name", "community", 100);
    private static readonly Parameter<string?> CodeField = Parameter.OfText("code_field", "Wards: property of the code; guessed when left out", "WARD_NO", 200);
    private static readonly Parameter<string?> NameField = Parameter.OfText("name_field", "Wards: property of the name; guessed when left out", "NAME", 200);
    private static readonly Parameter<string?> ParentField = Parameter.OfText("parent_field", "Wards: property of the parent's code; guessed, or found by containment, when left out", "PARENT", 200);
    private static readonly Parameter<bool> ReassignField = Parameter.Flag("reassign", "Wards: assigns every issue anew, not only those without a ward");

    /// <summary>What a file that is the body may say it is.</summary>
    internal static readonly string[] MediaTypes =
    [
        "text/csv", "application/csv", "application/geo+json", "application/json", "application/geo+json-seq", "application/gzip", "application/x-gzip",
        "application/zip", "application/geopackage+sqlite3", "application/flatgeobuf", "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream", "text/plain",
    ];

    private readonly Dictionary<string, string> _fields = [];

    private ImportUpload(string path) => Path = path;

    /// <summary>What may be said about the file, in the query or as fields of the form.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } =
        [KindField, SourceField, MappingField, CrsField, TimeZoneField, RequireWardField, LevelField, CodeField, NameField, ParentField, ReassignField];

    /// <summary>The file on disk; whoever has it removes it.</summary>
    internal string Path { get; }

    /// <summary>The file's own name.</summary>
    internal string FileName { get; private set; } = "upload";

    internal string Kind => Read(KindField);

    internal string? Source => Read(SourceField);

    /// <summary>Reads the body into a temporary file.</summary>
    /// <exception cref="BadParameterException">A field is not what it must be, or there is no file.</exception>
    /// <exception cref="BadHttpRequestException">The body is too long (413) or of an unknown kind (415).</exception>
    internal static async Task<ImportUpload> ReadAsync(HttpRequest request, ImportSettings settings, CancellationToken cancellation)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = settings.MaxUploadMegabytes << 20;
        }
        var upload = new ImportUpload(System.IO.Path.GetTempFileName());
        try
        {
            foreach (var (name, values) in request.Query)
            {
                upload.Set(name, values is [{ } value] ? value : throw new BadParameterException(name, values.ToString(), "given once"));
            }
            var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed : null;
            if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
            {
                await upload.ReadPartsAsync(request, HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), cancellation);
            }
            else if (type is null || !MediaTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase))
            {
                throw new BadHttpRequestException(
                    $"Content-Type was {request.ContentType ?? "missing"}; it must be multipart/form-data or one of {string.Join(", ", MediaTypes)}", StatusCodes.Status415UnsupportedMediaType);
            }
            else
            {
                await upload.SaveAsync(request.Body, cancellation);
            }
            if (new FileInfo(upload.Path).Length == 0)
            {
                throw new BadParameterException("file", null, "a file that is not empty");
            }
            return upload;
        }
        catch
        {
            File.Delete(upload.Path);
            throw;
        }
    }

    /// <summary>What was said about a file of issues, checked.</summary>
    internal IssueImportOptions IssueOptions(string actor) => new()
    {
        Path = Path,
        Source = Source,
        Mapping = Read(MappingField) is { } mapping ? IssueMapping.Parse(mapping) : IssueMapping.Empty,
        Crs = Read(CrsField),
        TimeZone = Read(TimeZoneField),
        RequireWard = Read(RequireWardField),
        Actor = actor,
    };

    /// <summary>What was said about a file of wards, checked.</summary>
    internal WardImportOptions WardOptions(string actor) => new()
    {
        Path = Path,
        FileName = FileName,
        Level = Read(LevelField),
        CodeField = Read(CodeField),
        NameField = Read(NameField),
        ParentField = Read(ParentField),
        Crs = Read(CrsField),
        Reassign = Read(ReassignField),
        Actor = actor,
    };

    private async Task ReadPartsAsync(HttpRequest request, string boundary, CancellationToken cancellation)
    {
        if (boundary.Length is 0 or > 200)
        {
            throw new BadHttpRequestException("the multipart body has no usable boundary");
        }
        var hasFile = false;
        var reader = new MultipartReader(boundary, request.Body);
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                {
                    throw new BadHttpRequestException("a part of the body has no Content-Disposition");
                }
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (name == "file")
                {
                    if (hasFile)
                    {
                        throw new BadParameterException("file", "two files", "one file");
                    }
                    hasFile = true;
                    FileName = NameOf(disposition);
                    await SaveAsync(section.Body, cancellation);
                }
                else
                {
                    Set(name, await ReadFieldAsync(name, section.Body, cancellation));
                }
            }
        }
        catch (Exception problem) when (problem is IOException and not BadHttpRequestException or InvalidDataException)
        {
            throw new BadHttpRequestException($"the multipart body is broken: {problem.Message}");
        }
        if (!hasFile)
        {
            throw new BadParameterException("file", null, "a part of the multipart body with that name");
        }
    }

    private static string NameOf(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        name = System.IO.Path.GetFileName(name.Replace('\\', '/').Replace("\0", "", StringComparison.Ordinal));
        return name.Length is > 0 and <= 200 ? name : "upload";
    }

    private static async Task<string> ReadFieldAsync(string name, Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[LongestField + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return length <= LongestField ? Encoding.UTF8.GetString(bytes, 0, length) : throw new BadParameterException(name, null, $"at most {LongestField} bytes long");
    }

    private async Task SaveAsync(Stream body, CancellationToken cancellation)
    {
        await using var file = new FileStream(Path, FileMode.Truncate, FileAccess.Write);
        await body.CopyToAsync(file, cancellation);
    }

    private void Set(string name, string value)
    {
        if (!Parameters.Any(p => p.Name == name))
        {
            throw new BadParameterException("field", name, $"one of {string.Join(", ", Parameters.Select(p => p.Name))}, and the part file");
        }
        if (value.Contains('\0', StringComparison.Ordinal) || value.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new BadParameterException(name, value.Replace('\0', '?'), "text in valid UTF-8 without NUL characters");
        }
        if (!_fields.TryAdd(name, value))
        {
            throw new BadParameterException(name, value, "given once");
        }
    }

    private T Read<T>(Parameter<T> field) => field.Read(_fields.GetValueOrDefault(field.Name) is { Length: > 0 } text ? text : null);

    private static string? KnownCrs(string? text)
    {
        if (text is not null)
        {
            // Known, or the request is refused before anything is done.
            CrsRegistry.Find(text);
        }
        return text;
    }

    private static string? KnownZone(string? text)
        => text is null || TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? text : throw new BadParameterException("time_zone", text, "an IANA name, such as Asia/Shanghai");
}
