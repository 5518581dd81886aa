using System.Globalization;
using System.Text.Json;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests;

/// <summary>Reads the golden cases: numbers computed by named peers, kept beside the checkout in ../shared/golden.</summary>
internal static class Golden
{
    public static JsonElement Case(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"golden/{folder}/case.json")));
        return document.RootElement.Clone();
    }

    public static GoldenTable Table(string folder, string file, char separator = ',')
        => new(File.ReadAllLines(SharedData.Path($"golden/{folder}/{file}")), separator);

    /// <summary>Names of all cases.</summary>
    public static IReadOnlyList<string> Manifest()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("golden/manifest.json")));
        return [.. document.RootElement.EnumerateArray().Select(c => c.GetProperty("case").GetString()!)];
    }

    /// <summary>Methods that have edge cases.</summary>
    public static IReadOnlyList<string> EdgeMethods()
        => [.. Case("edge_cases").GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("method").GetString()!).Distinct()];

    /// <summary>Edge cases of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="known">How many of them the test knows: one more is not passed over.</param>
    public static IReadOnlyList<JsonElement> EdgeCases(string method, int known)
    {
        List<JsonElement> cases = [.. Case("edge_cases").GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("method").GetString() == method)];
        Assert.Equal(known, cases.Count);
        return cases;
    }

    public static double[] Numbers(JsonElement array)
        => [.. array.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble())];

    /// <summary>Asserts closeness relative to the larger of the two, or absolutely below the given size; NaN equals NaN, and infinity itself.</summary>
    public static void AssertClose(double expected, double actual, double relative, double absolute = 0, string? what = null)
    {
        if (expected.Equals(actual))
        {
            return;
        }
        var allowed = Math.Max(absolute, relative * Math.Max(Math.Abs(expected), Math.Abs(actual)));
        Assert.True(Math.Abs(expected - actual) <= allowed, $"{what}: expected {expected:R}, got {actual:R}");
    }
}

internal sealed class GoldenTable
{
    private readonly string[] _names;
    private readonly string[][] _rows;

    public GoldenTable(string[] lines, char separator)
    {
        _names = Split(lines[0], separator);
        _rows = [.. lines.Skip(1).Where(line => line.Length > 0).Select(line => Split(line, separator))];
    }

    public int Count => _rows.Length;

    public string[] Names => _names;

    public string[] Text(string column)
    {
        var at = Array.IndexOf(_names, column);
        return [.. _rows.Select(row => row[at])];
    }

    public double[] Numbers(string column)
        => [.. Text(column).Select(v => v is "" or "NaN" or "NA" ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture))];

    public int[] Whole(string column) => [.. Text(column).Select(v => int.Parse(v, CultureInfo.InvariantCulture))];

    private static string[] Split(string line, char separator)
    {
        var fields = new List<string>();
        var (field, quoted) = (new System.Text.StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == separator && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }
        fields.Add(field.ToString());
        return [.. fields];
    }
}
