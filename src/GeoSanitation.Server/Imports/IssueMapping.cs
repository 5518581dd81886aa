using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Imports;

/// <summary>Where one property of an issue comes from.</summary>
/// <param name="Column">Name of the file's column, or null when <paramref name="Constant"/> is for every row.</param>
/// <param name="Constant">The same value for every row.</param>
/// <param name="Values">The file's words and what they mean here; null for the usual words.</param>
/// <param name="Format">A .NET date format; null for any of the usual ways.</param>
internal sealed record ColumnRule(string? Column, string? Constant = null, IReadOnlyDictionary<string, string>? Values = null, string? Format = null);

/// <summary>Which column is what: given (design.md section 5), the rest guessed from the header's words.</summary>
internal sealed class IssueMapping
{
    private readonly Dictionary<string, ColumnRule?> _rules;

    private IssueMapping(Dictionary<string, ColumnRule?> rules, string? timeZone, string? crs) => (_rules, TimeZone, Crs) = (rules, timeZone, crs);

    /// <summary>Properties of an issue that a file can have, in the order they are shown.</summary>
    internal static readonly string[] Properties =
    [
        "external_id", "source", "category", "severity", "status", "title", "description", "address", "lon", "lat",
        "reported_at", "accepted_at", "dispatched_at", "resolved_at", "closed_at", "due_at", "department", "responsible", "round",
        "rejection_reason", "reporter_name", "reporter_phone", "reporter_email", "accuracy_meters",
    ];

    /// <summary>IANA name, or null when the mapping does not say.</summary>
    internal string? TimeZone { get; }

    /// <summary>Name of a coordinate system, or null when the mapping does not say.</summary>
    internal string? Crs { get; }

    /// <summary>The mapping that leaves everything to be guessed.</summary>
    internal static IssueMapping Empty { get; } = new([], null, null);

    /// <summary>The rule of a property, or null.</summary>
    internal ColumnRule? this[string property] => _rules.GetValueOrDefault(property);

    /// <summary>This mapping, but with no column for a property, nor a guess.</summary>
    internal IssueMapping Without(string property) => new(new Dictionary<string, ColumnRule?>(_rules) { [property] = null }, TimeZone, Crs);

    /// <summary>Reads the JSON form.</summary>
    /// <exception cref="BadParameterException">It is not such JSON.</exception>
    internal static IssueMapping Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException problem)
        {
            throw new BadParameterException("mapping", json, $"a JSON object ({problem.Message})");
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new BadParameterException("mapping", json, "a JSON object of properties and column names");
            }
            var rules = new Dictionary<string, ColumnRule?>();
            string? timeZone = null, crs = null;
            try
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    switch (member.Name)
                    {
                        case "time_zone":
                            timeZone = Text(member);
                            break;
                        case "crs":
                            crs = Text(member);
                            break;
                        default:
                            if (!Properties.Contains(member.Name))
                            {
                                throw new BadParameterException("mapping", member.Name, $"one of {string.Join(", ", Properties)}, time_zone, crs");
                            }
                            rules[member.Name] = Rule(member);
                            break;
                    }
                }
            }
            catch (InvalidOperationException)
            {
                throw new BadParameterException("mapping", json, "JSON whose texts are valid Unicode");
            }
            return new IssueMapping(rules, timeZone, crs);
        }
    }

    /// <summary>This mapping, checked against the file's columns, and the rest guessed from their names.</summary>
    /// <param name="columns">The file's columns.</param>
    /// <param name="projected">True when the coordinates are lengths on a plane, so that x and y are wanted rather than longitude and latitude.</param>
    /// <param name="cut">True when the form of the file cuts names at ten bytes, so that the beginning of a word is the word.</param>
    /// <exception cref="ImportFileException">A column given is not in the file, or no column for something needed can be found.</exception>
    internal IssueMapping For(IReadOnlyList<string> columns, bool projected, bool cut)
    {
        var rules = new Dictionary<string, ColumnRule?>(_rules);
        foreach (var (property, rule) in _rules)
        {
            if (rule?.Column is { } column && !columns.Contains(column))
            {
                throw new ImportFileException($"the mapping says {property} is in the column {column}, which the file does not have; it has {string.Join(", ", columns)}");
            }
        }
        var taken = _rules.Values.Select(rule => rule?.Column).ToHashSet();
        var headers = columns.Select(name => new HeaderName(name, cut)).ToArray();
        foreach (var (property, words) in projected ? Header.ProjectedFirst : Header.DegreesFirst)
        {
            if (rules.ContainsKey(property))
            {
                continue;
            }
            foreach (var word in words)
            {
                var at = Array.FindIndex(headers, name => name.Means(word));
                if (at >= 0 && taken.Add(columns[at]))
                {
                    rules[property] = new ColumnRule(columns[at]);
                    break;
                }
            }
        }
        foreach (var (property, what) in (ReadOnlySpan<(string, string)>)[("lon", "longitude or x"), ("lat", "latitude or y"), ("reported_at", "time of the report")])
        {
            if (rules.GetValueOrDefault(property) is null)
            {
                throw new ImportFileException($"no column for the {what} was found among {string.Join(", ", columns)}; name it: {{\"{property}\": \"COLUMN\"}} (--map)");
            }
        }
        return new IssueMapping(rules, TimeZone, Crs);
    }

    /// <summary>The JSON form, for the record and for people.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var property in Properties)
        {
            if (this[property] is not { } rule)
            {
                continue;
            }
            if (rule is { Column: { } column, Values: null, Format: null })
            {
                json[property] = column;
                continue;
            }
            var item = new JsonObject();
            if (rule.Column is not null)
            {
                item["column"] = rule.Column;
            }
            if (rule.Constant is not null)
            {
                item["value"] = rule.Constant;
            }
            if (rule.Values is not null)
            {
                item["values"] = new JsonObject(rule.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
            }
            if (rule.Format is not null)
            {
                item["format"] = rule.Format;
            }
            json[property] = item;
        }
        return json;
    }

    private static string Text(JsonProperty member)
        => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new BadParameterException("mapping", member.Value.GetRawText(), $"a text for {member.Name}");

    private static ColumnRule? Rule(JsonProperty member)
    {
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return new ColumnRule(member.Value.GetString());
            case JsonValueKind.Object:
                break;
            default:
                throw new BadParameterException("mapping", member.Value.GetRawText(), $"a column name, an object or null for {member.Name}");
        }
        string? column = null, constant = null, format = null;
        Dictionary<string, string>? values = null;
        foreach (var part in member.Value.EnumerateObject())
        {
            switch (part.Name)
            {
                case "column":
                    column = Text(part);
                    break;
                case "value":
                    constant = part.Value.ValueKind == JsonValueKind.String ? part.Value.GetString() : part.Value.GetRawText();
                    break;
                case "format":
                    format = Text(part);
                    break;
                case "values" when part.Value.ValueKind == JsonValueKind.Object:
                    values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    foreach (var value in part.Value.EnumerateObject())
                    {
                        values[value.Name.Trim()] = value.Value.ValueKind == JsonValueKind.String ? value.Value.GetString()! : value.Value.GetRawText();
                    }
                    break;
                default:
                    throw new BadParameterException("mapping", part.Name, $"column, value, values or format in {member.Name}");
            }
        }
        if (column is null == constant is null)
        {
            throw new BadParameterException("mapping", member.Value.GetRawText(), $"an object with either column or value for {member.Name}");
        }
        return new ColumnRule(column, constant, values, format);
    }

    /// <summary>The words that headers use, most telling first: this program's own, Open311's, those of Boston, Chicago, New York and Chinese city management systems.</summary>
    private static class Header
    {
        private static readonly (string Property, string[] Words)[] Common =
        [
            ("external_id", ["externalid", "servicerequestid", "servicerequestnumber", "srnumber", "caseenquiryid", "caseid", "uniquekey", "requestid", "ticketid", "issueid",
                "id", "featureid", "编号", "案件编号", "任务号", "工单编号", "问题编号", "案卷编号", "objectid"]),
            ("source", ["source", "methodreceived", "openddatachanneltype", "opendatachanneltype", "来源", "问题来源", "案件来源"]),
            ("category", ["category", "categorycode", "whatisthenatureofthiscodeviolation", "type", "servicename", "complainttype", "requesttype", "srtype", "typeofservicerequest",
                "问题类型", "小类", "小类名称", "案件小类", "类别", "问题类别", "servicecode"]),
            ("severity", ["severity", "priority", "严重程度", "等级", "紧急程度"]),
            ("status", ["status", "casestatus", "state", "requeststatus", "状态", "案件状态", "处理状态"]),
            ("title", ["title", "casetitle", "subjecttitle", "summary", "标题", "案件标题", "问题标题"]),
            ("description", ["description", "descriptor", "closurereason", "details", "comments", "描述", "问题描述", "案件描述"]),
            ("address", ["address", "streetaddress", "incidentaddress", "location", "locationstreetname", "地址", "位置", "位置描述", "地点", "事发地点"]),
            ("reported_at", ["reportedat", "requesteddatetime", "opendt", "createddate", "creationdate", "createdat", "opendate", "dateopened", "reporteddate", "datecreated",
                "上报时间", "受理时间", "发现时间", "登记时间", "举报时间", "reported", "opened", "created", "date"]),
            ("accepted_at", ["acceptedat", "立案时间", "accepted"]),
            ("dispatched_at", ["dispatchedat", "assigneddate", "派遣时间", "派单时间", "dispatched"]),
            ("resolved_at", ["resolvedat", "resolutiondate", "处置完成时间", "处置时间", "办结时间", "resolved"]),
            ("closed_at", ["closedat", "closeddt", "closeddate", "completiondate", "closedate", "dateclosed", "结案时间", "closed"]),
            ("due_at", ["dueat", "targetdt", "duedate", "expecteddatetime", "sladate", "截止时间", "处置截止时间", "due"]),
            ("department", ["department", "agencyresponsible", "ownerdepartment", "agency", "处置部门", "责任部门", "主管部门"]),
            ("responsible", ["responsible", "责任单位", "责任主体"]),
            ("round", ["round", "roundcode", "督查轮次", "轮次"]),
            ("rejection_reason", ["rejectionreason", "不予受理原因"]),
            ("reporter_name", ["reportername", "firstname", "举报人", "上报人", "投诉人"]),
            ("reporter_phone", ["reporterphone", "phone", "联系电话", "电话"]),
            ("reporter_email", ["reporteremail", "email", "邮箱"]),
            ("accuracy_meters", ["accuracymeters", "accuracy"]),
        ];

        private static readonly string[] Longitude = ["lon", "longitude", "lng", "long", "经度", "东经"];
        private static readonly string[] Latitude = ["lat", "latitude", "纬度", "北纬"];
        private static readonly string[] Easting = ["geometryx", "x", "xcoordinate", "easting", "pointx", "coordx", "x坐标", "横坐标"];
        private static readonly string[] Northing = ["geometryy", "y", "ycoordinate", "northing", "pointy", "coordy", "y坐标", "纵坐标"];

        internal static readonly (string Property, string[] Words)[] DegreesFirst = [("lon", ["geometryx", .. Longitude, .. Easting]), ("lat", ["geometryy", .. Latitude, .. Northing]), .. Common];

        internal static readonly (string Property, string[] Words)[] ProjectedFirst = [("lon", [.. Easting, .. Longitude]), ("lat", [.. Northing, .. Latitude]), .. Common];
    }
}
