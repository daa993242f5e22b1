using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Who is and was logged in.</summary>
internal static class SessionCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["uptime"] = UptimeAsync,
        ["w"] = WhatAsync,
        ["w.procps"] = WhatAsync,
        ["who"] = WhoAsync,
        ["users"] = i => SystemCommands.PrintAsync(i, string.Join(' ', Open(i).Select(login => login.User)) is { Length: > 0 } users ? users + "\n" : ""),
        ["last"] = LastAsync,
        ["lastb"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, $"\nbtmp begins {Began(i):ddd MMM dd HH:mm:ss yyyy}\n") : i.FailAsync("cannot open /var/log/btmp: Permission denied"),
        ["lastlog"] = LastOfEachAsync,
        ["loginctl"] = i => SystemCommands.PrintAsync(i, $"SESSION  UID USER SEAT TTY  \n{string.Concat(Open(i).Select(login => $"{LoginRecord.Session(login.Process),7} {Accounts.Find(i.Files, login.User)?.Id ?? 0,4} {login.User} -    {login.Terminal}\n"))}\n{Open(i).Count} sessions listed.\n"),
        ["wall"] = i => new(0),
        ["mesg"] = i => SystemCommands.PrintAsync(i, i.Operands.Count == 0 ? "is n\n" : ""),
        ["write"] = i => i.FailAsync($"{i.Operands.FirstOrDefault("")} is not logged in"),
        ["finger"] = i => new(0),
    };

    /// <summary>The first line of uptime, w and top.</summary>
    public static string UptimeLine(Invocation i)
    {
        TimeSpan up = i.Machine.Uptime;
        string days = up.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{up.Days} day{(up.Days == 1 ? "" : "s")}, ") : "";
        string hours = up.Hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{up.Hours,2}:{up.Minutes:00}") : string.Create(CultureInfo.InvariantCulture, $"{up.Minutes} min");
        int users = Open(i).Count;
        return $" {i.Machine.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} up {days}{hours}, {users,2} user{(users == 1 ? "" : "s")},  load average: {Load.Averages(i.Machine)}";
    }

    // At a terminal.
    private static List<LoginRecord> Open(Invocation i) => [.. i.State.Visit.Memory.Logins.Where(login => login.Until is null && login.Terminal.Length > 0)];

    private static DateTimeOffset Began(Invocation i) => new(i.Machine.Now.Year, i.Machine.Now.Month, 1, 0, 0, 12, TimeSpan.Zero);

    private static ValueTask<int> UptimeAsync(Invocation i)
    {
        TimeSpan up = i.Machine.Uptime;
        return SystemCommands.PrintAsync(i, i.Has('s', "since") ? i.Machine.BootTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "\n"
            : i.Has('p', "pretty") ? string.Create(CultureInfo.InvariantCulture, $"up {(up.Days >= 7 ? $"{up.Days / 7} week{(up.Days < 14 ? "" : "s")}, " : "")}{up.Days % 7} day{(up.Days % 7 == 1 ? "" : "s")}, {up.Hours} hour{(up.Hours == 1 ? "" : "s")}, {up.Minutes} minute{(up.Minutes == 1 ? "" : "s")}\n")
            : UptimeLine(i) + "\n");
    }

    private static ValueTask<int> WhatAsync(Invocation i)
    {
        StringBuilder text = new();
        if (!i.Has('h', "no-header"))
        {
            text.Append(UptimeLine(i)).Append("\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n");
        }

        foreach (LoginRecord login in Open(i))
        {
            text.Append(CultureInfo.InvariantCulture, $"{login.User,-8} {login.Terminal,-8} {login.From,-16} {(login.Since < i.Machine.Now.AddDays(-1) ? login.Since.ToString("ddMMMyy", CultureInfo.InvariantCulture) : login.Since.ToString("HH:mm  ", CultureInfo.InvariantCulture))} {(login.Process == i.State.Visit.ShellProcess ? 0 : 1)}.00s  0.03s  0.00s {(login.Process == i.State.Visit.ShellProcess ? "w" : "-bash")}\n");
        }

        return SystemCommands.PrintAsync(i, text.ToString());
    }

    private static ValueTask<int> WhoAsync(Invocation i)
    {
        StringBuilder text = new();
        if (i.Has('b', "boot") || i.Has('a', "all"))
        {
            text.Append(CultureInfo.InvariantCulture, $"         system boot  {i.Machine.BootTime:yyyy-MM-dd HH:mm}\n");
        }

        if (i.Has('r', "runlevel") || i.Has('a', "all"))
        {
            text.Append(CultureInfo.InvariantCulture, $"         run-level 5  {i.Machine.BootTime.AddSeconds(11):yyyy-MM-dd HH:mm}\n");
        }

        bool isOwn = i.Has('m') || i.Operands is ["am", _];
        foreach (LoginRecord login in i.Has('b') || i.Has('r') ? [] : Open(i).Where(login => !isOwn || login.Process == i.State.Visit.ShellProcess))
        {
            text.Append(CultureInfo.InvariantCulture, $"{login.User,-8} {login.Terminal,-12} {login.Since:yyyy-MM-dd HH:mm} ({login.From})\n");
        }

        if (i.Has('q', "count"))
        {
            text.Clear().Append(string.Join(' ', Open(i).Select(login => login.User))).Append(CultureInfo.InvariantCulture, $"\n# users={Open(i).Count}\n");
        }

        return SystemCommands.PrintAsync(i, text.ToString());
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("ddd MMM ", CultureInfo.InvariantCulture) + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + time.ToString(" HH:mm", CultureInfo.InvariantCulture);

    private static ValueTask<int> LastAsync(Invocation i)
    {
        const string file = "/var/log/wtmp";
        if (i.Files.Find(file) is not FileNode records)
        {
            return i.FailAsync($"cannot open {file}: No such file or directory");
        }

        int most = i.Number('n', int.MaxValue);
        List<string> rows = [];
        if (records.Content is StoredContent { Size: 0 })
        {
            return SystemCommands.PrintAsync(i, $"\nwtmp begins {records.Modified.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\n");
        }

        foreach (LoginRecord login in i.State.Visit.Memory.Logins.Where(login => login.Terminal.Length > 0).Reverse())
        {
            string end = login.Until is not { } until ? "  still logged in" : string.Create(CultureInfo.InvariantCulture, $"- {until:HH:mm}  ({until - login.Since:hh\\:mm})");
            rows.Add($"{login.User,-8} {login.Terminal,-12} {login.From,-16} {Stamp(login.Since)} {end}\n");
        }

        rows.Add($"reboot   system boot  {i.Machine.Kernel[..Math.Min(16, i.Machine.Kernel.Length)],-16} {Stamp(i.Machine.BootTime)}   still running\n");
        DateTimeOffset before = i.Machine.Upgraded.AddMinutes(-70);
        rows.Add($"{i.Machine.Administrator[..Math.Min(8, i.Machine.Administrator.Length)],-8} pts/1        {Greeting.OfficeAddress(i.Machine),-16} {Stamp(before)} - {before.AddMinutes(66):HH:mm}  (01:06)\n");
        string user = i.OperandsWithout("n").FirstOrDefault("");
        return SystemCommands.PrintAsync(i, string.Concat(rows.Where(row => user.Length == 0 || row.StartsWith(user + " ", StringComparison.Ordinal)).Take(most)) + $"\nwtmp begins {before.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\n");
    }

    private static ValueTask<int> LastOfEachAsync(Invocation i)
    {
        StringBuilder text = new("Username         Port     From                                       Latest\n");
        IReadOnlyList<LoginRecord> logins = i.State.Visit.Memory.Logins;
        foreach (var account in Accounts.All(i.Files).Where(account => i.Value('u') is not { } wanted || string.Equals(account.Name, wanted, StringComparison.Ordinal)))
        {
            LoginRecord? last = logins.LastOrDefault(login => string.Equals(login.User, account.Name, StringComparison.Ordinal));
            text.Append(last is null ? $"{account.Name,-16} {"",-42} **Never logged in**\n" : $"{account.Name,-16} {last.Terminal,-8} {last.From,-42} {last.Since.ToString("ddd MMM dd HH:mm:ss +0000 yyyy", CultureInfo.InvariantCulture)}\n");
        }

        return SystemCommands.PrintAsync(i, text.ToString());
    }
}
