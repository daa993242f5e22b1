using System.Threading.Channels;

namespace Blackwall.Storage;

/// <summary>
/// The one queue to the one writer of the store (<see cref="Journal"/>). Whoever comes while a write is under way shares the next one, and so one
/// commit. Thread-safe; nothing here waits for the disk but the tasks that it returns.
/// </summary>
public sealed class StoreQueue
{
    /// <summary>Jobs that wait at most; one more is refused.</summary>
    public const int Capacity = 4096;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private List<StoreJob> _jobs = [];
    private FlushRequest? _flush;
    private TaskCompletionSource _urgent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    /// <summary>Jobs that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Count;
            }
        }
    }

    /// <summary>Completes when somebody waits for the store.</summary>
    internal Task Urgent
    {
        get
        {
            lock (_lock)
            {
                return _urgent.Task;
            }
        }
    }

    /// <summary>
    /// Waits until everything told to the store so far is in it; false: the store cannot take it, and goes on trying.
    /// </summary>
    /// <param name="durable">Whether it has to survive a power cut as well as the death of the process.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    public Task<bool> FlushAsync(bool durable, CancellationToken cancellation)
    {
        Task<bool> flushed;
        lock (_lock)
        {
            if (_closed)
            {
                return Task.FromResult(false);
            }

            _flush ??= new FlushRequest();
            _flush.Durable |= durable;
            flushed = _flush.Done.Task;
            _urgent.TrySetResult();
        }

        Wake();
        return flushed.WaitAsync(cancellation);
    }

    /// <summary>Does some work in the next transaction, all of it or nothing; when the task completes, it is on the disk.</summary>
    /// <exception cref="StoreException">The disk refused, or too much waits for it: nothing was written, and nothing will be.</exception>
    internal Task<T> WriteAsync<T>(Func<StoreTransaction, T> work)
    {
        StoreJob<T> job = new(work);
        lock (_lock)
        {
            if (_closed || _jobs.Count >= Capacity)
            {
                job.Refused(new StoreException(_closed ? "the appliance is stopping" : $"{Capacity} writes wait for the disk already"));
                return job.Done;
            }

            _jobs.Add(job);
            _urgent.TrySetResult();
        }

        Wake();
        return job.Done;
    }

    /// <inheritdoc cref="WriteAsync{T}(Func{StoreTransaction, T})"/>
    internal Task WriteAsync(Action<StoreTransaction> work) => WriteAsync(transaction =>
    {
        work(transaction);
        return true;
    });

    /// <summary>Asks the writer to look soon: a batch waits for which no caller waits.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    internal ValueTask<bool> WaitAsync(CancellationToken cancellation) => _wake.Reader.ReadAsync(cancellation);

    /// <summary>Callers that wait since before this moment (null: none), and the jobs up to now.</summary>
    internal (FlushRequest? Flush, List<StoreJob> Jobs) Take()
    {
        lock (_lock)
        {
            // A list of its own, also when it is empty: what is told from now on belongs to the next transaction.
            (FlushRequest?, List<StoreJob>) taken = (_flush, _jobs);
            (_flush, _jobs) = (null, []);

            if (_urgent.Task.IsCompleted)
            {
                _urgent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return taken;
        }
    }

    /// <summary>No more writes: waiting jobs are refused, and so are new ones.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        (FlushRequest? flush, List<StoreJob> jobs) = Take();
        flush?.Done.TrySetResult(false);
        jobs.ForEach(job => job.Refused(new StoreException("the appliance is stopping")));
    }

    /// <summary>All callers that wait for the same commit.</summary>
    internal sealed class FlushRequest
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Durable { get; set; }
    }
}
