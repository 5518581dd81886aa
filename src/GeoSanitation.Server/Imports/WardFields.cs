namespace GeoSanitation.Server.Imports;

/// <summary>Which properties of a file's polygons are code, name and so on: given, or guessed from their names.</summary>
/// <param name="Code">Property of the code, or null: names, or numbers, are the codes.</param>
/// <param name="Name">Property of the name, or null: codes are the names.</param>
/// <param name="NameEn">Property of the English name.</param>
/// <param name="Parent">Property of the parent's code.</param>
/// <param name="Level">Property of the level.</param>
/// <param name="Responsible">Property of who answers for it.</param>
/// <param name="Population">Property of how many people live in it.</param>
internal sealed record WardFields(string? Code, string? Name, string? NameEn, string? Parent, string? Level, string? Responsible, string? Population)
{
    private static readonly string[] CodeWords = ["code", "wardcode", "wardprecinct", "areanumbe", "areanumber", "areanum1", "borocd", "district1", "districtn", "neighborhoodid",
        "precinct", "ward", "geoid", "adcode", "代码", "编码", "区划代码", "网格编码", "xzqdm", "dm", "id"];

    private static readonly string[] NameWords = ["name", "wardname", "community", "neighborhood", "areaname", "districtname", "名称", "区划名称", "网格名称", "xzqmc", "mc", "street", "town"];

    /// <summary>Checks what is given and guesses the rest.</summary>
    /// <exception cref="ImportFileException">A property given is not in the file.</exception>
    internal static WardFields Of(PolygonFeatures file, string? code, string? name, string? parent)
    {
        foreach (var (option, given) in (ReadOnlySpan<(string, string?)>)[("--code-field", code), ("--name-field", name), ("--parent-field", parent)])
        {
            if (given is not null && !file.Columns.Contains(given))
            {
                throw new ImportFileException($"{option} was {given}; the file has {(file.Columns.Count > 0 ? string.Join(", ", file.Columns) : "no properties")}");
            }
        }
        // A code stands for one polygon: of the likely columns the first that is there and differs in every row.
        code ??= CodeWords.Select(word => Find(file, word)).FirstOrDefault(column => column is not null && IsKey(file, column));
        name ??= NameWords.Select(word => Find(file, word)).FirstOrDefault(column => column is not null && column != code);
        return new WardFields(code, name, Find(file, "nameen") ?? Find(file, "englishname") ?? Find(file, "nameenglish"),
            parent ?? Find(file, "parentcode") ?? Find(file, "parent") ?? Find(file, "上级代码"), Find(file, "level") ?? Find(file, "层级"),
            Find(file, "responsible") ?? Find(file, "责任单位"), Find(file, "population") ?? Find(file, "人口") ?? Find(file, "常住人口"));
    }

    private static bool IsKey(PolygonFeatures file, string column)
    {
        var seen = new HashSet<string>();
        return file.Features.All(f => f.Properties.TryGetValue(column, out var value) && value.Length > 0 && seen.Add(value));
    }

    private static string? Find(PolygonFeatures file, string word) => file.Columns.FirstOrDefault(column => new HeaderName(column, file.CutsNames).Means(word));
}
