using Blackwall.Fingerprints;
using Blackwall.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class FingerprintStoreTests : IDisposable
{
    private static readonly FingerprintEntry[] s_first = [Entry("t13a*", "first"), Entry("t13b*", "first"), Entry("t13c*", "first")];
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-prints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static FingerprintEntry Entry(string value, string label) => new(FingerprintKind.Ja4, value, label, FingerprintCategory.Tool, 0.5, "test", null);

    private FingerprintStore Open() => new(new Database(Options.Create(new StorageOptions { StateFolder = _folder }), FeatureList.Migrations(FeatureList.All), TimeProvider.System, NullLogger<Database>.Instance));

    [Fact]
    public void An_upgrade_brings_new_entries_and_leaves_the_operators_hand_alone()
    {
        FingerprintStore store = Open();
        Assert.Equal(3, store.TryLoad(s_first, 1, out _)?.Count);
        store.TrySave([Entry("t13a*", "mine") with { Revision = 7 }]);
        store.TryRemove(s_first[1], 8);
        FingerprintEntry[] second = [Entry("t13a*", "second"), Entry("t13b*", "second"), Entry("t13d*", "second")];
        IReadOnlyList<FingerprintEntry> after = Open().TryLoad(second, 2, out _)!;
        Assert.Equal([("t13a*", "mine", false), ("t13d*", "second", true)], after.Select(e => (e.Value, e.Label, e.Shipped)).Order());
    }

    [Fact]
    public async Task What_was_put_is_there_after_a_restart()
    {
        FingerprintDatabase database = new(Open());
        await database.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FingerprintChange.Done, database.Put(Entry("t13zz*", "mine"), read: null, out FingerprintEntry stored, out bool created));
        Assert.True(created);
        FingerprintDatabase again = new(Open());
        await again.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(stored, again.Get(FingerprintKind.Ja4, "t13zz*"));
        Assert.Equal(FingerprintChange.Stale, again.Put(Entry("t13zz*", "other"), entry => entry.Revision == stored.Revision - 1, out _, out _));
    }

    [Fact]
    public void There_is_an_end_to_how_many_there_can_be()
    {
        FingerprintDatabase database = new(store: null);
        Assert.Equal(FingerprintChange.Full, database.Import([.. Enumerable.Range(0, FingerprintDatabase.MaxPrefixes + 1).Select(i => Entry($"t13x{i}*", "x"))]));
        Assert.Equal(FingerprintChange.Done, database.Import([.. Enumerable.Range(0, FingerprintDatabase.MaxPrefixes).Select(i => Entry($"t13x{i}*", "x"))]));
    }

    [Fact]
    public void A_store_that_refuses_changes_nothing()
    {
        FingerprintStore store = Open();
        FingerprintDatabase database = new(store);
        store.TryLoad([], 1, out _);
        Directory.Delete(_folder, recursive: true);
        Assert.Equal(FingerprintChange.NotStored, database.Import([Entry("t13x*", "x")]));
        Assert.Null(database.Get(FingerprintKind.Ja4, "t13x*"));
        Directory.CreateDirectory(_folder);
    }
}
