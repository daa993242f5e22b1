using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Users and groups.</summary>
internal static class AccountCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["whoami"] = i => SystemCommands.PrintAsync(i, i.State.Visit.UserName + "\n"),
        ["logname"] = i => SystemCommands.PrintAsync(i, i.State.Visit.UserName + "\n"),
        ["id"] = IdAsync,
        ["groups"] = i => SystemCommands.PrintAsync(i, i.State.Visit.UserId == 0 ? "root\n" : $"{i.State.Visit.UserName} adm cdrom sudo dip lxd\n"),
        ["passwd"] = PasswordAsync,
        ["chpasswd"] = ChangePasswordsAsync,
        ["useradd"] = AddUserAsync,
        ["adduser"] = AddUserAsync,
        ["userdel"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("Permission denied.\nuserdel: cannot lock /etc/passwd; try again later."),
        ["usermod"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("Permission denied.\nusermod: cannot lock /etc/passwd; try again later."),
        ["groupadd"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("Permission denied."),
        ["getent"] = GetEntryAsync,
    };

    private static async ValueTask<int> IdAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault(i.State.Visit.UserName);
        if (Accounts.Find(i.Files, name) is not { } account)
        {
            return await i.FailAsync($"‘{name}’: no such user");
        }

        string text = i.Has('u') ? i.Has('n') ? account.Name : account.Id.ToString(CultureInfo.InvariantCulture)
            : i.Has('g') ? account.Group.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"uid={account.Id}({account.Name}) gid={account.Group}({Accounts.GroupName(i.Files, account.Group)}) groups={account.Group}({Accounts.GroupName(i.Files, account.Group)})");
        text += account.Id is >= 1000 and < 2000 && !i.Has('u') && !i.Has('g') ? ",4(adm),24(cdrom),27(sudo),30(dip),105(lxd)" : "";
        return await SystemCommands.PrintAsync(i, text + "\n");
    }

    private static async ValueTask<int> PasswordAsync(Invocation i)
    {
        string user = i.Operands.FirstOrDefault(i.State.Visit.UserName);
        if (Accounts.Find(i.Files, user) is null)
        {
            return await i.FailAsync($"user '{user}' does not exist");
        }

        List<string> prompts = i.State.Visit.UserId == 0 ? ["New password: ", "Retype new password: "] : ["Current password: ", "New password: ", "Retype new password: "];
        List<string> answers = [];
        foreach (string prompt in prompts)
        {
            await i.Streams.Error.WriteAsync(prompt, i.Cancellation);
            answers.Add(await i.Streams.Input.ReadLineAsync(i.Cancellation) ?? "");
            await i.Streams.Error.WriteAsync("\n", i.Cancellation);
        }

        if (!string.Equals(answers[^1], answers[^2], StringComparison.Ordinal))
        {
            return await i.FailAsync("Authentication token manipulation error\npasswd: password unchanged", 10);
        }

        RecordPassword(i, user, answers[^1]);
        await i.Streams.Error.WriteAsync("passwd: password updated successfully\n", i.Cancellation);
        return 0;
    }

    private static void RecordPassword(Invocation i, string user, string password) =>
        i.State.Log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = "changed-password" });

    private static async ValueTask<int> ChangePasswordsAsync(Invocation i)
    {
        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync("cannot lock /etc/passwd; try again later.");
        }

        foreach (string line in TextCommands.Lines(Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation))))
        {
            if (line.Split(':', 2) is [var user, var password])
            {
                RecordPassword(i, user, password);
            }
        }

        return 0;
    }

    private static async ValueTask<int> AddUserAsync(Invocation i)
    {
        string name = i.OperandsWithout("dsgGupckeo").FirstOrDefault("");
        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync("Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.");
        }

        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')))
        {
            return await i.FailAsync($"invalid user name '{name}'", 3);
        }

        if (Accounts.Find(i.Files, name) is not null)
        {
            return await i.FailAsync($"user '{name}' already exists", 9);
        }

        int id = int.TryParse(i.Value('u'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : Accounts.All(i.Files).Where(a => a.Id is >= 1000 and < 60_000).Max(a => a.Id) + 1;
        i.Files.Read("/etc/passwd", out byte[] users);
        i.Files.Write("/etc/passwd", [.. users, .. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}:x:{id}:{id}::/home/{name}:{i.Value('s') ?? "/bin/sh"}\n"))], 0, 0);
        i.Files.Read("/etc/group", out byte[] groups);
        i.Files.Write("/etc/group", [.. groups, .. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}:x:{id}:\n"))], 0, 0);
        if (i.Has('m') || i.Name is "adduser")
        {
            i.Files.MakeFolder($"/home/{name}", id, id, 0x1E8);
        }

        i.State.Log.Record(new Observation(ObservationKinds.Login) { User = name, Secret = i.Value('p'), Method = "added-user" });
        return 0;
    }

    private static async ValueTask<int> GetEntryAsync(Invocation i)
    {
        i.Files.Read($"/etc/{i.Operands.FirstOrDefault("passwd")}", out byte[] content);
        string key = i.Operands.Skip(1).FirstOrDefault("");
        string[] lines = [.. TextCommands.Lines(Encoding.Latin1.GetString(content)).Where(line => key.Length == 0 || line.StartsWith(key + ":", StringComparison.Ordinal))];
        await i.PrintAsync(string.Concat(lines.Select(line => line + "\n")));
        return lines.Length == 0 ? 2 : 0;
    }
}
