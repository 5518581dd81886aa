namespace GeoSanitation.Server.Imports;

/// <summary>A file as a whole cannot be imported; the message says why, and what to do, in one line. Nothing of it was kept.</summary>
public sealed class ImportFileException(string message) : Exception(message);
