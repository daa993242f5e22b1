using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Storage;

public class JournalTests
{
    [Fact]
    public async Task A_restart_restores_every_decision_as_it_was_and_goes_on_counting()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        f.Drop("9.1.2.3", comment: "seen before");
        f.Drop("2a00:1::/48", Origin.Feed, TimeSpan.FromDays(2));
        long local = f.Drop("9.1.2.4", Origin.Local).Decision!.Id;
        f.Board.Lift(f.Drop("9.9.9.9").Decision!.Id, "tester", out _);
        List<Decision> before = f.All();
        await f.StartAsync();
        List<Decision> after = f.All();
        Assert.Equal(before.Select(d => d with { EvidenceIds = [] }), after.Select(d => d with { EvidenceIds = [] }));
        Assert.Equal(before.SelectMany(d => d.EvidenceIds), after.SelectMany(d => d.EvidenceIds));
        Assert.True(f.Board.Wall.SnapshotNeeded);

        Evidence evidence = Assert.Single(await new EvidenceStore(f.Database, f.Queue).FindAsync(f.Board.Find(local)!.EvidenceIds, StoreFixture.Cancellation));
        Assert.Equal(("port-scan", EvidenceClass.Handshake, 0.75, "9.1.2.4"), (evidence.Kind, evidence.Class, evidence.Weight, $"{evidence.Source}"));
        Decision next = f.Drop("9.1.2.99", Origin.Local).Decision!;
        Assert.True(next.Id > before.Max(d => d.Id));
        Assert.True(next.EvidenceIds[0] > evidence.Id);
    }

    [Fact]
    public async Task A_stop_asked_for_twice_at_once_stores_everything_once()
    {
        for (int round = 0; round < 20; round++)
        {
            await using StoreFixture f = new();
            await f.StartAsync();
            for (int i = 0; i < 2_000; i++)
            {
                f.Drop($"9.1.{i / 250}.{i % 250}");
            }

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => f.Journal.StopAsync(CancellationToken.None), StoreFixture.Cancellation)));
            await f.StartAsync();
            Assert.Equal(2_000, f.All().Count);
        }
    }

    [Fact]
    public async Task A_block_that_is_restored_does_not_reach_who_is_guarded_by_now()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        f.Drop("9.1.2.0/24");
        f.Drop("9.1.2.4");
        await f.StartAsync();
        f.Board.Guard(new GuardSet([new GuardEntry(Prefix.Parse("9.1.2.3"), "the peer of an SSH session", Pass: true), new GuardEntry(Prefix.Parse("9.1.2.4"), "a gateway of this machine", Pass: true)]));
        Assert.Equal([Verdict.Pass, Verdict.Pass, Verdict.Drop], new[] { "9.1.2.3", "9.1.2.4", "9.1.2.5" }.Select(a => f.Board.Effective(Prefix.Parse(a))!.Verdict));
        Assert.Contains(f.Board.Wall.Snapshot().Entries.ToArray(), e => e.Scope == Prefix.Parse("9.1.2.3") && e.Verdict == Verdict.Pass);
    }

    [Fact]
    public async Task Ids_of_decisions_that_are_gone_are_not_given_again()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        long id = f.Drop("9.1.2.3").Decision!.Id;
        f.Board.Lift(id, "tester", out _);
        await f.StartAsync();
        Assert.Equal(id + 1, f.Drop("9.1.2.3").Decision!.Id);
    }

    [Fact]
    public async Task Ids_are_given_once_though_the_process_died_before_they_were_stored()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        long given = f.Drop("9.1.2.3").Decision!.Id;
        for (int i = 0; i < 100; i++)
        {
            given = f.Drop($"9.1.3.{i}").Decision!.Id;
            f.Board.Lift(given, "tester", out _);
        }

        // A copy of the files as they are at this moment is what a killed process leaves.
        await using StoreFixture after = new();
        foreach (string file in Directory.GetFiles(f.Folder, "blackwall.db*"))
        {
            File.Copy(file, Path.Combine(after.Folder, Path.GetFileName(file)));
        }

        await after.StartAsync();
        Assert.True(after.Drop("9.1.2.4").Decision!.Id > given);
    }

    [Fact]
    public async Task The_ladder_of_repetitions_survives_a_restart()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using StoreFixture f = new();
        await f.StartAsync(clock);
        f.Drop("9.1.2.3", Origin.Local);
        clock.Advance(TimeSpan.FromMinutes(11));
        f.Board.ExpireDue();
        await f.StartAsync(clock);
        Decision again = f.Drop("9.1.2.3", Origin.Local).Decision!;
        Assert.Equal(60, (again.Expiry!.Value - clock.GetUtcNow()).TotalMinutes, 3);
    }

    [Fact]
    public async Task What_ended_while_the_appliance_was_down_is_not_in_force()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using StoreFixture f = new();
        await f.StartAsync(clock);
        f.Drop("9.1.2.3", ttl: TimeSpan.FromMinutes(1));
        f.Drop("9.1.2.4", ttl: TimeSpan.FromHours(1));
        await f.StopAsync();
        clock.Advance(TimeSpan.FromMinutes(2));
        await f.StartAsync(clock);
        Assert.Equal(Prefix.Parse("9.1.2.4"), Assert.Single(f.Board.Wall.Snapshot().Entries.ToArray()).Scope);
        Assert.Equal(1, f.Board.ExpireDue());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_corrupt_database_is_put_aside_and_the_appliance_starts_with_a_fault_that_says_so(bool onlyInside)
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        DecisionRequest template = new(default, Verdict.Drop, Origin.Operator, "x", 1, null, [], "a comment that fills the pages", "t");
        f.Board.PublishAll(template, [.. Enumerable.Range(0, 5000).Select(i => Prefix.Host(Address.FromV4(0x09000000u + (uint)i)))], out _);
        await f.StopAsync();
        byte[] bytes = await File.ReadAllBytesAsync(f.DatabasePath, StoreFixture.Cancellation);
        new Random(3).NextBytes(bytes.AsSpan(onlyInside ? 32_768 : 0));
        await File.WriteAllBytesAsync(f.DatabasePath, bytes, StoreFixture.Cancellation);

        await f.StartAsync();
        Assert.Empty(f.All());
        Assert.True(f.Journal.Ready);
        Assert.Contains("corrupt", f.Journal.Fault, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(f.Folder, "blackwall.db.corrupt-*Z"));
        f.Drop("9.1.2.3");
        await f.StartAsync();
        Assert.Single(f.All());
        Assert.Null(f.Journal.Fault);
    }

    [Fact]
    public async Task Rows_that_make_no_sense_are_skipped_and_the_rest_is_restored()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        f.Drop("9.1.2.0/24");
        f.Drop("9.1.3.0/24");
        f.Drop("9.1.4.0/24");
        await f.StopAsync();
        using (var connection = f.Database.OpenWriter())
        {
            Database.Run(connection, "UPDATE claim SET length = 200 WHERE id = (SELECT min(id) FROM claim)");
            Database.Run(connection, "UPDATE claim SET verdict = 77 WHERE id = (SELECT max(id) FROM claim)");
        }

        await f.StartAsync();
        Assert.Equal(Prefix.Parse("9.1.3.0/24"), Assert.Single(f.All()).Scope);
    }

    [Fact]
    public async Task A_full_disk_stops_no_decision_is_counted_and_everything_is_stored_once_there_is_room()
    {
        await using StoreFixture f = new();
        f.Options.MaxMegabytes = 1;
        await f.StartAsync();
        DecisionRequest template = new(default, Verdict.Drop, Origin.Operator, "x", 1, null, [], new string('x', 500), "t");
        Assert.Empty(f.Board.PublishAll(template, [.. Enumerable.Range(0, 6000).Select(i => Prefix.Host(Address.FromV4(0x09000000u + (uint)i)))], out _));
        Assert.False(await f.FlushAsync());
        Assert.Contains("full", f.Journal.Fault, StringComparison.Ordinal);
        Assert.True(f.Journal.Read()["failures"] > 0);
        Assert.NotNull(f.Drop("9.1.2.3").Decision);
        Assert.Equal(Verdict.Drop, f.Board.Effective(Prefix.Parse("9.1.2.3"))!.Verdict);

        f.Options.MaxMegabytes = 64;
        Assert.True(await f.FlushAsync());
        Assert.Null(f.Journal.Fault);
        await f.StartAsync();
        Assert.Equal(6001, f.All().Count);
    }

    [Fact]
    public async Task A_database_that_is_damaged_while_running_is_written_anew_from_the_board()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        DecisionRequest template = new(default, Verdict.Drop, Origin.Operator, "x", 1, null, [], null, "t");
        f.Board.PublishAll(template, [.. Enumerable.Range(0, 30_000).Select(i => Prefix.Host(Address.FromV4(0x09000000u + (uint)i)))], out _);
        await f.StopAsync();
        await f.StartAsync();
        byte[] noise = new byte[1 << 20];
        new Random(4).NextBytes(noise);
        await using (FileStream file = new(f.DatabasePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 4096;
            await file.WriteAsync(noise, StoreFixture.Cancellation);
        }

        for (int i = 0; i < 3; i++)
        {
            f.Board.PublishAll(template, [.. Enumerable.Range(0, 3000).Select(n => Prefix.Host(Address.FromV4(0x0a000000u + (uint)((n * 64) + i))))], out _);
            await f.FlushAsync();
        }

        Assert.True(await f.FlushAsync());
        int expected = f.All().Count;
        await f.StartAsync();
        Assert.Equal(expected, f.All().Count);
        Assert.Single(Directory.GetFiles(f.Folder, "blackwall.db.corrupt-*Z"));
    }

    [Fact]
    public async Task History_and_evidence_are_kept_within_their_bounds()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using StoreFixture f = new();
        f.Options.HistoryRows = 10;
        f.Options.EvidenceRows = 15;
        await f.StartAsync(clock);
        for (int i = 0; i < 50; i++)
        {
            f.Board.Lift(f.Drop("9.1.2.3", Origin.Local).Decision!.Id, "tester", out _);
        }

        Assert.True(await f.FlushAsync());
        Assert.Equal((10, 15), Counts(f));
        clock.Advance(TimeSpan.FromDays(31));
        f.Drop("9.1.2.4");
        Assert.True(await f.FlushAsync());
        Assert.Equal((0, 0), Counts(f));
    }

    [Fact]
    public void A_second_appliance_on_the_same_state_folder_is_refused_with_a_sentence()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"blackwall-lock-{Guid.NewGuid():N}");
        using (StateLock? first = StateLock.TryTake(folder, out string? none))
        {
            Assert.NotNull(first);
            Assert.Null(none);
            Assert.Null(StateLock.TryTake(folder, out string? error));
            Assert.Contains("in use", error, StringComparison.Ordinal);
        }

        using StateLock? next = StateLock.TryTake(folder, out _);
        Assert.NotNull(next);
#pragma warning disable CA1416 // Linux only, as the appliance.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
#pragma warning restore CA1416
        Directory.Delete(folder, recursive: true);
    }

    private static (long History, long Evidence) Counts(StoreFixture f)
    {
        using var connection = f.Database.OpenReader();
        using Statement history = new(connection, "SELECT count(*) FROM decision_history");
        using Statement evidence = new(connection, "SELECT count(*) FROM evidence");
        history.Step();
        evidence.Step();
        return (history.Int64(0), evidence.Int64(0));
    }
}
