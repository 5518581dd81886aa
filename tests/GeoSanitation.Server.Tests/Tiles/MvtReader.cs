using System.Buffers.Binary;
using System.Text;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>A feature of a vector tile as it was read.</summary>
internal sealed record MvtFeature(long Id, int Type, IReadOnlyDictionary<string, object> Tags, IReadOnlyList<IReadOnlyList<(int X, int Y)>> Parts)
{
    internal (int X, int Y) Point => Parts.Single().Single();
}

internal sealed record MvtReadLayer(string Name, int Version, int Extent, IReadOnlyList<MvtFeature> Features);

/// <summary>Reads vector tiles after the specification, independently of the product's writer.</summary>
internal static class MvtReader
{
    internal static IReadOnlyList<MvtReadLayer> Read(byte[] tile) => [.. Fields(tile).Where(f => f.Field == 3).Select(f => Layer(f.Bytes))];

    private static MvtReadLayer Layer(byte[] bytes)
    {
        var fields = Fields(bytes).ToList();
        var keys = fields.Where(f => f.Field == 3).Select(f => Encoding.UTF8.GetString(f.Bytes)).ToList();
        var values = fields.Where(f => f.Field == 4).Select(f => Value(f.Bytes)).ToList();
        var features = fields.Where(f => f.Field == 2).Select(f => Feature(f.Bytes, keys, values)).ToList();
        return new MvtReadLayer(
            Encoding.UTF8.GetString(fields.Single(f => f.Field == 1).Bytes), (int)fields.Single(f => f.Field == 15).Number, (int)fields.Single(f => f.Field == 5).Number, features);
    }

    private static MvtFeature Feature(byte[] bytes, List<string> keys, List<object> values)
    {
        var (id, type) = (0L, 0);
        var tags = new Dictionary<string, object>();
        List<ulong> commands = [];
        foreach (var field in Fields(bytes))
        {
            switch (field.Field)
            {
                case 1: id = (long)field.Number; break;
                case 2:
                    foreach (var pair in Packed(field.Bytes).Chunk(2))
                    {
                        tags.Add(keys[(int)pair[0]], values[(int)pair[1]]);
                    }
                    break;
                case 3: type = (int)field.Number; break;
                case 4: commands = Packed(field.Bytes); break;
            }
        }
        return new MvtFeature(id, type, tags, Parts(commands));
    }

    private static List<IReadOnlyList<(int X, int Y)>> Parts(List<ulong> commands)
    {
        var parts = new List<IReadOnlyList<(int X, int Y)>>();
        List<(int X, int Y)> part = [];
        var (x, y, at) = (0, 0, 0);
        while (at < commands.Count)
        {
            var (command, count) = ((int)(commands[at] & 7), (int)(commands[at++] >> 3));
            if (command == 1)
            {
                parts.Add(part = []);
            }
            for (; command != 7 && count > 0; count--)
            {
                x += Signed(commands[at++]);
                y += Signed(commands[at++]);
                part.Add((x, y));
            }
        }
        return parts;

        static int Signed(ulong v) => (int)(v >> 1) ^ -(int)(v & 1);
    }

    private static object Value(byte[] bytes)
    {
        var field = Fields(bytes).Single();
        return field.Field switch
        {
            1 => Encoding.UTF8.GetString(field.Bytes),
            3 => BinaryPrimitives.ReadDoubleLittleEndian(field.Bytes),
            4 or 5 => (long)field.Number,
            7 => field.Number != 0,
            _ => throw new InvalidDataException($"value kind {field.Field}"),
        };
    }

    private static List<ulong> Packed(byte[] bytes)
    {
        var list = new List<ulong>();
        for (var at = 0; at < bytes.Length;)
        {
            list.Add(Varint(bytes, ref at));
        }
        return list;
    }

    private static IEnumerable<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(bytes, ref at);
            switch (tag & 7)
            {
                case 0:
                    yield return ((int)(tag >> 3), Varint(bytes, ref at), []);
                    break;
                case 1:
                    yield return ((int)(tag >> 3), 0, bytes[at..(at + 8)]);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    yield return ((int)(tag >> 3), 0, bytes[at..(at + length)]);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
            shift += 7;
        }
    }
}
