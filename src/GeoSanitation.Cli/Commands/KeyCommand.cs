using System.CommandLine;
using GeoSanitation.Store.Access;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan key</c>: who may write, and see what is private.</summary>
internal static class KeyCommand
{
    internal static Command Create() => new ExampleCommand("key", "Add, list and revoke API keys.", "geosan key add \"city hotline\" --role inspector")
    {
        Add(),
        List(),
        Revoke(),
    };

    private static ExampleCommand Add()
    {
        var name = new Argument<string>("name") { Description = "Whose key it is" };
        var role = new Option<string>("--role") { Description = "What the key may do", Required = true };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var command = new ExampleCommand("add", "Make a key and show it, once.", "geosan key add \"city hotline\" --role inspector") { name, role };
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(name)))
            {
                throw new CommandException("name was empty; it must say whose key it is");
            }
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            Console.WriteLine(await new KeyStore(open.Database).AddAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), cancellation));
            return CommandLine.Done;
        });
        return command;
    }

    private static ExampleCommand List()
    {
        var command = new ExampleCommand("list", "List the keys; what is secret of them is not kept.", "geosan key list");
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            Console.WriteLine($"{"prefix",-8}  {"role",-13}  {"created",-16}  {"last used",-16}  {"revoked",-16}  name");
            foreach (var key in await new KeyStore(open.Database).ListAsync(cancellation))
            {
                Console.WriteLine($"{key.Prefix}  {key.Role,-13}  {Minute(key.CreatedAt),-16}  {Minute(key.LastUsedAt),-16}  {Minute(key.RevokedAt),-16}  {key.Name}");
            }
            return CommandLine.Done;
        });
        return command;
    }

    private static ExampleCommand Revoke()
    {
        var prefix = new Argument<string>("prefix") { Description = "The key's prefix, as geosan key list shows it" };
        var command = new ExampleCommand("revoke", "Make a key useless, for good.", "geosan key revoke k3f8s0qa") { prefix };
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            return await new KeyStore(open.Database).RevokeAsync(parsed.GetRequiredValue(prefix), cancellation)
                ? CommandLine.Done
                : throw new CommandException($"prefix was {parsed.GetRequiredValue(prefix)}; it must be that of a key in use (see geosan key list)");
        });
        return command;
    }

    private static string Minute(DateTimeOffset? time) => time is { } at ? $"{at.UtcDateTime:yyyy-MM-dd HH:mm}" : "-";
}
