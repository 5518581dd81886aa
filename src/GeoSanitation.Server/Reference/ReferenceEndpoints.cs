using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Reference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Reference;

/// <summary>What issues refer to: the taxonomy of problems, and inspection rounds.</summary>
internal static class ReferenceEndpoints
{
    private static readonly Parameter Code = new("code", "Code of the round", new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 100 }, "2025-covert-1");
    private static readonly Parameter<string?> Kind = Parameter.OfText("kind", "Only rounds of this kind", "covert", 100);

    internal static void MapReference(this IEndpointRouteBuilder routes)
    {
        var reference = routes.MapGroup("/api").WithTags("Reference");
        reference.MapGet("/categories", GetCategories).WithName("GetCategories").WithSummary("The taxonomy of problems as a tree: who answers for each, and by when")
            .WithDescription("Department and deadline of a category that leaves them open are those of the one above.").Produces<CategoryTree>().Produces(304).ProducesProblem(400);
        reference.MapGet("/rounds", GetRounds).WithName("GetRounds").Takes(Kind, CommonParameters.Crs).WithSummary("Inspection rounds, latest first, with their areas where known")
            .Produces<FeatureList<RoundProperties>>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400);
        reference.MapGet("/rounds/{code}", GetRound).WithName("GetRound").Takes(Code, CommonParameters.Crs).WithSummary("One inspection round")
            .Produces<Feature<RoundProperties>>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400).ProducesProblem(404);
        reference.MapPost("/rounds", PostRound).WithName("PostRound").RequireRole(Roles.Inspector).Takes(CommonParameters.BodyCrs).WithSummary("Add an inspection round")
            .Accepts<RoundBody>(FeatureWriter.MediaType, "application/json").Produces<Feature<RoundProperties>>(201, FeatureWriter.MediaType)
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        reference.MapPut("/rounds/{code}", PutRound).WithName("PutRound").RequireRole(Roles.Inspector).Takes(Code, CommonParameters.BodyCrs).WithSummary("Change an inspection round")
            .WithDescription("The body says all of it: what is left out is unknown afterwards.")
            .Accepts<RoundBody>(FeatureWriter.MediaType, "application/json").Produces<Feature<RoundProperties>>(200, FeatureWriter.MediaType)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415);
    }

    private static async Task PostRound(HttpContext context, Database database, CancellationToken cancellation)
    {
        var (round, crs) = await RoundBody.ReadAsync(context.Request, code: null, CommonParameters.BodyCrs.Read(context.Request.Query));
        if (!await new RoundStore(database).AddAsync(round, context.User.Name(), cancellation))
        {
            throw new ConflictException($"there is a round {round.Code} already; PUT /api/rounds/{Uri.EscapeDataString(round.Code)} changes it");
        }
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{context.Request.PathBase}/api/rounds/{Uri.EscapeDataString(round.Code)}";
        await WriteAsync(context, round, crs);
    }

    private static async Task PutRound(string code, HttpContext context, Database database, CancellationToken cancellation)
    {
        code = PathText.Decoded(code);
        var (round, crs) = await RoundBody.ReadAsync(context.Request, code, CommonParameters.BodyCrs.Read(context.Request.Query));
        if (!await new RoundStore(database).ChangeAsync(round, context.User.Name(), cancellation))
        {
            throw new NotFoundException("round", code);
        }
        await WriteAsync(context, round, crs);
    }

    private static Task WriteAsync(HttpContext context, Round round, Crs crs)
    {
        context.Response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        context.Response.ContentType = FeatureWriter.MediaType;
        return context.Response.Body.WriteAsync(ToBytes(round, crs), context.RequestAborted).AsTask();
    }

    private static byte[] ToBytes(Round round, Crs crs) => FeatureWriter.ToBytes(crs, writer => writer.Write(round.Code, round.Area, new RoundProperties(round), alone: true));

    private static Task GetCategories(HttpContext context, VersionedAnswers answers, Database database)
        => answers.RespondAsync(context, "application/json", "categories", async (version, cancellation)
            => new VersionedBody(JsonSerializer.SerializeToUtf8Bytes(CategoryTree.Of(await new CategoryStore(database).ListAsync(cancellation)), JsonForm.Options), version));

    private static Task GetRounds(HttpContext context, VersionedAnswers answers, Database database)
    {
        var (kind, crs) = (Kind.Read(context.Request.Query), CommonParameters.Crs.Read(context.Request.Query));
        context.Response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        var links = Links.OfPage(context, null, FeatureWriter.MediaType);
        return answers.RespondAsync(context, FeatureWriter.MediaType, $"rounds {context.Request.QueryString}", async (version, cancellation) =>
        {
            var rounds = await new RoundStore(database).ListAsync(kind, cancellation);
            return new VersionedBody(FeatureWriter.ToBytes(crs, writer =>
            {
                writer.BeginCollection();
                foreach (var round in rounds)
                {
                    writer.Write(round.Code, round.Area, new RoundProperties(round));
                }
                writer.EndCollection(rounds.Count, rounds.Count, links);
            }), version);
        });
    }

    private static Task GetRound(string code, HttpContext context, VersionedAnswers answers, Database database)
    {
        code = PathText.Decoded(code);
        var crs = CommonParameters.Crs.Read(context.Request.Query);
        context.Response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        return answers.RespondAsync(context, FeatureWriter.MediaType, $"round {JsonSerializer.Serialize(code)} {crs.Name}", async (version, cancellation) =>
        {
            var round = await new RoundStore(database).FindAsync(code, cancellation) ?? throw new NotFoundException("round", code);
            return new VersionedBody(ToBytes(round, crs), version);
        });
    }
}
