using System.Diagnostics;
using System.Globalization;
using System.Text;
using GeoSanitation.Store;
using GeoSanitation.Store.LocalCluster;
using GeoSanitation.Store.Schema;
using GeoSanitation.Testing;
using Npgsql;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>
/// <c>compare import</c>: the same rows by <c>geosan import issues</c> (parse, validate, wards, relapses, load, index, commit) and by <c>psql \copy</c> into a table
/// with the same columns, key and indexes, in turns, in one private cluster.
/// </summary>
internal static class ImportComparison
{
    private const int Wards = 40;
    private const int Categories = 12;
    private const int Days = 730;
    private const double WestDegrees = 104.0;
    private const double SouthDegrees = 30.0;
    private const double SizeDegrees = 0.27;

    internal static async Task<int> RunAsync(int rows, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("geosan-bench-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        try
        {
            await using var cluster = await LocalCluster.StartAsync(Path.Combine(folder, "c"), durable: true, CancellationToken.None);
            await using (var database = Database.Open(cluster.ConnectionString))
            {
                await Migrator.MigrateAsync(database, CancellationToken.None);
            }
            await using var sql = NpgsqlDataSource.Create(cluster.ConnectionString + ";Command Timeout=0");
            await MakeWardsAsync(sql);
            var csv = Path.Combine(folder, "issues.csv");
            WriteIssues(csv, rows);
            Console.WriteLine($"{rows:N0} rows, {new FileInfo(csv).Length / 1e6:0} MB of CSV, {Environment.ProcessorCount} processors, PostgreSQL {await ScalarAsync(sql, "SHOW server_version")}");

            var (ours, theirs, peaks) = (new List<double>(), new List<double>(), new List<long>());
            for (var round = 0; round < rounds; round++)
            {
                await ExecuteAsync(sql, "TRUNCATE geosan.issue, geosan.import, geosan.issue_event, geosan.default_point CASCADE; DELETE FROM geosan.category; CHECKPOINT");
                var (seconds, peak) = await ImportAsync(cluster.ConnectionString, csv);
                await RequireAsync(sql, $"SELECT count(*) = {rows} AND count(ward_id) = {rows} FROM geosan.issue");
                ours.Add(seconds);
                peaks.Add(peak);
                var copy = Path.Combine(folder, "copy.csv");
                if (round == 0)
                {
                    await PsqlAsync(cluster, $"\\copy (SELECT * FROM geosan.issue ORDER BY id) TO '{copy}' (FORMAT csv)");
                }
                await ExecuteAsync(sql, "DROP TABLE IF EXISTS same_issue; CREATE TABLE same_issue (LIKE geosan.issue INCLUDING ALL); CHECKPOINT");
                theirs.Add(await PsqlAsync(cluster, $"\\copy same_issue FROM '{copy}' (FORMAT csv)"));
                await RequireAsync(sql, $"SELECT count(*) = {rows} FROM same_issue");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round + 1}: geosan {ours[^1]:0.00} s (peak {peak >> 20} MB), psql {theirs[^1]:0.00} s, ratio {ours[^1] / theirs[^1]:0.00}"));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"median: geosan {Timing.Median(ours):0.00} s ({rows / Timing.Median(ours):N0} rows/s), psql \\copy {Timing.Median(theirs):0.00} s, ratio {Timing.Median(ours) / Timing.Median(theirs):0.00} (goal <= 1.5), peak {peaks.Max() >> 20} MB (goal < 400)"));
            return Timing.Median(ours) <= 1.5 * Timing.Median(theirs) && peaks.Max() < 400L << 20 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // 8 x 5 neighbouring quadrilaterals with wavy borders of 50 vertices a side: no gaps, no overlaps.
    private static async Task MakeWardsAsync(NpgsqlDataSource sql)
    {
        const int columns = 8, steps = 50;
        static (double X, double Y) At(double column, double row) => (
            WestDegrees - 0.01 + (SizeDegrees + 0.02) * (column + 0.15 * Math.Sin(row * 9) * Math.Sin(Math.PI * column / columns)) / columns,
            SouthDegrees - 0.01 + (SizeDegrees + 0.02) * (row + 0.15 * Math.Sin(column * 9) * Math.Sin(Math.PI * row / (Wards / columns))) / (Wards / columns));
        for (var ward = 0; ward < Wards; ward++)
        {
            var (column, row) = (ward % columns, ward / columns);
            var ring = new StringBuilder();
            void Add(double c, double r) => ring.Append(CultureInfo.InvariantCulture, $"{At(c, r).X:R} {At(c, r).Y:R},");
            for (var i = 0; i < steps; i++)
            {
                Add(column + (double)i / steps, row);
            }
            for (var i = 0; i < steps; i++)
            {
                Add(column + 1, row + (double)i / steps);
            }
            for (var i = steps; i > 0; i--)
            {
                Add(column + (double)i / steps, row + 1);
            }
            for (var i = steps; i > 0; i--)
            {
                Add(column, row + (double)i / steps);
            }
            Add(column, row);
            await ExecuteAsync(sql, $"INSERT INTO geosan.ward (code, name, level, path, geom) VALUES ('w{ward}', 'w{ward}', 'ward', 'w{ward}', ST_GeomFromText('MULTIPOLYGON((({ring.ToString().TrimEnd(',')})))', 4326))");
        }
    }

    private static void WriteIssues(string path, int rows)
    {
        var random = new Random(20261124);
        var centres = Enumerable.Range(0, 300).Select(_ => (X: random.NextDouble(), Y: random.NextDouble())).ToArray();
        var start = new DateTime(2024, 1, 1);
        using var csv = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        csv.Write("case_id,category,status,reported_at,closed_at,due_at,title,address,source,longitude,latitude\n");
        for (var i = 0; i < rows; i++)
        {
            var (x, y) = (random.NextDouble(), random.NextDouble());
            if (random.NextDouble() < 0.7)
            {
                var centre = centres[random.Next(centres.Length)];
                (x, y) = (Math.Clamp(centre.X + 0.01 * (random.NextDouble() + random.NextDouble() - 1), 0, 1), Math.Clamp(centre.Y + 0.01 * (random.NextDouble() + random.NextDouble() - 1), 0, 1));
            }
            var category = random.Next(Categories);
            var reported = start.AddSeconds(random.Next(Days * 86_400));
            var closed = random.NextDouble() < 0.85 ? reported.AddMinutes(random.Next(60, 30_000)) : (DateTime?)null;
            csv.Write(string.Create(CultureInfo.InvariantCulture,
                $"C{i:0000000},category {category},{(closed is null ? "Open" : "Closed")},{reported:yyyy-MM-dd HH:mm:ss},{closed:yyyy-MM-dd HH:mm:ss},{reported.AddDays(3):yyyy-MM-dd HH:mm:ss},Report of category {category},\"{random.Next(1, 900)} Long Street, Block {random.Next(1, 60)}\",hotline,{WestDegrees + x * SizeDegrees:0.0000000},{SouthDegrees + y * SizeDegrees:0.0000000}\n"));
        }
    }

    private static async Task<(double Seconds, long PeakBytes)> ImportAsync(string connectionString, string csv)
    {
        var watch = Stopwatch.StartNew();
        using var import = Process.Start(new ProcessStartInfo(GeosanProcess.Program, ["import", "issues", csv, "--database", connectionString, "--time-zone", "Asia/Shanghai"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = import.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!import.HasExited)
        {
            peak = Math.Max(peak, PeakBytes(import.Id));
            await Task.WhenAny(import.WaitForExitAsync(), Task.Delay(20));
        }
        return import.ExitCode == 0 ? (watch.Elapsed.TotalSeconds, peak) : throw new InvalidOperationException(await output);
    }

    // The kernel's own high-water mark of the resident set.
    private static long PeakBytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<double> PsqlAsync(LocalCluster cluster, string command)
    {
        var watch = Stopwatch.StartNew();
        using var psql = Process.Start(new ProcessStartInfo("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-h", cluster.SocketDirectory, "-U", "geosan", "-d", "geosan", "-c", command]))!;
        await psql.WaitForExitAsync();
        return psql.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"psql failed: {command}");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        foreach (var statement in sql.Split("; "))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task RequireAsync(NpgsqlDataSource source, string sql)
    {
        if (await ScalarAsync(source, sql) is not true)
        {
            throw new InvalidOperationException($"not as it should be: {sql}");
        }
    }
}
