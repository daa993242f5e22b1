using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public class ProjectionTests
{
    [Fact]
    public void A_prefix_change_marks_every_listed_scope_inside_it_and_nothing_else()
    {
        using BoardFixture f = new();
        f.Automatic("9.1.2.3", Origin.Feed);
        f.Automatic("9.1.2.128/25", Origin.Feed);
        f.Automatic("9.1.3.3", Origin.Feed);
        f.Automatic("2a00::1", Origin.Feed);
        f.Board.Wall.DrainDirty([]);
        f.Operator("9.1.2.0/24", Verdict.RateLimit);
        List<Prefix> dirty = [];
        long version = f.Board.Wall.DrainDirty(dirty);
        Assert.Equal(f.Board.Version, version);
        Assert.Equal([Prefix.Parse("9.1.2.0/24"), Prefix.Parse("9.1.2.3"), Prefix.Parse("9.1.2.128/25")], dirty.Order());
        dirty.Clear();
        Assert.Equal(version, f.Board.Wall.DrainDirty(dirty));
        Assert.Empty(dirty);
    }

    [Fact]
    public void Following_the_dirty_marks_gives_the_same_policy_as_a_snapshot()
    {
        Random random = new(11);
        using BoardFixture f = new();
        Dictionary<Prefix, long> wall = [];
        List<long> ids = [];
        for (int round = 0; round < 300; round++)
        {
            for (int i = 0; i < random.Next(8); i++)
            {
                Address address = Address.FromV4(0x09000000u | (uint)random.Next(1 << 9));
                Prefix scope = Prefix.Around(address, 32 - (random.Next(2) * random.Next(8)));
                Origin origin = random.Next(2) == 0 ? Origin.Operator : Origin.Feed;
                PublishResult result = f.Board.Publish(new DecisionRequest(scope, Verdict.RateLimit + random.Next(3), origin, "x", 1, TimeSpan.FromSeconds(1 + random.Next(60)), [], null, "t"));
                ids.Add(result.Decision!.Id);
            }

            if (random.Next(3) == 0 && ids.Count > 0)
            {
                f.Board.Lift(ids[random.Next(ids.Count)], "t", out _);
            }

            f.Clock.Advance(TimeSpan.FromSeconds(random.Next(4)));
            f.Board.ExpireDue();
            List<Prefix> dirty = [];
            f.Board.Wall.DrainDirty(dirty);
            foreach (Prefix scope in dirty)
            {
                if (f.Board.Wall.TryEntry(scope, out PolicyEntry entry))
                {
                    wall[scope] = entry.DecisionId;
                }
                else
                {
                    wall.Remove(scope);
                }
            }

            if (round % 20 == 0)
            {
                Assert.Equal(f.Board.Wall.Snapshot().Entries.ToArray().Select(e => (e.Scope, e.DecisionId)).ToHashSet(), wall.Select(p => (p.Key, p.Value)).ToHashSet());
            }
        }
    }

    [Fact]
    public async Task A_caller_waits_until_the_wall_acts()
    {
        using BoardFixture f = new();
        PublishResult first = f.Operator("9.1.2.3");
        PublishResult second = f.Operator("9.1.2.4");
        Task waitsForFirst = f.Board.Wall.WhenEnforcedAsync(first.Version, TestContext.Current.CancellationToken);
        Task waitsForSecond = f.Board.Wall.WhenEnforcedAsync(second.Version, TestContext.Current.CancellationToken);
        Assert.False(f.Board.Wall.IsEnforced(Prefix.Parse("9.1.2.3")));
        f.Board.Wall.MarkEnforced(first.Version);
        await waitsForFirst;
        Assert.False(waitsForSecond.IsCompleted);
        f.Board.Wall.MarkEnforced(f.Board.Wall.DrainDirty([]));
        await waitsForSecond;
        Assert.True(f.Board.Wall.IsEnforced(Prefix.Parse("9.1.2.4")));
        await f.Board.Wall.WhenEnforcedAsync(first.Version, TestContext.Current.CancellationToken);

        using CancellationTokenSource gone = new();
        Task abandoned = f.Board.Wall.WhenEnforcedAsync(second.Version + 1, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
    }

    [Fact]
    public async Task A_change_wakes_the_writer_and_a_drain_lets_it_sleep()
    {
        using BoardFixture f = new();
        Assert.False(f.Board.Wall.WaitForChange(TimeSpan.Zero, TestContext.Current.CancellationToken));
        Task<bool> waiting = Task.Run(() => f.Board.Wall.WaitForChange(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        f.Operator("9.1.2.3");
        Assert.True(await waiting);
        Assert.True(f.Board.Wall.WaitForChange(TimeSpan.Zero, TestContext.Current.CancellationToken));
        f.Board.Wall.DrainDirty([]);
        Assert.False(f.Board.Wall.WaitForChange(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void When_too_much_waits_for_the_wall_it_is_told_to_rebuild()
    {
        using BoardFixture f = new(new BoardOptions { MaxDecisions = 1024 });
        for (int i = 0; i < 1200; i++)
        {
            f.Board.Lift(f.Operator($"9.1.{i / 200}.{i % 200}").Decision!.Id, "t", out _);
        }

        f.Operator("9.9.9.9");
        Assert.True(f.Board.Wall.SnapshotNeeded);
        Assert.Equal("9.9.9.9", Assert.Single(f.Board.Wall.Snapshot().Entries.ToArray()).Scope.ToString());
        Assert.False(f.Board.Wall.SnapshotNeeded);
    }

    [Fact]
    public void A_large_import_is_one_change_and_equals_single_publishing()
    {
        Random random = new(5);
        List<Prefix> scopes = [.. Enumerable.Range(0, 20_000).Select(_ => Prefix.Around(Address.FromV4(0x09000000u | (uint)random.Next(1 << 20)), 32 - (random.Next(4) == 0 ? random.Next(8) : 0)))];
        using BoardFixture bulk = new();
        using BoardFixture single = new();
        bulk.Operator(scopes[7].ToString(), Verdict.RateLimit);
        bulk.Automatic("9.0.0.0/24", Origin.Feed);
        single.Automatic("9.0.0.0/24", Origin.Feed);
        DecisionRequest template = new(default, Verdict.Drop, Origin.Operator, "x", 1, null, [], "listed", "t");
        Assert.Empty(bulk.Board.PublishAll(template, scopes, out long version));
        Assert.Equal(bulk.Board.Version, version);
        Assert.Equal(scopes.Distinct().Count() - 1, bulk.Changes[^1].Count);
        Assert.True(bulk.Board.Wall.SnapshotNeeded);
        scopes.ForEach(scope => single.Board.Publish(template with { Scope = scope }));

        Assert.Equal(
            single.Board.Wall.Snapshot().Entries.ToArray().Select(e => (e.Scope, e.Verdict)),
            bulk.Board.Wall.Snapshot().Entries.ToArray().Select(e => (e.Scope, e.Verdict)));
        Assert.All(scopes, scope => Assert.Equal("listed", bulk.Board.Effective(scope)!.Comment));
    }

    [Fact]
    public void An_import_with_one_guarded_scope_changes_nothing()
    {
        using BoardFixture f = new();
        f.Guard(("9.9.9.9", "a gateway of this machine"));
        long before = f.Board.Version;
        DecisionRequest template = new(default, Verdict.Drop, Origin.Operator, "x", 1, null, [], null, "t");
        var refusals = f.Board.PublishAll(template, [Prefix.Parse("9.1.1.1"), Prefix.Parse("9.9.9.0/24"), Prefix.Parse("0.0.0.0/0")], out _);
        Assert.Equal([1, 2], refusals.Select(r => r.Index));
        Assert.Equal(before, f.Board.Version);
        Assert.Equal(1, new BoardStats(f.Board).Read()["decisions"]);
    }

    [Fact]
    public void Pages_cover_every_decision_once_while_others_come_and_go()
    {
        using BoardFixture f = new();
        List<long> ids = [.. Enumerable.Range(0, 1000).Select(i => (i % 3 == 0 ? f.Operator($"9.1.{i / 200}.{i % 200}") : f.Automatic($"9.1.{i / 200}.{i % 200}", Origin.Feed)).Decision!.Id)];
        List<long> seen = [];
        long before = long.MaxValue;
        for (bool more = true; more;)
        {
            DecisionPage page = f.Board.List(new DecisionQuery(null, null, null, null, before, 64));
            seen.AddRange(page.Items.Select(d => d.Id));
            more = page.Next is not null;
            before = page.Next ?? 0;
            f.Operator($"9.2.0.{seen.Count % 250}");
            f.Board.Lift(ids[0], "t", out _);
        }

        Assert.Equal(ids.Skip(1).Reverse(), seen);
        Assert.Equal(
            ids.Where((_, i) => i % 3 != 0).Reverse(),
            f.Board.List(new DecisionQuery(null, null, Origin.Feed, null, long.MaxValue, 1000)).Items.Select(d => d.Id));
        Assert.Equal(
            [Prefix.Parse("9.1.0.7")],
            f.Board.List(new DecisionQuery(null, Prefix.Parse("9.1.0.7"), null, null, long.MaxValue, 1000)).Items.Select(d => d.Scope));
    }

    [Fact]
    public void A_hundred_writers_at_once_leave_a_consistent_board()
    {
        using BoardFixture f = new();
        Thread[] writers = [.. Enumerable.Range(0, 100).Select(n => new Thread(() =>
        {
            Random random = new(n);
            for (int i = 0; i < 200; i++)
            {
                string scope = $"9.1.{random.Next(4)}.{random.Next(256)}";
                PublishResult result = random.Next(2) == 0 ? f.Operator(scope, Verdict.Drop) : f.Automatic(scope, Origin.Local);
                if (random.Next(3) == 0)
                {
                    f.Board.Lift(result.Decision!.Id, "t", out _);
                }

                if (i % 50 == 0)
                {
                    f.Board.Wall.Snapshot();
                    f.Board.List(new DecisionQuery(null, null, null, null, long.MaxValue, 100));
                }
            }
        }))];
        Array.ForEach(writers, w => w.Start());
        Array.ForEach(writers, w => w.Join());

        IReadOnlyList<Decision> all = f.Board.List(new DecisionQuery(null, null, null, null, long.MaxValue, int.MaxValue)).Items;
        Assert.Equal(new BoardStats(f.Board).Read()["decisions"], all.Count);
        Assert.Equal(all.Count, all.Select(d => d.Id).Distinct().Count());
        Assert.Equal(all.Count, all.Select(d => (d.Scope, d.Origin)).Distinct().Count());
        int created = f.Changes.Count(c => c.Kind == DecisionChangeKind.Created);
        int lifted = f.Changes.Count(c => c.Kind == DecisionChangeKind.Lifted);
        Assert.Equal(all.Count, created - lifted);
        Assert.Equal(all.Select(d => d.Scope).ToHashSet(), f.Board.Wall.Snapshot().Entries.ToArray().Select(e => e.Scope).ToHashSet());
    }
}
