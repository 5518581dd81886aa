using System.Globalization;
using System.Text;
using GeoSanitation.Server.FeatureForms;

namespace GeoSanitation.Server.Scorecards;

/// <summary>Scorecards as CSV (RFC 4180, UTF-8): a line for each ward, the time before in columns that begin with previous_.</summary>
internal static class ScorecardCsv
{
    private static readonly (string Name, Func<WardScorecard, object?> Value)[] OfWard =
    [
        ("code", w => w.Code), ("name", w => w.Name), ("name_en", w => w.NameEn), ("level", w => w.Level), ("parent", w => w.Parent), ("responsible", w => w.Responsible),
        ("population", w => w.Population), ("area_km2", w => w.AreaKm2),
    ];

    /// <summary>Writes them.</summary>
    internal static byte[] Of(IReadOnlyList<WardScorecard> wards)
    {
        var text = new StringBuilder();
        Line(text, [.. OfWard.Select(c => c.Name), .. ScorecardFigures.ByName.Select(c => c.Name), .. ScorecardFigures.ByName.Select(c => "previous_" + c.Name)]);
        foreach (var ward in wards)
        {
            Line(text, [.. OfWard.Select(c => c.Value(ward)), .. ScorecardFigures.ByName.Select(c => c.Value(ward)), .. ScorecardFigures.ByName.Select(c => ward.Previous is { } before ? c.Value(before) : null)]);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Line(StringBuilder text, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            CsvForm.Append(i == 0 ? text : text.Append(','), Convert.ToString(values[i], CultureInfo.InvariantCulture) ?? "");
        }
        text.Append("\r\n");
    }
}
