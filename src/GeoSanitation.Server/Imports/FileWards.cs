using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Tiles;
using GeoSanitation.Store.Wards;

namespace GeoSanitation.Server.Imports;

/// <summary>Wards of a file as an import into an empty database would leave them; numbered by code, from 1.</summary>
internal static class FileWards
{
    /// <summary>Reads the file; features that are no wards are counted.</summary>
    /// <exception cref="ImportFileException">The file as a whole cannot be read, or its tree goes round in a circle.</exception>
    /// <exception cref="Problems.BadParameterException">The CRS is not known.</exception>
    internal static (WardSnapshot Snapshot, IReadOnlyList<WardShape> Shapes, IReadOnlyList<string> Warnings, int Refused) Read(WardImportOptions options, CancellationToken cancellation)
    {
        var (intake, _) = WardFileImport.Read(options, [], cancellation);
        StagedWard[] wards = [.. intake.Wards.OrderBy(w => w.Code, StringComparer.Ordinal)];
        var ids = wards.Index().ToDictionary(w => w.Item.Code, w => w.Index + 1);
        var outlines = wards.Select(w => new WardOutline(ids[w.Code], w.Code, w.Name, w.NameEn, w.Level, w.ParentCode is { } parent ? ids[parent] : null, w.Population, w.Responsible, AreaSquareMeters: null, w.Geometry));
        var snapshot = new WardSnapshot(new WardOutlines(options.FileName, [.. outlines]));
        var shapes = new List<WardShape>();
        foreach (var ward in wards)
        {
            List<string> codes = [.. snapshot.Chain(ids[ward.Code]).Take(wards.Length + 1).Select(w => w.Code)];
            if (codes.Distinct().Count() < codes.Count)
            {
                throw new ImportFileException($"the parents of ward {ward.Code} go round in a circle: {string.Join(" < ", codes.Take(5))}");
            }
            shapes.Add(new WardShape(ids[ward.Code], ward.Code, ward.Level, codes, ward.Responsible, ward.Geometry));
        }
        string[] refused = intake.Refused.Count > 0 ? [$"{intake.Refused.Count} features of {options.FileName} are no wards: {intake.Refused[0].Reason} (feature {intake.Refused[0].Line})"] : [];
        return (snapshot, [.. shapes.OrderByDescending(s => s.Codes.Count).ThenBy(s => s.Code, StringComparer.Ordinal)], [.. intake.Warnings, .. refused], intake.Refused.Count);
    }
}
