using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Events;

/// <summary>Runs every registered reader of the log, each in a loop of its own, and remembers where those are that are resumed.</summary>
internal sealed class EventReaders(EventLog log, StoreQueue queue, IEnumerable<IEventReader> readers, TimeProvider time, ILogger<EventReaders> logger)
    : BackgroundService, IStoreRider, IStatsSource
{
    private const int PageSize = 256;
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryLast = TimeSpan.FromMinutes(1);

    private readonly ReaderLoop[] _courses = [.. readers.Select(reader => new ReaderLoop(reader))];
    private readonly PendingPlaces _places = new(queue);

    public string Name => "eventReaders";

    public IReadOnlyDictionary<string, long> Read()
    {
        long last = log.Last;
        Dictionary<string, long> read = new(StringComparer.Ordinal);
        foreach (ReaderLoop course in _courses)
        {
            string name = WordOf(course.Reader);
            read[name + "Behind"] = Math.Max(0, last - Interlocked.Read(ref course.Place));
            read[name + "Missed"] = Interlocked.Read(ref course.Missed);
            read[name + "Failures"] = Interlocked.Read(ref course.Failures);
        }

        return read;
    }

    void IStoreRider.Restore(StoreTransaction? store, bool isNew)
    {
        Dictionary<string, long> places = store is { } from ? EventStore.Places(from) : [];
        foreach (ReaderLoop course in _courses)
        {
            course.Place = places.GetValueOrDefault(course.Reader.Name);
        }
    }

    bool IStoreRider.TakeBatch() => _places.TakeBatch();

    void IStoreRider.Write(StoreTransaction transaction) => _places.Write(transaction, EventStore.Place);

    void IStoreRider.Written() => _places.Written();

    void IStoreRider.Refused(string why)
    {
        // The batch stays pending; newer positions replace older ones in it.
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        long now = log.Last;
        foreach (ReaderLoop course in _courses.Where(course => !course.Reader.IsResumed || course.Place > now))
        {
            // A position beyond the end belongs to another log.
            course.Place = now;
        }

        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_courses.Select(course => FollowAsync(course, stoppingToken)));

    private async Task FollowAsync(ReaderLoop course, CancellationToken stopping)
    {
        long failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await log.WaitAsync(course.Place, stopping);
                EventPage page = await log.ReadAsync(course.Place, PageSize, stopping);
                if (page.Events.Count > 0 || page.HasGap)
                {
                    await course.Reader.ReadAsync(page, stopping);
                    Interlocked.Add(ref course.Missed, page.Missed);
                }

                Move(course, page.Next);
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Interlocked.Increment(ref course.Failures);
                if (failures++ == 0)
                {
                    // A disk or a network that refuses is no fault of the program: the sentence is enough.
                    EventMessages.ReaderFailed(logger, failure is IOException or UnauthorizedAccessException ? null : failure, course.Reader.Name, failure.Message);
                }

                TimeSpan pause = RetryFirst * Math.Pow(2, Math.Min(failures - 1, 10));
                await Task.Delay(pause < RetryLast ? pause : RetryLast, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Move(ReaderLoop course, long place)
    {
        if (place == course.Place)
        {
            return;
        }

        Interlocked.Exchange(ref course.Place, place);
        if (course.Reader.IsResumed)
        {
            _places.Set(course.Reader.Name, place);
        }
    }

    private static string WordOf(IEventReader reader)
    {
        string[] parts = reader.Name.Split('-', StringSplitOptions.RemoveEmptyEntries);
        return parts[0] + string.Concat(parts.Skip(1).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
    }

    private sealed class ReaderLoop(IEventReader reader)
    {
        public long Place;
        public long Missed;
        public long Failures;

        public IEventReader Reader => reader;
    }
}
