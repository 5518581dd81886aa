using System.IO.Compression;
using System.Text;
using CsCheck;
using GeoSanitation.Server.Imports;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

public sealed class CsvRecordsTests
{
    [Fact]
    public void Quotes_newlines_and_doubled_quotes_are_read_and_lines_counted()
    {
        var rows = Read("a,b,c\n1,\"two, too\",\"say \"\"x\"\"\"\r\n\n\"4\nfour\",5,6\n7,8,9");

        Assert.Equal(["a", "b", "c"], rows.Columns);
        Assert.Equal([(2, "1|two, too|say \"x\""), (4, "4\nfour|5|6"), (6, "7|8|9")], rows.Rows);
    }

    [Theory]
    [InlineData("a;b\n1;2\n", "1|2")]
    [InlineData("a\tb\n1\t2\n", "1|2")]
    [InlineData("a|b\n1|2\n", "1|2")]
    [InlineData("\"a,b\";c\n1;2\n", "1|2")]
    [InlineData("a,b\n 1 , 2 \n", "1|2")]
    [InlineData("a,b\n1,2,,\n", "1|2")]
    public void Delimiters_are_guessed_and_blanks_around_a_field_left_out(string text, string row)
        => Assert.Equal(row, Read(text).Rows.Single().Text);

    [Theory]
    [InlineData("1,\"x\"y,3", "text follows a closing quote")]
    [InlineData("1,\"open,3", "quote")]
    [InlineData("1,2", "the row has 2 fields, the header 3")]
    [InlineData("1,2,3,4", "the row has 4 fields, the header 3")]
    [InlineData("1,2,\0", "the row has a NUL character")]
    public void A_broken_row_is_told_and_the_rows_around_it_are_read(string broken, string defect)
    {
        var rows = Read($"a,b,c\nx,y,z\n{broken}\n7,8,9\n");

        Assert.Equal((2, "x|y|z"), rows.Rows[0]);
        Assert.Equal(3, rows.Rows[1].Line);
        Assert.Contains(defect, rows.Rows[1].Text);
        Assert.Equal((4, "7|8|9"), rows.Rows[^1]);
    }

    [Fact]
    public void Lines_end_with_lf_crlf_or_cr()
    {
        foreach (var end in (string[])["\n", "\r\n", "\r"])
        {
            Assert.Equal([(2, "1|2"), (4, "3|4")], Read($"a,b{end}1,2{end}{end}3,4{end}").Rows);
        }
    }

    [Fact]
    public void A_row_longer_than_a_row_may_be_is_one_bad_row()
    {
        var rows = Read($"a,b\n1,\"{new string('x', CsvRecords.LongestRow + 100_000)}\n3,4\n");

        Assert.Equal(2, rows.Rows.Count);
        Assert.Equal(2, rows.Rows[0].Line);
        Assert.Equal((3, "3|4"), rows.Rows[1]);
    }

    [Fact]
    public void Utf16_and_gb18030_are_recognised()
    {
        const string text = "编号,地址\n1,余杭区百丈镇\n";
        byte[] utf16 = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];
        var gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text);
        byte[] withMark = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)];

        foreach (var bytes in (byte[][])[utf16, gb18030, withMark])
        {
            var rows = Read(bytes);
            Assert.Equal(["编号", "地址"], rows.Columns);
            Assert.Equal((2, "1|余杭区百丈镇"), rows.Rows.Single());
        }
    }

    [Fact]
    public void A_byte_that_is_not_utf8_spoils_its_row_only()
    {
        var rows = Read([.. "a,b\n1,地址\n2,"u8, 0xFF, .. "\n3,地址\n"u8]);

        Assert.Equal([(2, "1|地址"), (3, "! the row is not valid UTF-8"), (4, "3|地址")], rows.Rows);
    }

    [Fact]
    public void Packed_files_are_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("a,b\n1,2\n"u8);
        }
        Assert.Equal((2, "1|2"), Read(packed.ToArray()).Rows.Single());
    }

    [Fact]
    public void What_a_writer_quotes_is_read_back()
    {
        var field = Gen.OneOf(Gen.String[Gen.Char[" ,;\"\r\nab地\t"], 0, 12], Gen.String.AlphaNumeric);
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 40]).SelectMany((columns, rows) => field.Array[columns].Array[rows].Select(table => (columns, table))).Sample(sample =>
        {
            var csv = new StringBuilder(string.Join(',', Enumerable.Range(0, sample.columns).Select(i => $"c{i}")) + "\n");
            foreach (var row in sample.table)
            {
                csv.AppendJoin(',', row.Select(value => $"\"{value.Replace("\"", "\"\"")}\"")).Append("\r\n");
            }

            var read = Read(csv.ToString());

            Assert.Equal(sample.table.Select(row => string.Join('|', row.Select(value => value.Trim(' ', '\t')))), read.Rows.Select(row => row.Text));
        }, iter: 300);
    }

    private static (IReadOnlyList<string> Columns, List<(long Line, string Text)> Rows) Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static (IReadOnlyList<string> Columns, List<(long Line, string Text)> Rows) Read(byte[] bytes)
    {
        using var file = new TemporaryFile(bytes);
        using var reader = RecordReader.Open(file.Path);
        var rows = new List<(long, string)>();
        while (reader.Read())
        {
            rows.Add((reader.Line, reader.Defect is { } defect ? "! " + defect : string.Join('|', reader.Columns.Select((_, i) => Encoding.UTF8.GetString(reader[i].Span)))));
        }
        return (reader.Columns, rows);
    }
}
