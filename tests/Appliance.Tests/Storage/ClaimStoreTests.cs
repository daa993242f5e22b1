using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Blackwall.Tests.Pipeline;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Blackwall.Tests.Storage;

public sealed class ClaimStoreTests
{
    private static readonly ClaimOwner Feed = new(Origin.Feed, "spamhaus");

    [Fact]
    public async Task Claims_of_two_owners_about_one_scope_are_both_there_after_a_restart_and_retracting_one_leaves_the_other()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        f.Board.Reconcile(Feed, Drops(3));
        f.Board.Reconcile(new ClaimOwner(Origin.Feed, "firehol"), Drops(2));
        string[] before = Lines(f);
        Assert.True(await f.FlushAsync());
        await f.StartAsync();
        Assert.Equal(before, Lines(f));
        f.Board.Reconcile(Feed, []);
        await f.StartAsync();
        Assert.Equal(["9.1.0.0 firehol", "9.1.0.1 firehol"], Lines(f).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public async Task What_changed_together_while_a_batch_was_read_is_read_again()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        using BoardFixture b = new();
        using SqliteConnection connection = f.Database.OpenWriter();
        using DecisionStore store = new(connection);
        b.Board.Reconcile(Feed, Drops(10));
        Assert.True(Write(connection, store, new ClaimBatch(b.Board, max: 1)));

        b.Board.Reconcile(Feed, [.. Drops(8), new Claim(Prefix.Parse("9.1.1.1"), Verdict.Drop, "listed")]);
        ClaimBatch torn = new(b.Board, max: 1);
        Assert.Equal(3, torn.Count);
        b.Board.Reconcile(Feed, [.. Drops(7), new Claim(Prefix.Parse("9.1.1.2"), Verdict.Drop, "listed")]);
        Assert.False(Write(connection, store, torn));

        ClaimBatch whole = new(b.Board, max: 1);
        Assert.Equal(5, whole.Count);
        Assert.True(Write(connection, store, whole));
        Assert.True(b.Board.Store.IsStored(b.Board.Effective(Prefix.Parse("9.1.1.2"))!.Key));
        RestoredBoard restored = new(_ => 0, _ => 0, 100);
        store.Restore(restored, 0);
        Assert.Equal(8, restored.Count);
    }

    [Fact]
    public async Task An_ended_claim_keeps_its_owner_in_the_history()
    {
        await using StoreFixture f = new();
        await f.StartAsync();
        f.Board.Reconcile(Feed, Drops(1), "feeds");
        f.Board.Reconcile(Feed, [], "feeds");
        (IReadOnlyList<EndedDecision> items, _) = await new HistoryStore(f.Database, f.Queue).ListAsync(new DecisionQuery(null, null, null, null, long.MaxValue, 10), StoreFixture.Cancellation);
        Assert.Equal(("spamhaus", "feeds", DecisionChangeKind.Lifted), (items[0].Decision.Owner, items[0].By, items[0].Cause));
    }

    private static bool Write(SqliteConnection connection, DecisionStore store, ClaimBatch batch)
    {
        Database.Run(connection, "BEGIN IMMEDIATE");
        if (!batch.TryWrite(store, out _))
        {
            Database.Run(connection, "ROLLBACK");
            batch.Return();
            return false;
        }

        Database.Run(connection, "COMMIT");
        batch.Saved();
        return true;
    }

    private static Claim[] Drops(int count) => [.. Enumerable.Range(0, count).Select(i => new Claim(Prefix.Parse($"9.1.0.{i}"), Verdict.Drop, "listed"))];

    private static string[] Lines(StoreFixture f) => [.. f.All().OrderBy(decision => decision.Id).Select(decision => $"{decision.Id} {decision.Scope} {decision.Owner}")];
}
