namespace GeoSanitation.Server.Imports;

/// <summary>The states of an issue, and the words that other systems have for them.</summary>
internal static class StatusWords
{
    internal static readonly string[] All = ["reported", "accepted", "dispatched", "resolved", "closed", "rejected"];

    // "Open" says no more than that it was reported. A duplicate ("Completed - Dup") is as closed or open as its first word says.
    private static readonly Dictionary<string, string> Usual = new (string State, string[] Words)[]
    {
        ("reported", ["open", "new", "submitted", "received", "registered", "unconfirmed", "待受理", "已上报", "新上报", "未处理", "待处理"]),
        ("accepted", ["acknowledged", "confirmed", "pending", "已受理", "已立案", "待派遣"]),
        ("dispatched", ["assigned", "in progress", "in-progress", "in_progress", "work in progress", "started", "investigating", "referred", "reopened", "处理中", "处置中", "已派遣", "整改中"]),
        ("resolved", ["fixed", "done", "已处理", "已处置", "已整改", "待核查"]),
        ("closed", ["completed", "complete", "archived", "已结案", "结案", "已办结", "办结", "已关闭", "已完成"]),
        ("rejected", ["cancelled", "canceled", "invalid", "declined", "不予受理", "已作废", "驳回"]),
    }.SelectMany(state => state.Words.Select(word => (word, state.State))).ToDictionary(StringComparer.OrdinalIgnoreCase);

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
