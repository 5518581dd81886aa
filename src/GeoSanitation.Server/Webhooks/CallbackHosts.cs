using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Webhooks;

/// <summary>Whom this server may call. Callers name addresses; only the operator says which hosts may be among them, so that nobody makes the server knock on doors that are closed to themselves.</summary>
internal sealed class CallbackHosts
{
    private const int LongestAddress = 2000;

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">A host of the settings is none.</exception>
    public CallbackHosts(Settings settings)
    {
        foreach (var host in settings.Callbacks.Hosts)
        {
            // With a port, only that; without, those that http and https usually have.
            if (!Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address) || address.Authority.Length == 0 || address.UserInfo.Length > 0 || address.PathAndQuery != "/" || host.Contains('*', StringComparison.Ordinal) || host.EndsWith('/'))
            {
                throw new InvalidOperationException($"Settings: callbacks.hosts was \"{host}\"; it must be names of hosts, each with a port where it is not the usual one: hooks.example.org, 10.1.2.3:8080.");
            }
            _hosts.Add(host);
        }
    }

    /// <summary>Whether anybody may be called.</summary>
    internal bool Any => _hosts.Count > 0;

    /// <summary>Whether an address may be called.</summary>
    internal bool Allows(Uri address) => address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && _hosts.Contains(address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}");

    /// <summary>An address that a caller names.</summary>
    /// <param name="name">The member of the body that it is in.</param>
    /// <param name="text">The address.</param>
    /// <exception cref="BadParameterException">It is none, or it may not be called.</exception>
    internal Uri Read(string name, string? text)
    {
        if (!Any)
        {
            throw new BadParameterException(name, text ?? "given", "left out: this server calls nobody, as its setting callbacks.hosts names no host");
        }
        var allowed = $"an http or https address without user and fragment, at {string.Join(" or ", _hosts.Order(StringComparer.Ordinal))}";
        return text is { Length: <= LongestAddress } && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Fragment.Length == 0 && Allows(address) ? address
            : throw new BadParameterException(name, text, allowed);
    }
}
