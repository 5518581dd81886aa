namespace GeoSanitation.Server.Snapshot;

/// <summary>Texts that many rows share, as numbers: 0 for none. A number never comes to mean another text, so readers need no lock.</summary>
internal sealed class CodeBook
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string?> _texts = [null];

    /// <summary>The number of a text, a new one where it has none; for the one thread that writes.</summary>
    internal int Number(string? text)
    {
        if (text is null)
        {
            return 0;
        }
        lock (_texts)
        {
            if (!_numbers.TryGetValue(text, out var number))
            {
                number = _texts.Count;
                _numbers.Add(text, number);
                _texts.Add(text);
            }
            return number;
        }
    }

    /// <summary>Every text by its number.</summary>
    internal string?[] Texts()
    {
        lock (_texts)
        {
            return [.. _texts];
        }
    }
}
