namespace GeoSanitation.Benchmarks;

/// <summary>Reads the ids and places of the points of a vector tile with one layer, whoever wrote it.</summary>
internal static class MvtPoints
{
    /// <summary>Units from the west and from the north by id.</summary>
    public static Dictionary<long, (int X, int Y)> Read(ReadOnlySpan<byte> tile)
    {
        var points = new Dictionary<long, (int X, int Y)>();
        for (var layer = Next(ref tile).Bytes; layer.Length > 0;)
        {
            var field = Next(ref layer);
            if (field.Number == 2)
            {
                var (id, at) = Feature(field.Bytes);
                points.Add(id, at);
            }
        }
        return points;
    }

    private static (long Id, (int X, int Y) At) Feature(ReadOnlySpan<byte> feature)
    {
        var (id, at) = (0L, (0, 0));
        while (feature.Length > 0)
        {
            var field = Next(ref feature);
            if (field.Number == 1)
            {
                id = field.Value;
            }
            else if (field.Number == 4)
            {
                var geometry = field.Bytes;
                Varint(ref geometry); // move to
                at = (UnZigZag(Varint(ref geometry)), UnZigZag(Varint(ref geometry)));
            }
        }
        return (id, at);
    }

    private static Field Next(ref ReadOnlySpan<byte> message)
    {
        var key = Varint(ref message);
        var value = Varint(ref message);
        if ((key & 7) == 0)
        {
            return new Field { Number = (int)(key >> 3), Value = value };
        }
        var bytes = message[..(int)value];
        message = message[(int)value..];
        return new Field { Number = (int)(key >> 3), Bytes = bytes };
    }

    private static long Varint(ref ReadOnlySpan<byte> message)
    {
        var value = 0L;
        for (var (i, shift) = (0, 0); ; i++, shift += 7)
        {
            value |= (message[i] & 0x7FL) << shift;
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return value;
            }
        }
    }

    private static int UnZigZag(long value) => (int)(value >> 1) ^ -(int)(value & 1);

    private ref struct Field
    {
        public int Number;
        public long Value;
        public ReadOnlySpan<byte> Bytes;
    }
}
