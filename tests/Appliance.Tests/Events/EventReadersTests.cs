using System.Collections.Concurrent;
using Blackwall.Events;
using Blackwall.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Blackwall.Tests.Events;

/// <summary>Readers inside the appliance: each at its own pace, and resumed where they were.</summary>
public sealed class EventReadersTests : IDisposable
{
    private static readonly EventType<Note, Note> Noted = EventType.For<Note>("noted", NoteJson.Default.Note);

    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-readers-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_reader_that_is_resumed_gets_every_event_once_over_restarts_and_another_only_what_is_new()
    {
        Collector resumed = new("resumed", isResumed: true);
        Collector fresh = new("fresh", isResumed: false);
        await using (Running first = await Running.StartAsync(_folder, resumed, fresh))
        {
            first.Tell(1, 5);
            await resumed.Got(5, Cancellation);
        }

        await using (Running between = await Running.StartAsync(_folder))
        {
            between.Tell(6, 3);
        }

        Collector again = new("resumed", isResumed: true);
        Collector another = new("fresh", isResumed: false);
        await using Running second = await Running.StartAsync(_folder, again, another);
        second.Tell(9, 1);
        await again.Got(4, Cancellation);
        await another.Got(1, Cancellation);
        Assert.Equal([1, 2, 3, 4, 5], resumed.Numbers);
        Assert.Equal([6, 7, 8, 9], again.Numbers);
        Assert.Equal([9], another.Numbers);
    }

    [Fact]
    public async Task A_reader_that_hangs_or_fails_delays_nobody_and_gets_the_same_events_again()
    {
        TaskCompletionSource held = new();
        Collector hanging = new("hanging", isResumed: true) { Before = () => held.Task };
        int failures = 0;
        Collector failing = new("failing", isResumed: true) { Before = () => Interlocked.Increment(ref failures) <= 2 ? throw new InvalidOperationException("not now") : Task.CompletedTask };
        Collector quick = new("quick", isResumed: true);
        await using Running running = await Running.StartAsync(_folder, hanging, failing, quick);
        running.Tell(1, 20);
        await quick.Got(20, Cancellation);
        await failing.Got(20, Cancellation);
        Assert.Empty(hanging.Numbers);
        Assert.Equal(Enumerable.Range(1, 20), failing.Numbers);
        Assert.Equal(2, running.Readers.Read()["failingFailures"]);
        Assert.Equal(20, running.Readers.Read()["hangingBehind"]);
        held.SetResult();
        await hanging.Got(20, Cancellation);
        Assert.Equal(Enumerable.Range(1, 20), hanging.Numbers);
    }

    private sealed class Collector(string name, bool isResumed) : IEventReader
    {
        private readonly ConcurrentQueue<int> _numbers = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => name;

        public bool IsResumed => isResumed;

        public Func<Task> Before { get; init; } = () => Task.CompletedTask;

        public IReadOnlyList<int> Numbers => [.. _numbers];

        public async Task ReadAsync(EventPage page, CancellationToken cancellation)
        {
            await Before();
            foreach (ApplianceEvent happened in page.Events)
            {
                _numbers.Enqueue(Noted.Read(happened)!.Number);
            }

            Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        public async Task Got(int count, CancellationToken cancellation)
        {
            while (true)
            {
                Task more = Volatile.Read(ref _more).Task;
                if (_numbers.Count >= count)
                {
                    return;
                }

                await more.WaitAsync(cancellation);
            }
        }
    }

    private sealed class Running(RunningStore store, EventLog log, EventReaders readers) : IAsyncDisposable
    {
        public EventReaders Readers => readers;

        public static async Task<Running> StartAsync(string folder, params IEventReader[] readers)
        {
            RunningStore store = new(folder);
            EventLog log = new(store.Queue, new EventStore(store.Database), store.Options, TimeProvider.System);
            EventReaders running = new(log, store.Queue, readers, TimeProvider.System, NullLogger<EventReaders>.Instance);
            store.Start(log, running);
            await running.StartAsync(Cancellation);
            return new Running(store, log, running);
        }

        public void Tell(int first, int count)
        {
            for (int i = 0; i < count; i++)
            {
                log.Add(Noted, new Note(first + i));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await readers.StopAsync(CancellationToken.None);
            readers.Dispose();
            store.Dispose();
        }
    }
}
