using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Cron;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>crontab and at.</summary>
internal static class CronCommands
{
    private const string Folder = "/var/spool/cron/crontabs/";
    private const int Group = 110;
    private const int HeaderLines = 3;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["crontab"] = CrontabAsync,
        ["at"] = AtAsync,
        ["batch"] = AtAsync,
        ["atq"] = i => new(0),
        ["atrm"] = i => i.FailAsync($"Cannot find jobid {i.Operands.FirstOrDefault("")}"),
        ["run-parts"] = RunPartsAsync,
    };

    private static async ValueTask<int> CrontabAsync(Invocation i)
    {
        const string usage = "crontab: usage error: unrecognized option\nusage:\tcrontab [-u user] [-n] file\n\tcrontab [ -u user ] [ -i ] { -e | -l | -r }\n\t\t(default operation is replace, per 1003.2)\n\t-e\t(edit user's crontab)\n\t-l\t(list user's crontab)\n\t-r\t(delete user's crontab)\n\t-i\t(prompt before deleting user's crontab)\n";
        OptionParsing options = new(i.Arguments, "u:lreiTn");
        if (options.Error is { } wrong)
        {
            await i.Streams.Error.WriteAsync($"crontab: invalid option -- '{wrong[1]}'\n{usage}", i.Cancellation);
            return 1;
        }

        string user = options.Value('u') ?? i.State.Visit.UserName;
        if (options.Has('u') && i.State.Visit.UserId != 0)
        {
            await i.Streams.Error.WriteAsync("must be privileged to use -u\n", i.Cancellation);
            return 1;
        }

        if (Accounts.Find(i.Files, user) is not { } account)
        {
            return await i.FailAsync($" user `{user}' unknown");
        }

        string path = Folder + user;
        bool isThere = i.Files.Read(path, out byte[] content) == FileError.None;
        string text = WithoutHead(Encoding.Latin1.GetString(content));
        if (options.Has('l'))
        {
            if (!isThere)
            {
                await i.Streams.Error.WriteAsync($"no crontab for {user}\n", i.Cancellation);
                return 1;
            }

            await i.PrintAsync(text);
            return 0;
        }

        if (options.Has('r'))
        {
            if (!isThere)
            {
                await i.Streams.Error.WriteAsync($"no crontab for {user}\n", i.Cancellation);
                return 1;
            }

            i.Files.Remove(path);
            return 0;
        }

        if (options.Has('e'))
        {
            return await EditAsync(i, path, user, isThere ? text : null, (account.Id, account.Group));
        }

        string source = options.Operands.FirstOrDefault("-");
        if (source is not "-" && i.Read(source, out _) is not FileError.None and var failure)
        {
            await i.Streams.Error.WriteAsync($"{source}: {failure.Text()}\n", i.Cancellation);
            return 1;
        }

        (List<(string, string Text)> files, int status) = await i.ReadAsync([source]);
        return files is not [(_, var given)] ? status : await TryInstallAsync(i, path, given, source, account.Id) ? 0 : 1;
    }

    private static async ValueTask<int> EditAsync(Invocation i, string path, string user, string? before, (int Id, int Group) account)
    {
        string folder = "/tmp/crontab." + System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 6), draft = folder + "/crontab";
        await i.Streams.Error.WriteAsync(before is null ? $"no crontab for {user} - using an empty one\n" : "", i.Cancellation);
        string begun = before ?? "# Edit this file to introduce tasks to be run by cron.\n# \n# m h  dom mon dow   command\n";
        i.Files.MakeFolder(folder, account.Id, account.Group, 0x1C0);
        i.Files.Write(draft, Encoding.Latin1.GetBytes(begun), account.Id, account.Group, 0x180);
        while (true)
        {
            string editor = i.State.Get("VISUAL") is { Length: > 0 } visual ? visual : i.State.Get("EDITOR") is { Length: > 0 } named ? named : "nano";
            await i.Interpreter.CallAsync([.. editor.Split(' ', StringSplitOptions.RemoveEmptyEntries), draft], i.Streams, i.Cancellation);
            string text = i.Files.Read(draft, out byte[] edited) == FileError.None ? Encoding.Latin1.GetString(edited) : begun;
            bool isSame = string.Equals(text, begun, StringComparison.Ordinal);
            await i.Streams.Error.WriteAsync(isSame ? "No modification made\n" : "crontab: installing new crontab\n", i.Cancellation);
            if (isSame || await TryInstallAsync(i, path, text, draft, account.Id))
            {
                i.Files.Remove(folder, recursive: true);
                return 0;
            }

            await i.Streams.Error.WriteAsync("Do you want to retry the same edit? (y/n) ", i.Cancellation);
            if ((await i.Streams.Input.ReadLineAsync(i.Cancellation))?.Trim() is not ['y' or 'Y', ..])
            {
                await i.Streams.Error.WriteAsync($"crontab: edits left in {draft}\n", i.Cancellation);
                return 1;
            }
        }
    }

    private static async ValueTask<bool> TryInstallAsync(Invocation i, string path, string text, string source, int owner)
    {
        if (text.Length > 0 && text[^1] != '\n')
        {
            await i.Streams.Error.WriteAsync("new crontab file is missing newline before EOF, can't install.\n", i.Cancellation);
            return false;
        }

        // The first line is number 0, as cron counts.
        int number = -1;
        foreach (string line in TextCommands.Lines(text))
        {
            number++;
            string trimmed = line.TrimStart();
            if (trimmed.Length == 0 || trimmed[0] is '#' || CronTables.Setting(trimmed) is not null)
            {
                continue;
            }

            _ = CronSchedule.Parse(trimmed, out string command, out string? error);
            if ((error ?? (command.Length == 0 ? "bad command" : null)) is { } wrong)
            {
                await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\"{source}\":{number}: {wrong}\nerrors in crontab file, can't install.\n"), i.Cancellation);
                return false;
            }
        }

        string head = $"# DO NOT EDIT THIS FILE - edit the master and reinstall.\n# ({source} installed on {i.Machine.Now.ToString("ddd MMM", CultureInfo.InvariantCulture)} {i.Machine.Now.Day,2} {i.Machine.Now.ToString("HH:mm:ss yyyy", CultureInfo.InvariantCulture)})\n# (Cron version -- $Id: crontab.c,v 2.13 1994/01/17 03:20:37 vixie Exp $)\n";
        byte[] content = Encoding.Latin1.GetBytes(head + text);
        FileError failure = i.Files.Put(path, new FileNode { Content = new StoredContent(content), User = owner, Group = Group, Mode = 0x180, Modified = i.Machine.Now });
        i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, content), Size = content.Length, Method = "crontab" });
        if (failure != FileError.None)
        {
            await i.FailAsync($"{path}: {failure.Text()}");
        }

        return failure == FileError.None;
    }

    // Files of a folder that may be executed and have plain names, in the order of these.
    private static async ValueTask<int> RunPartsAsync(Invocation i)
    {
        string folder = i.Operands.FirstOrDefault("");
        if (i.Files.Find(i.State.Path(folder)) is not FolderNode found)
        {
            return await i.FailAsync($"failed to open directory {folder}: No such file or directory");
        }

        int status = 0;
        foreach (string name in found.Entries.Keys.Where(CronTables.IsPlain).Order(StringComparer.Ordinal))
        {
            string path = $"{folder.TrimEnd('/')}/{name}";
            if (i.Files.Find(i.State.Path(path)) is not FileNode file || !Access.MayExecute(file, i.State.Visit.UserId))
            {
                continue;
            }

            if (i.Arguments.Any(argument => argument is "--test" or "--list"))
            {
                await i.PrintAsync(path + "\n");
                continue;
            }

            await i.Interpreter.CallAsync([path], i.Streams, i.Cancellation);
            if (i.State.Status is not 0 and var ended)
            {
                await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"run-parts: {path} exited with return code {ended}\n"), i.Cancellation);
                status = 1;
            }
        }

        return status;
    }

    // The lines that crontab itself put before.
    private static string WithoutHead(string text)
    {
        int at = 0;
        for (int line = 0; line < HeaderLines && text.AsSpan(at).StartsWith("# ", StringComparison.Ordinal); line++)
        {
            string start = text[at..];
            if (!start.StartsWith("# DO NOT EDIT", StringComparison.Ordinal) && !start.StartsWith("# (", StringComparison.Ordinal))
            {
                break;
            }

            at = text.IndexOf('\n', at) + 1;
        }

        return text[at..];
    }

    private static async ValueTask<int> AtAsync(Invocation i)
    {
        string text = Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation));
        byte[] content = Encoding.Latin1.GetBytes(text);
        i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Upload) { Name = "at", Sha256 = i.State.Log.SaveFile("at", content), Size = content.Length, Method = "at" });
        await i.Streams.Error.WriteAsync($"warning: commands will be executed using /bin/sh\njob {1 + (i.State.Visit.Memory.NextProcess() % 40)} at {i.Machine.Now.AddMinutes(1).ToString("ddd MMM d HH:mm:00 yyyy", CultureInfo.InvariantCulture)}\n", i.Cancellation);
        return 0;
    }
}
