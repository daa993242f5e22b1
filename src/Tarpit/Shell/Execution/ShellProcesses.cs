namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Shells of one session that are processes of their own, and what signals do to them.</summary>
internal sealed class ShellProcesses
{
    private readonly List<Entry> _entries = [];

    /// <summary>A shell runs as this process, until what is returned is disposed of.</summary>
    /// <param name="end">Ends it, wherever it is, by a signal that it does not handle.</param>
    public IDisposable Begin(int process, ShellState shell, Action<int> end)
    {
        Entry entry = new(this, process, shell, end);
        lock (_entries)
        {
            _entries.Add(entry);
        }

        return entry;
    }

    /// <summary>Sends a signal; 0 only asks. False: no shell is this process.</summary>
    public bool TrySend(int process, int signal)
    {
        Entry? entry;
        lock (_entries)
        {
            // A program that a shell became has taken its place.
            entry = _entries.FindLast(known => known.Process == process);
        }

        if (entry is not null && signal != 0 && (signal == Traps.Kill || !entry.Shell.Traps.TryReceive(signal)))
        {
            entry.End(signal);
        }

        return entry is not null;
    }

    /// <summary>Runs a program that is a shell: a signal that it does not handle ends it alone, which the shell that began it tells.</summary>
    public static async Task<int> RunAsync(ShellState shell, ShellStreams streams, Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        int status = await RunAsync(shell, run, cancellation);
        if (shell is not { Traps.Fatal: not (0 or 2 or 13), Parent: { } parent } || parent.Process == shell.Process)
        {
            return status;
        }

        string description = Traps.Describe(shell.Traps.Fatal);
        string command = parent.Current is { } current ? string.Join(' ', current.Words.Select(word => word.Text)) : shell.Name;
        string where = parent.IsScript ? parent.Where : parent.Name + ": ";
        bool isShort = parent.IsInteractive || parent.Traps.Get(shell.Traps.Fatal) is not null;
        await streams.Error.WriteAsync(isShort ? description + "\n" : FormattableString.Invariant($"{where}{shell.Process,5} {description,-23} {command}\n"), cancellation);
        return status;
    }

    private static async Task<int> RunAsync(ShellState shell, Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int killed = 0;
        using IDisposable process = shell.Budget.Shells.Begin(shell.Process, shell, signal =>
        {
            killed = signal;
            stop.Cancel();
        });
        try
        {
            await run(stop.Token);
            return shell.Status;
        }
        catch (OperationCanceledException) when (killed != 0 && !cancellation.IsCancellationRequested)
        {
            shell.Traps.Fatal = killed;
            return 128 + killed;
        }
    }

    private sealed class Entry(ShellProcesses all, int process, ShellState shell, Action<int> end) : IDisposable
    {
        public int Process => process;

        public ShellState Shell => shell;

        public void End(int signal) => end(signal);

        public void Dispose()
        {
            lock (all._entries)
            {
                all._entries.Remove(this);
            }
        }
    }
}
