namespace GeoSanitation.Server.Snapshot;

/// <summary>A column of whole numbers of which a chunk has few different ones: two bytes each, and the numbers once.</summary>
internal sealed class CodeColumn
{
    private CodeColumn(ushort[] places, int[] numbers) => (Places, Numbers) = (places, numbers);

    internal int this[int i] => Numbers[Places[i]];

    /// <summary>Of each row the place of its number.</summary>
    internal ushort[] Places { get; }

    /// <summary>The numbers, each once.</summary>
    internal int[] Numbers { get; }

    /// <summary>What it takes in memory.</summary>
    internal long Bytes => sizeof(ushort) * (long)Places.Length + sizeof(int) * (long)Numbers.Length;

    /// <summary>Gathers the numbers of a chunk.</summary>
    /// <param name="capacity">Most of them.</param>
    internal sealed class Builder(int capacity)
    {
        private readonly ushort[] _places = new ushort[capacity];
        private readonly Dictionary<int, ushort> _known = [];
        private readonly List<int> _numbers = [];

        internal void Set(int i, int number)
        {
            if (!_known.TryGetValue(number, out var place))
            {
                _known.Add(number, place = (ushort)_numbers.Count);
                _numbers.Add(number);
            }
            _places[i] = place;
        }

        /// <summary>The first numbers as a column; the builder begins anew.</summary>
        internal CodeColumn Take(int count)
        {
            var column = new CodeColumn(_places[..count], [.. _numbers]);
            _known.Clear();
            _numbers.Clear();
            return column;
        }
    }
}
