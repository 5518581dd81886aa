namespace GeoSanitation.Hotspots.Emerging;

/// <summary>How a place came to be hot or cold: the 17 patterns of Esri's emerging hot spot analysis.</summary>
public enum Pattern
{
    /// <summary>None of the others.</summary>
    None,

    /// <summary>Hot in the final step, never before.</summary>
    NewHot,

    /// <summary>Hot in an unbroken run of at least two steps up to the final one, never before it, less than 90 % of all.</summary>
    ConsecutiveHot,

    /// <summary>Hot in 90 % of the steps, the final one included, and rising.</summary>
    IntensifyingHot,

    /// <summary>Hot in 90 % of the steps, the final one included, without a trend.</summary>
    PersistentHot,

    /// <summary>Hot in 90 % of the steps, the final one included, and falling.</summary>
    DiminishingHot,

    /// <summary>Hot in the final step, on and off before, less than 90 %, never cold.</summary>
    SporadicHot,

    /// <summary>Hot in the final step, cold in an earlier one, less than 90 % hot.</summary>
    OscillatingHot,

    /// <summary>Hot in 90 % of the steps, but not in the final one.</summary>
    HistoricalHot,

    /// <summary>Cold in the final step, never before.</summary>
    NewCold,

    /// <summary>Cold in an unbroken run of at least two steps up to the final one, never before it, less than 90 % of all.</summary>
    ConsecutiveCold,

    /// <summary>Cold in 90 % of the steps, the final one included, and falling.</summary>
    IntensifyingCold,

    /// <summary>Cold in 90 % of the steps, the final one included, without a trend.</summary>
    PersistentCold,

    /// <summary>Cold in 90 % of the steps, the final one included, and rising.</summary>
    DiminishingCold,

    /// <summary>Cold in the final step, on and off before, less than 90 %, never hot.</summary>
    SporadicCold,

    /// <summary>Cold in the final step, hot in an earlier one, less than 90 % cold.</summary>
    OscillatingCold,

    /// <summary>Cold in 90 % of the steps, but not in the final one.</summary>
    HistoricalCold,
}

/// <summary>From the significant steps of a place and its trend to its pattern.</summary>
public static class Patterns
{
    private const int ColdAfterHot = Pattern.NewCold - Pattern.NewHot;

    /// <summary>The pattern of one place.</summary>
    /// <param name="classes">Class of each step, oldest first: above 0 significantly hot, below 0 significantly cold.</param>
    /// <param name="trend">Above 0 when the place grows significantly hotter, below 0 when colder, else 0.</param>
    /// <remarks>Esri's wording leaves overlaps; the order here is: a side with 90 % of the steps decides, by its final step (historical if it is
    /// not of that side) and then the trend; otherwise the final step's side does: new, consecutive, oscillating, sporadic.</remarks>
    public static Pattern Classify(ReadOnlySpan<int> classes, int trend)
    {
        if (classes.IsEmpty)
        {
            return Pattern.None;
        }
        int hot = 0, cold = 0;
        foreach (var c in classes)
        {
            hot += c > 0 ? 1 : 0;
            cold += c < 0 ? 1 : 0;
        }
        var final = Math.Sign(classes[^1]);
        var mostly = 10 * hot >= 9 * classes.Length ? 1 : 10 * cold >= 9 * classes.Length ? -1 : 0;
        if (mostly != 0)
        {
            var towards = Math.Sign(trend) * mostly;
            return OnSide(mostly, final != mostly ? Pattern.HistoricalHot
                : towards > 0 ? Pattern.IntensifyingHot
                : towards < 0 ? Pattern.DiminishingHot
                : Pattern.PersistentHot);
        }
        if (final == 0)
        {
            return Pattern.None;
        }
        var run = 1;
        while (run < classes.Length && Math.Sign(classes[classes.Length - 1 - run]) == final)
        {
            run++;
        }
        var (same, other) = final > 0 ? (hot, cold) : (cold, hot);
        return OnSide(final, same == 1 ? Pattern.NewHot
            : same == run ? Pattern.ConsecutiveHot
            : other > 0 ? Pattern.OscillatingHot
            : Pattern.SporadicHot);
    }

    /// <summary>The pattern in words: <c>new hot spot</c>, <c>historical cold spot</c>, <c>no pattern detected</c> ...</summary>
    public static string Name(Pattern pattern)
    {
        if (pattern == Pattern.None)
        {
            return "no pattern detected";
        }
        var isHot = pattern < Pattern.NewCold;
        var word = (isHot ? pattern : pattern - ColdAfterHot) switch
        {
            Pattern.NewHot => "new",
            Pattern.ConsecutiveHot => "consecutive",
            Pattern.IntensifyingHot => "intensifying",
            Pattern.PersistentHot => "persistent",
            Pattern.DiminishingHot => "diminishing",
            Pattern.SporadicHot => "sporadic",
            Pattern.OscillatingHot => "oscillating",
            Pattern.HistoricalHot => "historical",
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "There is no such pattern."),
        };
        return isHot ? $"{word} hot spot" : $"{word} cold spot";
    }

    private static Pattern OnSide(int side, Pattern hot) => side > 0 ? hot : hot + ColdAfterHot;
}
