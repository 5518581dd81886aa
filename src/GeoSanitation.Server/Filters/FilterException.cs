namespace GeoSanitation.Server.Filters;

/// <summary>A text of a filter language cannot be read, or asks for what there is not. Whoever took the text says which parameter it was.</summary>
/// <param name="problem">What is wrong and what is allowed, for people.</param>
internal sealed class FilterException(string problem) : Exception(problem);
