using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Imports;

/// <summary>What a request to import brings: the file, now on disk, and what is said about it.</summary>
internal sealed class ImportUpload
{
    private const int LongestField = 1 << 16;

    private static readonly string[] Names =
    [
        "kind", "source", "mapping", "crs", "time_zone", "require_ward", "level", "code_field", "name_field", "parent_field", "reassign",
    ];

    private static readonly string[] MediaTypes =
    [
        "text/csv", "application/csv", "application/geo+json", "application/json", "application/geo+json-seq", "application/gzip", "application/x-gzip",
        "application/zip", "application/octet-stream", "text/plain",
    ];

    private readonly Dictionary<string, string> _fields = [];

    private ImportUpload(string path) => Path = path;

    /// <summary>The file on disk; whoever has it removes it.</summary>
    internal string Path { get; }

    /// <summary>The file's own name.</summary>
    internal string FileName { get; private set; } = "upload";

    internal string Kind => Choice("kind", "issues", ["issues", "wards"]);

    internal string? Source => Text("source", 100);

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
                upload.Set(name, values.ToString());
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
        Mapping = Text("mapping", LongestField) is { } mapping ? IssueMapping.Parse(mapping) : IssueMapping.Empty,
        Crs = Crs(),
        TimeZone = Text("time_zone", 100) is { } zone
            ? TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : throw new BadParameterException("time_zone", zone, "an IANA name, such as Asia/Shanghai")
            : null,
        RequireWard = Flag("require_ward"),
        Actor = actor,
    };

    /// <summary>What was said about a file of wards, checked.</summary>
    internal WardImportOptions WardOptions(string actor) => new()
    {
        Path = Path,
        FileName = FileName,
        Level = Text("level", 100),
        CodeField = Text("code_field", 200),
        NameField = Text("name_field", 200),
        ParentField = Text("parent_field", 200),
        Crs = Crs(),
        Reassign = Flag("reassign"),
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
        if (!Names.Contains(name))
        {
            throw new BadParameterException("field", name, $"one of {string.Join(", ", Names)}, and the part file");
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

    private string? Text(string name, int longest)
        => _fields.TryGetValue(name, out var value) && value.Length > 0
            ? value.Length <= longest ? value : throw new BadParameterException(name, value, $"at most {longest} characters long")
            : null;

    private string Choice(string name, string usual, string[] allowed)
        => Text(name, LongestField) is not { } value ? usual : allowed.Contains(value) ? value : throw new BadParameterException(name, value, $"one of {string.Join(", ", allowed)}");

    private bool Flag(string name) => Choice(name, "false", ["true", "false"]) == "true";

    private string? Crs()
    {
        if (Text("crs", 200) is not { } name)
        {
            return null;
        }
        // Known, or the request is refused before anything is done.
        CrsRegistry.Find(name);
        return name;
    }
}
