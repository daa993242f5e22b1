namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Commands of one session run one at a time: jobs in the background, and the stages of a pipeline, get their turn when the one that runs waits for something.</summary>
internal sealed class Turns
{
    private const int MostJobs = 64;
    private const int MostProcesses = 192;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<Job> _running = [];
    private int _waiting;
    private int _processes;

    /// <summary>Whether somebody waits for a turn.</summary>
    public bool IsWanted => Volatile.Read(ref _waiting) > 0;

    /// <summary>Jobs of all shells of the session that have not ended.</summary>
    public IReadOnlyList<Job> Running
    {
        get
        {
            lock (_running)
            {
                return [.. _running];
            }
        }
    }

    /// <summary>One more job of the session begins; false: there are too many.</summary>
    public bool TryBegin(Job job)
    {
        lock (_running)
        {
            if (_running.Count >= MostJobs)
            {
                return false;
            }

            _running.Add(job);
            return true;
        }
    }

    /// <summary>A job has ended.</summary>
    public void End(Job job)
    {
        lock (_running)
        {
            _running.Remove(job);
        }
    }

    /// <summary>Stages of a pipeline begin; false: there are too many processes.</summary>
    public bool TryBeginProcesses(int count)
    {
        if (Interlocked.Add(ref _processes, count) <= MostProcesses)
        {
            return true;
        }

        Interlocked.Add(ref _processes, -count);
        return false;
    }

    /// <summary>A stage has ended.</summary>
    public void EndProcess() => Interlocked.Decrement(ref _processes);

    /// <summary>The session is over.</summary>
    public void StopAll()
    {
        foreach (Job job in Running)
        {
            job.LeaveBehind();
        }
    }

    public async Task EnterAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _turn.Release();

    /// <summary>Waits for something while others have their turn.</summary>
    public async Task OutsideAsync(Func<Task> wait)
    {
        Leave();
        try
        {
            await wait();
            await Job.PauseAsync(CancellationToken.None);
        }
        finally
        {
            // Also when it was stopped: whoever had the turn gives it back later.
            await EnterAsync(CancellationToken.None);
        }
    }

    /// <summary>Lets those who wait have their turn; a job that is stopped waits until it is continued.</summary>
    public Task YieldAsync() => IsWanted || Job.IsCurrentStopped ? OutsideAsync(static async () => await Task.Yield()) : Task.CompletedTask;
}
