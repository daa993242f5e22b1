using System.Text.Json;
using Blackwall.Events;
using Blackwall.Storage;
using Blackwall.Tests.Storage;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Blackwall.Tests.Events;

/// <summary>The one log: numbered for ever, kept within bounds, read from any place, and never waited for.</summary>
public sealed class EventLogTests : IDisposable
{
    private static readonly EventType<Note, Note> Noted = EventType.For<Note>("noted", NoteJson.Default.Note);

    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-events-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_happens_is_kept_whether_or_not_anybody_listens_and_is_there_after_a_restart_under_its_number()
    {
        string id;
        using (Opened first = Open())
        {
            Tell(first.Log, 1, 10);
            id = first.Log.IdOf(4);
        }

        using Opened second = Open();
        Assert.Equal(10, second.Log.Last);
        long place = second.Log.SequenceOf(id)!.Value;
        EventPage page = await second.Log.ReadAsync(place, 100, Cancellation);
        Assert.Equal(Enumerable.Range(5, 6), Numbers(page));
        Assert.Equal((10L, false), (page.Next, page.HasGap));
        Tell(second.Log, 11, 1);
        Assert.Equal([11], Numbers(await second.Log.ReadAsync(page.Next, 100, Cancellation)));
    }

    [Fact]
    public async Task A_killed_process_gives_no_number_twice_and_the_reader_is_told_that_something_may_be_missing()
    {
        string copy = Path.Combine(_folder, "killed");
        long last;
        using (Opened first = Open())
        {
            Tell(first.Log, 1, 3);
            Assert.True(first.Store.Flush());
            first.Store.CopyTo(copy);

            // Told, and seen by whoever follows closely, but not in the store of the killed process.
            Tell(first.Log, 4, 2);
            last = first.Log.Last;
        }

        using Opened second = Open(folder: copy);
        Tell(second.Log, 6, 1);
        Assert.True(second.Log.Last > last);
        EventPage whole = await second.Log.ReadAsync(0, 100, Cancellation);
        Assert.Equal([1, 2, 3], Numbers(whole));
        Assert.True(whole.IsUncertain);
        Assert.Equal(0, whole.Missed);
        EventPage next = await second.Log.ReadAsync(whole.Next, 100, Cancellation);
        Assert.Equal([6], Numbers(next));
        Assert.False(next.HasGap);

        // Where nothing can be missing nothing is told: the reader that comes after the start.
        Assert.False((await second.Log.ReadAsync(next.Next, 100, Cancellation)).HasGap);
    }

    [Fact]
    public async Task A_reader_far_behind_gets_what_the_store_has_and_then_what_is_in_memory()
    {
        using Opened opened = Open();
        const int count = EventLog.RecentSize + 1_000;
        Tell(opened.Log, 1, count);
        List<int> seen = [];
        long place = 0;
        while (place < opened.Log.Last)
        {
            EventPage page = await opened.Log.ReadAsync(place, 300, Cancellation);
            Assert.False(page.HasGap);
            seen.AddRange(Numbers(page));
            place = page.Next;
        }

        Assert.Equal(Enumerable.Range(1, count), seen);
    }

    [Fact]
    public async Task A_reader_whose_place_was_cut_off_is_told_how_many_it_missed()
    {
        using Opened opened = Open(new StorageOptions { EventRows = 500 });
        Tell(opened.Log, 1, EventLog.RecentSize + 5_000);
        Assert.True(opened.Store.Flush());
        Tell(opened.Log, 0, 1);
        Assert.True(opened.Store.Flush());
        long missed = 0;
        int got = 0;
        for (long place = 100; place < opened.Log.Last;)
        {
            EventPage page = await opened.Log.ReadAsync(place, 1000, Cancellation);
            missed += page.Missed;
            got += page.Events.Count;
            Assert.False(page.IsUncertain);
            place = page.Next;
        }

        Assert.Equal(opened.Log.Last - 100, missed + got);
        Assert.True(missed > 0);
        Assert.True(got >= EventLog.RecentSize);
    }

    [Fact]
    public async Task A_flood_of_what_can_be_forged_leaves_everything_else_in_the_log()
    {
        using Opened opened = Open(new StorageOptions { EventRows = 400 });
        Tell(opened.Log, 1, 300);
        for (int i = 0; i < 200_000; i++)
        {
            opened.Log.Add(Noted, new Note(-1), "syn-flood");
        }

        Assert.True(opened.Store.Flush());
        IReadOnlyList<ApplianceEvent> kept = opened.Events.List(null, null, long.MaxValue, null, 1_000_000);
        Assert.Equal(Enumerable.Range(1, 300).Reverse(), kept.Where(one => !one.IsForgeable).Select(one => Noted.Read(one)!.Number));
        Assert.InRange(kept.Count(one => one.IsForgeable), 1, 1_000);
        Assert.True(opened.Log.Counts.Condensed > 190_000);
        Assert.False((await opened.Log.ReadAsync(opened.Log.Last, 10, Cancellation)).HasGap);
    }

    [Fact]
    public async Task A_kind_that_this_version_does_not_know_is_passed_on_and_stops_nobody()
    {
        using (Opened first = Open())
        {
            Tell(first.Log, 1, 1);
            Assert.True(first.Store.Flush());
            await first.Store.Queue.WriteAsync(transaction => Database.Run(
                transaction.Connection,
                """INSERT INTO event (seq, time, kind, version, scope, forgeable, data) SELECT 2, time, 'of-tomorrow', 3, NULL, 0, '{"x":1}' FROM event UNION ALL SELECT 3, time, 'noted', 9, NULL, 0, '{"number":"three"}' FROM event"""));
        }

        using Opened second = Open();
        Tell(second.Log, 4, 1);
        EventPage page = await second.Log.ReadAsync(0, 100, Cancellation);
        EventPage rest = await second.Log.ReadAsync(page.Next, 100, Cancellation);
        ApplianceEvent[] all = [.. page.Events, .. rest.Events];
        Assert.Equal(["noted", "of-tomorrow", "noted", "noted"], all.Select(one => one.Kind));
        Assert.Equal("""{"x":1}""", System.Text.Encoding.UTF8.GetString(all[1].Data.Span));
        Assert.Equal([1, null, null, 4], all.Select(one => Noted.Read(one)?.Number));
    }

    [Fact]
    public async Task Who_waits_is_woken_and_who_does_not_read_costs_nobody_anything()
    {
        using Opened opened = Open();
        Task woken = opened.Log.WaitAsync(0, Cancellation);
        Assert.False(woken.IsCompleted);
        Tell(opened.Log, 1, 1);
        await woken;
        Assert.True(opened.Log.WaitAsync(0, Cancellation).IsCompletedSuccessfully);
        using CancellationTokenSource over = new();
        Task forgotten = opened.Log.WaitAsync(1, over.Token);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => forgotten);
        Tell(opened.Log, 2, 1);
        Assert.Equal([1, 2], Numbers(await opened.Log.ReadAsync(0, 10, Cancellation)));
    }

    [Fact]
    public async Task A_disk_that_refuses_stops_no_event_and_what_it_did_not_take_is_stored_later()
    {
        StorageOptions options = new() { MaxMegabytes = 1 };
        using Opened opened = Open(options);
        int told = 0;
        while (opened.Store.Flush())
        {
            Tell(opened.Log, told + 1, 4_000);
            told += 4_000;
        }

        Assert.True(opened.Log.Read()["failures"] > 0);
        Assert.True(opened.Log.Read()["waiting"] > 0);
        Tell(opened.Log, told + 1, 1);
        Assert.Equal([told + 1], Numbers(await opened.Log.ReadAsync(told, 10, Cancellation)));
        options.MaxMegabytes = 64;
        Assert.True(opened.Store.Flush());
        Assert.Equal(0, opened.Log.Read()["dropped"]);
        Assert.Equal(told + 1, opened.Events.List(null, null, long.MaxValue, null, int.MaxValue).Count);
    }

    [Fact]
    public void An_id_of_another_log_or_of_the_future_is_none_of_this_one()
    {
        using Opened opened = Open();
        Tell(opened.Log, 1, 3);
        Assert.Equal(2, opened.Log.SequenceOf(opened.Log.IdOf(2)));
        Assert.All(new[] { opened.Log.IdOf(4), "1-1", "-", "", "nonsense", $"{opened.Log.Id}-", $"{opened.Log.Id}--1" }, id => Assert.Null(opened.Log.SequenceOf(id)));
    }

    [Fact]
    public void A_database_of_the_version_before_is_taken_over_with_its_history()
    {
        using (RunningStore store = new(_folder))
        {
            long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            using SqliteConnection connection = store.Database.OpenWriter();
            Database.Run(connection, "DELETE FROM migration WHERE feature = 'events' AND number = 3");
            Database.Run(connection, "DROP TABLE event_uncertain");
            Database.Run(connection, "DROP TABLE event_reader");
            Database.Run(connection, "DROP TABLE event");
            Database.Run(connection, "CREATE TABLE event (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL, forgeable INTEGER NOT NULL DEFAULT 0) STRICT");
            Database.Run(connection, "CREATE INDEX event_forgeable ON event (seq) WHERE forgeable = 1");
            Database.Run(connection, "CREATE INDEX event_told ON event (seq) WHERE forgeable = 0");
            Database.Run(connection, $$"""INSERT INTO event (id, time, kind, data) VALUES ('19f-1', {{now}}, 'noted', '{"number":1}'), ('19f-2', {{now}}, 'noted', '{"number":2}')""");
        }

        using Opened opened = Open();
        Tell(opened.Log, 3, 1);
        Assert.True(opened.Store.Flush());
        Assert.Equal([3, 2, 1], opened.Events.List(null, null, long.MaxValue, null, 10).Select(one => Noted.Read(one)!.Number));
    }

    [Fact]
    public void A_reader_without_the_scope_of_a_kind_does_not_see_it()
    {
        using Opened opened = Open();
        EventType<Note, Note> secret = EventType.For<Note>("secret", NoteJson.Default.Note, scope: new Blackwall.Api.Keys.Scope("secrets:read", Blackwall.Api.Keys.ScopeUse.Read));
        opened.Log.Add(secret, new Note(1));
        Tell(opened.Log, 2, 1);
        Assert.True(opened.Store.Flush());
        int[] Seen(params string[]? scopes) => [.. opened.Events.List(null, null, long.MaxValue, scopes, 10).Select(one => JsonDocument.Parse(one.Data).RootElement.GetProperty("number").GetInt32())];
        Assert.Equal([2], Seen("events:read"));
        Assert.Equal([2], Seen("secrets:rea", "ecrets:read"));
        Assert.Equal([2, 1], Seen("events:read", "secrets:read"));
        Assert.Equal([2, 1], Seen(null));
    }

    private static void Tell(EventLog log, int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            log.Add(Noted, new Note(first + i));
        }
    }

    private static IEnumerable<int> Numbers(EventPage page) => page.Events.Select(one => Noted.Read(one)!.Number);

    private Opened Open(StorageOptions? options = null, string? folder = null)
    {
        RunningStore store = new(folder ?? _folder, options);
        EventStore events = new(store.Database);
        EventLog log = new(store.Queue, events, store.Options, TimeProvider.System);
        store.Start(log);
        return new Opened(store, events, log);
    }

    private sealed record Opened(RunningStore Store, EventStore Events, EventLog Log) : IDisposable
    {
        public void Dispose() => Store.Dispose();
    }
}
