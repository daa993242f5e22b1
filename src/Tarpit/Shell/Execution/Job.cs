namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>A command that runs beside its shell, or in the foreground at a terminal: it can be stopped, continued and ended.</summary>
internal sealed class Job(int number, int process, string text, CancellationTokenSource stop)
{
    private static readonly AsyncLocal<Job?> s_current = new();

    private readonly Lock _lock = new();
    private readonly Job? _parent = s_current.Value;
    private TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _continued;
    private string? _printed;
    private bool _hadTerminal;
    private int _stops;

    /// <summary>Whether what runs here belongs to a job.</summary>
    public static bool IsAround => s_current.Value is not null;

    /// <summary>Whether what runs here belongs to a job that is stopped.</summary>
    public static bool IsCurrentStopped
    {
        get
        {
            for (Job? job = s_current.Value; job is not null; job = job._parent)
            {
                if (job.IsStopped)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>How often what runs here was stopped.</summary>
    public static int CurrentStops
    {
        get
        {
            int stops = 0;
            for (Job? job = s_current.Value; job is not null; job = job._parent)
            {
                stops += job._stops;
            }

            return stops;
        }
    }

    public int Number { get; set; } = number;

    public int Process => process;

    /// <summary>As it was written.</summary>
    public string Text => Source is null ? text : _printed ??= FunctionPrinter.Line(Source);

    /// <summary>What it runs; null: its text is known.</summary>
    public Syntax.Command? Source { get; init; }

    /// <summary>Whether it writes to the peer, who waits for it to end.</summary>
    public bool HoldsPeer { get; init; }

    public Task Task { get; set; } = Task.CompletedTask;

    public int Status { get; set; }

    public bool IsDone { get; set; }

    /// <summary>Whether its end was told, or waited for.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The signal that ended it; 0: none did.</summary>
    public int Signal { get; private set; }

    /// <summary>The signal that stopped it: ^Z is 20; 0: it runs.</summary>
    public int StopSignal { get; private set; }

    public bool IsStopped => _continued is not null;

    /// <summary>Whether somebody was told that it is stopped.</summary>
    public bool IsStopKnown { get; set; }

    /// <summary>It has the terminal.</summary>
    public bool IsForeground
    {
        get;
        set
        {
            field = value;
            _hadTerminal |= value;
        }
    }

    /// <summary>Greater: begun, stopped or continued later.</summary>
    public int Recency { get; set; }

    /// <summary>How it had the keys when it was stopped.</summary>
    public KeyboardUse? Keys { get; set; }

    /// <summary>Its session is over while it runs: on a real machine it goes on.</summary>
    public bool IsLeftBehind { get; private set; }

    /// <summary>Waits until the job that runs here, if it is stopped, is continued or ended.</summary>
    public static async ValueTask PauseAsync(CancellationToken cancellation)
    {
        for (Job? job = s_current.Value; job is not null; job = job._parent)
        {
            while (job._continued is { } continued)
            {
                await continued.Task.WaitAsync(cancellation);
            }
        }
    }

    /// <summary>A job that is not in the foreground reads from the terminal: it is stopped until it is.</summary>
    public static async ValueTask AskForTerminalAsync(CancellationToken cancellation)
    {
        const int terminalInput = 21;
        if (s_current.Value is { IsForeground: false, _hadTerminal: true } job)
        {
            job.Stop(terminalInput);
        }

        await PauseAsync(cancellation);
    }

    /// <summary>From here on, what is called belongs to it.</summary>
    public void Enter() => s_current.Value = this;

    /// <summary>Until it has ended or is stopped.</summary>
    public Task WaitForChangeAsync(CancellationToken cancellation) => Task.WhenAny(Task, _stopped.Task).WaitAsync(cancellation);

    public void Stop(int signal)
    {
        lock (_lock)
        {
            if (IsDone || IsStopped || Signal != 0)
            {
                return;
            }

            (StopSignal, IsStopKnown, IsForeground) = (signal, false, false);
            _stops++;
            _continued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _stopped.TrySetResult();
        }
    }

    public void Continue(bool inForeground)
    {
        lock (_lock)
        {
            (StopSignal, IsForeground) = (0, inForeground);
            if (_continued is { } continued)
            {
                (_continued, _stopped) = (null, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                continued.TrySetResult();
            }
        }
    }

    /// <summary>Its session is over.</summary>
    public void LeaveBehind()
    {
        IsLeftBehind = !IsDone && Signal == 0 && !IsStopped && !IsForeground;
        Kill(1);
    }

    /// <summary>Ends it, wherever it is.</summary>
    public void Kill(int signal)
    {
        if (!IsDone && Signal == 0)
        {
            Signal = signal;
            stop.Cancel();
            Continue(IsForeground);
        }
    }
}
