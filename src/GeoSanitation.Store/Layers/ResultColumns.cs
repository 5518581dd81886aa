namespace GeoSanitation.Store.Layers;

/// <summary>What the attributes of hotspots mean, by their names: a name says the same whatever method gives it.</summary>
internal static class ResultColumns
{
    private static readonly Dictionary<string, (string Description, string? Unit)> Known = new()
    {
        ["cell"] = ("Id of the cell in its grid, or the code of the ward that is the cell", null),
        ["count"] = ("Issues in it", null),
        ["weight"] = ("Sum of the weights of its issues", null),
        ["exposure"] = ("What the issues are set against: area, people or visits of inspectors", null),
        ["rate"] = ("Issues for each unit of the exposure", null),
        ["name"] = ("Name of the ward that is the cell", null),
        ["name_en"] = ("Its English name, where known", null),
        ["z"] = ("z-score, of the last step where there are steps; null where it is undefined", null),
        ["p"] = ("p: how likely chance alone would give something at least as extreme; null where it is undefined", null),
        ["q"] = ("p after the correction for many tests; null where it is undefined", null),
        ["class"] = ("-3 to 3: cold or hot with 99, 95 or 90 % confidence after the correction; 0 is not significant", null),
        ["neighbors"] = ("Cells that count as its neighbors; for Gi* the cell itself too", null),
        ["reason"] = ("Why there is no z-score, where there is none", null),
        ["i"] = ("Local Moran's I; null where it is undefined", null),
        ["quadrant"] = ("HH or LL: like its neighbors; HL or LH: unlike them; NS: not significant", null),
        ["pattern"] = ("One of 17 patterns over time, from new hot spot to no pattern detected", null),
        ["trend_z"] = ("Mann-Kendall's z of the z-scores of all steps; null where they are undefined", null),
        ["trend_p"] = ("Two-sided p of trend_z", null),
        ["hot_steps"] = ("Significantly hot steps", null),
        ["cold_steps"] = ("Significantly cold steps", null),
        ["hot_share"] = ("Hot steps as a part of all, 0 to 1", null),
        ["count_trend_z"] = ("Mann-Kendall's z of the counts of all steps", null),
        ["count_trend_p"] = ("Two-sided p of count_trend_z", null),
        ["cluster"] = ("Number of the cluster from 0; -1 for an issue of none", null),
        ["area_m2"] = ("Area of the hull", "m2"),
        ["density_per_km2"] = ("Issues per km2 of the hull", "1/km2"),
        ["stability"] = ("Excess of mass: how long the cluster lasts while the density asked for grows", "1/m"),
        ["birth_m"] = ("Distance below which the cluster stands apart", "m"),
        ["probability"] = ("How much an issue belongs to its cluster, 0 to 1", null),
        ["outlier_score"] = ("How much sparser it is around an issue than in its cluster (GLOSH), 0 to 1", null),
        ["first_reported"] = ("When the first of its issues was reported", null),
        ["last_reported"] = ("When the last of its issues was reported", null),
        ["top_categories"] = ("The categories with most issues in it, most first, each with its count", null),
        ["wards"] = ("The wards of its issues, most first, each with its count", null),
        ["overdue"] = ("Issues in it past their deadline and not yet resolved", null),
        ["relapses"] = ("Issues in it that came back after an earlier one was closed", null),
        ["id"] = ("Number of the issue", null),
        ["category"] = ("Code of the issue's category", null),
        ["severity"] = ("How bad the issue is, 1 to 5", null),
        ["status"] = ("Where the issue is in its life", null),
        ["reported_at"] = ("When the issue was reported", null),
        ["rank"] = ("Rank by strength, 1 for the strongest", null),
        ["observed"] = ("Issues in it", null),
        ["expected"] = ("Issues expected in it", null),
        ["llr"] = ("Log likelihood ratio: its strength", null),
        ["relative_risk"] = ("Observed over expected inside, over the same outside; null when all issues are inside", null),
        ["start"] = ("When it begins", null),
        ["end"] = ("When it ends", null),
        ["radius_m"] = ("Distance from the middle of its central cell to that of the farthest; 0 for one cell", "m"),
        ["cells"] = ("Cells in it", null),
        ["lower"] = ("Lower level of density: issues per km2, or in the unit of the rate", null),
        ["upper"] = ("Upper level in the same unit; for the topmost area the highest density", null),
    };

    /// <summary>What an attribute means, and the unit of its numbers; nothing for a name that no method of ours gives.</summary>
    internal static (string Description, string? Unit) Of(string name) => Known.TryGetValue(name, out var known) ? known : ("", null);
}
