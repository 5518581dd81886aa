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

    private static readonly (string Name, Func<ScorecardFigures, object?> Value)[] OfFigures =
    [
        ("total", f => f.Total), ("open", f => f.Open), ("closed", f => f.Closed), ("rejected", f => f.Rejected), ("overdue", f => f.Overdue), ("relapses", f => f.Relapses),
        ("relapse_rate", f => f.RelapseRate), ("relapse_rate_of", f => f.RelapseRateOf), ("on_time", f => f.OnTime), ("on_time_rate", f => f.OnTimeRate), ("on_time_rate_of", f => f.OnTimeRateOf),
        ("median_days_to_close", f => f.MedianDaysToClose), ("median_days_to_close_of", f => f.MedianDaysToCloseOf), ("per_km2", f => f.PerKm2),
    ];

    /// <summary>Writes them.</summary>
    internal static byte[] Of(IReadOnlyList<WardScorecard> wards)
    {
        var text = new StringBuilder();
        Line(text, [.. OfWard.Select(c => c.Name), .. OfFigures.Select(c => c.Name), .. OfFigures.Select(c => "previous_" + c.Name)]);
        foreach (var ward in wards)
        {
            Line(text, [.. OfWard.Select(c => c.Value(ward)), .. OfFigures.Select(c => c.Value(ward)), .. OfFigures.Select(c => ward.Previous is { } before ? c.Value(before) : null)]);
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
