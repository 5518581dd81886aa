using GeoSanitation.Store.Wards;

namespace GeoSanitation.Server.Wards;

/// <summary>What a list says of a ward.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name, where known.</param>
/// <param name="Level">Its level, such as county, community or grid.</param>
/// <param name="Parent">Code of the ward around it; null at the top of the tree.</param>
/// <param name="Path">Codes from the top of the tree to itself.</param>
/// <param name="Responsible">Who answers for it.</param>
/// <param name="Population">People who live in it; null where nobody counted.</param>
/// <param name="AreaM2">Area on the ellipsoid, m2.</param>
/// <param name="ValidFrom">From when this boundary is in force.</param>
/// <param name="ValidTo">When it went out of force; null while it is.</param>
internal record WardProperties(
    string Code, string Name, string? NameEn, string Level, string? Parent, IReadOnlyList<string> Path, string? Responsible, int? Population, double AreaM2, DateTime ValidFrom, DateTime? ValidTo)
{
    internal WardProperties(Ward ward)
        : this(ward.Code, ward.Name, ward.NameEn, ward.Level, ward.ParentCode, ward.Path, ward.Responsible, ward.Population, Math.Round(ward.AreaSquareMeters, 1), ward.ValidFrom, ward.ValidTo)
    {
    }
}

/// <summary>What is said of one ward.</summary>
internal sealed record WardDetails : WardProperties
{
    internal WardDetails(WardFamily family)
        : base(family.Ward)
        => (Ancestors, Children, Periods) = (family.Ancestors, family.Children, family.Periods);

    /// <summary>From the top of the tree to its parent.</summary>
    public IReadOnlyList<WardName> Ancestors { get; }

    /// <summary>The wards right below it, by code.</summary>
    public IReadOnlyList<WardName> Children { get; }

    /// <summary>When its boundaries were in force, oldest first; <c>at</c> asks for one of them.</summary>
    public IReadOnlyList<WardPeriod> Periods { get; }
}
