using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GeoSanitation.Server.Imports;

/// <summary>How a column writes 3/4: the third of April, or the fourth of March.</summary>
internal enum DayOrder
{
    MonthFirst,
    DayFirst,
}

/// <summary>A time as it was written.</summary>
/// <param name="Local">The clock's reading; UTC when <see cref="Offset"/> is zero.</param>
/// <param name="Offset">What was written behind it, or null for local time.</param>
/// <param name="DateOnly">True when no time of day was written.</param>
internal readonly record struct WrittenTime(DateTime Local, TimeSpan? Offset, bool DateOnly);

/// <summary>
/// Reads the ways in which dates and times are commonly written: ISO 8601, 2015/1/31 8:05, 1/31/2015 08:05:09 PM, 31.1.2015, 20150131, 20150131080509,
/// 2015年1月31日 8时5分 (下午, 上午), seconds or milliseconds since 1970, Excel's days such as 45292.75. Two-digit years are nobody's guess and are not read.
/// </summary>
internal static class TimeText
{
    /// <summary>Reads a text in any of the ways above.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, DayOrder order, out WrittenTime time)
    {
        time = default;
        var at = new Cursor(text);
        if (IsDays(text))
        {
            return Utf8Parser.TryParse(text, out double days, out var used) && used == text.Length
                && Done(new WrittenTime(new DateTime(1899, 12, 30).AddMilliseconds(Math.Round(days * 86_400_000)), null, DateOnly: days == Math.Floor(days)), out time);
        }
        if (text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            return TryReadDigits(text, out time);
        }
        if (!at.Number(out var first, out var digits))
        {
            return false;
        }
        int year, month, day;
        if (digits == 4)
        {
            year = first;
            if (!at.DateMark() || !at.Number(out month, out _) || !at.DateMark() || !at.Number(out day, out _))
            {
                return false;
            }
            at.Skip("日"u8);
        }
        else
        {
            if (digits > 2 || !at.DateMark() || !at.Number(out var second, out _) || !at.DateMark() || !at.Number(out year, out var yearDigits) || yearDigits != 4)
            {
                return false;
            }
            (month, day) = order == DayOrder.MonthFirst ? (first, second) : (second, first);
        }
        if (year is < 1800 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        var date = new DateTime(year, month, day);
        if (at.AtEnd)
        {
            time = new WrittenTime(date, null, DateOnly: true);
            return true;
        }
        return at.TimeSeparator() && at.TimeOfDay(out var sinceMidnight) && at.Offset(out var offset) && at.AtEnd
            && Done(new WrittenTime(date + sinceMidnight, offset, DateOnly: false), out time);
    }

    /// <summary>Reads a text that must be written as a .NET format says.</summary>
    internal static bool TryReadExact(ReadOnlySpan<byte> text, string format, out WrittenTime time)
    {
        time = default;
        var written = Encoding.UTF8.GetString(text);
        var hasOffset = format.Contains('z') || format.Contains('K');
        const DateTimeStyles styles = DateTimeStyles.AllowInnerWhite | DateTimeStyles.AllowLeadingWhite | DateTimeStyles.AllowTrailingWhite;
        if (hasOffset)
        {
            return DateTimeOffset.TryParseExact(written, format, CultureInfo.InvariantCulture, styles | DateTimeStyles.AssumeUniversal, out var zoned)
                && Done(new WrittenTime(zoned.DateTime, zoned.Offset, DateOnly: false), out time);
        }
        return DateTime.TryParseExact(written, format, CultureInfo.InvariantCulture, styles, out var local)
            && Done(new WrittenTime(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), null, DateOnly: !format.Contains('h', StringComparison.OrdinalIgnoreCase)), out time);
    }

    /// <summary>What a text says of the order of its column: null when it could be either, or is written otherwise.</summary>
    internal static DayOrder? OrderOf(ReadOnlySpan<byte> text)
    {
        var at = new Cursor(text);
        return at.Number(out var first, out var digits) && digits <= 2 && at.DateMark() && at.Number(out var second, out _) && at.DateMark()
            ? first > 12 ? DayOrder.DayFirst : second > 12 ? DayOrder.MonthFirst : null
            : null;
    }

    /// <summary>True when the text has the shape that leaves the order open.</summary>
    internal static bool NeedsOrder(ReadOnlySpan<byte> text)
    {
        var at = new Cursor(text);
        return at.Number(out _, out var digits) && digits <= 2 && at.DateMark();
    }

    // A date that lost its format on the way: the years 1927 to 2173 have five digits.
    private static bool IsDays(ReadOnlySpan<byte> text)
        => text.Length >= 5 && text[0] != '0' && text[..5].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (text.Length == 5 || (text[5] == '.' && text[6..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0));

    private static bool Done(WrittenTime value, out WrittenTime time)
    {
        time = value;
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out WrittenTime time)
    {
        time = default;
        if (!Utf8Parser.TryParse(text, out long number, out var used) || used != text.Length)
        {
            return false;
        }
        switch (text.Length)
        {
            case 10:
                return Done(new WrittenTime(DateTime.UnixEpoch.AddSeconds(number), TimeSpan.Zero, DateOnly: false), out time);
            case 13:
                return Done(new WrittenTime(DateTime.UnixEpoch.AddMilliseconds(number), TimeSpan.Zero, DateOnly: false), out time);
            case 8 or 12 or 14:
                var clock = text.Length == 8 ? number * 1_000_000 : text.Length == 12 ? number * 100 : number;
                var (day, second) = Math.DivRem(clock, 1_000_000);
                var (year, month, dayOfMonth) = ((int)(day / 10_000), (int)(day / 100 % 100), (int)(day % 100));
                var (hour, minute, seconds) = ((int)(second / 10_000), (int)(second / 100 % 100), (int)(second % 100));
                return year is >= 1800 and <= 2200 && month is >= 1 and <= 12 && dayOfMonth >= 1 && dayOfMonth <= DateTime.DaysInMonth(year, month)
                    && hour < 24 && minute < 60 && seconds < 60
                    && Done(new WrittenTime(new DateTime(year, month, dayOfMonth, hour, minute, seconds), null, text.Length == 8), out time);
            default:
                return false;
        }
    }

    private ref struct Cursor(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        internal readonly bool AtEnd => _rest.IsEmpty;

        internal bool Number(out int value, out int digits)
        {
            (value, digits) = (0, 0);
            while (digits < _rest.Length && digits < 9 && _rest[digits] is >= (byte)'0' and <= (byte)'9')
            {
                value = value * 10 + _rest[digits++] - '0';
            }
            _rest = _rest[digits..];
            return digits > 0;
        }

        internal bool Skip(ReadOnlySpan<byte> mark)
        {
            if (!_rest.StartsWith(mark))
            {
                return false;
            }
            _rest = _rest[mark.Length..];
            return true;
        }

        internal bool DateMark() => Skip("-"u8) || Skip("/"u8) || Skip("."u8) || Skip("年"u8) || Skip("月"u8);

        internal bool TimeSeparator()
        {
            var before = _rest.Length;
            if (!Skip("T"u8))
            {
                Skip(","u8);
                Blanks();
            }
            // 2015年1月31日8时 needs no blank.
            return _rest.Length < before || _rest.IndexOf("时"u8) >= 0 || _rest.StartsWith("上"u8) || _rest.StartsWith("下"u8);
        }

        internal bool TimeOfDay(out TimeSpan sinceMidnight)
        {
            sinceMidnight = default;
            var half = Half();
            Blanks();
            if (!Number(out var hour, out var digits) || digits > 2 || !(Skip(":"u8) || Skip("时"u8) || Skip("："u8)))
            {
                return false;
            }
            var (minute, second, ticks) = (0, 0, 0L);
            if (Number(out var written, out digits))
            {
                if (digits > 2)
                {
                    return false;
                }
                minute = written;
                if (Skip(":"u8) || Skip("分"u8) || Skip("："u8))
                {
                    if (Number(out written, out digits))
                    {
                        second = written;
                        Skip("秒"u8);
                    }
                    if (Skip("."u8))
                    {
                        if (!Number(out var fraction, out digits))
                        {
                            return false;
                        }
                        ticks = (long)Math.Round(fraction / Math.Pow(10, digits) * TimeSpan.TicksPerSecond);
                        // Digits beyond what a tick tells.
                        Number(out _, out _);
                    }
                }
            }
            Blanks();
            half ??= Half();
            if (half is { } afternoon)
            {
                if (hour is < 1 or > 12)
                {
                    // 下午15:20 is said; 15:20 PM is written by some programs.
                    if (hour is 0 or > 23)
                    {
                        return false;
                    }
                }
                else
                {
                    hour = hour % 12 + (afternoon ? 12 : 0);
                }
            }
            if (hour > 23 || minute > 59 || second > 59)
            {
                return false;
            }
            sinceMidnight = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks);
            return true;
        }

        internal bool Offset(out TimeSpan? offset)
        {
            offset = null;
            Blanks();
            if (Skip("Z"u8) || Skip("z"u8) || Skip("UTC"u8) || Skip("GMT"u8))
            {
                offset = TimeSpan.Zero;
            }
            var minus = Skip("-"u8);
            if (!minus && !Skip("+"u8))
            {
                return true;
            }
            if (!Number(out var hours, out var digits))
            {
                return false;
            }
            var minutes = 0;
            if (digits == 4)
            {
                (hours, minutes) = (hours / 100, hours % 100);
            }
            else if (Skip(":"u8) && !Number(out minutes, out _))
            {
                return false;
            }
            if (hours > 14 || minutes > 59)
            {
                return false;
            }
            var size = new TimeSpan(hours, minutes, 0);
            offset = minus ? -size : size;
            return true;
        }

        // True for afternoon.
        private bool? Half()
        {
            if (Skip("AM"u8) || Skip("am"u8) || Skip("a.m."u8) || Skip("上午"u8))
            {
                return false;
            }
            return Skip("PM"u8) || Skip("pm"u8) || Skip("p.m."u8) || Skip("下午"u8) ? true : null;
        }

        private void Blanks() => _rest = _rest.TrimStart((byte)' ');
    }
}
