using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Issues;

/// <summary>How many of some issues came from each source, are of each department, are answered for by whom, and belong to each inspection round.</summary>
/// <param name="Sources">Most first, then by the word.</param>
/// <param name="Departments">Most first; issues without one are left out.</param>
/// <param name="Responsibles">Most first, at most <see cref="MostNames"/>; issues without one are left out.</param>
/// <param name="Rounds">Latest round first; issues without one are left out.</param>
internal sealed record IssueTallies(
    IReadOnlyList<IssueSummary.WordCount> Sources, IReadOnlyList<IssueSummary.WordCount> Departments, IReadOnlyList<IssueSummary.WordCount> Responsibles,
    IReadOnlyList<IssueSummary.NamedCount> Rounds)
{
    /// <summary>A city has thousands of wards, each with somebody who answers; nobody reads that many.</summary>
    internal const int MostNames = 50;

    /// <summary>Counts issues.</summary>
    /// <param name="chosen">The issues, of the columns of the view or of a version before it.</param>
    /// <param name="view">The data.</param>
    internal static IssueTallies Of(ChosenIssues chosen, DataView view)
    {
        var (sources, charges) = (view.Columns.Sources.Values(), view.Columns.Charges.Values());
        var (bySource, byCharge) = (new int[sources.Length], new int[charges.Length]);
        var byRound = new Dictionary<int, int>();
        foreach (var (chunk, rows) in chosen.Parts)
        {
            foreach (var i in rows.Span)
            {
                bySource[chunk.Source[i]]++;
                byCharge[chunk.Charge[i]]++;
                byRound[chunk.Round[i]] = byRound.GetValueOrDefault(chunk.Round[i]) + 1;
            }
        }
        var rounds = view.Tables.Rounds.Where(r => byRound.ContainsKey(r.Id)).OrderByDescending(r => r.Round.StartsAt).ThenBy(r => r.Round.Code, StringComparer.Ordinal);
        return new IssueTallies(
            Words(sources, bySource), Words(charges.Select(c => c?.Department), byCharge), [.. Words(charges.Select(c => c?.Responsible), byCharge).Take(MostNames)],
            [.. rounds.Select(r => new IssueSummary.NamedCount(r.Round.Code, r.Round.Name, r.Round.NameEn, byRound[r.Id]))]);
    }

    private static IssueSummary.WordCount[] Words(IEnumerable<string?> texts, int[] counts)
        => [.. texts.Zip(counts).Where(c => c.First is not null && c.Second > 0)
            .GroupBy(c => c.First!, c => c.Second).Select(g => new IssueSummary.WordCount(g.Key, g.Sum()))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal)];
}
