using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Issues;

/// <summary>Photos and papers of issues. What a file is, its first bytes say, not its sender.</summary>
internal static class AttachmentEndpoints
{
    private const string Multipart = "multipart/form-data";
    private const int LongestName = 200;

    // Boundaries and headers of a multipart body.
    private const int Wrapping = 1 << 16;

    private static readonly Parameter<string?> Name = Parameter.OfText("name", "Name of the file, where the body is the file itself", "垃圾堆.jpg", LongestName);
    private static readonly Parameter Number = new("n", "Number of the attachment", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" }, 7);

    internal static void MapAttachments(this IEndpointRouteBuilder issues)
    {
        issues.MapPost("/{id}/attachments", PostAttachment).WithName("PostAttachment").RequireRole(Roles.Inspector, Roles.Handler).Takes(IssueEndpoints.Id, Name)
            .WithSummary("Attach a photo or paper to an issue")
            .WithDescription("JPEG, PNG, WebP or PDF, told by the contents: as the part file of a multipart body, or as the body itself. The same contents again are answered with what is there (200).")
            .Accepts<IFormFile>(Multipart, "image/jpeg", "image/png", "image/webp", "application/pdf")
            .Produces<AttachmentEntry>(201).Produces<AttachmentEntry>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        issues.MapGet("/{id}/attachments", GetAttachments).WithName("GetAttachments").Takes(IssueEndpoints.Id).WithSummary("Photos and papers of an issue, oldest first")
            .WithDescription("Names, kinds and sizes; href leads to the contents.")
            .Produces<AttachmentList>().HasTag().ProducesProblem(404);
        issues.MapGet("/{id}/attachments/{n}", GetAttachment).WithName("GetAttachment").Takes(IssueEndpoints.Id, Number).WithSummary("Contents of an attachment")
            .WithDescription("Never changes under its number.")
            .Produces(200, contentType: "image/jpeg", additionalContentTypes: ["image/png", "image/webp", "application/pdf"]).Produces(304).ProducesProblem(404);
    }

    private static async Task<IResult> PostAttachment(string id, HttpContext context, Database database, Settings settings, CancellationToken cancellation)
    {
        var number = IssueEndpoints.NumberOf(id, "issue");
        var (content, givenName) = await ReadAsync(context.Request, settings.Attachments.MaxMegabytes << 20, cancellation);
        var (mediaType, extension) = KindOf(content)
            ?? throw new BadHttpRequestException("the contents are no JPEG, PNG, WebP or PDF, whatever they are called", StatusCodes.Status415UnsupportedMediaType);
        var sha256 = SHA256.HashData(content);
        var name = SafeName(givenName) ?? $"attachment.{extension}";
        var payload = new JsonObject { ["name"] = name, ["media_type"] = mediaType, ["bytes"] = content.Length, ["sha256"] = Convert.ToHexStringLower(sha256) };
        var (attachment, outcome) = await new AttachmentStore(database).AddAsync(
            number, name, mediaType, content, sha256, settings.Attachments.MaxPerIssue,
            new IssueChange("attached", null, null, null, payload.ToJsonString(JsonForm.Options)), context.User.Name(), cancellation);
        return outcome switch
        {
            AttachmentOutcome.NoIssue => throw new NotFoundException("issue", id),
            AttachmentOutcome.Full => throw new ConflictException($"issue {id} has {settings.Attachments.MaxPerIssue} attachments, as many as an issue may have"),
            AttachmentOutcome.AlreadyThere => TypedResults.Ok(EntryOf(number, attachment!)),
            _ => TypedResults.Created($"/api/issues/{number}/attachments/{attachment!.Id}", EntryOf(number, attachment)),
        };
    }

    private static async Task<IResult> GetAttachments(string id, Database database, CancellationToken cancellation)
    {
        var number = IssueEndpoints.NumberOf(id, "issue");
        var attachments = await new AttachmentStore(database).ListAsync(number, cancellation) ?? throw new NotFoundException("issue", id);
        return TypedResults.Ok(new AttachmentList([.. attachments.Select(a => EntryOf(number, a))]));
    }

    private static async Task<IResult> GetAttachment(string id, string n, HttpContext context, Database database, CancellationToken cancellation)
    {
        var (attachment, content) = await new AttachmentStore(database).FindAsync(IssueEndpoints.NumberOf(id, "issue"), IssueEndpoints.NumberOf(n, "attachment"), cancellation)
            ?? throw new NotFoundException("attachment", $"{n} of issue {id}");
        var headers = context.Response.Headers;
        // Bytes that a stranger may have sent: shown as what they are, and never run as a page of this site.
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "private, no-cache";
        var disposition = new ContentDispositionHeaderValue(attachment.MediaType.StartsWith("image/", StringComparison.Ordinal) ? "inline" : "attachment");
        disposition.SetHttpFileName(attachment.Name);
        headers.ContentDisposition = disposition.ToString();
        return TypedResults.Bytes(content, attachment.MediaType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(attachment.Sha256)}\""), lastModified: attachment.CreatedAt);
    }

    private static AttachmentEntry EntryOf(long issueId, Attachment a)
        => new(a.Id, a.Name, a.MediaType, a.Bytes, Convert.ToHexStringLower(a.Sha256), a.CreatedAt, $"/api/issues/{issueId}/attachments/{a.Id}");

    private static async Task<(byte[] Content, string? Name)> ReadAsync(HttpRequest request, int longest, CancellationToken cancellation)
    {
        var isMultipart = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(Multipart, StringComparison.OrdinalIgnoreCase);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = longest + (isMultipart ? Wrapping : 0);
        }
        if (!isMultipart)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellation);
            return (body.ToArray(), Name.Read(request.Query));
        }
        try
        {
            var form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = longest }, cancellation);
            var file = form.Files is [var only] && only.Name == "file" ? only : throw new BadParameterException("file", $"{form.Files.Count} files", "one file, as the part file of the multipart body");
            using var content = new MemoryStream((int)file.Length);
            await file.CopyToAsync(content, cancellation);
            return (content.ToArray(), file.FileName);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"the multipart body is broken or too long: {problem.Message}");
        }
    }

    private static (string MediaType, string Extension)? KindOf(ReadOnlySpan<byte> content)
        => content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ("image/jpeg", "jpg")
            : content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? ("image/png", "png")
            : content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? ("image/webp", "webp")
            : content.StartsWith("%PDF-"u8) ? ("application/pdf", "pdf")
            : null;

    /// <summary>The last part of a path, without control characters; null when nothing is left.</summary>
    private static string? SafeName(string? given)
    {
        var name = new string([.. (given ?? "").Replace('\\', '/').Split('/')[^1].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
        return name.Length == 0 ? null : name.Length <= LongestName ? name : name[^LongestName..];
    }
}
