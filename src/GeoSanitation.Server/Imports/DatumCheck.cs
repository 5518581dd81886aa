using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Server.Imports;

/// <summary>
/// Notices coordinates of China's shifted system (GCJ-02) taken for WGS 84, or the reverse: a good part of a sample falls outside every ward, and
/// undoing the shift of 300 to 600 m brings most of it inside.
/// </summary>
internal sealed class DatumCheck(PolygonLocator wards)
{
    // The sample: every row at first, every second after this many, every fourth ...
    private const int SampleRows = 8_192;
    private const int FewestRows = 50;

    private long _rows;
    private int _stride = 1;
    private int _sampled;
    private int _strideSampled;
    private int _inside;
    private int _insideUnshifted;
    private int _insideShifted;

    internal void Add(double lonDegrees, double latDegrees)
    {
        if (wards.Polygons.Count == 0 || _rows++ % _stride != 0)
        {
            return;
        }
        var place = new LonLat(lonDegrees, latDegrees);
        var unshifted = Gcj02.ToWgs84(place);
        if (unshifted == place)
        {
            // Not in mainland China, where the two are one.
            return;
        }
        var shifted = Gcj02.FromWgs84(place);
        _sampled++;
        _inside += wards.Locate(lonDegrees, latDegrees) >= 0 ? 1 : 0;
        _insideUnshifted += wards.Locate(unshifted.LonDegrees, unshifted.LatDegrees) >= 0 ? 1 : 0;
        _insideShifted += wards.Locate(shifted.LonDegrees, shifted.LatDegrees) >= 0 ? 1 : 0;
        if (++_strideSampled == SampleRows)
        {
            (_stride, _strideSampled) = (_stride * 2, 0);
        }
    }

    /// <summary>The warning, or null.</summary>
    internal string? Warning()
    {
        var outside = _sampled - _inside;
        if (_sampled < FewestRows || outside * 50 < _sampled)
        {
            return null;
        }
        var (best, what) = _insideUnshifted >= _insideShifted
            ? (_insideUnshifted, "the points look like GCJ-02 read as WGS 84 (300-600 m off); if so, import the file again with --crs GCJ02")
            : (_insideShifted, "the points look like WGS 84 where the wards were drawn on GCJ-02, or were given as GCJ-02 and are not; check --crs of both files");
        return _sampled - best <= outside / 2
            ? $"{100.0 * outside / _sampled:0.#} % of the points in China are outside every ward, but only {100.0 * (_sampled - best) / _sampled:0.#} % when moved by the GCJ-02 shift: {what}"
            : null;
    }
}
