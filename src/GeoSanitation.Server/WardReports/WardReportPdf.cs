using System.Globalization;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Store.Issues;
using SkiaSharp;

namespace GeoSanitation.Server.WardReports;

/// <summary>Draws a report on pages of A4, points (1/72 inch).</summary>
internal sealed class WardReportPdf
{
    private const float Width = 595, Height = 842, Margin = 42, Body = 9.5f;

    private static readonly SKColor Ink = new(0x1B, 0x24, 0x30);
    private static readonly SKColor Quiet = new(0x55, 0x60, 0x6E);
    private static readonly SKColor Bar = new(0x5F, 0x8F, 0xAE);
    private static readonly SKColor Line = new(0xD9, 0xDE, 0xE4);

    private readonly WardReport _report;
    private readonly ReportWords _words;
    private readonly PictureText _text;
    private readonly Func<SKCanvas> _nextPage;
    private SKCanvas _canvas = null!;
    private float _y;

    private WardReportPdf(WardReport report, ReportWords words, PictureText text, Func<SKCanvas> nextPage) => (_report, _words, _text, _nextPage) = (report, words, text, nextPage);

    internal static byte[] Draw(WardReport report, ReportWords words)
    {
        // Drawn on nothing first, to learn which letters of the fonts it takes.
        using var tried = new PictureText();
        using (var nowhere = new SKNoDrawCanvas((int)Width, (int)Height))
        {
            new WardReportPdf(report, words, tried, () => nowhere).Pages();
        }
        SKTypeface?[] cut = [.. MachineFonts.All.Select((font, i) => tried.Letters.TryGetValue(i, out var letters) ? FontSubset.Of(font, letters) : null)];
        using var file = new MemoryStream();
        using (var text = new PictureText([.. cut.Select((font, i) => font ?? MachineFonts.All[i])]))
        using (var document = SKDocument.CreatePdf(file, new SKDocumentPdfMetadata { Title = $"{words.Report}: {words.NameOf(report.Ward.Name, report.Ward.NameEn)}", Creator = "GeoSanitation" }))
        {
            new WardReportPdf(report, words, text, () => document.BeginPage(Width, Height)).Pages();
            document.Close();
        }
        foreach (var font in cut)
        {
            font?.Dispose();
        }
        return file.ToArray();
    }

    private void Pages()
    {
        NewPage();
        Head();
        Figures();
        TrendAndMap();
        Rankings();
        List();
    }

    private void NewPage()
    {
        _canvas = _nextPage();
        _text.Draw(_canvas, string.Format(CultureInfo.InvariantCulture, _words.Source, _report.Basis.DataVersion), Margin, Height - 24, 7.5f, Quiet);
        _y = Margin;
    }

    private void Head()
    {
        Write(_words.NameOf(_report.Ward.Name, _report.Ward.NameEn), Margin, _y + 18, 22, Ink);
        Write(string.Join(" › ", _report.Around.SkipLast(1).Select(w => _words.NameOf(w.Name, w.NameEn)).Prepend(_words.Report)), Margin, _y + 36, Body, Quiet);
        var (from, before) = (_report.Basis.From ?? _report.Numbers.FirstReported, _report.Basis.Before?.AddTicks(-1) ?? _report.Numbers.LastReported);
        Write($"{_words.Period}: {(from is { } f ? _report.Day(f) : _words.Start)} – {(before is { } b ? _report.Day(b) : _words.End)}", Margin, _y + 51, Body, Ink);
        if (_report.Ward.Responsible is { } responsible)
        {
            Write(string.Format(CultureInfo.InvariantCulture, _words.Responsible, responsible), Margin, _y + 66, Body, Ink);
        }
        _y += 84;
    }

    /// <summary>The figures side by side, each with that of the time before.</summary>
    private void Figures()
    {
        var (now, before) = (_report.Card, _report.Card.Previous);
        (string Name, string Value, string? Before)[] all =
        [
            (_words.Total, Whole(now.Total), before is null ? null : Whole(before.Total)),
            (_words.Open, Whole(now.Open), before is null ? null : Whole(before.Open)),
            (_words.Overdue, Whole(now.Overdue), before is null ? null : Whole(before.Overdue)),
            (_words.OnTime, Share(now.OnTimeRate), before is null ? null : Share(before.OnTimeRate)),
            (_words.Relapses, Share(now.RelapseRate), before is null ? null : Share(before.RelapseRate)),
            (_words.Days, now.MedianDaysToClose?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–", before is null ? null : before.MedianDaysToClose?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–"),
        ];
        var step = (Width - 2 * Margin) / all.Length;
        for (var i = 0; i < all.Length; i++)
        {
            var x = Margin + i * step;
            Rule(x, _y, x + step - 8);
            Write(all[i].Name, x, _y + 14, 8, Quiet);
            Write(all[i].Value, x, _y + 34, 17, Ink);
            if (all[i].Before is { } earlier)
            {
                Write(string.Format(CultureInfo.InvariantCulture, _words.Before, earlier), x, _y + 48, 7.5f, Quiet);
            }
        }
        _y += 66;
    }

    private void TrendAndMap()
    {
        const float height = 190;
        var half = (Width - 2 * Margin - 20) / 2;
        Title(_words.Trend, Margin);
        Write(_words.Map, Margin + half + 20, _y - 10, 11, Ink);
        if (_report.Numbers.Trend is { } trend)
        {
            var most = Math.Max(1, trend.Steps.Max(s => s.Issues));
            var step = half / trend.Steps.Count;
            using var fill = new SKPaint { Color = Bar };
            for (var i = 0; i < trend.Steps.Count; i++)
            {
                var bar = (height - 30) * trend.Steps[i].Issues / most;
                _canvas.DrawRect(Margin + i * step, _y + height - 20 - bar, Math.Max(step - 1, 0.5f), bar, fill);
            }
            Rule(Margin, _y + height - 20, Margin + half);
            Write($"{trend.Steps[0].Start:yyyy-MM-dd}", Margin, _y + height - 8, 8, Quiet);
            var last = $"{trend.Steps[^1].Start:yyyy-MM-dd}";
            Write(last, Margin + half - _text.Measure(last, 8), _y + height - 8, 8, Quiet);
            Write(Whole(most), Margin, _y + 6, 8, Quiet);
        }
        WardReportMap.Draw(_canvas, new SKRect(Margin + half + 20, _y, Width - Margin, _y + height - 14), _report);
        Write(_words.MapKey, Margin + half + 20, _y + height - 2, 8, Quiet);
        _y += height + 26;
    }

    private void Rankings()
    {
        var half = (Width - 2 * Margin - 20) / 2;
        Title(_words.Categories, Margin);
        var top = _y;
        Ranking(_report.Numbers.ByCategory.Take(8).Select(c => (_words.NameOf(c.Name, c.NameEn), c.Count)), Margin, half);
        var below = _y;
        if (_report.Children.Count > 0)
        {
            _y = top;
            Write(_words.Wards, Margin + half + 20, _y - 10, 11, Ink);
            Ranking(_report.Children.OrderByDescending(w => w.Total).ThenBy(w => w.Code, StringComparer.Ordinal).Take(8).Select(w => (_words.NameOf(w.Name, w.NameEn), w.Total)), Margin + half + 20, half);
        }
        _y = Math.Max(below, _y) + 26;
    }

    private void Ranking(IEnumerable<(string Name, int Count)> rows, float x, float width)
    {
        foreach (var (name, count) in rows)
        {
            Write(Fitted(name, width - 50, Body), x, _y + 8, Body, Ink);
            Write(Whole(count), x + width - _text.Measure(Whole(count), Body), _y + 8, Body, Ink);
            _y += 15;
        }
    }

    private void List()
    {
        Title(_words.List, Margin);
        if (_report.Overdue.Count == 0)
        {
            Write(_words.None, Margin, _y + 8, Body, Quiet);
        }
        foreach (var issue in _report.Overdue)
        {
            if (_y > Height - 70)
            {
                NewPage();
            }
            Rule(Margin, _y, Width - Margin);
            Write(issue.DueAt is { } due ? _report.Day(due) : "", Margin, _y + 12, Body, Ink);
            Write(Fitted(_words.NameOf(issue.Category.Name, issue.Category.NameEn), 150, Body), Margin + 62, _y + 12, Body, Ink);
            Write(Fitted(issue.Address ?? issue.Title ?? "", 190, Body), Margin + 220, _y + 12, Body, Ink);
            Write(Fitted(issue.ExternalId, 92, Body), Margin + 418, _y + 12, Body, Quiet);
            _y += 17;
        }
        if (_report.OverdueInAll > _report.Overdue.Count)
        {
            Write(string.Format(CultureInfo.InvariantCulture, _words.More, _report.OverdueInAll - _report.Overdue.Count), Margin, _y + 14, Body, Quiet);
        }
    }

    private void Title(string words, float x)
    {
        _y += 10;
        Write(words, x, _y, 11, Ink);
        _y += 10;
    }

    private void Rule(float left, float y, float right)
    {
        using var line = new SKPaint { Color = Line, StrokeWidth = 0.7f };
        _canvas.DrawLine(left, y, right, y, line);
    }

    private void Write(string words, float x, float y, float size, SKColor color) => _text.Draw(_canvas, words, x, y, size, color);

    /// <summary>As much of a text as fits.</summary>
    private string Fitted(string words, float width, float size)
    {
        if (_text.Measure(words, size) <= width)
        {
            return words;
        }
        var elements = StringInfo.ParseCombiningCharacters(words);
        var most = elements.Length - 1;
        while (most > 0 && _text.Measure(words[..elements[most]] + "…", size) > width)
        {
            most--;
        }
        return words[..elements[most]] + "…";
    }

    private static string Whole(int n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double? share) => share is { } some ? (some * 100).ToString("0", CultureInfo.InvariantCulture) + " %" : "–";
}
