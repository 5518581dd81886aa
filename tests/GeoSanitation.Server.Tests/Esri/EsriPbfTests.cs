using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>The form <c>pbf</c>, decoded by a reader of its own, says what the JSON does.</summary>
public sealed class EsriPbfTests(EsriCounty county) : IClassFixture<EsriCounty>
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(0, "&outSR=102100&quantizationParameters=%7B%22mode%22:%22edit%22,%22tolerance%22:0.01,%22extent%22:%7B%22xmin%22:12500000,%22ymin%22:3800000,%22xmax%22:12600000,%22ymax%22:3900000%7D%7D")]
    [InlineData(1, "&outSR=3857&quantizationParameters=%7B%22mode%22:%22edit%22,%22originPosition%22:%22lowerLeft%22,%22tolerance%22:0.01,%22extent%22:%7B%22xmin%22:12500000,%22ymin%22:3800000,%22xmax%22:12600000,%22ymax%22:3900000%7D%7D")]
    public async Task Features_are_those_of_the_JSON(int layer, string parameters)
    {
        var json = await county.QueryAsync("where=1=1&outFields=*&resultRecordCount=300" + (parameters.Contains("102100") || parameters.Contains("3857") ? "&outSR=3857&geometryPrecision=9" : "&geometryPrecision=9"), layer);
        var result = (await MessageAsync($"/{layer}/query?f=pbf&where=1=1&outFields=*&resultRecordCount=300{parameters}")).One(2).One(1);

        Assert.Equal("OBJECTID", result.TextOf(1));
        Assert.Equal(layer == 0 ? 0UL : 3UL, result.Find(7)?.Number ?? 0);
        Assert.Equal((bool)json["exceededTransferLimit"]! ? 1UL : 0UL, result.Find(9)?.Number ?? 0);
        Assert.Equal((ulong)(int)json["spatialReference"]!["latestWkid"]!, result.One(8).Find(2)!.Number);
        var (transform, fields) = (result.One(12), result.All(13).Select(f => f.Message).ToList());
        var (scale, translate) = (transform.One(2).DoubleOf(1), transform.One(3));
        var fromUpper = (transform.Find(1)?.Number ?? 0) == 0;
        Assert.Equal(json["fields"]!.AsArray().Select(f => (string)f!["name"]!), fields.Select(f => f.TextOf(1)));
        var features = result.All(15).Select(f => f.Message).ToList();
        Assert.NotEmpty(features);
        Assert.Equal(json["features"]!.AsArray().Count, features.Count);
        foreach (var (expected, actual) in json["features"]!.AsArray().Zip(features))
        {
            var values = actual.All(1).Select(v => v.Message).ToList();
            foreach (var (attribute, value) in expected!["attributes"]!.AsObject().Zip(values))
            {
                Assert.Equal(attribute.Value?.ToJsonString(), value.Fields switch
                {
                    [] => null,
                    [{ Tag: 1 }] => System.Text.Json.Nodes.JsonValue.Create(value.TextOf(1)).ToJsonString(),
                    [{ Tag: 3 }] => System.Text.Json.Nodes.JsonValue.Create(value.DoubleOf(3)).ToJsonString(),
                    [{ Tag: 4 or 8 } zigzag] => $"{Signed(zigzag.Number)}",
                    [{ Tag: 5 or 6 } plain] => $"{(long)plain.Number}",
                    _ => "?",
                });
            }
            var geometry = actual.One(2);
            var coordinates = Packed(geometry.Find(3)!.Bytes).Select(Signed).ToList();
            var lengths = geometry.Find(2) is { } l ? Packed(l.Bytes).Select(n => (int)n).ToList() : [];
            List<(double X, double Y)> read = [];
            foreach (var length in lengths.Count > 0 ? lengths : [1])
            {
                var (x, y) = (0L, 0L);
                for (var i = 0; i < length; i++)
                {
                    var at = 2 * read.Count;
                    (x, y) = (x + coordinates[at], y + coordinates[at + 1]);
                    read.Add((translate.DoubleOf(1) + x * scale, translate.DoubleOf(2) + (fromUpper ? -1 : 1) * y * scale));
                }
            }
            var written = layer == 0 ? [((double)expected["geometry"]!["x"]!, (double)expected["geometry"]!["y"]!)]
                : expected["geometry"]!["rings"]!.AsArray().SelectMany(r => r!.AsArray()).Select(p => ((double)p![0]!, (double)p[1]!)).ToList();
            Assert.Equal(written.Count, read.Count);
            Assert.All(written.Zip(read), p => Assert.True(Math.Abs(p.First.Item1 - p.Second.X) <= scale * 0.51 + 1e-9 && Math.Abs(p.First.Item2 - p.Second.Y) <= scale * 0.51 + 1e-9, $"{p}"));
        }
    }

    [Fact]
    public async Task Counts_and_numbers_are_messages_of_their_own()
    {
        var count = (await MessageAsync("/0/query?f=pbf&where=severity=5&returnCountOnly=true")).One(2).One(2);
        Assert.Equal(await county.SqlAsync("i.severity = 5"), (long)count.Find(1)!.Number);
        var ids = (await MessageAsync("/0/query?f=pbf&where=severity=5&returnIdsOnly=true")).One(2).One(3);
        Assert.Equal(await county.IdsAsync("where=severity=5"), Packed(ids.Find(3)!.Bytes).Select(n => (long)n));
    }

    private async Task<Message> MessageAsync(string path)
    {
        using var answer = await county.Server.Client.GetAsync(EsriCounty.Service + path);
        Assert.Equal("application/x-protobuf", answer.Content.Headers.ContentType?.MediaType);
        return new Message(await answer.Content.ReadAsByteArrayAsync());
    }

    private static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    private static List<ulong> Packed(byte[] bytes)
    {
        var (numbers, at) = (new List<ulong>(), 0);
        while (at < bytes.Length)
        {
            numbers.Add(Message.Varint(bytes, ref at));
        }
        return numbers;
    }

    private sealed record Field(int Tag, ulong Number, byte[] Bytes)
    {
        internal Message Message => new(Bytes);
    }

    /// <summary>A message of the Protocol Buffers wire format, field by field.</summary>
    private sealed class Message
    {
        internal Message(byte[] bytes)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var key = Varint(bytes, ref at);
                var (tag, wire) = ((int)(key >> 3), (int)(key & 7));
                switch (wire)
                {
                    case 0:
                        Fields.Add(new Field(tag, Varint(bytes, ref at), []));
                        break;
                    case 1:
                        Fields.Add(new Field(tag, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)), []));
                        at += 8;
                        break;
                    case 2:
                        var length = (int)Varint(bytes, ref at);
                        Fields.Add(new Field(tag, 0, bytes[at..(at + length)]));
                        at += length;
                        break;
                    default:
                        throw new InvalidDataException($"wire type {wire}");
                }
            }
        }

        internal List<Field> Fields { get; } = [];

        internal Field? Find(int tag) => Fields.Find(f => f.Tag == tag);

        internal IEnumerable<Field> All(int tag) => Fields.Where(f => f.Tag == tag);

        internal Message One(int tag) => All(tag).Single().Message;

        internal string TextOf(int tag) => Encoding.UTF8.GetString(Find(tag)!.Bytes);

        internal double DoubleOf(int tag) => BitConverter.UInt64BitsToDouble(Find(tag)!.Number);

        internal static ulong Varint(byte[] bytes, ref int at)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = bytes[at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
