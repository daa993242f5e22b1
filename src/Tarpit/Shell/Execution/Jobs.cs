namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Commands in the background of one shell. Their number is bounded for the whole session.</summary>
internal sealed class Jobs
{
    private const int Most = 64;

    private readonly List<Job> _jobs = [];
    private readonly Dictionary<int, int> _ended = [];
    private int _recency;

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

    /// <summary>The one that has the terminal; null: none.</summary>
    public Job? Foreground { get; set; }

    /// <summary>The command that "There are stopped jobs." was said to: the next one may end the shell.</summary>
    public int WarnedAt { get; set; } = -2;

    public bool HasStopped => _jobs.Exists(job => job.IsStopped);

    /// <summary>%+: the last one that was stopped, or else began.</summary>
    public Job? Current => Recent.FirstOrDefault();

    /// <summary>%-.</summary>
    public Job? Previous => Recent.Skip(1).FirstOrDefault();

    private IEnumerable<Job> Recent => _jobs.Where(job => !job.IsDone || !job.IsKnown).OrderByDescending(job => job.IsStopped).ThenByDescending(job => job.Recency);

    public void Add(Job job)
    {
        Touch(job);
        if (_jobs.Contains(job))
        {
            return;
        }

        if (_jobs.Count >= Most * 2)
        {
            _jobs.RemoveAll(old => old.IsDone);
        }

        _jobs.Add(job);
    }

    /// <summary>It is the one that "%+" means, among those like it.</summary>
    public void Touch(Job job) => job.Recency = ++_recency;

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
            "" or "%" or "+" => Current,
            "-" => Previous ?? Current,
            ['?', ..] => _jobs.Find(job => job.Text.Contains(rest[1..], StringComparison.Ordinal)),
            _ => int.TryParse(rest, System.Globalization.CultureInfo.InvariantCulture, out int number) ? _jobs.Find(job => job.Number == number) : _jobs.Find(job => job.Text.StartsWith(rest, StringComparison.Ordinal)),
        };
    }
}
