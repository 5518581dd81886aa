using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Reference;
using GeoSanitation.Store;
using GeoSanitation.Store.Reference;

namespace GeoSanitation.Server.Open311;

/// <summary>A service that can be asked for: the removal of what a category names.</summary>
/// <param name="Category">The category.</param>
/// <param name="Group">The category above it; itself at the top.</param>
internal sealed record Service(CategoryNode Category, CategoryNode Group)
{
    /// <summary>The attribute that a request may carry: how bad it is.</summary>
    internal const string SeverityAttribute = "severity";

    private static readonly string[] SeverityNames = ["slight", "moderate", "serious", "grave", "dangerous"];

    /// <summary>What will be done: by whom, in what time, by which clause of the city's standard.</summary>
    internal string? Notice
    {
        get
        {
            var time = Category is { DeadlineAmount: { } amount, DeadlineUnit: { } unit } ? $"within {amount} {unit.Replace('_', ' ')} of dispatch" : null;
            var said = string.Join(", ", new[] { Category.Department, time, Category.Clause }.OfType<string>());
            return said.Length > 0 ? said : null;
        }
    }

    /// <summary>All services, by code.</summary>
    internal static async Task<IReadOnlyDictionary<string, Service>> ListAsync(Database database, CancellationToken cancellation)
    {
        var tree = CategoryTree.Of(await new CategoryStore(database).ListAsync(cancellation));
        var services = new SortedDictionary<string, Service>(StringComparer.Ordinal);
        void Add(IEnumerable<CategoryNode> nodes, CategoryNode? above)
        {
            foreach (var node in nodes)
            {
                services.Add(node.Code, new Service(node, above ?? node));
                Add(node.Children, node);
            }
        }
        Add(tree.Categories, null);
        return services;
    }

    /// <summary>One of some services.</summary>
    /// <exception cref="NotFoundException">There is none of this code.</exception>
    internal static Service Find(IReadOnlyDictionary<string, Service> services, string code)
        => services.TryGetValue(code, out var service) ? service : throw new NotFoundException("service", code);

    /// <summary>The service in the list of services.</summary>
    internal JsonObject ToEntry() => new()
    {
        ["service_code"] = Category.Code,
        ["service_name"] = Category.Name,
        ["description"] = string.Join("; ", new[] { Category.NameEn, Notice }.OfType<string>()),
        ["metadata"] = true,
        ["type"] = "realtime",
        ["keywords"] = string.Join(", ", new[] { Category.NameEn, Category.Clause }.OfType<string>()),
        ["group"] = Group.Name,
    };

    /// <summary>What a request of it may carry beside what every request does.</summary>
    internal JsonObject ToDefinition() => new()
    {
        ["service_code"] = Category.Code,
        ["attributes"] = new JsonArray(new JsonObject
        {
            ["variable"] = true,
            ["code"] = SeverityAttribute,
            ["datatype"] = "singlevaluelist",
            ["required"] = false,
            ["datatype_description"] = $"A whole number from 1 to 5; {Category.DefaultSeverity} when left out.",
            ["order"] = 1,
            ["description"] = "How bad is it?",
            ["values"] = new JsonArray([.. SeverityNames.Select((name, i) => new JsonObject { ["key"] = $"{i + 1}", ["name"] = $"{i + 1} {name}" })]),
        }),
    };
}
