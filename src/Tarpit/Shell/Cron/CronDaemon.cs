using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Cron;

/// <summary>
/// cron, as far as a visitor can see it. While a session of his is open it runs what its tables say, each minute. What was due while nobody was there runs
/// once when he comes back, and the logs have it at the times when it was due. All of it takes part in what the session may use.
/// </summary>
internal sealed class CronDaemon(Visit visit, ISessionLog log)
{
    private const int MostAtOnce = 8;
    private const int MostOfOne = 4;

    // What was due longer ago is not looked for.
    private const long MostMinutes = 7 * 24 * 60;
    private const int MostLines = 60;
    private const long MostLate = 60;

    // As the table of processes has it.
    private const int LongestCommand = 1024;

    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(500);

    private readonly List<Task> _running = [];

    /// <summary>Runs until the session ends, and what it began with it.</summary>
    /// <param name="absence">When the last session before this one had ended; null: there was none.</param>
    public async Task RunAsync(DateTimeOffset? absence, CancellationToken cancellation)
    {
        try
        {
            CatchUp(absence ?? visit.Machine.Now, cancellation);
            while (true)
            {
                DateTimeOffset now = visit.Machine.Now;
                await Task.Delay(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(now.UtcTicks % TimeSpan.TicksPerMinute) + s_delay, visit.Machine.Time, cancellation);
                long minute = Minute(visit.Machine.Now);
                (long after, long upTo) = visit.Memory.Cron.Take(minute - 1, minute);
                RunDue(after, upTo, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(_running);
        }
    }

    /// <summary>Until what was due before the session has run, but not long.</summary>
    public Task CaughtUpAsync(CancellationToken cancellation) =>
        _running.Count == 0 ? Task.CompletedTask : Task.WhenAny(Task.WhenAll(_running), Task.Delay(s_longestWait, visit.Machine.Time, cancellation));

    private static long Minute(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / 60;

    private void CatchUp(DateTimeOffset absence, CancellationToken cancellation)
    {
        (long after, long upTo) = visit.Memory.Cron.Take(Minute(absence), Minute(visit.Machine.Now));
        IReadOnlyList<CronEntry> entries = after < upTo ? Entries() : [];
        HashSet<CronEntry> due = [];
        int lines = 0;
        for (long minute = upTo; minute > Math.Max(after, upTo - MostMinutes) && (due.Count < entries.Count || lines < MostLines) && entries.Count > 0; minute--)
        {
            DateTimeOffset when = DateTimeOffset.FromUnixTimeSeconds(minute * 60);
            foreach (CronEntry entry in entries.Where(entry => entry.Schedule.IsDue(when)))
            {
                due.Add(entry);
                if (!entry.IsMachines && lines < MostLines)
                {
                    CronLines.Add(visit.Memory, when + s_delay, visit.Memory.Processes.IdAt(when) + lines++ % 3, (entry.User, Accounts.Find(visit.Files, entry.User)?.Id ?? 0), entry.Command);
                }
            }
        }

        foreach (CronEntry entry in entries.Where(due.Contains))
        {
            Begin(entry, isLogged: false, cancellation);
        }
    }

    // More than one minute has passed only if the machine was too busy: what was due in them runs once.
    private void RunDue(long after, long upTo, CancellationToken cancellation)
    {
        DateTimeOffset[] minutes = [.. Enumerable.Range(0, (int)Math.Min(upTo - after, MostLate)).Select(late => DateTimeOffset.FromUnixTimeSeconds((upTo - late) * 60))];
        foreach (CronEntry entry in minutes.Length == 0 ? [] : Entries().Where(entry => minutes.Any(entry.Schedule.IsDue)))
        {
            Begin(entry, isLogged: !entry.IsMachines, cancellation);
        }
    }

    private IReadOnlyList<CronEntry> Entries() => visit.Memory.Services.Get("cron") == ServiceState.Active ? CronTables.Read(visit.Files) : [];

    private void Begin(CronEntry entry, bool isLogged, CancellationToken cancellation)
    {
        _running.RemoveAll(task => task.IsCompleted);
        string shell = entry.Setting("SHELL") ?? "/bin/sh", line = $"{shell} -c {entry.Command}";
        line = line[..Math.Min(line.Length, LongestCommand)];
        if (_running.Count < MostAtOnce && Accounts.Find(visit.Files, entry.User) is not null
            && visit.Memory.Processes.All.Count(process => string.Equals(process.Command, line, StringComparison.Ordinal)) < MostOfOne)
        {
            _running.Add(RunAsync(entry, shell, line, isLogged, cancellation));
        }
    }

    private async Task RunAsync(CronEntry entry, string shell, string line, bool isLogged, CancellationToken cancellation)
    {
        ProcessTable processes = visit.Memory.Processes;
        DateTimeOffset now = visit.Machine.Now;
        int number = processes.NextId(2), daemon = number - 1;
        Visit own = visit.AsCron(entry.User, number);
        AskingProcess.Shell = number;
        processes.Add(new RunningProcess(daemon, processes.MainProcess(SystemServices.Find("cron")!), "root", "?", now, "/usr/sbin/CRON -f -P", 4100));
        processes.Add(new RunningProcess(number, daemon, own.UserName, "?", now, line, 1800) { Folder = own.HomeFolder, Words = line.Length < LongestCommand ? [shell, "-c", entry.Command] : null });
        if (isLogged)
        {
            CronLines.Add(visit.Memory, now, daemon, (own.UserName, own.UserId), entry.Command);
        }

        CronStreams streams = new(Encoding.Latin1.GetBytes(entry.Input));
        KeyValuePair<string, string>[] environment = Environment(own, entry, shell);
        ShellState state = new(own) { Io = streams, Log = log, Budget = visit.NewBudget(), Name = shell, IsDash = DashDialect.IsName(shell) };
        foreach ((string name, string value) in environment)
        {
            state.Export(name, value);
        }

        try
        {
            await Visit.RunAsync(entry.Command, state, streams, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Nobody looks any more: on a real machine it would run on, so it stays among the processes.
            processes.Orphan(number);
            return;
        }

        processes.Orphan(number);
        processes.End(number);
        processes.End(daemon);
        CronMail.Deliver(own, entry, environment, streams.Printed);
    }

    private static KeyValuePair<string, string>[] Environment(Visit own, CronEntry entry, string shell)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal) { ["SHELL"] = shell, ["HOME"] = own.HomeFolder, ["PATH"] = "/usr/bin:/bin", ["LOGNAME"] = own.UserName };
        foreach ((string name, string value) in entry.Settings)
        {
            values[name] = value;
        }

        values.Remove("MAILTO");
        return [.. values];
    }
}
