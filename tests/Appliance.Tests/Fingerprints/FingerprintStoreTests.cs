using Blackwall.Fingerprints;
using Blackwall.Storage;
using Blackwall.Tests.Storage;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class FingerprintStoreTests : IDisposable
{
    private static readonly FingerprintEntry[] s_first = [Entry("t13a*", "first"), Entry("t13b*", "first"), Entry("t13c*", "first")];
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-prints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static FingerprintEntry Entry(string value, string label) => new(FingerprintKind.Ja4, value, label, FingerprintCategory.Tool, 0.5, "test", null);

    [Fact]
    public async Task An_upgrade_brings_new_entries_and_leaves_the_operators_hand_alone()
    {
        using RunningStore running = new RunningStore(_folder).Start();
        FingerprintStore store = new(running.Queue);
        Assert.Equal(3, (await store.LoadAsync(s_first, 1)).Count);
        await store.SaveAsync([Entry("t13a*", "mine") with { Revision = 7 }]);
        await store.RemoveAsync(s_first[1], 8);
        FingerprintEntry[] second = [Entry("t13a*", "second"), Entry("t13b*", "second"), Entry("t13d*", "second")];
        IReadOnlyList<FingerprintEntry> after = await new FingerprintStore(running.Queue).LoadAsync(second, 2);
        Assert.Equal([("t13a*", "mine", false), ("t13d*", "second", true)], after.Select(e => (e.Value, e.Label, e.Shipped)).Order());
    }

    [Fact]
    public async Task What_was_put_is_there_after_a_restart()
    {
        FingerprintEntry stored;
        using (RunningStore running = new RunningStore(_folder).Start())
        {
            using FingerprintDatabase database = new(new FingerprintStore(running.Queue));
            await database.StartAsync(TestContext.Current.CancellationToken);
            (FingerprintChange change, stored, FingerprintEntry? before) = await database.PutAsync(Entry("t13zz*", "mine"), read: null);
            Assert.Equal(FingerprintChange.Done, change);
            Assert.Null(before);
        }

        using RunningStore next = new RunningStore(_folder).Start();
        using FingerprintDatabase again = new(new FingerprintStore(next.Queue));
        await again.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(stored, again.Get(FingerprintKind.Ja4, "t13zz*"));
        Assert.Equal(FingerprintChange.Stale, (await again.PutAsync(Entry("t13zz*", "other"), entry => entry.Revision == stored.Revision - 1)).Change);
    }

    [Fact]
    public async Task There_is_an_end_to_how_many_there_can_be()
    {
        using FingerprintDatabase database = new(store: null);
        Assert.Equal(FingerprintChange.Full, await database.ImportAsync([.. Enumerable.Range(0, FingerprintDatabase.MaxPrefixes + 1).Select(i => Entry($"t13x{i}*", "x"))]));
        Assert.Equal(FingerprintChange.Done, await database.ImportAsync([.. Enumerable.Range(0, FingerprintDatabase.MaxPrefixes).Select(i => Entry($"t13x{i}*", "x"))]));
    }

    [Fact]
    public async Task A_store_that_refuses_changes_nothing()
    {
        using RunningStore running = new RunningStore(_folder, new StorageOptions { MaxMegabytes = 1 }).Start();
        using FingerprintDatabase database = new(new FingerprintStore(running.Queue));
        FingerprintEntry[] many = [.. Enumerable.Range(0, 20_000).Select(i => Entry($"t13x{i}", new string('x', 100)))];
        Assert.Equal(FingerprintChange.NotStored, await database.ImportAsync(many));
        Assert.Null(database.Get(FingerprintKind.Ja4, "t13x1"));
        Assert.Equal(FingerprintChange.Done, await database.ImportAsync(many[..10]));
        Assert.NotNull(database.Get(FingerprintKind.Ja4, "t13x1"));
    }
}
