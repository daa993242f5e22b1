using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public sealed class ReconcileTests
{
    private static readonly ClaimOwner Feed = new(Origin.Feed, "spamhaus");

    [Fact]
    public void Only_what_differs_changes_and_others_claims_stay()
    {
        using BoardFixture f = new();
        f.Board.Reconcile(new ClaimOwner(Origin.Feed, "firehol"), [Drop("9.1.0.1"), Drop("9.1.0.9")]);
        ReconcileResult first = f.Board.Reconcile(Feed, [Drop("9.1.0.1"), Drop("9.1.0.2"), Drop("9.1.0.3")]);
        Assert.Equal((3, 0, 0, 0), (first.Added, first.Changed, first.Removed, first.Kept));
        Dictionary<string, long> ids = Ids(f);
        f.Changes.Clear();

        ReconcileResult second = f.Board.Reconcile(Feed, [Drop("9.1.0.2"), Drop("9.1.0.3") with { Verdict = Verdict.RateLimit }, Drop("9.1.0.4")]);
        Assert.Equal((1, 1, 1, 1), (second.Added, second.Changed, second.Removed, second.Kept));
        Assert.Equal(["9.1.0.2", "9.1.0.3", "9.1.0.4"], Ids(f).Keys.Order(StringComparer.Ordinal));
        Assert.Equal((ids["9.1.0.2"], ids["9.1.0.3"]), (Ids(f)["9.1.0.2"], Ids(f)["9.1.0.3"]));
        Assert.Equal([DecisionChangeKind.Lifted, DecisionChangeKind.Renewed, DecisionChangeKind.Created], f.Changes.Select(change => change.Kind));
        Assert.Equal([Verdict.Drop, Verdict.Drop, Verdict.RateLimit, Verdict.Drop, Verdict.Drop], new[] { "9.1.0.1", "9.1.0.2", "9.1.0.3", "9.1.0.4", "9.1.0.9" }.Select(f.VerdictOf));
        Assert.Equal("firehol", f.Board.Effective(Prefix.Parse("9.1.0.1"))!.Owner);

        ReconcileResult none = f.Board.Reconcile(Feed, []);
        Assert.Equal(3, none.Removed);
        Assert.Equal(2, new BoardStats(f.Board).Read()["decisions"]);
    }

    [Fact]
    public void What_is_said_again_costs_nothing_until_half_of_its_time_is_over()
    {
        using BoardFixture f = new();
        Claim claim = Drop("9.1.0.1") with { Ttl = TimeSpan.FromHours(10) };
        long version = f.Board.Reconcile(Feed, [claim]).Version;
        f.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal((1, version), (f.Board.Reconcile(Feed, [claim]).Kept, f.Board.Version));
        f.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, f.Board.Reconcile(Feed, [claim]).Changed);
        Assert.Equal(TimeSpan.FromHours(10), f.Board.Effective(claim.Scope)!.Expiry - f.Clock.GetUtcNow());

        // Said no longer than before: the owner's word counts at once.
        Assert.Equal(1, f.Board.Reconcile(Feed, [claim with { Ttl = TimeSpan.FromHours(1) }]).Changed);
        Assert.Equal(TimeSpan.FromHours(1), f.Board.Effective(claim.Scope)!.Expiry - f.Clock.GetUtcNow());
    }

    [Fact]
    public void What_an_owner_that_is_never_heard_of_again_said_ends_by_itself()
    {
        using BoardFixture f = new();
        f.Board.Reconcile(Feed, [Drop("9.1.0.1")]);
        Assert.Equal(TimeSpan.FromDays(7), f.Board.Effective(Prefix.Parse("9.1.0.1"))!.Expiry - f.Clock.GetUtcNow());
        f.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(Verdict.Pass, f.VerdictOf("9.1.0.1"));

        // Over, but not swept yet: it is a new claim.
        Assert.Equal(1, f.Board.Reconcile(Feed, [Drop("9.1.0.1")]).Added + f.Board.Reconcile(Feed, [Drop("9.1.0.1")]).Added);
        Assert.Equal(Verdict.Drop, f.VerdictOf("9.1.0.1"));
    }

    [Fact]
    public void What_is_guarded_allowed_or_not_the_owners_to_say_is_named_and_counted_and_the_rest_is_done()
    {
        using BoardFixture f = new();
        f.Guard(("9.1.0.1", "a gateway of this machine"));
        f.Operator("9.1.0.2", Verdict.Pass);
        ReconcileResult result = f.Board.Reconcile(Feed, [Drop("9.1.0.1"), Drop("9.1.0.2"), Drop("10.0.0.1"), Drop("0.0.0.0/0"), Drop("8.0.0.0/7"), Drop("9.1.0.3") with { Verdict = Verdict.Pass }, Drop("9.1.0.4")]);
        Assert.Equal((1, 6), (result.Added, result.Refused));
        Assert.Equal([0, 1, 2, 3, 4, 5], result.Refusals.Select(refused => refused.Index).Order());
        Assert.Contains("a gateway of this machine", result.Refusals[0].Sentence, StringComparison.Ordinal);
        Assert.Equal([Verdict.Pass, Verdict.Pass, Verdict.Drop], new[] { "9.1.0.1", "9.1.0.2", "9.1.0.4" }.Select(f.VerdictOf));
        Assert.Equal(3, new BoardStats(f.Board).Read()["refusedGuarded"]);
        Assert.Equal(100, f.Board.Reconcile(Feed, [.. Enumerable.Range(0, 200).Select(i => Drop($"10.0.0.{i}"))]).Refusals.Count);
        Assert.NotNull(f.Board.Reconcile(new ClaimOwner(Origin.Guard, "x"), [Drop("9.1.0.5")]).Failure);
    }

    [Fact]
    public void An_allow_that_becomes_a_block_is_no_obstacle_to_itself_or_to_what_lies_in_it()
    {
        using BoardFixture f = new();
        f.Board.Reconcile(ClaimOwner.Configuration, [Drop("9.1.0.0/24") with { Verdict = Verdict.Pass }, Drop("9.2.0.1") with { Verdict = Verdict.Pass }]);
        ReconcileResult result = f.Board.Reconcile(ClaimOwner.Configuration, [Drop("9.1.0.7"), Drop("9.2.0.1")]);
        Assert.Equal((1, 1, 1, 0), (result.Added, result.Changed, result.Removed, result.Refused));
        Assert.Equal([Verdict.Drop, Verdict.Drop], new[] { "9.1.0.7", "9.2.0.1" }.Select(f.VerdictOf));
    }

    [Fact]
    public void More_than_the_board_has_room_for_is_refused_whole()
    {
        using BoardFixture f = new(new BoardOptions { MaxDecisions = 128 });
        f.Board.Reconcile(Feed, Many(100));
        ReconcileResult result = f.Board.Reconcile(Feed, [.. Many(100), .. Enumerable.Range(0, 100).Select(i => Drop($"9.3.0.{i}"))]);
        Assert.Contains("full", result.Failure, StringComparison.Ordinal);
        Assert.Equal(100, f.Board.ScopesOf(Feed).Count);
        Assert.Null(f.Board.Reconcile(Feed, [.. Enumerable.Range(0, 100).Select(i => Drop($"9.3.0.{i}"))]).Failure);
    }

    [Fact]
    public void Of_two_claims_about_one_scope_the_first_counts()
    {
        using BoardFixture f = new();
        f.Board.Reconcile(Feed, [Drop("9.1.0.1"), Drop("9.1.0.1") with { Verdict = Verdict.RateLimit }]);
        Assert.Equal((Verdict.Drop, 1L), (f.VerdictOf("9.1.0.1"), new BoardStats(f.Board).Read()["decisions"]));
        Assert.False(f.Board.Reconcile(Feed, [Drop("9.1.0.1"), Drop("9.1.0.1") with { Verdict = Verdict.RateLimit }]).IsChange);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    public void A_large_difference_comes_into_force_as_a_generation(int count, bool isGeneration)
    {
        using BoardFixture f = new();
        f.Board.Wall.Discard();
        f.Board.Reconcile(Feed, Many(count));
        Assert.Equal(isGeneration, f.Board.Wall.SnapshotNeeded);
        Assert.Equal(count, f.Board.Wall.Snapshot().Entries.Length);
    }

    [Fact]
    public async Task The_wall_never_reads_half_of_it_while_decisions_about_packets_go_on()
    {
        using BoardFixture f = new();
        Claim[] even = [.. Enumerable.Range(0, 20_000).Select(i => Drop($"9.{i >> 8}.{i & 255}.2"))];
        Claim[] odd = [.. Enumerable.Range(0, 20_000).Select(i => Drop($"9.{i >> 8}.{i & 255}.1"))];
        f.Board.Reconcile(Feed, even);
        using CancellationTokenSource done = new();
        int published = 0;
        Task<int> reader = Task.Run(() =>
        {
            int read = 0;
            for (; !done.IsCancellationRequested || read == 0; read++)
            {
                PolicyEntry[] entries = [.. f.Board.Wall.Snapshot().Entries.ToArray().Where(entry => entry.Scope.Network.V4 >> 24 == 9)];
                Assert.Equal(20_000, entries.Length);
                Assert.Single(entries.Select(entry => entry.Scope.Network.V4 & 3).Distinct());
            }

            return read;
        }, TestContext.Current.CancellationToken);
        Task writer = Task.Run(() =>
        {
            for (int i = 0; !done.IsCancellationRequested; i = (i + 1) & 1023)
            {
                Assert.Null(f.Board.Publish(new DecisionRequest(Prefix.Parse($"11.0.{i >> 8}.{i & 255}"), Verdict.RateLimit, Origin.Local, "x", 1, null, [], null, "t")).Refusal);
                Interlocked.Increment(ref published);
            }
        }, TestContext.Current.CancellationToken);
        for (int round = 0; round < 6; round++)
        {
            Assert.Equal(20_000, f.Board.Reconcile(Feed, round % 2 == 0 ? odd : even).Removed);
        }

        await done.CancelAsync();
        Assert.True(await reader > 0);
        await writer;
        Assert.True(Volatile.Read(ref published) > 0);
    }

    [Fact]
    public void Reconciling_at_random_leaves_exactly_what_was_said_last()
    {
        Random random = new(3);
        using BoardFixture f = new();
        ClaimOwner[] owners = [Feed, new(Origin.Feed, "firehol"), new(Origin.Mesh, "sensor-1"), ClaimOwner.Configuration];
        Dictionary<ClaimOwner, Dictionary<Prefix, Verdict>> said = owners.ToDictionary(owner => owner, _ => new Dictionary<Prefix, Verdict>());
        for (int round = 0; round < 200; round++)
        {
            ClaimOwner owner = owners[random.Next(owners.Length)];
            said[owner] = Enumerable.Range(0, random.Next(60)).Select(_ => Prefix.Around(Address.FromV4(0x09010000u | (uint)random.Next(64)), 28 + random.Next(5))).Distinct().ToDictionary(scope => scope, _ => (Verdict)(1 + random.Next(3)));
            ReconcileResult result = f.Board.Reconcile(owner, [.. said[owner].Select(pair => new Claim(pair.Key, pair.Value, "listed"))]);
            Assert.Equal((0, said[owner].Count), (result.Refused, result.Added + result.Changed + result.Kept));
            foreach (ClaimOwner each in owners)
            {
                Assert.Equal(said[each].Keys.ToHashSet(), f.Board.ScopesOf(each).ToHashSet());
            }

            Assert.Equal(said.Values.Sum(claims => claims.Count), (int)new BoardStats(f.Board).Read()["decisions"]);
            foreach ((Prefix scope, Verdict verdict) in said[owner])
            {
                Assert.Equal(verdict, f.Board.ClaimsOf(scope).Claims.Single(claim => claim.Scope == scope && claim.Origin == owner.Origin && string.Equals(claim.Owner, owner.Name, StringComparison.Ordinal)).Verdict);
            }
        }
    }

    [Fact]
    public void Claims_that_are_handed_over_keep_their_ids_and_ends()
    {
        using BoardFixture f = new();
        ClaimOwner file = ClaimOwner.File("/etc/list");
        f.Board.Reconcile(ClaimOwner.Configuration, [Drop("9.1.0.1"), Drop("9.1.0.2") with { Comment = "two", Ttl = TimeSpan.FromHours(3) }]);
        Decision before = f.Board.Effective(Prefix.Parse("9.1.0.2"))!;
        Assert.Equal(1, f.Board.HandOver(ClaimOwner.Configuration, file, [Prefix.Parse("9.1.0.2"), Prefix.Parse("9.1.0.3")]));
        Assert.Equal(before with { Owner = "/etc/list", EvidenceIds = [] }, f.Board.Effective(Prefix.Parse("9.1.0.2"))! with { EvidenceIds = [] });
        Assert.Equal([Prefix.Parse("9.1.0.1")], f.Board.ScopesOf(ClaimOwner.Configuration));
    }

    private static Dictionary<string, long> Ids(BoardFixture f) =>
        f.Board.List(new DecisionQuery(null, null, Origin.Feed, null, long.MaxValue, 1000) { Owner = Feed.Name }).Items.ToDictionary(claim => $"{claim.Scope}", claim => claim.Id, StringComparer.Ordinal);

    private static Claim[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => Drop($"9.1.{i >> 8}.{i & 255}"))];

    private static Claim Drop(string scope) => new(Prefix.Parse(scope), Verdict.Drop, "listed", 0.6);
}
