namespace GeoSanitation.CountyGenerator;

/// <summary>A ward and the blocks that it is made of.</summary>
internal sealed record Ward(string Code, Name Name, string Level, string? ParentCode, string? Responsible, IReadOnlySet<(int I, int J)> Blocks)
{
    /// <summary>About 110 people live on a block of the town, two elsewhere; some blocks hold more than others.</summary>
    internal int Population => Blocks.Sum(b => Wards.IsBuiltUp(b.I + 0.5, b.J + 0.5) ? 60 + (b.I * 7919 + b.J * 6007) % 101 : (b.I * 31 + b.J * 17) % 5);
}

/// <summary>The county, its subdistricts and towns, their communities and villages, and unit grids of one block where it is built up.</summary>
internal sealed class Wards
{
    private const string CountyCode = "990121";
    private const int Villages = 3;

    /// <summary>Middle of each area, and how far it reaches more than others do, blocks.</summary>
    private static readonly (double U, double V, double Reach)[] AreaSeeds = [(119, 144, 22), (110, 116, 22), (147, 117, 20), (182, 168, 0), (76, 58, 0)];

    private readonly Chance _chance = new(20_261_031);
    private readonly (double U, double V, int Area)[] _communitySeeds;

    internal Wards(Terrain terrain)
    {
        var areas = new Blocks(AreaOf);
        areas.Tidy(area => area);
        _communitySeeds = [.. Enumerable.Range(0, AreaSeeds.Length).SelectMany(area => Seeds(areas, area))];
        Communities = new Blocks((i, j) => areas[i, j] == Blocks.None ? Blocks.None : Nearest(i + 0.5, j + 0.5, areas[i, j]));
        Communities.Tidy(c => c == Blocks.None ? Blocks.None : _communitySeeds[c].Area);
        Smooth(terrain);
        All = [.. Tree()];
    }

    /// <summary>The community of each block.</summary>
    internal Blocks Communities { get; }

    /// <summary>Every ward, parents before their parts.</summary>
    internal IReadOnlyList<Ward> All { get; }

    /// <summary>Area (position in <see cref="Names.Areas"/>) of a community.</summary>
    internal int AreaOfCommunity(int community) => _communitySeeds[community].Area;

    /// <summary>Middle of a community, or where it grew from.</summary>
    internal IEnumerable<(double U, double V, int Area)> CommunitySeeds => _communitySeeds;

    /// <summary>Middle of a town.</summary>
    internal static (double U, double V) TownMiddle(int area) => (AreaSeeds[area].U, AreaSeeds[area].V);

    /// <summary>Whether a place is built up: the seat, and the middle of each town.</summary>
    internal static bool IsBuiltUp(double u, double v)
        => Terrain.FromSeat(u, v) < 25 + 5 * Chance.Noise(u / 9, v / 9, 11)
            || AreaSeeds.Skip(Villages).Any(town => Terrain.Distance(u, v, town.U, town.V) < 6.5 + 2 * Chance.Noise(u / 4, v / 4, 12));

    private static int AreaOf(int i, int j)
    {
        var (u, v) = (i + 0.5, j + 0.5);
        if (Terrain.FromSeat(u, v) > 98 + 20 * Chance.Noise(u / 30, v / 30, 21) + 6 * Chance.Noise(u / 8, v / 8, 22))
        {
            return Blocks.None;
        }
        var north = j >= Terrain.RiverRow;
        return Enumerable.Range(0, AreaSeeds.Length).Where(a => AreaSeeds[a].V >= Terrain.RiverRow == north)
            .MinBy(a => Terrain.Distance(u, v, AreaSeeds[a].U, AreaSeeds[a].V) - AreaSeeds[a].Reach + 7 * Chance.Noise(u / 14, v / 14, 30 + (ulong)a));
    }

    // Small communities in the seat, large ones in the country: each next one is the best of many, far from those before it for the place's own scale.
    private List<(double U, double V, int Area)> Seeds(Blocks areas, int area)
    {
        var blocks = areas.Where(a => a == area).ToList();
        var seeds = new List<(double U, double V, int Area)> { (AreaSeeds[area].U, AreaSeeds[area].V, area) };
        while (seeds.Count < Names.Communities[area].Length)
        {
            var best = Enumerable.Range(0, 60).Select(_ => blocks[_chance.Below(blocks.Count)])
                .MaxBy(b => seeds.Min(s => Terrain.Distance(b.I, b.J, s.U, s.V)) / Scale(b.I, b.J));
            seeds.Add((best.I + 0.5, best.J + 0.5, area));
        }
        return seeds;
    }

    private static double Scale(double u, double v) => 1 + Math.Max(0, Terrain.FromSeat(u, v) - 18) / 14;

    private int Nearest(double u, double v, int area)
    {
        var (du, dv) = (3 * Chance.Noise(u / 11, v / 11, 41), 3 * Chance.Noise(u / 11, v / 11, 42));
        return Enumerable.Range(0, _communitySeeds.Length).Where(c => _communitySeeds[c].Area == area)
            .MinBy(c => Terrain.Distance(u + du, v + dv, _communitySeeds[c].U, _communitySeeds[c].V) / Scale(_communitySeeds[c].U, _communitySeeds[c].V));
    }

    // Boundaries along blocks are stairs: their corners are pulled towards the line, the corners beside them follow.
    private void Smooth(Terrain terrain)
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 1; i < Terrain.Size; i++)
            {
                for (var j = 1; j < Terrain.Size; j++)
                {
                    var (a, b, c, d) = (Communities[i - 1, j - 1], Communities[i, j - 1], Communities[i - 1, j], Communities[i, j]);
                    var along = new List<(int, int)>(4);
                    Add(a != b, (i, j - 1));
                    Add(c != d, (i, j + 1));
                    Add(a != c, (i - 1, j));
                    Add(b != d, (i + 1, j));
                    if (along.Count == 2)
                    {
                        terrain.Pull(i, j, along, 0.45);
                    }
                    else if (along.Count == 0)
                    {
                        terrain.Pull(i, j, [(i, j - 1), (i, j + 1), (i - 1, j), (i + 1, j)], 0.2);
                    }

                    void Add(bool boundary, (int, int) corner)
                    {
                        if (boundary)
                        {
                            along.Add(corner);
                        }
                    }
                }
            }
        }
    }

    private IEnumerable<Ward> Tree()
    {
        yield return new Ward(CountyCode, Names.County, "county", null, "澄岭县爱国卫生运动委员会办公室", Where(_ => true));
        for (var area = 0; area < Names.Areas.Length; area++)
        {
            var isTown = area >= Villages;
            var (name, code) = (Names.Areas[area], AreaCode(area));
            yield return new Ward(code, name, isTown ? "town" : "subdistrict", CountyCode, isTown ? $"{name.Chinese}人民政府" : $"{name.Chinese}办事处", Where(c => AreaOfCommunity(c) == area));
        }
        for (var c = 0; c < _communitySeeds.Length; c++)
        {
            var (name, code, blocks) = (CommunityName(c), CommunityCode(c), Where(label => label == c));
            var committee = name.Chinese.EndsWith('村') ? $"{name.Chinese}村民委员会" : $"{name.Chinese}居民委员会";
            yield return new Ward(code, name, "community", AreaCode(AreaOfCommunity(c)), committee, blocks);
            var number = 0;
            foreach (var block in blocks.Where(b => IsBuiltUp(b.I + 0.5, b.J + 0.5)).Order())
            {
                number++;
                yield return new Ward($"{code}{number:000}", new Name($"{name.Chinese}{number}号网格", $"{name.English} Grid {number}"), "grid", code, null, new HashSet<(int, int)> { block });
            }
        }
    }

    /// <summary>Code of an area, in the manner of the national division codes, under a prefix that no province has.</summary>
    internal static string AreaCode(int area) => area < Villages ? $"{CountyCode}{area + 1:000}" : $"{CountyCode}{area - Villages + 101}";

    /// <summary>Name of a community.</summary>
    internal Name CommunityName(int community) => Names.Communities[AreaOfCommunity(community)][IndexInArea(community)];

    private string CommunityCode(int community)
    {
        var name = CommunityName(community).Chinese;
        return $"{AreaCode(AreaOfCommunity(community))}{(name.EndsWith('村') ? 200 : 0) + IndexInArea(community) + 1:000}";
    }

    private int IndexInArea(int community) => Enumerable.Range(0, community).Count(c => AreaOfCommunity(c) == AreaOfCommunity(community));

    private HashSet<(int I, int J)> Where(Func<int, bool> fits) => [.. Communities.Where(fits)];
}
