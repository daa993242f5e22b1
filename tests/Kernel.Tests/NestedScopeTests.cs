using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Policy;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>The board's nested decisions in the real tables: each end is right with no process alive, and the audit reads back what was written.</summary>
[Collection(KernelCollection.Name)]
public sealed class NestedScopeTests(KernelHarness kernel)
{
    private static readonly string[] s_scopes =
    [
        "9.0.0.0/8", "9.1.0.0/16", "9.1.2.0/24", "9.1.2.128/25", "9.1.2.130", "9.1.2.131",
        "2a00:1::/32", "2a00:1:1::/48", "2a00:1:1:1::/64", "2a00:1:1:1::1",
    ];

    private static readonly string[] s_sources = ["9.9.9.9", "9.1.9.9", "9.1.2.3", "9.1.2.129", "9.1.2.130", "9.1.2.131", "2a00:1:9::1", "2a00:1:1:9::1", "2a00:1:1:1::9", "2a00:1:1:1::1"];

    private readonly KernelHarness _kernel = kernel.Reset();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_end_of_nested_decisions_is_right_in_the_kernel_alone(int seed)
    {
        Random random = new(seed);
        int blocked = 0;
        for (int round = 0; round < 25; round++)
        {
            using VerdictBoard board = new(new BoardOptions(), new VirtualDates(_kernel), []);
            for (int i = 0; i < 10; i++)
            {
                Decide(board, s_scopes[random.Next(s_scopes.Length)], random);
            }

            // Half of the rounds as one generation, half entry by entry.
            PolicyEntry[] entries = board.Wall.Snapshot().Entries.ToArray();
            long began = _kernel.Date(TimeSpan.Zero);
            _kernel.Install(round % 2 == 0 ? entries : []);
            Assert.All(entries, entry => Assert.True(round % 2 == 0 || _kernel.Writer.TryApply(entry.Scope, entry)));
            IReadOnlyList<Decision> decisions = board.List(new DecisionQuery(null, null, null, null, long.MaxValue, 1000)).Items;
            for (int second = 0; second <= 20; second++)
            {
                // In the middle between two ends.
                long now = began + (second * 1000) + 500;
                _kernel.Now = ClockPair.Now(TimeProvider.System).ToBoot(now);
                foreach (string source in s_sources)
                {
                    Verdict? truth = Truth(decisions, Prefix.Parse(source), now);
                    Reason? reason = Ask(source);
                    Assert.True((truth == Verdict.Drop) == (reason is Reason.DropHost or Reason.DropPrefix), $"{source} in round {round} at {second} s: {reason}, and the board says {truth}");
                    Assert.True((truth == Verdict.Pass) == (reason == Reason.PassAllow), $"{source} in round {round} at {second} s: {reason}, and the board says {truth}");
                    blocked += truth == Verdict.Drop ? 1 : 0;
                }
            }
        }

        Assert.True(blocked > 500, $"only {blocked} were about a block");
    }

    [Fact]
    public void What_was_written_is_read_back_the_same_and_what_somebody_else_wrote_is_not()
    {
        using VerdictBoard board = new(new BoardOptions(), new VirtualDates(_kernel), []);
        Random random = new(9);
        for (int i = 0; i < 20; i++)
        {
            Decide(board, s_scopes[random.Next(s_scopes.Length)], random, longer: true);
        }

        PolicyEntry[] entries = board.Wall.Snapshot().Entries.ToArray();
        _kernel.Install(entries);
        Assert.All(entries, entry => Assert.True(_kernel.Writer.Holds(entry.Scope, entry), $"{entry.Scope}"));
        List<Prefix> listed = [];
        while (_kernel.Writer.List(listed, 2))
        {
            Assert.True(listed.Count <= entries.Length);
        }

        Assert.Equal(entries.Select(entry => entry.Scope).Order(), listed.Order());

        PolicyEntry first = entries[0];
        Assert.False(_kernel.Writer.Holds(first.Scope, new PolicyEntry(first.Scope, first.DecisionId + 1, first.ExpiryUnixMilliseconds, first.Verdict, first.Rank)));
        Assert.False(_kernel.Writer.Holds(first.Scope, null));
        Assert.True(_kernel.Writer.TryApply(first.Scope, null));
        Assert.False(_kernel.Writer.Holds(first.Scope, first));
        Assert.True(_kernel.Writer.Holds(first.Scope, null));
    }

    private static void Decide(VerdictBoard board, string scope, Random random, bool longer = false)
    {
        Prefix prefix = Prefix.Parse(scope);
        TimeSpan ttl = TimeSpan.FromSeconds(random.Next(1, 20) + (longer ? 3600 : 0));
        Origin origin = random.Next(3) == 0 ? Origin.Operator : random.Next(2) == 0 ? Origin.Local : Origin.Feed;
        Verdict verdict = origin == Origin.Operator && random.Next(2) == 0 ? Verdict.Pass : random.Next(3) == 0 ? Verdict.RateLimit : Verdict.Drop;
        Evidence proof = new(0, prefix.Network, "port-scan", EvidenceClass.Handshake, 1, DateTimeOffset.UnixEpoch, "12 ports");
        board.Publish(new DecisionRequest(prefix, verdict, origin, "test", 1, ttl, [proof], null, "tester"));
    }

    private static Verdict? Truth(IReadOnlyList<Decision> decisions, Prefix source, long now) => decisions
        .Where(decision => decision.Scope.Contains(source) && decision.Expiry!.Value.ToUnixTimeMilliseconds() > now)
        .OrderBy(decision => decision.Rank).ThenByDescending(decision => decision.Scope.Length)
        .FirstOrDefault()?.Verdict;

    private Reason? Ask(string source)
    {
        bool v4 = !source.Contains(':', StringComparison.Ordinal);
        return _kernel.Ingress(Frame.From(source, v4 ? "198.51.100.1" : "2001:db8:ff::1").UdpDatagram(1, 2)).Reason;
    }

    /// <summary>The date that the kernel's virtual clock shows.</summary>
    private sealed class VirtualDates(KernelHarness kernel) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(kernel.Date(TimeSpan.Zero));
    }
}
