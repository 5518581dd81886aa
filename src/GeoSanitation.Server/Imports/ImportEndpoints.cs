using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Imports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Imports;

/// <summary>Bulk intake over HTTP: an upload becomes a job, whose progress, counts and refused rows can be asked for.</summary>
internal static class ImportEndpoints
{
    private const int UsuallyListed = 100;
    private const int MostListed = 1_000;

    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, MostListed, $"Imports on a page; {UsuallyListed} when left out", 20);
    private static readonly Parameter<long?> Before = new(
        "before", "Only imports before this one, by id", IdSchema, 17, text => text is null ? null : long.TryParse(text, out var id) ? id : throw new BadParameterException("before", text, "the id of an import"));

    private static readonly Parameter Id = new("id", "Id of the import", IdSchema, 17);

    private static OpenApiSchema IdSchema => new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" };

    internal static void AddImports(this IServiceCollection services)
        => services.AddSingleton<ImportJobs>().AddHostedService(provider => provider.GetRequiredService<ImportJobs>());

    internal static void MapImports(this IEndpointRouteBuilder routes)
    {
        // Refused rows are shown as they came, reporters included, so reading is for those who may see them.
        var reads = routes.MapGroup("/api/imports").WithTags("Imports").RequireRole(Roles.Inspector, Roles.Handler);
        var writes = routes.MapGroup("/api/imports").WithTags("Imports").RequireRole(Roles.Administrator);
        writes.MapPost("", PostImport).WithName("PostImport").Takes(ImportUpload.Parameters).WithSummary("Import a file of issues or wards; the answer says where to ask how far it is")
            .WithDescription("The file is CSV or GeoJSON, also packed by gzip, Excel (issues), GeoPackage, a zipped Shapefile, FlatGeobuf or GeoParquet; what it is follows from its contents. All of it comes in or nothing; rows that are refused have reasons.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = ImportBody.Describe(ImportUpload.Parameters, ImportUpload.MediaTypes);
                return Task.CompletedTask;
            })
            .Produces<ImportState>(StatusCodes.Status202Accepted)
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429);
        writes.MapPost("/preview", PostPreview).WithName("PostImportPreview").Takes(ImportUpload.Parameters).WithSummary("Look at a file as an import would, and keep nothing of it")
            .WithDescription($"Which column would be what, the first rows as they stand, and of up to {ImportPreviews.MostRows} rows: how many would be taken or refused and why, where they lie, and what looks odd. "
                + "A file that could be imported only if more were said about it is answered with the problem in words.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = ImportBody.Describe(ImportUpload.Parameters, ImportUpload.MediaTypes);
                return Task.CompletedTask;
            })
            .Produces<ImportPreview>().ProducesProblem(400).ProducesProblem(413).ProducesProblem(415);
        reads.MapGet("", GetImports).WithName("GetImports").Takes(Limit, Before).WithSummary("Imports, latest first").Produces<ImportList>().HasTag().ProducesProblem(400);
        reads.MapGet("/{id}", GetImport).WithName("GetImport").Takes(Id).WithSummary("State, progress, counts and warnings of an import").Produces<ImportState>().HasTag().ProducesProblem(404);
        reads.MapGet("/{id}/rejects", GetRejects).WithName("GetImportRejects").Takes(Id).WithSummary("The rows that were refused, with line, column, value and reason")
            .Produces(200, contentType: "text/csv").ProducesProblem(404);
        writes.MapDelete("/{id}", DeleteImport).WithName("DeleteImport").Takes(Id).WithSummary("Stop an import; nothing of it is kept")
            .Produces<ImportState>(StatusCodes.Status202Accepted).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> PostImport(HttpContext context, Database database, Settings settings, ImportJobs jobs, CancellationToken cancellation)
    {
        if (jobs.IsFull)
        {
            context.Response.Headers.RetryAfter = "60";
            throw new BadHttpRequestException($"{ImportJobs.MostWaiting} imports are waiting already; try again when one has ended", StatusCodes.Status429TooManyRequests);
        }
        var upload = await ImportUpload.ReadAsync(context.Request, settings.Imports, cancellation);
        ImportTicket ticket;
        try
        {
            var actor = context.User.Name();
            var ofWards = upload.Kind == "wards";
            var issues = ofWards ? null : upload.IssueOptions(actor);
            var wards = ofWards ? upload.WardOptions(actor) : null;
            var header = new ImportHeader(upload.Kind, upload.FileName, upload.Source, actor);
            ticket = await ImportTicket.OpenAsync(database, header, dryRun: false, cancellation);
            var job = new ImportJob(ticket, upload.Path, (t, progress, stop) => wards is not null
                ? new WardFileImport(database).RunAsync(t, wards, progress, stop)
                : new IssueImport(database, settings).RunAsync(t, issues!, progress, stop));
            jobs.Add(job);
        }
        catch
        {
            File.Delete(upload.Path);
            throw;
        }
        return await AcceptedAsync(new ImportStore(database), jobs, ticket.Id, cancellation);
    }

    private static async Task<IResult> PostPreview(HttpContext context, Database database, Settings settings, CancellationToken cancellation)
    {
        var upload = await ImportUpload.ReadAsync(context.Request, settings.Imports, cancellation);
        try
        {
            var actor = context.User.Name();
            var reference = await IntakeReference.LoadAsync(database, at: null, cancellation);
            return TypedResults.Ok(upload.Kind == "wards"
                ? ImportPreviews.OfWards(upload.FileName, upload.WardOptions(actor), reference.Wards, cancellation)
                : ImportPreviews.OfIssues(upload.FileName, upload.IssueOptions(actor), settings, reference, cancellation));
        }
        catch (ImportFileException unreadable)
        {
            throw new BadHttpRequestException(unreadable.Message);
        }
        finally
        {
            File.Delete(upload.Path);
        }
    }

    private static async Task<IResult> GetImports(HttpContext context, Database database, ImportJobs jobs, CancellationToken cancellation)
    {
        var most = Limit.Read(context.Request.Query) ?? UsuallyListed;
        var records = await new ImportStore(database).ListAsync(Before.Read(context.Request.Query), most, cancellation);
        return TypedResults.Ok(new ImportList([.. records.Select(r => StateOf(r, jobs))], records.Count == most ? $"/api/imports?limit={most}&before={records[^1].Id}" : null));
    }

    private static async Task<IResult> GetImport(string id, Database database, ImportJobs jobs, CancellationToken cancellation)
        => TypedResults.Ok(StateOf(await RecordAsync(new ImportStore(database), id, cancellation), jobs));

    private static async Task<IResult> GetRejects(string id, Database database, CancellationToken cancellation)
    {
        var store = new ImportStore(database);
        var record = await RecordAsync(store, id, cancellation);
        return TypedResults.Stream(body => store.WriteRefusedAsync(record.Id, body, cancellation), "text/csv; charset=utf-8", $"import-{record.Id}.rejects.csv");
    }

    private static async Task<IResult> DeleteImport(string id, HttpContext context, Database database, ImportJobs jobs, CancellationToken cancellation)
    {
        var store = new ImportStore(database);
        var record = await RecordAsync(store, id, cancellation);
        if (record.State != "running" || jobs.Find(record.Id) is not { } job)
        {
            return TypedResults.Problem(
                record.State == "running" ? "this import is run by another program" : $"this import is {record.State}; only a running one can be stopped", statusCode: 409, title: "Cannot be stopped");
        }
        await new AuditStore(database).AddAsync(context.User.Name(), "stop import", $"imports/{record.Id}", payloadJson: null, cancellation);
        job.Cancel();
        return await AcceptedAsync(store, jobs, record.Id, cancellation);
    }

    private static async Task<IResult> AcceptedAsync(ImportStore store, ImportJobs jobs, long id, CancellationToken cancellation)
        => TypedResults.Accepted($"/api/imports/{id}", StateOf((await store.FindAsync(id, cancellation))!, jobs));

    private static async Task<ImportRecord> RecordAsync(ImportStore store, string id, CancellationToken cancellation)
        => (long.TryParse(id, out var number) ? await store.FindAsync(number, cancellation) : null) ?? throw new NotFoundException("import", id);

    private static ImportState StateOf(ImportRecord record, ImportJobs jobs)
    {
        var progress = record.State == "running" ? jobs.Find(record.Id)?.Progress : null;
        return new ImportState(
            record.Id, record.Kind, record.FileName, record.Source, record.State, progress?.Stage, progress?.Rows ?? record.Counts.Read,
            progress is null ? null : Math.Round(progress.RowsPerSecond), progress is null ? null : Math.Round(progress.Fraction, 3), progress?.SecondsLeft is { } left ? Math.Round(left, 1) : null,
            record.State == "done" ? new ImportStateCounts(record.Counts.Loaded, record.Counts.Unchanged, record.Counts.Updated, record.Counts.Refused) : null,
            [.. JsonNode.Parse(record.WarningsJson)!.AsArray().Select(w => (string)w!)], record.Error, record.MappingJson is { } mapping ? JsonNode.Parse(mapping) : null,
            record.StartedAt, record.FinishedAt, $"/api/imports/{record.Id}/rejects");
    }
}

/// <summary>An import and how far it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>issues</c> or <c>wards</c>.</param>
/// <param name="FileName">Name of the file.</param>
/// <param name="Source">The source given for the whole file.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Stage">What is being done now.</param>
/// <param name="RowsRead">Rows of the file read so far.</param>
/// <param name="RowsPerSecond">How fast.</param>
/// <param name="Progress">Part of the file that was read, 0 to 1.</param>
/// <param name="SecondsLeft">Until it is read through.</param>
/// <param name="Counts">Rows by what became of them, once done; they add up to the rows read.</param>
/// <param name="Warnings">What was accepted but looks odd.</param>
/// <param name="Error">Why it came to nothing.</param>
/// <param name="Mapping">Which column was taken for what.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Rejects">Where the refused rows are.</param>
internal sealed record ImportState(
    long Id, string Kind, string FileName, string? Source, string State, string? Stage, long RowsRead, double? RowsPerSecond, double? Progress, double? SecondsLeft,
    ImportStateCounts? Counts, IReadOnlyList<string> Warnings, string? Error, JsonNode? Mapping, DateTime StartedAt, DateTime? FinishedAt, string Rejects);

/// <summary>Rows of a file by what became of them.</summary>
/// <param name="Loaded">New.</param>
/// <param name="Unchanged">Here already, saying the same.</param>
/// <param name="Updated">Here already, saying something else.</param>
/// <param name="Refused">Not taken.</param>
internal sealed record ImportStateCounts(long Loaded, long Unchanged, long Updated, long Refused);

/// <summary>A page of imports.</summary>
/// <param name="Imports">Latest first.</param>
/// <param name="Next">Where the next page is, or null.</param>
internal sealed record ImportList(IReadOnlyList<ImportState> Imports, string? Next);
