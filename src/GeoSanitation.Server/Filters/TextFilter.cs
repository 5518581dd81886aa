using GeoSanitation.Store.Predicates;

namespace GeoSanitation.Server.Filters;

/// <summary>
/// Reads conditions written as text. What SQL's conditions and CQL2 have in common is here; how each writes times, shapes and functions, the two that derive from it say.
/// Signs bind as usual: OR, AND, NOT, comparisons, sums, products, powers.
/// </summary>
internal abstract class TextFilter
{
    private const int Deepest = 60;

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    /// <exception cref="FilterException">The text cannot be cut into tokens.</exception>
    protected TextFilter(string text, PredicateBuilder build) => (Source, Build, _tokens) = (text, build, FilterTokens.Of(text));

    /// <summary>The text.</summary>
    protected string Source { get; }

    /// <summary>Checks and builds.</summary>
    protected PredicateBuilder Build { get; }

    /// <summary>The token at hand.</summary>
    protected Token Current => _tokens[_at];

    /// <summary>The one behind it.</summary>
    protected Token Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    /// <summary>The condition.</summary>
    /// <exception cref="FilterException">The text is no condition on the layer.</exception>
    internal Predicate Parse()
    {
        var condition = PredicateBuilder.Condition(Or());
        return Current.Kind == TokenKind.End ? condition : throw Unexpected("the end, AND or OR");
    }

    /// <summary>A value or condition that begins with a word: a function, a time, an attribute.</summary>
    protected abstract object Worded();

    protected Token Take() => _tokens[_at++];

    protected bool TryTake(string word)
    {
        var isIt = Current.Is(word) || Current.IsSign(word);
        _at += isIt ? 1 : 0;
        return isIt;
    }

    protected void Expect(string word)
    {
        if (!TryTake(word))
        {
            throw Unexpected(word);
        }
    }

    protected string ExpectText(string meaning) => Current.Kind == TokenKind.Text ? Take().Text : throw Unexpected($"{meaning} in single quotes");

    protected FilterException Unexpected(string expected) => new($"position {Current.Start + 1} has {Current}; there must be {expected}");

    protected object Or() => Deeper(() =>
    {
        var first = And();
        if (!Current.Is("OR"))
        {
            return first;
        }
        var parts = new List<Predicate> { PredicateBuilder.Condition(first) };
        while (TryTake("OR"))
        {
            parts.Add(PredicateBuilder.Condition(And()));
        }
        return new AnyOf(parts);
    });

    protected Operand Value() => PredicateBuilder.ValueOf(Sum());

    private object And()
    {
        var first = Negation();
        if (!Current.Is("AND"))
        {
            return first;
        }
        var parts = new List<Predicate> { PredicateBuilder.Condition(first) };
        while (TryTake("AND"))
        {
            parts.Add(PredicateBuilder.Condition(Negation()));
        }
        return new All(parts);
    }

    private object Negation() => TryTake("NOT") ? Deeper(() => new Not(PredicateBuilder.Condition(Negation()))) : Compared();

    private object Compared()
    {
        var left = Sum();
        if (Sign() is { } sign)
        {
            _at++;
            return PredicateBuilder.Compare(PredicateBuilder.ValueOf(left), sign, Value());
        }
        if (TryTake("IS"))
        {
            var isNot = TryTake("NOT");
            Expect("NULL");
            var isNull = left is ShapeOfFeature ? new IsNull(null) : new IsNull(PredicateBuilder.ValueOf(left));
            return isNot ? new Not(isNull) : isNull;
        }
        var negated = Current.Is("NOT") && (Following.Is("LIKE") || Following.Is("BETWEEN") || Following.Is("IN"));
        _at += negated ? 1 : 0;
        Predicate? condition = null;
        if (TryTake("LIKE"))
        {
            condition = PredicateBuilder.Like(PredicateBuilder.ValueOf(left), Value());
        }
        else if (TryTake("BETWEEN"))
        {
            var lowest = Value();
            Expect("AND");
            condition = PredicateBuilder.Between(PredicateBuilder.ValueOf(left), lowest, Value());
        }
        else if (TryTake("IN"))
        {
            condition = PredicateBuilder.OneOf(PredicateBuilder.ValueOf(left), InBrackets(Value));
        }
        return condition is null ? left : negated ? new Not(condition) : condition;
    }

    /// <summary>Things with commas between, in brackets.</summary>
    protected List<T> InBrackets<T>(Func<T> read)
    {
        Expect("(");
        var items = new List<T>();
        do
        {
            items.Add(read());
        }
        while (TryTake(","));
        Expect(")");
        return items;
    }

    private object Sum()
    {
        var left = Product();
        while (Current.IsSign("+") || Current.IsSign("-"))
        {
            var sign = Take().Text == "+" ? ArithmeticOperator.Add : ArithmeticOperator.Subtract;
            left = PredicateBuilder.Number(PredicateBuilder.ValueOf(left), sign, PredicateBuilder.ValueOf(Product()));
        }
        return left;
    }

    private object Product()
    {
        var left = Power();
        while (Current.IsSign("*") || Current.IsSign("/") || Current.IsSign("%") || Current.Is("DIV"))
        {
            var sign = Take().Text switch { "*" => ArithmeticOperator.Multiply, "/" => ArithmeticOperator.Divide, "%" => ArithmeticOperator.Remainder, _ => ArithmeticOperator.WholeDivide };
            left = PredicateBuilder.Number(PredicateBuilder.ValueOf(left), sign, PredicateBuilder.ValueOf(Power()));
        }
        return left;
    }

    private object Power()
    {
        var left = Single();
        return TryTake("^") ? Deeper(() => PredicateBuilder.Number(PredicateBuilder.ValueOf(left), ArithmeticOperator.Power, PredicateBuilder.ValueOf(Power()))) : left;
    }

    private object Single()
    {
        switch (Current)
        {
            case { Kind: TokenKind.Number }:
                return PredicateBuilder.Number(Take().Text);
            case { Kind: TokenKind.Text }:
                return PredicateBuilder.Text(Take().Text);
            case { Kind: TokenKind.Name }:
                return Attribute(Take().Text);
            case var minus when minus.IsSign("-") || minus.IsSign("+"):
                _at++;
                if (Current.Kind == TokenKind.Number)
                {
                    return PredicateBuilder.Number(minus.Text.Replace("+", "", StringComparison.Ordinal) + Take().Text);
                }
                return Deeper(() => minus.Text == "+" ? Single() : PredicateBuilder.Number(Literal.Of(0L), ArithmeticOperator.Subtract, PredicateBuilder.ValueOf(Single())));
            case var bracket when bracket.IsSign("("):
                _at++;
                var inner = Or();
                Expect(")");
                return inner;
            case { Kind: TokenKind.Word }:
                return Worded();
            default:
                throw Unexpected("a value or a condition");
        }
    }

    /// <summary>An attribute, or the shape.</summary>
    protected virtual object Attribute(string name) => PredicateBuilder.ShapeNames.Contains(name) ? new ShapeOfFeature() : Build.Value(name);

    /// <summary>Goes a level down; a text of many brackets must not use up the stack.</summary>
    private object Deeper(Func<object> read)
    {
        if (++_depth > Deepest)
        {
            throw new FilterException($"it is nested deeper than {Deepest} levels");
        }
        var result = read();
        _depth--;
        return result;
    }

    private ComparisonOperator? Sign() => Current.Kind != TokenKind.Sign ? null : Current.Text switch
    {
        "=" => ComparisonOperator.Equal,
        "<>" or "!=" => ComparisonOperator.NotEqual,
        "<" => ComparisonOperator.Less,
        "<=" => ComparisonOperator.LessOrEqual,
        ">" => ComparisonOperator.Greater,
        ">=" => ComparisonOperator.GreaterOrEqual,
        _ => null,
    };

    /// <summary>Stands for the shape of the feature.</summary>
    protected sealed record ShapeOfFeature;
}
