using System.Collections.Concurrent;
using GeoSanitation.Store.Tiles;
using NetTopologySuite.Algorithm.Construct;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>One immutable version of all wards.</summary>
internal sealed class WardSnapshot
{
    /// <summary>A name's place may be off by so much of the ward's longer side.</summary>
    private const double LabelTolerance = 0.02;

    private readonly Dictionary<int, WardOutline> _byId;
    private readonly ConcurrentDictionary<int, Coordinate> _labelPoints = [];

    private readonly Lazy<WardSnapshot> _inGcj02;

    internal WardSnapshot(WardOutlines outlines)
    {
        _inGcj02 = new(() => new WardSnapshot(outlines with { Wards = [.. outlines.Wards.Select(w => w with { Geometry = (MultiPolygon?)Gcj02Shift.Of(w.Geometry) })] }));
        Outlines = outlines;
        _byId = outlines.Wards.ToDictionary(w => w.Id);
        Current = [.. outlines.Wards.Where(w => w.Geometry is not null)];
        foreach (var ward in Current)
        {
            Bounds.ExpandToInclude(ward.Geometry!.EnvelopeInternal);
        }
    }

    /// <summary>As they were read.</summary>
    internal WardOutlines Outlines { get; }

    /// <summary>The same wards where a map of mainland China in GCJ-02 shows them.</summary>
    internal WardSnapshot InGcj02 => _inGcj02.Value;

    /// <summary>Those in force, by code; each has a geometry.</summary>
    internal IReadOnlyList<WardOutline> Current { get; }

    /// <summary>Lon/lat box around those in force, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds { get; } = new();

    /// <summary>The ward of a row, in force or not; null for 0.</summary>
    internal WardOutline? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Where the name of a ward in force is written: the place inside that is farthest from its border, degrees.</summary>
    internal Coordinate LabelPoint(WardOutline ward) => _labelPoints.GetOrAdd(ward.Id, _ =>
    {
        var box = ward.Geometry!.EnvelopeInternal;
        return new MaximumInscribedCircle(ward.Geometry, LabelTolerance * Math.Max(box.Width, box.Height)).GetCenter().Coordinate;
    });

    /// <summary>Whether a ward is, or lies within, one of these codes.</summary>
    internal bool IsWithin(WardOutline ward, IReadOnlyCollection<string> codes) => Chain(ward.Id).Any(w => codes.Contains(w.Code));

    /// <summary>The ward of a row, then those around it, outwards; nothing for 0.</summary>
    internal IEnumerable<WardOutline> Chain(int id)
    {
        // The database refuses circles; the bound only keeps a damaged table from hanging the server.
        var steps = 0;
        for (var at = Find(id); at is not null && steps < 64; at = at.ParentId is { } parent ? Find(parent) : null, steps++)
        {
            yield return at;
        }
    }
}
