using System.Security.Cryptography;
using System.Text;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Store.Tests.Access;

public sealed class KeyStoreTests
{
    [Fact]
    public async Task A_key_is_found_by_its_text_until_it_is_revoked()
    {
        await using var data = await TestDatabase.CreateAsync();
        var keys = new KeyStore(data.Database);
        var text = await keys.AddAsync("hotline", Roles.Inspector, CancellationToken.None);

        var found = await keys.FindAsync(text, CancellationToken.None);
        Assert.Equal(("hotline", "inspector", text[3..11]), (found!.Name, found.Role, found.Prefix));
        Assert.Null(await keys.FindAsync(text[..^1], CancellationToken.None));

        Assert.True(await keys.RevokeAsync(found.Prefix, CancellationToken.None));
        Assert.False(await keys.RevokeAsync(found.Prefix, CancellationToken.None));
        Assert.Null(await keys.FindAsync(text, CancellationToken.None));
        Assert.NotNull((await keys.ListAsync(CancellationToken.None)).Single().RevokedAt);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_kept()
    {
        await using var data = await TestDatabase.CreateAsync();
        var text = await new KeyStore(data.Database).AddAsync("hotline", Roles.Reader, CancellationToken.None);

        Assert.Matches("^gs_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", text);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(text)), await data.ScalarAsync<byte[]>("SELECT hash FROM geosan.api_key"));
        Assert.False(await data.ScalarAsync<bool>($"SELECT k::text LIKE '%{text[12..]}%' FROM geosan.api_key AS k"));
    }

    [Fact]
    public async Task The_first_key_is_made_once_however_many_servers_start()
    {
        await using var data = await TestDatabase.CreateAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new KeyStore(data.Database).AddFirstAsync(CancellationToken.None)));

        var text = Assert.Single(made, m => m is not null);
        Assert.Equal(Roles.Administrator, (await new KeyStore(data.Database).FindAsync(text!, CancellationToken.None))!.Role);
    }

    [Fact]
    public async Task Use_is_noted_to_the_minute()
    {
        await using var data = await TestDatabase.CreateAsync();
        var keys = new KeyStore(data.Database);
        var text = await keys.AddAsync("hotline", Roles.Reader, CancellationToken.None);
        Assert.Null((await keys.ListAsync(CancellationToken.None)).Single().LastUsedAt);

        await keys.FindAsync(text, CancellationToken.None);
        var first = (await keys.ListAsync(CancellationToken.None)).Single().LastUsedAt;
        await keys.FindAsync(text, CancellationToken.None);
        Assert.NotNull(first);
        Assert.Equal(first, (await keys.ListAsync(CancellationToken.None)).Single().LastUsedAt);
    }
}
