using System.Reflection;
using GeoSanitation.Testing;
using Xunit;
using Xunit.Sdk;

namespace GeoSanitation.Hotspots.Tests;

/// <summary>Rows of a theory: the names of all golden cases that begin so, so that a new one is compared as soon as the manifest lists it.</summary>
/// <param name="prefix">Such as <c>gistar/</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GoldenCasesAttribute(string prefix) : DataAttribute
{
    public string Prefix => prefix;

    /// <summary>Only those whose expected.csv has this column; all when null.</summary>
    public string? WithColumn { get; init; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
        => Golden.Manifest().Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && (WithColumn is null || Golden.Table(name, "expected.csv").Names.Contains(WithColumn)))
            .Select(name => new object[] { name });
}

/// <summary>A test over one golden case; skipped by name where that is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenFactAttribute : FactAttribute
{
    /// <param name="name">The case.</param>
    /// <param name="method">Of the edge cases those of this method; null for another case.</param>
    public GoldenFactAttribute(string name, string? method = null)
    {
        (Name, Method) = (name, method);
        Skip = SharedData.MissingReason($"golden/{name}");
    }

    public string Name { get; }

    public string? Method { get; }
}

public class GoldenTests
{
    private static readonly IReadOnlyList<MethodInfo> Tests = [.. typeof(GoldenTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))];

    private static readonly IReadOnlyList<GoldenFactAttribute> Facts = [.. Tests.SelectMany(test => test.GetCustomAttributes<GoldenFactAttribute>())];

    private static readonly IReadOnlyList<GoldenCasesAttribute> Theories = [.. Tests.SelectMany(test => test.GetCustomAttributes<GoldenCasesAttribute>()).Where(cases => cases.WithColumn is null)];

    public static TheoryData<string> Cases => [.. Golden.Manifest()];

    public static TheoryData<string> EdgeMethods => [.. Golden.EdgeMethods()];

    [SharedTheory("golden/manifest.json")]
    [MemberData(nameof(Cases))]
    public void Every_case_of_the_manifest_is_compared_by_a_test(string name)
        => Assert.True(
            Facts.Any(fact => fact.Name == name) || Theories.Any(cases => name.StartsWith(cases.Prefix, StringComparison.Ordinal)),
            $"no test compares {name}: it needs a [GoldenFact] or [GoldenCases]");

    [SharedTheory("golden/edge_cases")]
    [MemberData(nameof(EdgeMethods))]
    public void Every_method_of_the_edge_cases_is_compared_by_a_test(string method)
        => Assert.True(Facts.Any(fact => fact.Method == method), $"no test compares the edge cases of {method}: it needs a [GoldenFact(\"edge_cases\", \"{method}\")]");

    [SharedFact("golden/manifest.json")]
    public void Tests_name_no_case_that_is_not_in_the_manifest()
    {
        var known = Golden.Manifest();
        Assert.All(Facts, fact => Assert.Contains(fact.Name, known));
        Assert.All(Theories, cases => Assert.Contains(known, name => name.StartsWith(cases.Prefix, StringComparison.Ordinal)));
        // A folder that the manifest forgot would be read by nobody.
        var folders = Directory.EnumerateFiles(SharedData.Path("golden"), "case.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SharedData.Path("golden"), Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal);
        Assert.Equal(folders, known.Order(StringComparer.Ordinal));
    }
}
