using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Wards;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Valid;

namespace GeoSanitation.Server.Imports;

/// <summary>What an importer says about a file of wards.</summary>
internal sealed record WardImportOptions
{
    /// <summary>The file on disk.</summary>
    internal required string Path { get; init; }

    /// <summary>The file's own name, which names the level when nothing else does.</summary>
    internal required string FileName { get; init; }

    /// <summary>Level of every ward of the file; null takes the property "level", or the file's name.</summary>
    internal string? Level { get; init; }

    /// <summary>Property of the code; null guesses.</summary>
    internal string? CodeField { get; init; }

    /// <summary>Property of the name; null guesses.</summary>
    internal string? NameField { get; init; }

    /// <summary>Property of the parent's code; null guesses, or finds parents by containment.</summary>
    internal string? ParentField { get; init; }

    /// <summary>System of the coordinates; null takes the file's own, or longitude and latitude.</summary>
    internal string? Crs { get; init; }

    /// <summary>Assigns every issue anew, not only those without a ward.</summary>
    internal bool Reassign { get; init; }

    /// <summary>Who imports.</summary>
    internal required string Actor { get; init; }
}

/// <summary>The one way in which a file of wards comes in. It is read as a whole: boundaries are few, and a tree must be seen to be built.</summary>
internal sealed class WardFileImport(Database database)
{
    private const int LongestCodeBytes = 100;
    private const int LongestName = 200;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>Imports a file; all of it is there afterwards, or nothing.</summary>
    /// <exception cref="ImportFileException">The file as a whole cannot be imported.</exception>
    /// <exception cref="BadParameterException">The CRS is not known.</exception>
    internal async Task<ImportResult> RunAsync(ImportTicket ticket, WardImportOptions options, ImportProgress progress, CancellationToken cancellation)
    {
        try
        {
            return await ImportAsync(ticket, options, progress, cancellation);
        }
        catch (WardTreeException circle)
        {
            await ticket.EndWithNothingAsync(cancelled: false, circle.Message);
            throw new ImportFileException(circle.Message);
        }
        catch (Exception problem)
        {
            await ticket.EndWithNothingAsync(problem is OperationCanceledException, IssueImport.Explain(problem));
            throw;
        }
    }

    private async Task<ImportResult> ImportAsync(ImportTicket ticket, WardImportOptions options, ImportProgress progress, CancellationToken cancellation)
    {
        progress.Start("reading");
        var existing = (await IntakeReference.LoadAsync(database, at: null, cancellation)).Wards;
        var (intake, mapping) = Read(options, existing, cancellation);
        progress.Report("writing");
        var (counts, redrawn, assigned) = await WardImport.RunAsync(ticket, intake.Wards, intake.Refused, options.Reassign, options.Actor,
            mapping.ToJsonString(IssueImport.ReadableJson), JsonSerializer.Serialize(intake.Warnings, IssueImport.ReadableJson), cancellation);
        progress.Report("done");
        var notes = new List<string>(intake.Warnings);
        if (redrawn > 0)
        {
            notes.Add($"{redrawn} boundaries changed: the old rows are closed, issues keep the ward they were assigned (--reassign assigns all anew)");
        }
        if (assigned > 0)
        {
            notes.Add(options.Reassign ? $"{assigned} issues were assigned to another ward" : $"{assigned} issues that had no ward got one");
        }
        return new ImportResult(counts, notes) { RefusedWards = intake.Refused };
    }

    /// <summary>The wards of a file, checked, each with its parent.</summary>
    /// <param name="options">What the importer says about it.</param>
    /// <param name="existing">Wards that are there already.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="ImportFileException">The file as a whole cannot be read.</exception>
    /// <exception cref="BadParameterException">The CRS is not known.</exception>
    internal static (Intake Wards, JsonObject Mapping) Read(WardImportOptions options, IReadOnlyList<WardShape> existing, CancellationToken cancellation)
    {
        var file = PolygonFeatures.Read(options.Path);
        if (file.Features.Count == 0)
        {
            throw new ImportFileException("the file has no features");
        }
        var crs = CrsOf(file, options.Crs);
        var fields = WardFields.Of(file, options.CodeField, options.NameField, options.ParentField);
        var intake = new Intake(options, fields, crs, existing);
        foreach (var feature in file.Features)
        {
            cancellation.ThrowIfCancellationRequested();
            intake.Take(feature);
        }
        intake.FindParents();
        return (intake, new JsonObject { ["code"] = fields.Code, ["name"] = fields.Name, ["name_en"] = fields.NameEn, ["parent"] = fields.Parent, ["level"] = fields.Level, ["responsible"] = fields.Responsible, ["population"] = fields.Population, ["crs"] = crs.Name });
    }

    private static Crs CrsOf(PolygonFeatures file, string? given)
    {
        if (given is not null)
        {
            try
            {
                return CrsRegistry.Find(given);
            }
            catch (UnknownCrsException problem)
            {
                throw new BadParameterException("crs", given, $"a known system, such as EPSG:4547, GCJ02 or EPSG:4326 ({problem.Message})");
            }
        }
        if (file.CrsName is { } own)
        {
            try
            {
                return CrsRegistry.Find(own);
            }
            catch (UnknownCrsException)
            {
                throw new ImportFileException($"the file says its coordinate system is {own}, which is not known here; say it with --crs");
            }
        }
        var all = new Envelope();
        foreach (var feature in file.Features)
        {
            all.ExpandToInclude(feature.Geometry?.EnvelopeInternal ?? new Envelope());
        }
        if (!all.IsNull && (all.MinX < -180 || all.MaxX > 180 || all.MinY < -90 || all.MaxY > 90))
        {
            throw new ImportFileException(FormattableString.Invariant(
                $"the coordinates ({all.MinX:0.###}, {all.MinY:0.###} to {all.MaxX:0.###}, {all.MaxY:0.###}) are not degrees and the file does not say its coordinate system; say it with --crs, such as --crs EPSG:4547"));
        }
        return CrsRegistry.Find("EPSG:4326");
    }

    /// <summary>The file's features, checked one by one and then as a tree.</summary>
    internal sealed class Intake(WardImportOptions options, WardFields fields, Crs crs, IReadOnlyList<WardShape> existing)
    {
        private readonly string _stem = Stem(options.FileName);
        private readonly Dictionary<string, WardShape> _existing = existing.ToDictionary(ward => ward.Code);
        private readonly HashSet<string> _codes = [];
        private readonly Dictionary<string, string> _renamed = [];
        private readonly List<StagedWard> _wards = [];
        private readonly List<string> _repaired = [];
        private int _nameless;
        private int _codesFromNames;

        internal List<RefusedWard> Refused { get; } = [];

        internal List<string> Warnings { get; } = [];

        internal IReadOnlyList<StagedWard> Wards => _wards;

        internal void Take(PolygonFeature feature)
        {
            string? Property(string? field) => field is not null && feature.Properties.TryGetValue(field, out var text) && text.Length > 0 ? text : null;
            void Refuse(string column, string? value, string reason) => Refused.Add(new RefusedWard(feature.Line, column, value ?? "", reason));

            if (feature.Geometry is null)
            {
                Refuse("", null, feature.Defect!);
                return;
            }
            var name = Property(fields.Name);
            var code = Property(fields.Code);
            if (code is not null && fields.Code is not null && _codes.Contains(Final(code)))
            {
                Refuse(fields.Code, code, "another polygon of the file has the same code");
                return;
            }
            if (code is null)
            {
                _codesFromNames++;
                code = Unused(name ?? $"{_stem}-{feature.Line}");
            }
            if (name is null)
            {
                _nameless++;
                name = code;
            }
            if (System.Text.Encoding.UTF8.GetByteCount(code) > LongestCodeBytes || name.Length > LongestName)
            {
                Refuse(fields.Code ?? fields.Name ?? "", code, $"a code has at most {LongestCodeBytes} bytes, a name {LongestName} characters");
                return;
            }
            if (Polygons(feature, code) is not { } geometry)
            {
                Refuse("", code, "the polygon has no area, or lies where the coordinate system has no places");
                return;
            }
            var level = options.Level ?? Property(fields.Level) ?? _stem;
            var final = Distinct(code, level, geometry);
            _renamed[code] = final;
            _codes.Add(final);
            _wards.Add(new StagedWard(feature.Line, final, name, Property(fields.NameEn), level, Property(fields.Parent), Property(fields.Responsible), PeopleOf(Property(fields.Population)), geometry));
        }

        // What is no number of people says nothing; the ward is taken all the same.
        private static int? PeopleOf(string? text)
            => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var people) && people is >= 0 and <= int.MaxValue ? (int)Math.Round(people) : null;

        /// <summary>Parents by their codes; without such a property, by the one level that the file's polygons nest in.</summary>
        internal void FindParents()
        {
            if (fields.Parent is not null)
            {
                var unknown = new List<string>();
                for (var i = 0; i < _wards.Count; i++)
                {
                    if (_wards[i].ParentCode is not { } parent)
                    {
                        continue;
                    }
                    var known = _renamed.GetValueOrDefault(parent) ?? (_existing.ContainsKey(parent) ? parent : null);
                    if (known is null || known == _wards[i].Code)
                    {
                        unknown.Add(_wards[i].Code);
                        known = null;
                    }
                    _wards[i] = _wards[i] with { ParentCode = known };
                }
                Warn(unknown, "name a parent that is neither in the file nor in the table; they stand at the top of the tree");
            }
            else
            {
                var parents = Nesting.ParentsOf(_wards, existing);
                for (var i = 0; i < _wards.Count; i++)
                {
                    _wards[i] = _wards[i] with { ParentCode = parents[i] };
                }
                if (parents.Any(p => p is not null))
                {
                    Warn([.. _wards.Where(w => w.ParentCode is null).Select(w => w.Code)], "lie in no ward of the level above; they stand at the top of the tree");
                }
            }
            Warn(_repaired, "had invalid rings, which were repaired");
            if (_nameless > 0)
            {
                Warnings.Add(fields.Name is null ? "the file has no names that are recognised (--name-field); the codes are the names" : $"{_nameless} polygons have no name; their codes are their names");
            }
            if (_codesFromNames > 0)
            {
                Warnings.Add(fields.Code is null
                    ? "the file has no codes that are recognised (--code-field); the codes are made of the names"
                    : $"{_codesFromNames} polygons have no code; it was made of the name or the number");
            }
            Warn([.. _renamed.Where(r => r.Key != r.Value).Select(r => r.Value)], "have codes that other wards have already, elsewhere or of another level; they got longer ones");
        }

        private void Warn(List<string> codes, string what)
        {
            if (codes.Count > 0)
            {
                Warnings.Add($"{codes.Count} of the polygons {what}: {string.Join(", ", codes.Take(10))}{(codes.Count > 10 ? " ..." : "")}");
            }
        }

        private string Final(string code) => _renamed.GetValueOrDefault(code) ?? code;

        private string Unused(string wanted)
        {
            var code = wanted;
            for (var n = 2; _codes.Contains(code) || _renamed.ContainsKey(code); n++)
            {
                code = $"{wanted}-{n}";
            }
            return code;
        }

        /// <summary>Two files that both number their wards from 1 do not mean the same wards: not if the levels differ, nor if the places do.</summary>
        private string Distinct(string code, string level, MultiPolygon geometry)
        {
            if (!_existing.TryGetValue(code, out var known))
            {
                return code;
            }
            return known.Level != level ? $"{level}-{code}"
                : known.Geometry.EnvelopeInternal.Intersects(geometry.EnvelopeInternal) ? code
                : $"{_stem}-{code}";
        }

        private MultiPolygon? Polygons(PolygonFeature feature, string code)
        {
            Geometry geometry = feature.Geometry!;
            var repaired = feature.Repaired is not null;
            if (!new IsValidOp(geometry).IsValid)
            {
                geometry = GeometryFixer.Fix(geometry);
                repaired = true;
            }
            var flat = ToLonLat(OnlyPolygons(geometry));
            if (flat is not null && !new IsValidOp(flat).IsValid)
            {
                flat = OnlyPolygons(GeometryFixer.Fix(flat));
                repaired = true;
            }
            if (flat is null || flat.IsEmpty)
            {
                return null;
            }
            if (repaired)
            {
                _repaired.Add(code);
            }
            return flat;
        }

        private MultiPolygon? ToLonLat(MultiPolygon source)
        {
            var projected = (MultiPolygon)source.Copy();
            var filter = new LonLatFilter(crs);
            projected.Apply(filter);
            projected.GeometryChanged();
            return filter.Failed ? null : Factory.CreateMultiPolygon([.. projected.Geometries.Cast<Polygon>()]);
        }

        private static MultiPolygon OnlyPolygons(Geometry geometry) => Factory.CreateMultiPolygon([.. PolygonExtracter.GetPolygons(geometry).Cast<Polygon>().Where(p => !p.IsEmpty && p.Area > 0)]);

        private static string Stem(string fileName)
        {
            var stem = fileName;
            foreach (var extension in (string[])[".gz", ".geojson", ".geojsonl", ".json", ".zip", ".shp", ".gpkg", ".fgb", ".parquet"])
            {
                stem = stem.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? stem[..^extension.Length] : stem;
            }
            return stem.Length > 0 ? stem : "ward";
        }
    }

    private sealed class LonLatFilter(Crs crs) : IEntireCoordinateSequenceFilter
    {
        internal bool Failed { get; private set; }

        public bool Done => Failed;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence)
        {
            var (x, y) = (new double[sequence.Count], new double[sequence.Count]);
            for (var i = 0; i < x.Length; i++)
            {
                (x[i], y[i]) = (sequence.GetX(i), sequence.GetY(i));
            }
            crs.ToLonLat(x, y, x, y);
            for (var i = 0; i < x.Length; i++)
            {
                Failed |= !new LonLat(x[i], y[i]).IsValid;
                sequence.SetX(i, x[i]);
                sequence.SetY(i, y[i]);
            }
        }
    }
}
