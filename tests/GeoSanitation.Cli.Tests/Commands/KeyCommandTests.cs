using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Cli.Tests.Commands;

public sealed class KeyCommandTests
{
    [Fact]
    public async Task A_key_is_shown_once_listed_without_its_secret_and_revoked_once()
    {
        await using var data = await TestDatabase.CreateAsync();
        using var geosan = new Geosan();

        var added = await geosan.RunAsync("key", "add", "city hotline", "--role", "inspector", "--database", data.ConnectionString);
        Assert.Equal(0, added.ExitCode);
        var key = added.Output.TrimEnd('\n');
        Assert.Matches("^gs_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", key);
        var prefix = key[3..11];

        var listed = await geosan.RunAsync("key", "list", "--database", data.ConnectionString);
        Assert.Matches($"(?m)^{prefix}  inspector .* city hotline$", listed.Output);
        Assert.DoesNotContain(key[12..], listed.Output);

        Assert.Equal(0, (await geosan.RunAsync("key", "revoke", prefix, "--database", data.ConnectionString)).ExitCode);
        var again = await geosan.RunAsync("key", "revoke", prefix, "--database", data.ConnectionString);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains($"prefix was {prefix}", again.Errors);
        Assert.False(Directory.Exists(geosan.Data));
    }
}
