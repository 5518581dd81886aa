using System.Text.Json;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Runs;

namespace GeoSanitation.Store.Layers;

/// <summary>The layers of the database.</summary>
public static class LayerCatalog
{
    /// <summary>Issues.</summary>
    public static Layer Issues { get; } = IssuesLayer();

    /// <summary>Wards, with the boundaries in force.</summary>
    public static Layer Wards { get; } = WardsLayer();

    /// <summary>Hotspots of a kept run; their attributes are those that the run has.</summary>
    /// <param name="run">A run that is done; null for the layer without features, while nothing is published.</param>
    public static Layer Hotspots(RunRecord? run)
    {
        var id = new LayerColumn("id", ColumnKind.Text, "f.key", "What tells the hotspot from others of its run, and is the same in the next run") { IsNullable = false };
        var columns = new List<LayerColumn>
        {
            id,
            new("run", ColumnKind.Whole, "f.run_id", "Number of the run") { IsNullable = false },
            new("method", ColumnKind.Text, "(SELECT method FROM geosan.run WHERE id = f.run_id)", "Method of the run") { IsNullable = false },
        };
        if (run is not null)
        {
            using var described = JsonDocument.Parse(run.ColumnsJson);
            columns.AddRange(described.RootElement.EnumerateArray().Select(c => HotspotColumn(c.GetProperty("name").GetString()!, c.GetProperty("type").GetString()!)).Where(c => columns.All(k => k.Name != c.Name)));
        }
        return new Layer(columns)
        {
            Name = "hotspots",
            Title = "Hotspots",
            Description = "Hotspots of the analysis that was published last",
            Shape = LayerShape.Any,
            Id = id,
            Label = id,
            Table = "geosan.run_feature AS f",
            Always = FormattableString.Invariant($"f.run_id = {run?.Id ?? 0}"),
            Edition = FormattableString.Invariant($"{run?.Id} {run?.PublishedAt:O}"),
            Geometry = "f.geom",
            Number = "f.id",
        };
    }

    private static Layer IssuesLayer()
    {
        static LayerColumn Text(string name, string sql, string description) => new(name, ColumnKind.Text, sql, description);
        static LayerColumn Time(string name, string description) => new(name, ColumnKind.Time, "i." + name, description);
        var id = new LayerColumn("id", ColumnKind.Whole, "i.id", "Number of the issue") { IsNullable = false };
        var title = Text("title", "i.title", "Short text for lists");
        var closed = Time("closed_at", "When that was checked");
        var reported = Time("reported_at", "When it was reported") with { IsNullable = false };
        return new Layer(
        [
            id,
            Text("source", "i.source", "How it was found: covert, patrol, citizen, hotline, superior, video, or another word of whoever sent it") with { IsNullable = false },
            Text("external_id", "i.external_id", "Its id in the source; unique there") with { IsNullable = false },
            Text("category", "i.category_code", "Code of its category") with { IsNullable = false },
            Text("category_name", "c.name", "Name of its category") with { IsNullable = false },
            Text("category_name_en", "c.name_en", "Name of its category in English, where known"),
            Text("category_group", "coalesce(c.parent_code, c.code)", "Code of the group that its category belongs to") with { IsNullable = false },
            new("severity", ColumnKind.Whole, "i.severity", "How bad it is, 1 to 5") { IsNullable = false },
            Text("status", "i.status", "Where it is in its life") with
            {
                IsNullable = false,
                Values = IssuePoints.Statuses,
                SortSql = "array_position(ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'], i.status)::bigint",
            },
            title,
            Text("description", "i.description", "Long text"),
            Text("address", "i.address", "Where, in words"),
            reported,
            Time("accepted_at", "When it was filed as a case"),
            Time("dispatched_at", "When it was handed to whom it concerns, the last time"),
            Time("resolved_at", "When the work was reported as done"),
            closed,
            Time("due_at", "By when it must be resolved"),
            new("overdue", ColumnKind.Flag, $"coalesce({IssueFilterSql.Overdue}, false)", "Past its deadline and not yet resolved") { IsNullable = false },
            Text("ward", "w.code", "Code of the ward it was assigned to: the deepest one at its place"),
            Text("ward_name", "w.name", "Name of that ward"),
            Text("ward_name_en", "w.name_en", "Name of that ward in English, where known"),
            new("ward_path", ColumnKind.Texts, "geosan.ward_codes(w.path)", "Codes of the wards around it, from the top of the tree to its own"),
            Text("responsible", "i.responsible", "Who answers for it"),
            Text("department", "i.department", "The department in charge"),
            Text("round", "r.code", "Code of the inspection round it belongs to"),
            Text("round_name", "r.name", "Name of that round"),
            new("relapse", ColumnKind.Flag, "(i.relapse_of IS NOT NULL)", "Came back after an earlier one was closed") { IsNullable = false },
            new("relapse_of", ColumnKind.Whole, "i.relapse_of", "Number of the closed issue that came back as this one"),
            new("reopen_count", ColumnKind.Whole, "i.reopen_count", "How often its check failed") { IsNullable = false },
            Text("rejection_reason", "i.rejection_reason", "Why it was rejected"),
            Text("input_crs", "i.input_crs", "Name of the system its coordinates came in") with { IsNullable = false },
            new("accuracy_meters", ColumnKind.Number, "i.accuracy_meters::double precision", "How far off its point may be") { Unit = "m" },
            Text("location_quality", "i.location_quality", "default_point where it stands on a geocoder's stand-in for somewhere in the city") with { IsNullable = false, Values = ["ok", "default_point"] },
            new("version", ColumnKind.Whole, "i.version", "Goes up with every change") { IsNullable = false },
            Time("created_at", "When it came into the database") with { IsNullable = false },
            Time("updated_at", "When it was changed last") with { IsNullable = false },
            Text("reporter_name", "i.reporter_name", "Who reported it") with { IsPrivate = true },
            Text("reporter_phone", "i.reporter_phone", "Telephone of who reported it") with { IsPrivate = true },
            Text("reporter_email", "i.reporter_email", "E-mail of who reported it") with { IsPrivate = true },
        ])
        {
            Name = "issues",
            Title = "Sanitation issues",
            Description = "Each one problem at one point: what, how bad, since when, whose, in which state",
            Shape = LayerShape.Point,
            Id = id,
            Label = title,
            Time = reported,
            EndTime = closed,
            Table = "geosan.issue AS i",
            Joins = """
                LEFT JOIN geosan.category AS c ON c.code = i.category_code
                LEFT JOIN geosan.ward AS w ON w.id = i.ward_id
                LEFT JOIN geosan.round AS r ON r.id = i.round_id
                """,
            Geometry = "i.geom",
            Number = "i.id",
        };
    }

    private static Layer WardsLayer()
    {
        static LayerColumn Text(string name, string sql, string description) => new(name, ColumnKind.Text, sql, description);
        var code = Text("code", "w.code", "Its code") with { IsNullable = false };
        var name = Text("name", "w.name", "Its name") with { IsNullable = false };
        return new Layer(
        [
            code,
            name,
            Text("name_en", "w.name_en", "Its English name, where known"),
            Text("level", "w.level", "Its level, such as county, community or grid") with { IsNullable = false },
            Text("parent", "p.code", "Code of the ward around it"),
            new("path", ColumnKind.Texts, "geosan.ward_codes(w.path)", "Codes from the top of the tree to itself") { IsNullable = false },
            Text("responsible", "w.responsible", "Who answers for it"),
            new("population", ColumnKind.Whole, "w.population", "People who live in it; none where nobody counted"),
            new("area_m2", ColumnKind.Number, "round(ST_Area(w.geom::geography)::numeric, 1)::double precision", "Area on the ellipsoid") { IsNullable = false, Unit = "m2" },
            new("valid_from", ColumnKind.Time, "w.valid_from", "From when this boundary is in force") { IsNullable = false },
        ])
        {
            Name = "wards",
            Title = "Wards",
            Description = "Territories that somebody answers for, in a tree, with the boundaries in force",
            Shape = LayerShape.MultiPolygon,
            Id = code,
            Label = name,
            Table = "geosan.ward AS w",
            Joins = "LEFT JOIN geosan.ward AS p ON p.id = w.parent_id",
            Always = "w.valid_to IS NULL",
            Geometry = "w.geom",
            Number = "w.id",
        };
    }

    private static LayerColumn HotspotColumn(string name, string type)
    {
        // The names are those of our own methods; a quote in one would be doubled all the same.
        var value = $"(f.properties ->> '{name.Replace("'", "''", StringComparison.Ordinal)}')";
        return type switch
        {
            "whole" => LayerColumn.OfResult(name, ColumnKind.Whole, value + "::bigint"),
            "number" => LayerColumn.OfResult(name, ColumnKind.Number, value + "::double precision"),
            "time" => LayerColumn.OfResult(name, ColumnKind.Time, value + "::timestamptz"),
            "json" => LayerColumn.OfResult(name, ColumnKind.Json, value),
            _ => LayerColumn.OfResult(name, ColumnKind.Text, value),
        };
    }
}
