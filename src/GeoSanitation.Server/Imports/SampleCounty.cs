using System.Globalization;
using System.Text;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Server.Imports;

/// <summary>The files that come with the program: the sample taxonomy and calendar, and a made-up county to look at.</summary>
internal static class SampleCounty
{
    private const string Actor = "sample county";

    /// <summary>Loads the sample taxonomy and calendar into a database without a taxonomy.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="folder">The folder that holds <c>seeds</c> and <c>geodata</c>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>False when there was a taxonomy already.</returns>
    /// <exception cref="ImportFileException">A file is missing or broken.</exception>
    internal static async Task<bool> LoadTaxonomyAsync(Database database, string folder, CancellationToken cancellation)
    {
        var store = new SeedStore(database);
        if (await store.HasTaxonomyAsync(cancellation))
        {
            return false;
        }
        await store.AddCategoriesAsync(Table(folder, "seeds/categories.csv", SeedStore.CategoryColumns), cancellation);
        await store.AddCalendarAsync(Table(folder, "seeds/calendar.csv", SeedStore.CalendarColumns), cancellation);
        return true;
    }

    /// <summary>Loads the county into a database that has neither wards nor issues, through the same import as any file.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="settings">The operator's settings.</param>
    /// <param name="folder">The folder that holds <c>seeds</c> and <c>geodata</c>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>What became of the issues' rows; null when the database was not empty.</returns>
    /// <exception cref="ImportFileException">A file is missing or broken.</exception>
    internal static async Task<ImportResult?> LoadAsync(Database database, Settings settings, string folder, CancellationToken cancellation)
    {
        var store = new SeedStore(database);
        if (!await store.IsEmptyAsync(cancellation))
        {
            return null;
        }
        await LoadTaxonomyAsync(database, folder, cancellation);
        var wards = Existing(folder, "geodata/wards.geojson");
        await using (var ticket = await ImportTicket.OpenAsync(database, new ImportHeader("wards", Path.GetFileName(wards), null, Actor), dryRun: false, cancellation))
        {
            var options = new WardImportOptions { Path = wards, FileName = Path.GetFileName(wards), Actor = Actor };
            await new WardFileImport(database).RunAsync(ticket, options, new ImportProgress(), cancellation);
        }
        await store.AddResponsibilitiesAsync(Table(folder, "seeds/responsibility.csv", SeedStore.ResponsibilityColumns), cancellation);
        await store.AddRoundsAsync(Table(folder, "seeds/rounds.csv", SeedStore.RoundColumns), cancellation);
        var issues = Existing(folder, "seeds/issues.csv.gz");
        await using (var ticket = await ImportTicket.OpenAsync(database, new ImportHeader("issues", Path.GetFileName(issues), null, Actor), dryRun: false, cancellation))
        {
            var options = new IssueImportOptions { Path = issues, Actor = Actor };
            return await new IssueImport(database, settings).RunAsync(ticket, options, new ImportProgress(), cancellation);
        }
    }

    /// <summary>The sample taxonomy, each category with what it has from the one above it.</summary>
    /// <exception cref="ImportFileException">The file is missing or broken.</exception>
    internal static IReadOnlyList<CategoryShape> Categories(string folder)
    {
        var own = Rows(folder, "seeds/categories.csv", SeedStore.CategoryColumns).Select(row => new CategoryShape(
            row["code"]!, row["parent_code"], row["name"]!, row["name_en"], row["department"], row["deadline_amount"] is { } amount ? int.Parse(amount, CultureInfo.InvariantCulture) : null,
            row["deadline_unit"], short.Parse(row["default_severity"] ?? "3", CultureInfo.InvariantCulture))).ToDictionary(c => c.Code);
        return [.. own.Values.OrderBy(c => c.Code, StringComparer.Ordinal).Select(c => c.ParentCode is not null && own.TryGetValue(c.ParentCode, out var parent)
            ? c with { Department = c.Department ?? parent.Department, DeadlineAmount = c.DeadlineAmount ?? parent.DeadlineAmount, DeadlineUnit = c.DeadlineUnit ?? parent.DeadlineUnit }
            : c)];
    }

    /// <summary>The sample calendar: days that differ from the ordinary week, true for a working one.</summary>
    /// <exception cref="ImportFileException">The file is missing or broken.</exception>
    internal static IReadOnlyDictionary<DateOnly, bool> Days(string folder)
        => Rows(folder, "seeds/calendar.csv", SeedStore.CalendarColumns).ToDictionary(row => DateOnly.Parse(row["day"]!, CultureInfo.InvariantCulture), row => bool.Parse(row["working"]!));

    private static string Existing(string folder, string file)
        => Path.Combine(folder, file) is var path && File.Exists(path) ? path : throw new ImportFileException($"{file} is missing in {folder}");

    /// <summary>The named columns of a CSV file, each as all its values; a column that the file does not have is empty.</summary>
    private static string[][] Table(string folder, string file, IReadOnlyList<string> names)
    {
        using var reader = RecordReader.Open(Existing(folder, file));
        var at = names.Select(name => reader.Columns.ToList().IndexOf(name)).ToArray();
        var columns = names.Select(_ => new List<string>()).ToArray();
        while (reader.Read())
        {
            if (reader.Defect is { } defect)
            {
                throw new ImportFileException($"{file}, line {reader.Line}: {defect}");
            }
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Add(at[i] < 0 ? "" : Encoding.UTF8.GetString(reader[at[i]].Span));
            }
        }
        return [.. columns.Select(column => column.ToArray())];
    }

    /// <summary>The same, row by row and by name; null for what is empty.</summary>
    private static IEnumerable<Dictionary<string, string?>> Rows(string folder, string file, IReadOnlyList<string> names)
    {
        var columns = Table(folder, file, names);
        return Enumerable.Range(0, columns[0].Length).Select(row => names.Index().ToDictionary(n => n.Item, n => columns[n.Index][row] is { Length: > 0 } text ? text : null));
    }
}
