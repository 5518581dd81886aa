using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Filters;

/// <summary>Conditions in CQL2 text (OGC 21-065r2, annex B).</summary>
internal sealed class Cql2Text(string text, PredicateBuilder build) : TextFilter(text, build)
{
    private static readonly string[] ShapeWords = ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

    protected override object Worded()
    {
        if (Current.Is("TRUE") || Current.Is("FALSE"))
        {
            return Literal.Of(Take().Is("TRUE"));
        }
        if (!Following.IsSign("("))
        {
            return Attribute(Take().Text);
        }
        var function = Take().Text.ToUpperInvariant();
        switch (function)
        {
            case "CASEI":
                return PredicateBuilder.Folded(InBrackets(Value) is [var folded] ? folded : throw Unexpected("one text in CASEI"));
            case "DATE" or "TIMESTAMP":
                return PredicateBuilder.Instant(InBrackets(() => ExpectText("a time"))[0]);
        }
        if (Cql2Words.SpatialOf(function) is { } spatial)
        {
            return InBrackets(Shape) is [var a, var b] ? Cql2Words.Relate(spatial, a, b) : throw Unexpected($"two shapes in {function}");
        }
        if (Cql2Words.TemporalOf(function) is { } temporal)
        {
            return InBrackets(Time) is [var a, var b] ? new Temporal(temporal, a, b) : throw Unexpected($"two times in {function}");
        }
        if (Cql2Words.ListOf(function) is { } list)
        {
            return InBrackets(Texts) is [var a, var b] ? new Lists(list, a, b) : throw Unexpected($"two lists in {function}");
        }
        throw new FilterException($"{PredicateBuilder.Shortened(function)} is no function; there are {Cql2Words.Functions}");
    }

    /// <summary>The shape of the feature (null), or a given one.</summary>
    private Geometry? Shape()
    {
        if (Current.Kind == TokenKind.Name || !Following.IsSign("("))
        {
            // POINT Z (1 2 3)
            if (!ShapeWords.Any(Current.Is))
            {
                return Attribute(Take().Text) is ShapeOfFeature ? null : throw new FilterException($"S_ functions take shapes: {PredicateBuilder.ShapeNames[0]}, well-known text or BBOX");
            }
        }
        if (TryTake("BBOX"))
        {
            return Build.Box(InBrackets(() => Value() is Literal { Value: var number } && number is long or double ? Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture) : throw Unexpected("a number")));
        }
        if (!ShapeWords.Any(Current.Is))
        {
            throw Unexpected($"{PredicateBuilder.ShapeNames[0]}, {string.Join(", ", ShapeWords)} or BBOX");
        }
        var start = Take().Start;
        var depth = 0;
        do
        {
            var token = Take();
            if (token.Kind == TokenKind.End)
            {
                throw new FilterException("a bracket of a shape has no end");
            }
            depth += token.IsSign("(") ? 1 : token.IsSign(")") ? -1 : 0;
            if (depth == 0 && !token.IsSign(")"))
            {
                continue;
            }
            if (depth == 0)
            {
                return Build.Shape(Source[start..token.End]);
            }
        }
        while (true);
    }

    private Period Time()
    {
        if (TryTake("INTERVAL"))
        {
            return InBrackets(End) is [var start, var end] ? Cql2Words.Interval(start, end) : throw Unexpected("two ends in INTERVAL");
        }
        var isDay = Current.Is("DATE");
        return PredicateBuilder.Moment(Value(), isDay);
    }

    private (Operand? Moment, bool IsDay) End()
    {
        if (Current.Kind != TokenKind.Text)
        {
            return (Value(), false);
        }
        var text = Take().Text;
        return text is ".." or "" ? (null, false) : (PredicateBuilder.Instant(text), !text.Contains('T', StringComparison.Ordinal));
    }

    private TextList Texts()
    {
        if (Current.IsSign("("))
        {
            if (Following.IsSign(")"))
            {
                (_, _) = (Take(), Take());
                return new TextList(null, []);
            }
            return new TextList(null, InBrackets(() => (string)PredicateBuilder.Text(ExpectText("a text")).Value));
        }
        var column = Build.Column(Take().Text);
        return column.Kind == ColumnKind.Texts ? new TextList(column, []) : throw new FilterException($"{column.Name} is no list");
    }
}
