using GeoSanitation.Store.Tiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>One immutable version of all wards.</summary>
internal sealed class WardSnapshot
{
    private readonly Dictionary<int, WardOutline> _byId;

    internal WardSnapshot(WardOutlines outlines)
    {
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

    /// <summary>Those in force, by code; each has a geometry.</summary>
    internal IReadOnlyList<WardOutline> Current { get; }

    /// <summary>Lon/lat box around those in force, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds { get; } = new();

    /// <summary>The ward of a row, in force or not; null for 0.</summary>
    internal WardOutline? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether a ward is, or lies within, one of these codes.</summary>
    internal bool IsWithin(WardOutline ward, IReadOnlyCollection<string> codes)
    {
        // The database refuses circles; the bound only keeps a damaged table from hanging the server.
        var steps = 0;
        for (var at = ward; at is not null && steps < 64; at = at.ParentId is { } parent ? Find(parent) : null, steps++)
        {
            if (codes.Contains(at.Code))
            {
                return true;
            }
        }
        return false;
    }
}
