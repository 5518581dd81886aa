using GeoSanitation.Store.Reference;

namespace GeoSanitation.Server.Reference;

/// <summary>An inspection round.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name, where known.</param>
/// <param name="Kind">What it was: covert, campaign, routine or another word.</param>
/// <param name="StartsAt">Start.</param>
/// <param name="EndsAt">End.</param>
/// <param name="Visits">How often inspectors looked, where known.</param>
internal sealed record RoundProperties(string Code, string Name, string? NameEn, string Kind, DateTime StartsAt, DateTime EndsAt, int? Visits)
{
    internal RoundProperties(Round round)
        : this(round.Code, round.Name, round.NameEn, round.Kind, round.StartsAt, round.EndsAt, round.Visits)
    {
    }
}
