using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Groups, and getent.</summary>
internal static class GroupCommands
{
    private const int Exists = 9;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["groupadd"] = AddGroupAsync,
        ["addgroup"] = AddGroupAsync,
        ["groupdel"] = RemoveGroupAsync,
        ["delgroup"] = RemoveGroupAsync,
        ["gpasswd"] = GroupMembersAsync,
        ["getent"] = GetEntryAsync,
    };

    private static bool IsRoot(Invocation i) => i.State.Visit.UserId == 0;

    private static async ValueTask<int> AddGroupAsync(Invocation i)
    {
        string name = i.OperandsWithout("gKR").FirstOrDefault("");
        if (!IsRoot(i))
        {
            return await i.FailAsync("Permission denied.\ngroupadd: cannot lock /etc/group; try again later.", 10);
        }

        if (Accounts.Groups(i.Files).Any(group => string.Equals(group.Name, name, StringComparison.Ordinal)))
        {
            return await i.FailAsync($"group '{name}' already exists", Exists);
        }

        if (!AccountChanges.IsName(name))
        {
            return await i.FailAsync($"'{name}' is not a valid group name", 3);
        }

        AccountChanges.AddGroup(i, name, int.TryParse(i.Value('g'), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null);
        return 0;
    }

    private static async ValueTask<int> RemoveGroupAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        if (!IsRoot(i))
        {
            return await i.FailAsync("Permission denied.\ngroupdel: cannot lock /etc/group; try again later.", 10);
        }

        if (Accounts.Groups(i.Files).FirstOrDefault(group => string.Equals(group.Name, name, StringComparison.Ordinal)) is not { Name: not null } found)
        {
            return await i.FailAsync($"group '{name}' does not exist", 6);
        }

        if (Accounts.All(i.Files).FirstOrDefault(account => account.Group == found.Id) is { Name: { } owner })
        {
            return await i.FailAsync($"cannot remove the primary group of user '{owner}'", 8);
        }

        Accounts.Edit(i.Files, "/etc/group", fields => string.Equals(fields[0], name, StringComparison.Ordinal) ? null : string.Join(':', fields));
        return 0;
    }

    private static async ValueTask<int> GroupMembersAsync(Invocation i)
    {
        string group = i.OperandsWithout("adAM").FirstOrDefault("");
        if (!IsRoot(i))
        {
            return await i.FailAsync("Permission denied.");
        }

        if ((i.Value('a') ?? i.Value('d')) is { } user)
        {
            await i.PrintAsync(i.Value('a') is not null ? $"Adding user {user} to group {group}\n" : $"Removing user {user} from group {group}\n");
            string[] others = [.. Accounts.GroupsOf(i.Files, user, -1).Select(other => other.Name).Where(other => !string.Equals(other, group, StringComparison.Ordinal))];
            AccountChanges.Join(i, user, i.Value('a') is not null ? [group] : others, isAdded: i.Value('a') is not null);
        }

        return 0;
    }

    private static async ValueTask<int> GetEntryAsync(Invocation i)
    {
        string table = i.Operands.FirstOrDefault("");
        string? path = table switch { "passwd" or "group" or "shadow" or "gshadow" or "hosts" or "services" => "/etc/" + table, _ => null };
        if (path is null)
        {
            await i.Streams.Error.WriteAsync(table.Length == 0 ? "getent: wrong number of arguments\n" : $"Unknown database: {table}\n", i.Cancellation);
            return await SystemCommands.PrintAsync(i, "Try `getent --help' or `getent --usage' for more information.\n", table.Length == 0 ? 64 : 1);
        }

        if (i.Read(path, out byte[] content) != FileError.None)
        {
            return 2;
        }

        string[] keys = [.. i.Operands.Skip(1)];
        string[] lines = TextCommands.Lines(Encoding.Latin1.GetString(content));
        if (keys.Length > 0)
        {
            lines = table is "hosts"
                ? [.. lines.Where(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } words && words.Any(word => keys.Contains(word, StringComparer.Ordinal)))]
                : [.. lines.Where(line => line.Split(':') is { } fields && (keys.Contains(fields[0], StringComparer.Ordinal) || (fields.Length > 2 && keys.Contains(fields[2], StringComparer.Ordinal))))];
        }

        await i.PrintAsync(string.Concat(lines.Select(line => line + "\n")));
        return keys.Length > 0 && lines.Length < keys.Length ? 2 : 0;
    }
}
