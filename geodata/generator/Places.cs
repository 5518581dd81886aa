namespace GeoSanitation.CountyGenerator;

/// <summary>A place with a name that covers some blocks: columns <c>U</c> to <c>U + Width</c>, rows <c>V</c> to <c>V + Height</c>, but for a margin.</summary>
internal sealed record Place(string Kind, Name Name, double U, double V, double Width, double Height)
{
    private const double Margin = 0.12;

    /// <summary>Its corner places, closed.</summary>
    internal IEnumerable<(double U, double V)> Ring()
    {
        var (west, south, east, north) = (U + Margin, V + Margin, U + Width - Margin, V + Height - Margin);
        return [(west, south), (east, south), (east, north), (west, north), (west, south)];
    }

    /// <summary>A place in it.</summary>
    internal (double U, double V) Within(Chance chance)
        => (chance.Between(U + 2 * Margin, U + Width - 2 * Margin), chance.Between(V + 2 * Margin, V + Height - 2 * Margin));
}

/// <summary>A street: along a column or a row of corners.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsColumn">Whether it runs from south to north.</param>
/// <param name="At">Its column or row.</param>
/// <param name="From">First row or column.</param>
/// <param name="To">Last row or column.</param>
internal sealed record Street(Name Name, bool IsColumn, int At, int From, int To)
{
    /// <summary>A place beside it.</summary>
    /// <param name="along">How far along, 0 to 1.</param>
    /// <param name="aside">How far to the right, blocks.</param>
    internal (double U, double V) Beside(double along, double aside)
    {
        var at = From + along * (To - From);
        return IsColumn ? (At + aside, at) : (at, At + aside);
    }
}

/// <summary>Markets, old estates, urban villages and parks, each where such things stand, none on another, and the streets between.</summary>
internal sealed class Places
{
    private const int StreetEvery = 5;

    private readonly Chance _chance = new(7);
    private readonly Wards _wards;
    private readonly List<Place> _all = [];

    internal Places(Wards wards)
    {
        _wards = wards;
        Settle("market", Names.Markets[..7], 1, 1, 2, 22, 9);
        for (var town = 0; town < 2; town++)
        {
            var (u, v) = Wards.TownMiddle(3 + town);
            _all.Add(new Place("market", Names.Markets[7 + town], (int)u, (int)v, 1, 1));
        }
        Settle("urban_village", Names.UrbanVillages, 4, 3, 13, 24, 12);
        Settle("old_estate", Names.OldEstates, 2, 2, 3, 17, 6);
        Settle("park", Names.Parks, 3, 3, 5, 24, 10);
        Streets = [.. MainStreets()];
    }

    internal IReadOnlyList<Place> All => _all;

    /// <summary>The main streets of the seat.</summary>
    internal IReadOnlyList<Street> Streets { get; }

    // The best of many: within its distances from the seat's middle, free, built up, clear of the river, far from its own kind.
    private void Settle(string kind, Name[] names, int width, int height, double nearest, double farthest, double apart)
    {
        foreach (var name in names)
        {
            var found = Enumerable.Range(0, 4000).Select(_ => new Place(kind, name, 95 + _chance.Below(60), 96 + _chance.Below(60), width, height)).First(Fits);
            _all.Add(found);
        }

        bool Fits(Place place)
        {
            var (u, v) = (place.U + width / 2.0, place.V + height / 2.0);
            return Terrain.FromSeat(u, v) is var far && far >= nearest && far <= farthest
                && (place.V > Terrain.RiverRow + 1 || place.V + height < Terrain.RiverRow - 1)
                && Corners(place).All(c => Wards.IsBuiltUp(c.U, c.V))
                && _all.All(other => Terrain.Distance(u, v, other.U + other.Width / 2, other.V + other.Height / 2) > (other.Kind == kind ? apart : 4.5));
        }
    }

    private static IEnumerable<(double U, double V)> Corners(Place place)
        => [(place.U, place.V), (place.U + place.Width, place.V), (place.U, place.V + place.Height), (place.U + place.Width, place.V + place.Height)];

    private static IEnumerable<Street> MainStreets()
    {
        for (var (at, k) = (97, 0); k < Names.Avenues.Length; at += StreetEvery, k++)
        {
            if (Stretch(row => Wards.IsBuiltUp(at, row + 0.5)) is var (from, to) && to - from > 6)
            {
                yield return new Street(Names.Avenues[k], true, at, from, to);
            }
        }
        for (var (at, k) = (102, 0); k < Names.Streets.Length; at += StreetEvery, k++)
        {
            // Along the river the street keeps to its bank.
            var row = at == Terrain.RiverRow ? at + 1 : at;
            if (Stretch(column => Wards.IsBuiltUp(column + 0.5, row)) is var (from, to) && to - from > 6)
            {
                yield return new Street(Names.Streets[k], false, row, from, to);
            }
        }
    }

    // The longest run of steps around the seat's middle that are built up.
    private static (int From, int To) Stretch(Func<int, bool> isBuiltUp)
    {
        var best = (From: 0, To: 0);
        for (var k = 85; k < 165; k++)
        {
            var from = k;
            while (k < 165 && isBuiltUp(k))
            {
                k++;
            }
            if (k - from > best.To - best.From)
            {
                best = (from, k);
            }
        }
        return best;
    }

    /// <summary>Whether a place is inside the county.</summary>
    internal bool IsInside(double u, double v) => _wards.Communities[(int)Math.Floor(u), (int)Math.Floor(v)] != Blocks.None;
}
