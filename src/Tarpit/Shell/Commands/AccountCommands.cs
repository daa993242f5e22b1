using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Users and groups.</summary>
internal static class AccountCommands
{
    private const int UserExists = 9;
    private const int NoSuchUser = 6;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["whoami"] = i => SystemCommands.PrintAsync(i, i.State.Visit.UserName + "\n"),
        ["logname"] = i => ProcessCommands.HasTerminal(i) ? SystemCommands.PrintAsync(i, i.State.Visit.UserName + "\n") : i.FailAsync("no login name"),
        ["id"] = IdAsync,
        ["groups"] = GroupsAsync,
        ["passwd"] = PasswordAsync,
        ["chpasswd"] = ChangePasswordsAsync,
        ["useradd"] = AddUserAsync,
        ["adduser"] = AddUserPolitelyAsync,
        ["userdel"] = RemoveUserAsync,
        ["deluser"] = RemoveUserAsync,
        ["usermod"] = ModifyUserAsync,
        ["chsh"] = i => ChangeFieldAsync(i, 6, 's'),
        ["chfn"] = i => ChangeFieldAsync(i, 4, 'f'),
        ["chage"] = AgeAsync,
        ["vipw"] = i => i.FailAsync("Terminal is not able to edit the file.", 1),
        ["pwck"] = i => new(0),
        ["newgrp"] = i => new(0),
    };

    private static bool IsRoot(Invocation i) => i.State.Visit.UserId == 0;

    private static ValueTask<int> LockedAsync(Invocation i) => i.FailAsync($"Permission denied.\n{i.Name.Split('/')[^1]}: cannot lock /etc/passwd; try again later.");

    private static async ValueTask<int> IdAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault(i.State.Visit.UserName);
        if (Accounts.Find(i.Files, name) is not { } account)
        {
            return await i.FailAsync($"‘{name}’: no such user");
        }

        bool hasOne = i.Has('u', "user") || i.Has('g', "group") || i.Has('G', "groups");
        if (!hasOne && (i.Has('z', "zero") || i.Has('n', "name") || i.Has('r', "real")))
        {
            return await i.FailAsync(i.Has('z', "zero") ? "option --zero not permitted in default format" : "cannot print only names or real IDs in default format");
        }

        IReadOnlyList<(string Name, int Id)> groups = Accounts.GroupsOf(i.Files, account.Name, account.Group);
        bool isNamed = i.Has('n', "name");
        string Number(int id) => id.ToString(CultureInfo.InvariantCulture);
        string text = i.Has('u', "user") ? isNamed ? account.Name : Number(account.Id)
            : i.Has('G', "groups") ? string.Join(' ', groups.Select(group => isNamed ? group.Name : Number(group.Id)))
            : i.Has('g', "group") ? isNamed ? groups[0].Name : Number(account.Group)
            : $"uid={Number(account.Id)}({Accounts.UserName(i.Files, account.Id)}) gid={Number(account.Group)}({groups[0].Name}) groups={string.Join(',', groups.Select(group => $"{Number(group.Id)}({group.Name})"))}";
        return await SystemCommands.PrintAsync(i, text + "\n");
    }

    private static async ValueTask<int> GroupsAsync(Invocation i)
    {
        foreach (string name in i.Operands.Count == 0 ? [""] : i.Operands)
        {
            if (Accounts.Find(i.Files, name.Length == 0 ? i.State.Visit.UserName : name) is not { } account)
            {
                return await i.FailAsync($"‘{name}’: no such user");
            }

            await i.PrintAsync($"{(name.Length == 0 ? "" : name + " : ")}{string.Join(' ', Accounts.GroupsOf(i.Files, account.Name, account.Group).Select(group => group.Name))}\n");
        }

        return 0;
    }

    private static async ValueTask<int> PasswordAsync(Invocation i)
    {
        string user = i.OperandsWithout("nxwi").FirstOrDefault(i.State.Visit.UserName);
        if (Accounts.Find(i.Files, user) is not { } account)
        {
            return await i.FailAsync($"user '{user}' does not exist");
        }

        if (i.Has('S', "status"))
        {
            string secret = AccountChanges.Secret(i.Files, user);
            return await SystemCommands.PrintAsync(i, $"{user} {(secret.Length == 0 ? "NP" : secret[0] is '!' or '*' ? "L" : "P")} {i.Machine.SetUp:yyyy-MM-dd} 0 99999 7 -1\n");
        }

        if (!IsRoot(i) && account.Id != i.State.Visit.UserId)
        {
            return await i.FailAsync($"You may not view or modify password information for {user}.");
        }

        if (i.Has('l', "lock") || i.Has('d', "delete") || i.Has('u', "unlock") || i.Has('e', "expire"))
        {
            string secret = AccountChanges.Secret(i.Files, user).TrimStart('!');
            AccountChanges.SetSecret(i, user, i.Has('l', "lock") ? "!" + secret : i.Has('d', "delete") ? "" : secret);
            await i.PrintAsync($"passwd: password changed.\n");
            return 0;
        }

        await i.Streams.Error.WriteAsync(IsRoot(i) ? "" : $"Changing password for {user}.\n", i.Cancellation);
        List<string> answers = [];
        foreach (string prompt in IsRoot(i) ? (string[])["New password: ", "Retype new password: "] : ["Current password: ", "New password: ", "Retype new password: "])
        {
            if (await SecretPrompt.ReadAsync(i, prompt) is not { } answer)
            {
                await i.Streams.Error.WriteAsync("Password change has been aborted.\n", i.Cancellation);
                return await i.FailAsync("Authentication token manipulation error\npasswd: password unchanged", 10);
            }

            answers.Add(answer);
        }

        if (!string.Equals(answers[^1], answers[^2], StringComparison.Ordinal))
        {
            await i.Streams.Error.WriteAsync("Sorry, passwords do not match.\n", i.Cancellation);
            return await i.FailAsync("Authentication token manipulation error\npasswd: password unchanged", 10);
        }

        if (answers[^1].Length == 0)
        {
            await i.Streams.Error.WriteAsync("No password has been supplied.\n", i.Cancellation);
            return await i.FailAsync("Authentication token manipulation error\npasswd: password unchanged", 10);
        }

        AccountChanges.SetPassword(i, user, answers[^1]);
        await i.Streams.Error.WriteAsync("passwd: password updated successfully\n", i.Cancellation);
        return 0;
    }

    private static async ValueTask<int> ChangePasswordsAsync(Invocation i)
    {
        if (!IsRoot(i))
        {
            return await i.FailAsync("cannot lock /etc/passwd; try again later.");
        }

        int status = 0, number = 0;
        foreach (string line in TextCommands.Lines(Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation))))
        {
            number++;
            if (line.Split(':', 2) is not [var user, var password])
            {
                status = await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"line {number}: missing new password"));
            }
            else if (Accounts.Find(i.Files, user) is null)
            {
                status = await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"(user {user}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\nchpasswd: (line {number}, user {user}) password not changed"));
            }
            else if (i.Has('e', "encrypted"))
            {
                AccountChanges.SetSecret(i, user, password);
                i.State.Log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = "changed-password" });
            }
            else
            {
                AccountChanges.SetPassword(i, user, password);
            }
        }

        return status;
    }

    private static async ValueTask<int> AddUserAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "b:c:d:De:f:g:G:hk:K:lmMNop:rR:s:u:UZ:", ("uid", 'u'), ("gid", 'g'), ("groups", 'G'), ("shell", 's'), ("home-dir", 'd'), ("home", 'd'), ("create-home", 'm'), ("no-create-home", 'M'), ("password", 'p'), ("comment", 'c'), ("non-unique", 'o'), ("system", 'r'), ("badname", 'h'));
        string name = options.Operands.FirstOrDefault("");
        if (!IsRoot(i))
        {
            return await LockedAsync(i);
        }

        if (name.Length == 0)
        {
            await i.Streams.Error.WriteAsync("Usage: useradd [options] LOGIN\n       useradd -D\n       useradd -D [options]\n", i.Cancellation);
            return 2;
        }

        if (!AccountChanges.IsName(name))
        {
            return await i.FailAsync($"invalid user name '{name}': use --badname to ignore", 3);
        }

        if (Accounts.Find(i.Files, name) is not null)
        {
            return await i.FailAsync($"user '{name}' already exists", UserExists);
        }

        int? id = int.TryParse(options.Value('u'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : null;
        if (id is { } taken && !options.Has('o') && Accounts.All(i.Files).Any(account => account.Id == taken))
        {
            return await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"UID {taken} is not unique"), 4);
        }

        string home = options.Value('d') ?? "/home/" + name;
        int? group = null;
        if (options.Value('g') is { } main)
        {
            var found = Accounts.Groups(i.Files).FirstOrDefault(other => string.Equals(other.Name, main, StringComparison.Ordinal) || string.Equals(other.Id.ToString(CultureInfo.InvariantCulture), main, StringComparison.Ordinal));
            if (found.Name is null)
            {
                return await i.FailAsync($"group '{main}' does not exist", NoSuchUser);
            }

            group = found.Id;
        }

        int user = AccountChanges.Add(i, name, id, group, home, options.Value('s') ?? "/bin/sh", options.Value('c') ?? "");
        AccountChanges.Join(i, name, (options.Value('G') ?? "").Split(','), isAdded: true);
        if (options.Has('m'))
        {
            AccountChanges.MakeHome(i, home, user, group ?? user);
        }

        if (options.Value('p') is { } secret)
        {
            AccountChanges.SetSecret(i, name, secret);
        }

        i.State.Log.Record(new Observation(ObservationKinds.Login) { User = name, Secret = options.Value('p'), Method = "added-user" });
        return 0;
    }

    // The script of the distribution: it says what it does, and asks.
    private static async ValueTask<int> AddUserPolitelyAsync(Invocation i)
    {
        string[] names = [.. i.Arguments.Where((argument, n) => !argument.StartsWith('-') && (n == 0 || i.Arguments[n - 1] is not ("--home" or "--shell" or "--uid" or "--gid" or "--gecos" or "--ingroup" or "-s" or "-h" or "-G")))];
        if (!IsRoot(i))
        {
            return await i.FailAsync("Only root may add a user or group to the system.");
        }

        if (names is [var member, var joined, ..])
        {
            AccountChanges.Join(i, member, [joined], isAdded: true);
            await i.PrintAsync($"info: Adding user `{member}' to group `{joined}' ...\n");
            return 0;
        }

        string name = names.FirstOrDefault("");
        if (!AccountChanges.IsName(name))
        {
            return await i.FailAsync(name.Length == 0 ? "Only one or two names allowed." : $"Please enter a username matching the regular expression\n            configured via the NAME_REGEX configuration variable.", 1);
        }

        if (Accounts.Find(i.Files, name) is not null)
        {
            return await i.FailAsync($"fatal: The user `{name}' already exists.", 1);
        }

        string shell = i.Arguments.SkipWhile(argument => argument is not ("--shell" or "-s")).Skip(1).FirstOrDefault("/bin/bash");
        int id = AccountChanges.Add(i, name, null, null, "/home/" + name, shell, "");
        AccountChanges.MakeHome(i, "/home/" + name, id, id);
        AccountChanges.Join(i, name, ["users"], isAdded: true);
        await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"info: Adding user `{name}' ...\ninfo: Selecting UID/GID from range 1000 to 59999 ...\ninfo: Adding new group `{name}' ({id}) ...\ninfo: Adding new user `{name}' ({id}) with group `{name} ({id})' ...\ninfo: Creating home directory `/home/{name}' ...\ninfo: Copying files from `/etc/skel' ...\n"));
        i.State.Log.Record(new Observation(ObservationKinds.Login) { User = name, Method = "added-user" });
        if (!i.Has('\0', "disabled-password") && !i.Has('\0', "disabled-login"))
        {
            await PasswordAsync(i with { Name = "passwd", Arguments = [name] });
        }

        if (!i.Has('\0', "gecos") && !i.Has('\0', "disabled-password"))
        {
            await i.PrintAsync($"Changing the user information for {name}\nEnter the new value, or press ENTER for the default\n");
            foreach (string field in new[] { "\tFull Name []: ", "\tRoom Number []: ", "\tWork Phone []: ", "\tHome Phone []: ", "\tOther []: ", "Is the information correct? [Y/n] " })
            {
                await i.PrintAsync(field);
                _ = await i.Streams.Input.ReadLineAsync(i.Cancellation);
            }
        }

        await i.PrintAsync($"info: Adding new user `{name}' to supplemental / extra groups `users' ...\ninfo: Adding user `{name}' to group `users' ...\n");
        return 0;
    }

    private static async ValueTask<int> RemoveUserAsync(Invocation i)
    {
        string name = i.Operands.FirstOrDefault("");
        if (!IsRoot(i))
        {
            return await LockedAsync(i);
        }

        if (Accounts.Find(i.Files, name) is not { } account)
        {
            return await i.FailAsync($"user '{name}' does not exist", NoSuchUser);
        }

        if (i.State.Visit.Memory.Processes.All.FirstOrDefault(process => string.Equals(process.User, name, StringComparison.Ordinal)) is { } running && !i.Has('f', "force"))
        {
            return await i.FailAsync(string.Create(CultureInfo.InvariantCulture, $"user {name} is currently used by process {running.Id}"), 8);
        }

        AccountChanges.Remove(i, name);
        if (i.Has('r', "remove") || i.Has('\0', "remove-home"))
        {
            await i.Streams.Error.WriteAsync(i.Name is "userdel" ? $"userdel: {name} mail spool (/var/mail/{name}) not found\n" : "", i.Cancellation);
            i.Files.Remove(account.Home, recursive: true);
        }

        return 0;
    }

    private static async ValueTask<int> ModifyUserAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "ac:d:e:f:g:G:l:Lmop:s:u:U", ("append", 'a'), ("groups", 'G'), ("gid", 'g'), ("shell", 's'), ("home", 'd'), ("login", 'l'), ("lock", 'L'), ("unlock", 'U'), ("password", 'p'), ("uid", 'u'), ("comment", 'c'), ("non-unique", 'o'), ("move-home", 'm'));
        string name = options.Operands.FirstOrDefault("");
        if (!IsRoot(i))
        {
            return await LockedAsync(i);
        }

        if (Accounts.Find(i.Files, name) is null)
        {
            return await i.FailAsync($"user '{name}' does not exist", NoSuchUser);
        }

        if (options.Value('G') is { } groups)
        {
            if (groups.Split(',').FirstOrDefault(group => Accounts.Groups(i.Files).All(other => !string.Equals(other.Name, group, StringComparison.Ordinal))) is { } unknown)
            {
                return await i.FailAsync($"group '{unknown}' does not exist", NoSuchUser);
            }

            AccountChanges.Join(i, name, groups.Split(','), options.Has('a'));
        }

        foreach ((char option, int place) in new[] { ('s', 6), ('d', 5), ('c', 4), ('u', 2) })
        {
            if (options.Value(option) is { } value && !value.Contains(':', StringComparison.Ordinal))
            {
                AccountChanges.Set(i, name, place, value);
            }
        }

        if (options.Value('p') is { } secret)
        {
            AccountChanges.SetSecret(i, name, secret);
            i.State.Log.Record(new Observation(ObservationKinds.Login) { User = name, Secret = secret, Method = "changed-password" });
        }

        if (options.Has('L') || options.Has('U'))
        {
            AccountChanges.SetSecret(i, name, (options.Has('L') ? "!" : "") + AccountChanges.Secret(i.Files, name).TrimStart('!'));
        }

        if (options.Value('l') is { } renamed && AccountChanges.IsName(renamed))
        {
            AccountChanges.Set(i, name, 0, renamed);
        }

        return 0;
    }

    private static async ValueTask<int> ChangeFieldAsync(Invocation i, int place, char option)
    {
        string user = i.OperandsWithout("sf").FirstOrDefault(i.State.Visit.UserName);
        if (Accounts.Find(i.Files, user) is null)
        {
            return await i.FailAsync($"user '{user}' does not exist");
        }

        if (i.Value(option) is { } value && value.IndexOfAny([':', '\n']) < 0)
        {
            AccountChanges.Set(i, user, place, value);
        }

        return 0;
    }

    private static async ValueTask<int> AgeAsync(Invocation i) => i.Has('l', "list")
        ? await SystemCommands.PrintAsync(i, $"Last password change\t\t\t\t\t: {i.Machine.SetUp.ToString("MMM dd, yyyy", CultureInfo.InvariantCulture)}\nPassword expires\t\t\t\t\t: never\nPassword inactive\t\t\t\t\t: never\nAccount expires\t\t\t\t\t\t: never\nMinimum number of days between password change\t\t: 0\nMaximum number of days between password change\t\t: 99999\nNumber of days of warning before password expires\t: 7\n")
        : IsRoot(i) ? 0 : await i.FailAsync("Permission denied.");
}
