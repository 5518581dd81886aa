namespace GeoSanitation.CountyGenerator;

/// <summary>A kind of problem: its category, and how its department works.</summary>
/// <param name="Code">Category code (<c>seeds/categories.csv</c>).</param>
/// <param name="Title">What the report says.</param>
/// <param name="Severity">Usual severity.</param>
/// <param name="AllowedHours">About how long the deadline is by the clock.</param>
/// <param name="Pace">Time taken over time allowed, about.</param>
/// <param name="Forgotten">Share that is never finished.</param>
/// <param name="InSummer">Whether heat makes it worse.</param>
internal sealed record Kind(string Code, string Title, int Severity, double AllowedHours, double Pace, double Forgotten, bool InSummer)
{
    internal static readonly Kind[] All =
    [
        new("exposed_rubbish", "路边暴露垃圾", 3, 12, 0.9, 0.012, true), new("overflowing_bin", "垃圾桶满溢", 2, 6, 1.0, 0.009, true), new("back_lane_rubbish", "背街小巷垃圾堆积", 4, 24, 1.0, 0.024, true),
        new("shop_spillover", "商铺店外经营", 3, 20, 0.9, 0.012, false), new("street_vendor", "流动摊贩占道", 2, 10, 0.9, 0.009, false), new("chaotic_parking", "车辆乱停放", 2, 10, 0.9, 0.009, false),
        new("illegal_poster", "墙面小广告", 1, 60, 1.0, 0.018, false), new("dirty_road", "路面不洁", 2, 12, 0.9, 0.009, false),
        new("construction_waste", "建筑垃圾乱堆", 3, 48, 1.0, 0.03, false), new("bike_parking", "电动车乱停放", 1, 20, 0.9, 0.012, false), new("dirty_public_toilet", "公厕不洁", 3, 8, 1.0, 0.009, true),
        new("standing_sewage", "污水横流", 4, 24, 2.1, 0.06, true), new("sewer_overflow", "污水井冒溢", 4, 12, 2.4, 0.06, true), new("blocked_drain", "下水道堵塞", 3, 24, 2.0, 0.06, true),
        new("market_sewage", "市场内污水", 4, 20, 0.9, 0.012, true), new("unprotected_stall", "摊位无三防设施", 3, 44, 1.0, 0.018, true), new("live_poultry_in_market", "市场内宰杀活禽", 4, 20, 0.9, 0.018, false),
        new("live_poultry_slaughter", "城中村宰杀活禽", 5, 66, 1.1, 0.03, false), new("dry_latrine", "旱厕未改造", 4, 720, 1.2, 0.18, true),
        new("estate_neglect", "老旧小区失管", 3, 120, 2.2, 0.09, false), new("estate_clutter", "楼道堆放杂物", 2, 72, 1.9, 0.06, false), new("mosquito_breeding", "蚊蝇孳生", 3, 48, 1.0, 0.018, true),
        new("eatery_hygiene", "小餐饮卫生差", 3, 110, 0.9, 0.018, false), new("livestock_in_town", "散养畜禽", 3, 110, 1.0, 0.03, false),
    ];

    internal static Kind Of(string code) => All.Single(k => k.Code == code);
}

/// <summary>A spot where one kind of problem returns.</summary>
/// <param name="Kind">What.</param>
/// <param name="U">Column.</param>
/// <param name="V">Row.</param>
/// <param name="GapDays">Usual time from closing to the next, days.</param>
/// <param name="Address">Where, in words.</param>
internal sealed record Spot(Kind Kind, double U, double V, double GapDays, string Address)
{
    /// <summary>First day.</summary>
    internal DateTime From { get; init; } = DateTime.MinValue;

    /// <summary>Day after the last.</summary>
    internal DateTime To { get; init; } = DateTime.MaxValue;

    /// <summary>Whether it comes ever faster.</summary>
    internal bool IsEmerging { get; init; }

    /// <summary>Whether it comes ever slower.</summary>
    internal bool IsFading { get; init; }
}

/// <summary>All spots of the county.</summary>
internal sealed class Spots
{
    /// <summary>The street whose night market appears in the last months.</summary>
    internal const string EmergingStreet = "Xuefu Road";

    /// <summary>The urban village that is being pulled down.</summary>
    internal const string FadingPlace = "Baita Urban Village";

    private static readonly DateTime NightMarketOpens = new(2026, 5, 20);

    private static readonly (Kind, double)[] OfMarkets =
        Weighted(("market_sewage", 5), ("unprotected_stall", 4), ("live_poultry_in_market", 2), ("overflowing_bin", 2), ("shop_spillover", 2), ("chaotic_parking", 2));

    private static readonly (Kind, double)[] OfUrbanVillages =
        Weighted(("back_lane_rubbish", 6), ("exposed_rubbish", 3), ("standing_sewage", 3), ("live_poultry_slaughter", 2), ("dry_latrine", 1), ("illegal_poster", 1), ("mosquito_breeding", 1), ("livestock_in_town", 1));

    private static readonly (Kind, double)[] OfOldEstates =
        Weighted(("estate_neglect", 4), ("estate_clutter", 4), ("exposed_rubbish", 2), ("illegal_poster", 3), ("sewer_overflow", 2), ("blocked_drain", 2), ("bike_parking", 2));

    private static readonly (Kind, double)[] OfStreets =
        Weighted(("shop_spillover", 5), ("street_vendor", 4), ("chaotic_parking", 5), ("dirty_road", 2), ("illegal_poster", 2), ("overflowing_bin", 2), ("bike_parking", 2), ("eatery_hygiene", 1));

    private static readonly (Kind, double)[] OfAnywhere =
        Weighted(("exposed_rubbish", 4), ("dirty_road", 2), ("construction_waste", 3), ("blocked_drain", 1), ("dirty_public_toilet", 1), ("illegal_poster", 1));

    private static readonly (Kind, double)[] OfVillages = Weighted(("exposed_rubbish", 4), ("dry_latrine", 3), ("livestock_in_town", 1), ("construction_waste", 1), ("standing_sewage", 1));

    private readonly List<Spot> _all = [];
    private readonly Chance _chance;

    internal Spots(Chance chance, Wards wards, Places places)
    {
        _chance = chance;
        foreach (var place in places.All)
        {
            var (kinds, count, gap) = place.Kind switch
            {
                "market" => (OfMarkets, 16, 21.0),
                "urban_village" => (OfUrbanVillages, 34, 28),
                "old_estate" => (OfOldEstates, 17, 31),
                _ => (OfAnywhere, 4, 70),
            };
            for (var k = 0; k < count; k++)
            {
                var (u, v) = place.Within(chance);
                _all.Add(new Spot(chance.Pick(kinds), u, v, gap * chance.Between(0.6, 1.8), place.Name.Chinese) { IsFading = place.Name.English == FadingPlace });
            }
        }
        foreach (var street in places.Streets)
        {
            // Some streets are worse than others.
            var gap = chance.Between(120, 340);
            for (var k = 0; k < 4 * (street.To - street.From); k++)
            {
                var (u, v) = street.Beside(chance.Next(), 0.1 * chance.Normal());
                _all.Add(new Spot(chance.Pick(OfStreets), u, v, gap * chance.Between(0.6, 2), $"{street.Name.Chinese}{1 + chance.Below(180)}号"));
            }
        }
        AddNightMarket(places.Streets.Single(s => s.Name.English == EmergingStreet));
        Scatter(1100, 300, OfAnywhere, places, Wards.IsBuiltUp, wards);
        Scatter(640, 330, OfVillages, places, (u, v) => !Wards.IsBuiltUp(u, v), wards);
    }

    internal IReadOnlyList<Spot> All => _all;

    private void AddNightMarket(Street street)
    {
        var kinds = Weighted(("street_vendor", 5), ("shop_spillover", 3), ("overflowing_bin", 2), ("chaotic_parking", 2), ("dirty_road", 1));
        for (var k = 0; k < 46; k++)
        {
            var (u, v) = street.Beside(_chance.Between(0.2, 0.42), 0.12 * _chance.Normal());
            _all.Add(new Spot(_chance.Pick(kinds), u, v, 17 * _chance.Between(0.7, 1.5), $"{street.Name.Chinese}夜市") { From = NightMarketOpens.AddDays(_chance.Between(0, 100)), IsEmerging = true });
        }
    }

    private void Scatter(int count, double gapDays, (Kind, double)[] kinds, Places places, Func<double, double, bool> belongs, Wards wards)
    {
        for (var k = 0; k < count;)
        {
            var (u, v) = (_chance.Between(4, Terrain.Size - 4), _chance.Between(4, Terrain.Size - 4));
            if (places.IsInside(u, v) && belongs(u, v))
            {
                k++;
                var community = wards.CommunityName(wards.Communities[(int)u, (int)v]).Chinese;
                _all.Add(new Spot(_chance.Pick(kinds), u, v, gapDays * _chance.Between(0.6, 2), community));
            }
        }
    }

    private static (Kind, double)[] Weighted(params (string Code, double Weight)[] kinds) => [.. kinds.Select(k => (Kind.Of(k.Code), k.Weight))];
}
