using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using GeoSanitation.Hotspots;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.LocalCluster;
using GeoSanitation.Testing;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>PostGIS in a private cluster, with settings that are good for it: warm, 256 MB of work memory, no just-in-time compiler, one process.</summary>
internal sealed class PostgisPeer : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    // Of a binary COPY: what stands before the rows; and a row of an integer and a point: number of columns, two lengths, the integer, byte order, type, x, y.
    private const int HeaderBytes = 19;
    private const int RowsAtOnce = 4_096;
    private const int RowBytes = 2 + 4 + 4 + 4 + 1 + 4 + 8 + 8;

    private readonly LocalCluster _cluster;
    private readonly NpgsqlConnection _connection;

    private PostgisPeer(LocalCluster cluster, NpgsqlConnection connection) => (_cluster, _connection) = (cluster, connection);

    /// <summary>Where other programs find it.</summary>
    public string SocketDirectory => _cluster.SocketDirectory;

    /// <param name="folder">Where the cluster lives, readable by other accounts.</param>
    public static async Task<PostgisPeer> StartAsync(string folder)
    {
        var cluster = await LocalCluster.StartAsync(Path.Combine(folder, "c"), durable: false, CancellationToken.None);
        var connection = new NpgsqlConnection(cluster.ConnectionString + ";Command Timeout=0");
        await connection.OpenAsync();
        var peer = new PostgisPeer(cluster, connection);
        await peer.ExecuteAsync("create extension if not exists postgis");
        await peer.ExecuteAsync("set jit = off; set work_mem = '256MB'; set max_parallel_workers_per_gather = 0");
        return peer;
    }

    public async Task<string> VersionAsync() => $"PostGIS {await ScalarAsync<string>("select postgis_lib_version()")} on PostgreSQL {await ScalarAsync<string>("show server_version")}";

    /// <summary>Makes <c>point (id, g)</c>, ids from 0.</summary>
    public async Task LoadAsync(Points points)
    {
        await ExecuteAsync("drop table if exists point; create table point (id integer, g geometry(point)); create temp table place (id integer, x float8, y float8)");
        await using (var writer = await _connection.BeginBinaryImportAsync("copy place from stdin (format binary)"))
        {
            for (var i = 0; i < points.Count; i++)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync(i, NpgsqlDbType.Integer);
                await writer.WriteAsync(points.XMeters[i], NpgsqlDbType.Double);
                await writer.WriteAsync(points.YMeters[i], NpgsqlDbType.Double);
            }
            await writer.CompleteAsync();
        }
        await ExecuteAsync("insert into point select id, ST_MakePoint(x, y) from place order by id; drop table place");
        await ExecuteAsync("vacuum analyze point");
    }

    /// <summary>Reads the points back, as an analysis does that starts from the database.</summary>
    /// <param name="count">How many there are.</param>
    public Points ReadPoints(int count)
    {
        var (x, y) = (new double[count], new double[count]);
        using var stream = _connection.BeginRawBinaryCopy("copy (select id, g from point) to stdout (format binary)");
        Span<byte> rows = new byte[RowBytes * RowsAtOnce];
        stream.ReadExactly(rows[..HeaderBytes]);
        for (var first = 0; first < count; first += RowsAtOnce)
        {
            var read = rows[..(RowBytes * Math.Min(RowsAtOnce, count - first))];
            stream.ReadExactly(read);
            for (; read.Length > 0; read = read[RowBytes..])
            {
                var id = BinaryPrimitives.ReadInt32BigEndian(read[6..]);
                x[id] = BinaryPrimitives.ReadDoubleLittleEndian(read[(RowBytes - 16)..]);
                y[id] = BinaryPrimitives.ReadDoubleLittleEndian(read[(RowBytes - 8)..]);
            }
        }
        return new Points(x, y);
    }

    /// <summary>Makes <c>issue (id, category, g)</c> in web mercator with an index on g, ids from 1.</summary>
    public async Task LoadIssuesAsync(IssuePoints issues)
    {
        await ExecuteAsync("create table place (id integer, category text, severity integer, status text, overdue boolean, relapse boolean, default_point boolean, reported_at bigint, lon float8, lat float8)");
        await using (var writer = await _connection.BeginBinaryImportAsync("copy place from stdin (format binary)"))
        {
            for (var i = 0; i < issues.Count; i++)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync((int)issues.Ids[i], NpgsqlDbType.Integer);
                await writer.WriteAsync(issues.Categories[issues.Category[i]].Code, NpgsqlDbType.Text);
                await writer.WriteAsync((int)issues.Severity[i], NpgsqlDbType.Integer);
                await writer.WriteAsync(IssuePoints.Statuses[issues.Status[i]], NpgsqlDbType.Text);
                foreach (var trait in (IssueTraits[])[IssueTraits.Overdue, IssueTraits.Relapse, IssueTraits.DefaultPoint])
                {
                    await writer.WriteAsync(issues.Has(i, trait), NpgsqlDbType.Boolean);
                }
                await writer.WriteAsync(issues.ReportedAt[i], NpgsqlDbType.Bigint);
                await writer.WriteAsync(issues.LonDegrees[i], NpgsqlDbType.Double);
                await writer.WriteAsync(issues.LatDegrees[i], NpgsqlDbType.Double);
            }
            await writer.CompleteAsync();
        }
        await ExecuteAsync("create table issue as select id, 1 as count, category, severity, status, overdue, relapse, default_point, reported_at, lon, lat, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(point, 3857) as g from place order by id; drop table place");
        await ExecuteAsync("create unique index on issue (id)");
        await ExecuteAsync("create index on issue using gist (g)");
        await ExecuteAsync("vacuum analyze issue");
    }

    /// <summary>Times a query.</summary>
    /// <param name="sql">It.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="times">How many times in a round: the clock of processor time goes by hundredths of a second.</param>
    public async Task<Timing> MeasureQueryAsync(string sql, int rounds, int times)
    {
        var (wall, cpu) = (new double[rounds], new double[rounds]);
        for (var r = -1; r < rounds; r++)
        {
            var before = CpuSeconds();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < times; i++)
            {
                await ExecuteAsync(sql);
            }
            if (r >= 0)
            {
                (wall[r], cpu[r]) = (watch.Elapsed.TotalSeconds / times, (CpuSeconds() - before) / times);
            }
        }
        return new Timing(wall, cpu);
    }

    /// <summary>How often in a second four clients get an answer, by pgbench.</summary>
    /// <param name="folder">Where its script is put.</param>
    /// <param name="script">The script.</param>
    /// <param name="seconds">For how long.</param>
    public async Task<double> RateAsync(string folder, string script, int seconds)
    {
        var file = Path.Combine(folder, "pgbench.sql");
        await File.WriteAllTextAsync(file, script);
        var (exitCode, output, errors) = await Peer.StartAsync("pgbench",
            ["-n", "-M", "prepared", "-c", "4", "-j", "1", "-T", $"{seconds}", "-f", file, "-h", _cluster.SocketDirectory, "-U", "geosan", "geosan"]);
        return exitCode == 0
            ? double.Parse(output.Split('\n').Single(line => line.StartsWith("tps = ", StringComparison.Ordinal)).Split(' ')[2], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench failed:\n{errors}");
    }

    /// <summary>Times a script of <c>peers/</c> that makes the temporary table <c>found</c>; the last round's stays.</summary>
    /// <param name="script">File name.</param>
    /// <param name="rounds">Rounds.</param>
    public async Task<Timing> MeasureAsync(string script, int rounds)
    {
        var sql = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "tests/Benchmarks/peers", script));
        var (wall, cpu) = (new double[rounds], new double[rounds]);
        for (var r = 0; r < rounds; r++)
        {
            await ExecuteAsync("drop table if exists found");
            var before = CpuSeconds();
            var watch = Stopwatch.StartNew();
            await ExecuteAsync(sql);
            (wall[r], cpu[r]) = (watch.Elapsed.TotalSeconds, CpuSeconds() - before);
        }
        return new Timing(wall, cpu, Timing.Status(_connection.ProcessID, "VmHWM:"));
    }

    /// <summary>A column of <c>found</c> by id; -1 where it is null or there is no row.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="count">Number of ids.</param>
    public async Task<int[]> FoundAsync(string column, int count)
    {
        var values = new int[count];
        Array.Fill(values, -1);
        await using var command = new NpgsqlCommand($"select id, {column} from found where {column} is not null", _connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            values[reader.GetInt32(0)] = reader.GetInt32(1);
        }
        return values;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    /// <summary>Measures ours where it reads from the database; the processor time of the server's process is counted too.</summary>
    /// <param name="rounds">Rounds.</param>
    /// <param name="work">What is measured.</param>
    public Timing MeasureReading(int rounds, Action work)
    {
        var (calls, before) = (0, CpuSeconds());
        var timing = Timing.Measure(rounds, () =>
        {
            work();
            calls++;
        });
        var server = (CpuSeconds() - before) / calls;
        return timing with { CpuSeconds = [.. timing.CpuSeconds.Select(cpu => cpu + server)] };
    }

    // Of the server's process for our connection.
    private double CpuSeconds()
    {
        var stat = File.ReadAllText($"/proc/{_connection.ProcessID}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11]) + double.Parse(fields[12])) / TicksPerSecond;
    }
}
