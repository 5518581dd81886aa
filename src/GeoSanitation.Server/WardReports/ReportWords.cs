using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Pictures;
using SkiaSharp;

namespace GeoSanitation.Server.WardReports;

/// <summary>The words of a report in one language.</summary>
internal sealed record ReportWords(
    bool English, string Report, string Period, string Start, string End, string Total, string Open, string Overdue, string OnTime, string Relapses, string Days, string Before,
    string Trend, string Categories, string Map, string MapKey, string Wards, string List, string More, string None, string Responsible, string Source)
{
    /// <summary>Language of the report.</summary>
    internal static readonly Parameter<string> Language = Parameter.Word("lang", "Language of the report", "zh", "en");

    private static readonly ReportWords Chinese = new(
        false, "辖区报告", "时段", "最早", "最近", "问题数", "未办结", "超期", "按时办结率", "反弹率", "办结天数（中位数）", "前一时段 {0}",
        "上报趋势", "主要类别", "位置", "橙色为超期，蓝色为其他问题", "下级辖区（按问题数）", "超期清单（按期限）", "另有 {0} 个超期问题", "没有超期问题。", "责任单位：{0}", "来源：GeoSanitation · 数据版本 {0}");

    private static readonly ReportWords Latin = new(
        true, "Ward report", "Period", "the beginning", "the latest", "Issues", "Open", "Overdue", "Done on time", "Relapses", "Days to close (median)", "before: {0}",
        "Reports over time", "Categories", "Where", "Orange: overdue. Blue: all others", "Wards within it, by issues", "Overdue, by deadline", "and {0} more overdue issues", "Nothing is overdue.", "Responsible: {0}", "Source: GeoSanitation · data version {0}");

    internal static ReportWords Of(string language) => language == "en" ? Latin : Chinese;

    /// <summary>Whether this machine has letters for them.</summary>
    internal bool CanBeWritten => MachineFonts.All.Any(typeface => Writes(typeface, English ? "A" : "辖"));

    private static bool Writes(SKTypeface typeface, string letter)
    {
        using var font = new SKFont(typeface);
        return font.ContainsGlyphs(letter);
    }

    internal string NameOf(string name, string? nameEn) => English ? nameEn ?? name : name;
}
