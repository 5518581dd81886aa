using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.Scorecards;

/// <summary>Issues of a filter, counted in one pass over the columns: a tally for each ward they were assigned to.</summary>
internal sealed class WardTallies
{
    // A small line in a table.
    private const int MostSteps = 36;

    private readonly Dictionary<int, Tally> _byRow = [];
    private readonly Dictionary<string, List<Tally>> _byCode = [];
    private readonly WardSnapshot _wards;

    /// <summary>Counts issues.</summary>
    /// <param name="chosen">The issues.</param>
    /// <param name="view">What they are of.</param>
    /// <param name="wards">The wards.</param>
    /// <param name="filter">The filter; its period is the trend's.</param>
    /// <param name="zone">The city's time zone.</param>
    internal WardTallies(IReadOnlyList<IssueStretch> chosen, DataView view, WardSnapshot wards, IssueFilter filter, TimeZoneInfo zone)
    {
        (_wards, Steps) = (wards, StepsOf(chosen, filter, zone));
        foreach (var (chunk, rows) in chosen)
        {
            foreach (var i in rows.Span)
            {
                TallyOf(chunk.Ward[i]).Add(chunk, i, view.IsOverdue(chunk, i), Steps!.At(DataView.Seconds(chunk.ReportedAt[i])));
            }
        }
        // A ward that has had several boundaries is one ward.
        foreach (var (row, tally) in _byRow)
        {
            foreach (var code in wards.Chain(row).Select(w => w.Code).Distinct())
            {
                (_byCode.TryGetValue(code, out var within) ? within : _byCode[code] = []).Add(tally);
            }
        }
    }

    /// <summary>Steps of the trend; null when there is no issue.</summary>
    internal TrendSteps? Steps { get; }

    /// <summary>All issues.</summary>
    internal ScorecardFigures All => Tally.FiguresOf(_byRow.Values, areaSquareMeters: null);

    /// <summary>Issues that are in no ward.</summary>
    internal int WithoutWard => _byRow.TryGetValue(0, out var outside) ? Tally.FiguresOf([outside], areaSquareMeters: null).Total : 0;

    /// <summary>The figures of a ward, with the wards within it.</summary>
    internal ScorecardFigures FiguresOf(WardOutline ward) => Tally.FiguresOf(Within(ward), ward.AreaSquareMeters);

    /// <summary>How a ward stands, with the wards within it.</summary>
    /// <param name="ward">The ward.</param>
    /// <param name="previous">The time before; null for none.</param>
    internal WardScorecard Of(WardOutline ward, WardTallies? previous) => new(FiguresOf(ward))
    {
        Code = ward.Code,
        Name = ward.Name,
        NameEn = ward.NameEn,
        Level = ward.Level,
        Parent = ward.ParentId is { } parent ? _wards.Find(parent)?.Code : null,
        Responsible = ward.Responsible,
        Population = ward.Population,
        AreaKm2 = Math.Round((ward.AreaSquareMeters ?? 0) / 1e6, 6),
        Trend = Tally.TrendOf(Within(ward), Steps?.Starts.Count ?? 0),
        Previous = previous?.FiguresOf(ward),
    };

    private List<Tally> Within(WardOutline ward) => _byCode.GetValueOrDefault(ward.Code) ?? [];

    private Tally TallyOf(int row) => _byRow.TryGetValue(row, out var tally) ? tally : _byRow[row] = new Tally(Steps!.Starts.Count);

    private static TrendSteps? StepsOf(IReadOnlyList<IssueStretch> chosen, IssueFilter filter, TimeZoneInfo zone)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var (chunk, rows) in chosen)
        {
            foreach (var i in rows.Span)
            {
                (first, last) = (Math.Min(first, chunk.ReportedAt[i]), Math.Max(last, chunk.ReportedAt[i]));
            }
        }
        if (first > last)
        {
            return null;
        }
        (first, last) = (DataView.Seconds(first), DataView.Seconds(last));
        var steps = TrendSteps.Over(filter.ReportedFrom?.ToUnixTimeSeconds() ?? first, filter.ReportedBefore is { } end ? end.ToUnixTimeSeconds() - 1 : last, zone, MostSteps);
        // Of a period of centuries only the years with reports.
        return steps.Starts.Count <= MostSteps ? steps : TrendSteps.Over(first, last, zone, MostSteps);
    }
}
