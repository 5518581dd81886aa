using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Ogc.Features;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Ogc;

/// <summary>A document as a page: what it has of places on a map, its links as links, lists of alike things as tables, everything else as names and values. Nothing is on it that is not in the document, but for what was asked, to be asked otherwise.</summary>
internal static class HtmlPage
{
    /// <summary>Rows of a table at most.</summary>
    internal const int MostRows = 1_000;

    // More values than these are folded away, and longer ones.
    private const int FewValues = 12;
    private const int FewLetters = 240;

    private const string Style = """
        body{font:16px/1.5 system-ui,"Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif;margin:0 auto;padding:1rem 1.5rem;max-width:80rem;color:#1b2733;background:#fff}
        nav{font-size:.9rem}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.5rem}a{color:#0a5c91}
        table{border-collapse:collapse;font-size:.85rem;display:block;overflow-x:auto}th,td{border:1px solid #c8d2dc;padding:.25rem .5rem;text-align:left;vertical-align:top}th{background:#eef2f6}
        .map{display:block;width:100%;max-width:60rem;margin:1rem 0;border:1px solid #c8d2dc;background:#fff}.map a:hover *{stroke:#000;stroke-width:3}
        form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:1rem 0;font-size:.9rem}label{display:grid}input,button{font:inherit;padding:.2rem .4rem}label:first-of-type{flex:1 1 20rem}
        dt{font-weight:600;margin-top:.4rem}dd{margin-left:1rem;overflow-wrap:anywhere}
        :root{color-scheme:light dark}@media(prefers-color-scheme:dark){body{background:#12181f;color:#e4eaf0}a{color:#7cc0f0}th{background:#1e2833}th,td{border-color:#3a4754}}
        """;

    /// <summary>The page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="document">What is on it.</param>
    /// <param name="isLonLat">Whether its coordinates are in longitude and latitude, so that they can be drawn.</param>
    /// <param name="request">The request.</param>
    internal static string Of(string title, JsonObject document, bool isLonLat, HttpRequest request)
    {
        var page = new StringBuilder($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Text(title)}</title><style>{Style}</style></head><body>\n<nav>");
        var path = Links.Root(request);
        foreach (var part in request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path += "/" + Uri.EscapeDataString(part);
            page.Append($" / <a href=\"{Text(path)}?f=html\">{Text(part)}</a>");
        }
        page.Append($"</nav>\n<main><h1>{Text(title)}</h1>\n");
        var items = path.EndsWith("/items", StringComparison.Ordinal) ? path : null;
        if (isLonLat)
        {
            HtmlMap.Write(page, document, items, request);
        }
        foreach (var link in (document["links"] as JsonArray ?? []).OfType<JsonObject>().Where(link => (string?)link["rel"] is "next" or "prev"))
        {
            page.Append($"<p><a rel=\"{Text((string)link["rel"]!)}\" href=\"{Text((string)link["href"]!)}\">{Text((string?)link["title"] ?? (string)link["rel"]!)}</a></p>\n");
        }
        if (items is not null)
        {
            Question(page, items, request);
        }
        Members(page, document, items);
        return page.Append("</main></body></html>\n").ToString();
    }

    /// <summary>What of the collection is asked for, to be changed. What is left empty is left out, and whatever else was asked stays.</summary>
    private static void Question(StringBuilder page, string items, HttpRequest request)
    {
        Parameter[] asked = [FilterLanguage.Filter, ItemParameters.Datetime, ItemParameters.Bbox, ItemParameters.Limit];
        string[] ofPage = [ItemParameters.Form.Name, ItemParameters.Offset.Name, ItemParameters.StartIndex.Name, PageCursor.Parameter.Name];
        page.Append("<form onsubmit=\"for(const field of this.elements)field.disabled=!field.value\"><input type=\"hidden\" name=\"f\" value=\"html\">");
        foreach (var (name, value) in request.Query.Where(p => !ofPage.Contains(p.Key) && !asked.Any(a => a.Name == p.Key)))
        {
            page.Append($"<input type=\"hidden\" name=\"{Text(name)}\" value=\"{Text(value.ToString())}\">");
        }
        foreach (var parameter in asked)
        {
            page.Append($"<label>{Text(parameter.Name)}<input name=\"{Text(parameter.Name)}\" value=\"{Text(request.Query[parameter.Name].ToString())}\" title=\"{Text(parameter.Description)}\"></label>");
        }
        page.Append($"<button>Show</button> <a href=\"{Text(items[..^"items".Length])}queryables?f=html\">What a filter may name</a></form>\n");
    }

    private static void Members(StringBuilder page, JsonObject document, string? items)
    {
        page.Append("<dl>");
        foreach (var (name, value) in document.Where(m => m.Value is not null && (m.Value is JsonValue || IsPlain(m.Value)) && m.Key != "title"))
        {
            page.Append($"<dt>{Text(name)}</dt><dd>");
            Value(page, value!);
            page.Append("</dd>");
        }
        page.Append("</dl>\n");
        foreach (var (name, value) in document.Where(m => m.Value is not null and not JsonValue && !IsPlain(m.Value) && m.Key != "geometry"))
        {
            page.Append($"<section><h2>{Text(name)}</h2>");
            if (name == "links")
            {
                ListOfLinks(page, value!.AsArray());
            }
            else if (value is JsonArray array)
            {
                Table(page, array, name == "features" ? items : null);
            }
            else
            {
                Members(page, value!.AsObject(), items);
            }
            page.Append("</section>\n");
        }
    }

    private static bool IsPlain(JsonNode value) => value is JsonArray array && array.All(item => item is null or JsonValue);

    private static void ListOfLinks(StringBuilder page, JsonArray links)
    {
        page.Append("<ul>");
        foreach (var link in links.OfType<JsonObject>())
        {
            page.Append($"<li><a href=\"{Text((string?)link["href"] ?? "")}\">{Text((string?)link["title"] ?? (string?)link["rel"] ?? "")}</a> <small>{Text((string?)link["rel"] ?? "")}, {Text((string?)link["type"] ?? "")}</small></li>");
        }
        page.Append("</ul>");
    }

    /// <summary>Objects as rows; a feature's properties beside its id, which is a link where the feature has an address.</summary>
    private static void Table(StringBuilder page, JsonArray array, string? items)
    {
        JsonObject[] rows = [.. array.OfType<JsonObject>().Take(MostRows).Select(Row)];
        string[] names = [.. rows.SelectMany(r => r.Select(m => m.Key)).Distinct()];
        page.Append("<table><thead><tr>").AppendJoin("", names.Select(n => $"<th scope=\"col\">{Text(n)}</th>")).Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var name in names)
            {
                page.Append("<td>");
                if (name == "id" && items is not null && row[name] is { } id)
                {
                    page.Append($"<a href=\"{AddressOf(items, id.ToString())}\">{Text(id.ToString())}</a>");
                }
                else if (row[name] is { } value)
                {
                    Value(page, value);
                }
                page.Append("</td>");
            }
            page.Append("</tr>\n");
        }
        page.Append("</tbody></table>");
        if (array.Count > MostRows)
        {
            page.Append($"<p>{array.Count - MostRows} more rows are in the JSON.</p>");
        }
    }

    private static JsonObject Row(JsonObject item)
    {
        var row = new JsonObject();
        foreach (var (name, value) in item.Where(m => m.Key is not ("type" or "properties" or "geometry")).Concat(item["properties"] as JsonObject ?? []))
        {
            row[name] = value?.DeepClone();
        }
        return row;
    }

    private static void Value(StringBuilder page, JsonNode value)
    {
        switch (value)
        {
            case JsonArray array when array.All(i => i is JsonObject link && link["href"] is not null):
                page.AppendJoin(", ", array.Select(i => $"<a href=\"{Text((string?)i!["href"] ?? "")}\">{Text((string?)i["title"] ?? (string?)i["rel"] ?? "")}</a>"));
                break;
            case JsonArray array when IsPlain(array):
                var items = string.Join(", ", array.Select(i => Linked(i?.ToString() ?? "")));
                page.Append(array.Count <= FewValues ? items : Folded(array.Count, items));
                break;
            case JsonValue:
                page.Append(Linked(value.ToString()));
                break;
            default:
                var json = value.ToJsonString(JsonForm.Options);
                page.Append(json.Length <= FewLetters ? Text(json) : Folded((value as JsonArray)?.Count ?? value.AsObject().Count, Text(json)));
                break;
        }
    }

    private static string Folded(int count, string html) => $"<details><summary>{count}</summary>{html}</details>";

    private static string Linked(string text) => text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal) ? $"<a href=\"{Text(text)}\">{Text(text)}</a>" : Text(text);

    /// <summary>Address of a feature's page, as it is written in one.</summary>
    /// <param name="items">Address of the list.</param>
    /// <param name="id">Id of the feature.</param>
    internal static string AddressOf(string items, string id) => Text($"{items}/{Uri.EscapeDataString(id)}?f=html");

    /// <summary>A text as it is written in a page.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(text);
}
