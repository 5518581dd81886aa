using System.Text.RegularExpressions;
using System.Xml.Linq;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server;

/// <summary>Keeps true what src/README.md says: who may know whom (see src/decisions/0001-capabilities-not-layers.md).</summary>
public partial class ArchitectureTests
{
    /// <summary>Folders of the server that speak somebody else's protocol.</summary>
    private static readonly string[] Faces = ["Ogc", "Esri", "Open311", "Wms", "Catalog"];

    private static readonly string Source = Path.Combine(SharedData.RepositoryRoot, "src");

    [Theory]
    [InlineData("GeoSanitation.Hotspots")]
    [InlineData("GeoSanitation.Coordinates")]
    [InlineData("GeoSanitation.Store")]
    [InlineData("GeoSanitation.Server", "GeoSanitation.Store", "GeoSanitation.Coordinates", "GeoSanitation.Hotspots")]
    [InlineData("GeoSanitation.Cli", "GeoSanitation.Server")]
    public void A_project_knows_only_the_ones_below_it(string project, params string[] below)
    {
        var known = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Empty(known.Except(below));
    }

    [Fact]
    public void The_analytics_need_no_package_no_files_no_clock_and_no_shared_random_numbers()
    {
        Assert.Empty(Items("GeoSanitation.Hotspots", "PackageReference"));
        Assert.DoesNotContain(Lines("GeoSanitation.Hotspots"), line => OutsideWorld().IsMatch(line.Text));
    }

    [Fact]
    public void Npgsql_and_SQL_stop_at_the_store()
    {
        foreach (string project in (string[])["GeoSanitation.Server", "GeoSanitation.Cli"])
        {
            Assert.DoesNotContain(Items(project, "PackageReference"), package => package.StartsWith("Npgsql", StringComparison.Ordinal));
            Assert.DoesNotContain(Lines(project), line => NpgsqlType().IsMatch(line.Text) || Sql().IsMatch(line.Text));
        }

        var references = typeof(ServerHost).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name);
        Assert.DoesNotContain(references, name => name!.StartsWith("Npgsql", StringComparison.Ordinal));
    }

    [Fact]
    public void A_face_is_named_only_by_itself_and_where_the_server_is_put_together()
    {
        foreach (string face in Faces)
        {
            Assert.DoesNotContain(
                Lines("GeoSanitation.Server"), line => line.Folder != "" && line.Folder != face && Names(face, line.Text));
        }
    }

    [Theory]
    [InlineData("using GeoSanitation.Server.Esri;", true)]
    [InlineData("        => Esri.FeatureWriter.Write(issues);", true)]
    [InlineData("GeoSanitation.Server.Esri.Layer layer", true)]
    [InlineData("using NetTopologySuite.IO.Esri;", false)]
    [InlineData("// Esri clients ask for more.", false)]
    public void Naming_a_face_is_recognised(string line, bool expected) => Assert.Equal(expected, Names("Esri", line));

    [Theory]
    [InlineData("using Npgsql;", true)]
    [InlineData("catch (NpgsqlException problem)", true)]
    [InlineData("Description = \"Npgsql connection string of another server\"", false)]
    public void Using_Npgsql_is_recognised(string line, bool expected) => Assert.Equal(expected, NpgsqlType().IsMatch(line));

    [Fact]
    public void A_namespace_is_its_folder()
    {
        string[] projects = [.. Directory.GetDirectories(Source, "GeoSanitation.*").Select(folder => Path.GetFileName(folder)!)];
        Assert.Contains("GeoSanitation.Server", projects);
        var strays =
            from project in projects
            from line in Lines(project)
            where line.Text.StartsWith("namespace ", StringComparison.Ordinal)
            let folder = Path.GetDirectoryName(line.File)!.Replace('/', '.')
            let expected = folder == "" ? project : project + "." + folder
            where line.Text != $"namespace {expected};"
            select line;
        Assert.Empty(strays);
    }

    [Fact]
    public void Every_file_and_folder_that_the_map_of_the_source_names_is_there()
    {
        string[] there = [.. Directory.EnumerateFileSystemEntries(Source, "*", SearchOption.AllDirectories)];
        var named = NamedInMap().Matches(File.ReadAllText(Path.Combine(Source, "README.md"))).Select(match => match.Groups["name"].Value.TrimEnd('/'));
        Assert.All(named.Distinct().Where(name => !name.StartsWith("tests/", StringComparison.Ordinal)),
            name => Assert.Contains(there, path => path.EndsWith("/" + name, StringComparison.Ordinal)));
    }

    private static bool Names(string face, string line)
        => Regex.IsMatch(line, $@"\bGeoSanitation\.Server\.{face}\b|(?<![\w.]){face}\.[A-Z]\w*");

    private static List<string> Items(string project, string kind)
        => [.. XDocument.Load(Path.Combine(Source, project, project + ".csproj")).Descendants(kind).Select(item => item.Attribute("Include")!.Value)];

    private static IEnumerable<Line> Lines(string project)
    {
        string folder = Path.Combine(Source, project);
        return from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
               let file = Path.GetRelativePath(folder, path).Replace('\\', '/')
               where !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal)
               orderby file
               from line in File.ReadLines(path)
               select new Line(file, line);
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bTimeProvider\b|\bRandom\.Shared\b|\bnew Random\(\)|\bFile\.\w|\bHttpClient\b|\bEnvironment\.Get")]
    private static partial Regex OutsideWorld();

    [GeneratedRegex(@"\busing Npgsql\b|\bNpgsql(\.[A-Z]|[A-Z])\w*|\bPostgresException\b")]
    private static partial Regex NpgsqlType();

    [GeneratedRegex(@"\b(FROM|JOIN|INTO|UPDATE|TABLE)\s+geosan\.")]
    private static partial Regex Sql();

    [GeneratedRegex("`(?<name>[A-Za-z0-9./]+(/|\\.cs))`")]
    private static partial Regex NamedInMap();

    private sealed record Line(string File, string Text)
    {
        /// <summary>The first folder below the project, or nothing for a file at its top.</summary>
        public string Folder => File.Contains('/', StringComparison.Ordinal) ? File[..File.IndexOf('/', StringComparison.Ordinal)] : "";

        public override string ToString() => $"{File}: {Text.Trim()}";
    }
}
