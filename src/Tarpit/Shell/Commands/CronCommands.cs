using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

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
        ["run-parts"] = i => i.Files.Find(i.State.Path(i.Operands.FirstOrDefault(""))) is FolderNode ? new(0) : i.FailAsync($"failed to open directory {i.Operands.FirstOrDefault("")}: No such file or directory"),
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
            string draft = "/tmp/crontab." + System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 6);
            await i.Streams.Error.WriteAsync(isThere ? "" : $"no crontab for {user} - using an empty one\n", i.Cancellation);
            i.Files.Write(draft, Encoding.Latin1.GetBytes(isThere ? text : "# Edit this file to introduce tasks to be run by cron.\n# \n# m h  dom mon dow   command\n"), account.Id, account.Group, 0x180);
            await i.Interpreter.CallAsync([i.State.Get("VISUAL") is { Length: > 0 } visual ? visual : i.State.Get("EDITOR") is { Length: > 0 } editor ? editor : "nano", draft], i.Streams, i.Cancellation);
            i.Files.Read(draft, out byte[] edited);
            i.Files.Remove(draft);
            return await InstallAsync(i, path, Encoding.Latin1.GetString(edited), account.Id);
        }

        string source = options.Operands.FirstOrDefault("-");
        if (source is not "-" && i.Read(source, out _) is not FileError.None and var failure)
        {
            await i.Streams.Error.WriteAsync($"{source}: {failure.Text()}\n", i.Cancellation);
            return 1;
        }

        (List<(string, string Text)> files, int status) = await i.ReadAsync([source]);
        return files is [(_, var given)] ? await InstallAsync(i, path, given, account.Id) : status;
    }

    private static async ValueTask<int> InstallAsync(Invocation i, string path, string text, int owner)
    {
        if (text.Length > 0 && text[^1] != '\n')
        {
            await i.Streams.Error.WriteAsync("new crontab file is missing newline before EOF, can't install.\n", i.Cancellation);
            return 1;
        }

        // The first line is number 0, as cron counts.
        int number = -1;
        foreach (string line in TextCommands.Lines(text))
        {
            number++;
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] is '#' || (trimmed.Contains('=', StringComparison.Ordinal) && !char.IsAsciiDigit(trimmed[0]) && trimmed[0] is not ('*' or '@')))
            {
                continue;
            }

            if (!char.IsAsciiDigit(trimmed[0]) && trimmed[0] is not ('*' or '@'))
            {
                await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\"-\":{number}: bad minute\nerrors in crontab file, can't install.\n"), i.Cancellation);
                return 1;
            }
        }

        string head = $"# DO NOT EDIT THIS FILE - edit the master and reinstall.\n# (- installed on {i.Machine.Now.ToString("ddd MMM", CultureInfo.InvariantCulture)} {i.Machine.Now.Day,2} {i.Machine.Now.ToString("HH:mm:ss yyyy", CultureInfo.InvariantCulture)})\n# (Cron version -- $Id: crontab.c,v 2.13 1994/01/17 03:20:37 vixie Exp $)\n";
        byte[] content = Encoding.Latin1.GetBytes(head + text);
        FileError error = i.Files.Put(path, new FileNode { Content = new StoredContent(content), User = owner, Group = Group, Mode = 0x180, Modified = i.Machine.Now });
        i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, content), Size = content.Length, Method = "crontab" });
        return error == FileError.None ? 0 : await i.FailAsync($"{path}: {error.Text()}");
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
