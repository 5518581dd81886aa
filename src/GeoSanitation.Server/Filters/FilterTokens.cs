using System.Globalization;
using System.Text;

namespace GeoSanitation.Server.Filters;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>A bare word: a name or a word of the language.</summary>
    Word,

    /// <summary>A name in double quotes, without them.</summary>
    Name,

    /// <summary>A text in single quotes, without them.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A sign.</summary>
    Sign,

    /// <summary>The end.</summary>
    End,
}

/// <summary>A token of a filter text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Start">Where it starts in the filter.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End)
{
    /// <summary>Whether it is a word of the language, however it is capitalised.</summary>
    internal bool Is(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a sign.</summary>
    internal bool IsSign(string sign) => Kind == TokenKind.Sign && Text == sign;

    public override string ToString() => Kind == TokenKind.End ? "the end" : PredicateBuilder.Shortened(Text);
}

/// <summary>Cuts a filter text into tokens.</summary>
internal static class FilterTokens
{
    /// <summary>Longest text that is read.</summary>
    internal const int LongestText = 30_000;

    private static readonly string[] Signs = ["<>", "<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", "^", "."];

    /// <summary>The tokens, the last of which is the end.</summary>
    /// <exception cref="FilterException">The text is too long, or holds what is no token.</exception>
    internal static List<Token> Of(string text)
    {
        if (text.Length > LongestText)
        {
            throw new FilterException($"it has {text.Length} characters; at most {LongestText} are read");
        }
        var tokens = new List<Token>();
        for (var at = 0; ;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            if (at == text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", at, at));
                return tokens;
            }
            var token = Next(text, at);
            tokens.Add(token);
            at = token.End;
        }
    }

    private static Token Next(string text, int start)
    {
        var at = start;
        if (text[at] is '\'' or '"')
        {
            return Quoted(text, start);
        }
        if (char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
        {
            return Number(text, start);
        }
        if (char.IsLetter(text[at]) || text[at] == '_')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or ':'))
            {
                at++;
            }
            return new Token(TokenKind.Word, text[start..at], start, at);
        }
        foreach (var sign in Signs)
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
            {
                return new Token(TokenKind.Sign, sign, start, at + sign.Length);
            }
        }
        throw new FilterException(string.Create(CultureInfo.InvariantCulture, $"position {start + 1} has {PredicateBuilder.Shortened(text[start..])}, which is nothing of the language"));
    }

    private static Token Number(string text, int start)
    {
        var at = start;
        Digits();
        if (at < text.Length && text[at] == '.')
        {
            at++;
            Digits();
        }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var exponent = at + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
            {
                exponent++;
            }
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                at = exponent;
                Digits();
            }
        }
        return new Token(TokenKind.Number, text[start..at], start, at);

        void Digits()
        {
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
        }
    }

    /// <summary>A quote in a text is written twice.</summary>
    private static Token Quoted(string text, int start)
    {
        var (quote, content) = (text[start], new StringBuilder());
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] != quote)
            {
                content.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                content.Append(quote);
                at++;
            }
            else
            {
                return new Token(quote == '"' ? TokenKind.Name : TokenKind.Text, content.ToString(), start, at + 1);
            }
        }
        throw new FilterException($"the quote at position {start + 1} has no end");
    }
}
