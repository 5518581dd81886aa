namespace GeoSanitation.Store.Webhooks;

/// <summary>What an address is to be told.</summary>
/// <param name="Url">The address.</param>
/// <param name="Secret">What its messages are signed with.</param>
/// <param name="Collections">Of what it wants to hear.</param>
/// <param name="Wards">Codes of the wards whose issues it wants to hear of; all where there are none.</param>
/// <param name="Events">What must become of an issue: <c>created</c>, <c>updated</c>, <c>deleted</c>.</param>
/// <param name="Source">Address of the server as whoever subscribed sees it.</param>
public sealed record NewSubscription(string Url, string Secret, IReadOnlyList<string> Collections, IReadOnlyList<string> Wards, IReadOnlyList<string> Events, string Source);

/// <summary>An address that is told of changes.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Wanted">What it is to be told.</param>
/// <param name="Cursor">What it was told.</param>
/// <param name="CreatedAt">Since when it is there.</param>
/// <param name="Delivered">Events that it took.</param>
/// <param name="DeliveredAt">When it took the last one.</param>
/// <param name="Failures">How often in a row it took none.</param>
/// <param name="Error">Why, the last time.</param>
/// <param name="NextAt">When it is tried again.</param>
/// <param name="DeadAt">When it was given up; null while it is not.</param>
public sealed record Subscription(
    int Id, NewSubscription Wanted, string Cursor, DateTime CreatedAt, long Delivered, DateTime? DeliveredAt, int Failures, string? Error, DateTime NextAt, DateTime? DeadAt);

/// <summary>Something that is sent once of a run.</summary>
/// <param name="Id">Its number.</param>
/// <param name="RunId">The run.</param>
/// <param name="Content"><c>event</c>, <c>status</c> or <c>results</c>.</param>
/// <param name="SubscriptionId">The address that subscribed; null for one that whoever asked for the run named.</param>
/// <param name="Url">That address; null for one that subscribed.</param>
/// <param name="CallbackJson">What whoever asked for the run said of it: an object; null for an address that subscribed.</param>
/// <param name="Failures">How often it did not arrive.</param>
/// <param name="Error">Why, the last time.</param>
/// <param name="NextAt">When it is tried again.</param>
/// <param name="DeadAt">When it was given up; null while it is not.</param>
public sealed record Delivery(long Id, long RunId, string Content, int? SubscriptionId, string? Url, string? CallbackJson, int Failures, string? Error, DateTime NextAt, DateTime? DeadAt);
