using System.Diagnostics.CodeAnalysis;

namespace Blackwall.Tarpit.Sessions;

/// <summary>
/// Runs the work of one session on the thread pool, one piece at a time, and measures how long each holds a thread and how much memory it allocates, for that
/// costs processor time too, of the garbage collector. A session that used more than its share of a processor waits before its next piece, whatever the work
/// is; while many wait, they share what all of them may use. What a session waits for costs it
/// nothing. Between two pieces it gives way: <see cref="IsSliceOver"/> says when it is time to.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="processor">Processor time of the process: a piece took at most so much of it, and at most as long as it lasted.</param>
/// <param name="allocated">Bytes that this thread has allocated.</param>
internal sealed class SessionScheduler(TimeProvider time, Func<TimeSpan> processor, Func<long> allocated) : TaskScheduler
{
    // Of one processor: of one session, and of all sessions together that want more than they have.
    private const double MostOfOne = 0.12;
    private const double MostOfAll = 0.8;

    // What a byte costs whoever collects it: 0.25 ms a megabyte.
    private const double TicksPerByte = TimeSpan.TicksPerMillisecond / 4e6;

    // Pieces of work that run within one another.
    private const int DeepestStack = 24;

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_credit = TimeSpan.FromMilliseconds(100);

    // An interrupt is noticed between two pieces.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);

    private static int s_waiting;

    [ThreadStatic]
    private static SessionScheduler? s_running;

    [ThreadStatic]
    private static int s_depth;

    private readonly Lock _lock = new();
    private readonly Queue<Task> _tasks = new();
    private TimeSpan _balance = s_credit;
    private long _measuredAt = time.GetTimestamp();
    private long _begun;
    private bool _isActive;

    public SessionScheduler(TimeProvider time)
        : this(time, static () => Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread)
    {
    }

    /// <summary>Processor time of all pieces until now.</summary>
    public TimeSpan Used { get; private set; }

    /// <summary>Whether the piece of work that runs has run long enough.</summary>
    public bool IsSliceOver => ReferenceEquals(s_running, this) && time.GetElapsedTime(_begun) > s_slice;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs work of the session, and all that it awaits, here.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Within long work of any session: others have their turn when it is time.</summary>
    public static async ValueTask GiveWayAsync()
    {
        if (s_running is { IsSliceOver: true })
        {
            await Task.Yield();
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            _tasks.Enqueue(task);
            if (_isActive)
            {
                return;
            }

            _isActive = true;
        }

        Schedule();
    }

    // What awaits a piece of work goes on where that ended, on its stack, but not for long and not deep: an error that leaves a thousand calls would keep alive
    // what each of them holds until the last one has ended.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        if (taskWasPreviouslyQueued || !ReferenceEquals(s_running, this) || s_depth >= DeepestStack || IsSliceOver)
        {
            return false;
        }

        s_depth++;
        try
        {
            return TryExecuteTask(task);
        }
        finally
        {
            s_depth--;
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
        {
            return [.. _tasks];
        }
    }

    private void Schedule()
    {
        TimeSpan wait = Measure(TimeSpan.Zero);
        if (wait > TimeSpan.Zero)
        {
            _ = WaitAsync(wait);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static scheduler => scheduler.Run(), this, preferLocal: false);
        }
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        Interlocked.Increment(ref s_waiting);
        await Task.Delay(wait < s_longestWait ? wait : s_longestWait, time).ConfigureAwait(false);
        Interlocked.Decrement(ref s_waiting);
        Run();
    }

    private void Run()
    {
        _begun = time.GetTimestamp();
        TimeSpan before = processor();
        long bytes = allocated();
        s_running = this;
        while (!IsSliceOver && TryNext(out Task? task))
        {
            TryExecuteTask(task);
        }

        s_running = null;
        TimeSpan lasted = time.GetElapsedTime(_begun), took = processor() - before;
        took = took < lasted ? took : lasted;
        Used += took;
        Measure(took + TimeSpan.FromTicks((long)((allocated() - bytes) * TicksPerByte)));
        lock (_lock)
        {
            if (_tasks.Count == 0)
            {
                _isActive = false;
                return;
            }
        }

        Schedule();
    }

    private bool TryNext([NotNullWhen(true)] out Task? task)
    {
        lock (_lock)
        {
            return _tasks.TryDequeue(out task);
        }
    }

    // Takes off what was used and adds what was earned since the last time; how long to wait until nothing is owed.
    private TimeSpan Measure(TimeSpan used)
    {
        double share = Math.Min(MostOfOne, MostOfAll / Math.Max(1, Volatile.Read(ref s_waiting)));
        long now = time.GetTimestamp();
        TimeSpan earned = time.GetElapsedTime(_measuredAt, now) * share;
        _measuredAt = now;
        _balance = TimeSpan.FromTicks(Math.Min(s_credit.Ticks, (_balance + earned).Ticks)) - used;
        return _balance < TimeSpan.Zero ? -_balance / share : TimeSpan.Zero;
    }
}
