namespace GeoSanitation.Server.Imports;

/// <summary>The states of an issue, and the words that other systems have for them.</summary>
internal static class StatusWords
{
    internal static readonly string[] All = ["reported", "accepted", "dispatched", "resolved", "closed", "rejected"];

    // "Open" says no more than that it was reported. A duplicate ("Completed - Dup") is as closed or open as its first word says.
    private static readonly Dictionary<string, string> Usual = new(StringComparer.OrdinalIgnoreCase)
    {
        ["open"] = "reported", ["new"] = "reported", ["submitted"] = "reported", ["received"] = "reported", ["registered"] = "reported", ["unconfirmed"] = "reported",
        ["待受理"] = "reported", ["已上报"] = "reported", ["新上报"] = "reported", ["未处理"] = "reported", ["待处理"] = "reported",
        ["acknowledged"] = "accepted", ["confirmed"] = "accepted", ["pending"] = "accepted", ["已受理"] = "accepted", ["已立案"] = "accepted", ["待派遣"] = "accepted",
        ["assigned"] = "dispatched", ["in progress"] = "dispatched", ["in-progress"] = "dispatched", ["in_progress"] = "dispatched", ["started"] = "dispatched", ["investigating"] = "dispatched",
        ["work in progress"] = "dispatched", ["referred"] = "dispatched", ["reopened"] = "dispatched", ["处理中"] = "dispatched", ["处置中"] = "dispatched", ["已派遣"] = "dispatched", ["整改中"] = "dispatched",
        ["fixed"] = "resolved", ["done"] = "resolved", ["已处理"] = "resolved", ["已处置"] = "resolved", ["已整改"] = "resolved", ["待核查"] = "resolved",
        ["completed"] = "closed", ["complete"] = "closed", ["archived"] = "closed", ["已结案"] = "closed", ["结案"] = "closed", ["已办结"] = "closed", ["办结"] = "closed", ["已关闭"] = "closed", ["已完成"] = "closed",
        ["cancelled"] = "rejected", ["canceled"] = "rejected", ["invalid"] = "rejected", ["declined"] = "rejected", ["不予受理"] = "rejected", ["已作废"] = "rejected", ["驳回"] = "rejected",
    };

    /// <summary>The state a word means, or null.</summary>
    internal static string? Find(string word)
    {
        var plain = word.Trim();
        if (All.FirstOrDefault(state => state.Equals(plain, StringComparison.OrdinalIgnoreCase)) is { } own)
        {
            return own;
        }
        if (Usual.TryGetValue(plain, out var state))
        {
            return state;
        }
        var dash = plain.IndexOf(" - ", StringComparison.Ordinal);
        return dash > 0 && plain.AsSpan(dash + 3).StartsWith("dup", StringComparison.OrdinalIgnoreCase) ? Find(plain[..dash]) : null;
    }

    /// <summary>The severity, 1 to 5, that a word of a priority scale means, or null.</summary>
    internal static short? Severity(string word) => word.Trim().ToLowerInvariant() switch
    {
        "critical" or "emergency" or "urgent" or "特急" or "特别严重" => 5,
        "high" or "major" or "紧急" or "高" or "严重" => 4,
        "medium" or "normal" or "moderate" or "standard" or "中" or "一般" => 3,
        "low" or "minor" or "低" or "较轻" => 2,
        "trivial" or "lowest" or "轻微" => 1,
        _ => null,
    };
}
