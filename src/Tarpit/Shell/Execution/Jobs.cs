namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Commands in the background of one shell. Their number is bounded for the whole session.</summary>
internal sealed class Jobs
{
    private const int Most = 64;

    private readonly List<Job> _jobs = [];
    private readonly Dictionary<int, int> _ended = [];

    public IReadOnlyList<Job> All => _jobs;

    /// <summary>What the shell itself reads; commands in the background do not.</summary>
    public ShellInput? OwnInput { get; set; }

    /// <summary>A process that is no job, but can be waited for.</summary>
    public void Note(int process, int status)
    {
        if (_ended.Count < Most * 4)
        {
            _ended[process] = status;
        }
    }

    /// <summary>The number of the next one.</summary>
    public int NextNumber => _jobs.Count == 0 ? 1 : _jobs.Max(job => job.Number) + 1;

    public void Add(Job job)
    {
        if (_jobs.Count >= Most * 2)
        {
            _jobs.RemoveAll(old => old.IsDone);
        }

        _jobs.Add(job);
    }

    /// <summary>Forgets a job that was told of; its status can still be asked for by its process.</summary>
    public void Remove(Job job)
    {
        _jobs.Remove(job);
        if (job.IsDone && _ended.Count < Most * 4)
        {
            _ended[job.Process] = job.Status;
        }
    }

    /// <summary>How a job that was waited for ended; null: it is none.</summary>
    public int? Status(string text) => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int process) && _ended.TryGetValue(process, out int status) ? status : null;

    /// <summary>By process, or by "%1", "%+", "%-", "%name". Null: there is none.</summary>
    public Job? Find(string text)
    {
        if (!text.StartsWith('%'))
        {
            return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int process) ? _jobs.Find(job => job.Process == process) : null;
        }

        string rest = text[1..];
        return rest switch
        {
            "" or "%" or "+" => _jobs.Count > 0 ? _jobs[^1] : null,
            "-" => _jobs.Count > 1 ? _jobs[^2] : _jobs.Count > 0 ? _jobs[^1] : null,
            ['?', ..] => _jobs.Find(job => job.Text.Contains(rest[1..], StringComparison.Ordinal)),
            _ => int.TryParse(rest, System.Globalization.CultureInfo.InvariantCulture, out int number) ? _jobs.Find(job => job.Number == number) : _jobs.Find(job => job.Text.StartsWith(rest, StringComparison.Ordinal)),
        };
    }
}

/// <summary>A command in the background.</summary>
internal sealed class Job(int number, int process, string text, CancellationTokenSource stop)
{
    public int Number => number;

    public int Process => process;

    /// <summary>As it was written.</summary>
    public string Text => text;

    /// <summary>Whether it writes to the peer, who waits for it to end.</summary>
    public bool HoldsPeer { get; init; }

    public Task Task { get; set; } = Task.CompletedTask;

    public int Status { get; set; }

    public bool IsDone { get; set; }

    /// <summary>Whether its end was told, or waited for.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The signal that ended it; 0: none did.</summary>
    public int Signal { get; private set; }

    /// <summary>Its session is over while it runs: on a real machine it goes on.</summary>
    public bool IsLeftBehind { get; private set; }

    /// <summary>Its session is over.</summary>
    public void LeaveBehind()
    {
        IsLeftBehind = !IsDone && Signal == 0;
        Kill(1);
    }

    /// <summary>Ends it, wherever it is.</summary>
    public void Kill(int signal)
    {
        if (!IsDone && Signal == 0)
        {
            Signal = signal;
            stop.Cancel();
        }
    }
}
