using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

/// <summary>What the kernel is given says of every moment to come what the board would say then.</summary>
public sealed class TimelineTests
{
    private static readonly string[] s_nested = ["9.0.0.0/8", "9.1.0.0/16", "9.1.2.0/24", "9.1.2.128/25", "9.1.2.130", "9.1.2.131", "9.0.0.0/9", "9.1.0.0/17"];
    private static readonly string[] s_mixed = ["9.1.0.0/16", "9.1.2.0/24", "9.1.2.130", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1::1"];
    private static readonly string[] s_addresses = ["9.9.0.1", "9.1.200.1", "9.1.2.3", "9.1.2.129", "9.1.2.130", "9.1.2.131", "2001:db8:2::1", "2001:db8:1::2", "2001:db8:1::1", "11.0.0.1"];

    [Fact]
    public void An_inner_prefix_that_ended_lets_nobody_past_the_outer_block()
    {
        using BoardFixture f = new();
        f.Automatic("9.8.0.0/16", Origin.Feed, Verdict.Drop, TimeSpan.FromHours(1));
        f.Automatic("9.8.7.0/24", Origin.Local, Verdict.RateLimit, TimeSpan.FromSeconds(5));
        KernelModel kernel = new(f.Board.Wall.Snapshot().Entries.Span);
        Assert.Equal((Verdict.RateLimit, Verdict.Drop), (kernel.VerdictOf("9.8.7.6", Milliseconds(f, 4)), kernel.VerdictOf("9.8.7.6", Milliseconds(f, 5))));
        Assert.Equal(Verdict.Pass, kernel.VerdictOf("9.8.7.6", Milliseconds(f, 3600)));
    }

    [Theory]
    [InlineData("7.7.7.7")]
    [InlineData("7.7.7.0/24")]
    public void A_wider_allow_that_ended_hides_no_block_inside_it(string blocked)
    {
        using BoardFixture f = new();
        f.Operator(blocked, Verdict.Drop, TimeSpan.FromHours(1));
        f.Operator("7.7.0.0/16", Verdict.Pass, TimeSpan.FromSeconds(5));
        KernelModel kernel = new(f.Board.Wall.Snapshot().Entries.Span);
        Assert.Equal((Verdict.Pass, Verdict.Drop), (kernel.VerdictOf("7.7.7.7", Milliseconds(f, 4)), kernel.VerdictOf("7.7.7.7", Milliseconds(f, 5))));
    }

    [Fact]
    public void Neighbours_of_one_verdict_share_a_span_when_there_are_too_many()
    {
        using BoardFixture f = new();
        for (int length = 8; length <= 16; length++)
        {
            // The widest lasts longest: each one hands over to the next wider.
            f.Operator($"9.0.0.0/{length}", Verdict.Drop, TimeSpan.FromSeconds(100 - length));
        }

        Assert.True(f.Board.Wall.TryEntry(Prefix.Parse("9.0.0.0/16"), out PolicyEntry entry));
        Assert.Equal(PolicyEntry.MostLater, entry.Later.Length);
        KernelModel kernel = new(f.Board.Wall.Snapshot().Entries.Span);
        Assert.Equal((Verdict.Drop, Verdict.Pass), (kernel.VerdictOf("9.0.1.1", Milliseconds(f, 91)), kernel.VerdictOf("9.0.1.1", Milliseconds(f, 92))));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void The_kernel_says_at_every_moment_what_the_board_says_then(int seed, bool deep)
    {
        Random random = new(seed);
        int compared = 0;
        int blocked = 0;
        for (int round = 0; round < 100; round++)
        {
            using BoardFixture f = new();
            string[] scopes = deep ? s_nested : s_mixed;
            for (int i = 0; i < (deep ? 16 : 8); i++)
            {
                Decide(f, scopes[random.Next(scopes.Length)], random);
            }

            PolicyEntry[] written = f.Board.Wall.Snapshot().Entries.ToArray();
            Assert.All(written, entry => AssertSame(entry, f.Board.Wall.TryEntry(entry.Scope, out PolicyEntry single) ? single : default));
            KernelModel kernel = new(written);
            for (int second = 0; second < 32; second++)
            {
                foreach (string address in s_addresses)
                {
                    Verdict truth = Truth(f, address);
                    Verdict said = kernel.VerdictOf(address, Milliseconds(f, 0));

                    // Beyond four different verdicts in a row the far end is cut off: there nothing holds, and no block is longer than it stands.
                    Assert.True(said == truth || (kernel.IsFull(address) && said == Verdict.Pass), $"{address} in round {round} at {second} s: {said}, not {truth}");
                    compared++;
                    blocked += said == truth && said != Verdict.Pass ? 1 : 0;
                }

                f.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.True(blocked > compared / 20, $"only {blocked} of {compared} were about a block");
    }

    /// <summary>Strongest rank, then longest prefix, of all that has not ended: by looking at every decision.</summary>
    private static Verdict Truth(BoardFixture f, string address)
    {
        Decision? winner = f.Board.List(new DecisionQuery(null, null, null, null, long.MaxValue, 1000)).Items
            .Where(decision => decision.Scope.Contains(Prefix.Parse(address)))
            .OrderBy(decision => decision.Rank).ThenByDescending(decision => decision.Scope.Length)
            .FirstOrDefault();
        return winner?.Verdict ?? Verdict.Pass;
    }

    private static void AssertSame(PolicyEntry expected, PolicyEntry actual)
    {
        Assert.Equal((expected.Scope, expected.DecisionId, expected.ExpiryUnixMilliseconds), (actual.Scope, actual.DecisionId, actual.ExpiryUnixMilliseconds));
        Assert.Equal(expected.Later.ToArray(), actual.Later.ToArray());
    }

    private static void Decide(BoardFixture f, string scope, Random random)
    {
        TimeSpan? ttl = random.Next(6) == 0 ? null : TimeSpan.FromSeconds(random.Next(1, 30));

        // What the board refuses (a block over an allow) is not there; that is as good a case as any.
        _ = random.Next(8) switch
        {
            0 => f.Operator(scope, Verdict.Pass, ttl),
            1 or 2 => f.Operator(scope, (Verdict)random.Next(1, 4), ttl),
            3 or 4 or 5 => f.Automatic(scope, Origin.Local, (Verdict)random.Next(1, 4), ttl ?? TimeSpan.FromSeconds(60)),
            _ => f.Automatic(scope, Origin.Feed, (Verdict)random.Next(1, 4), ttl ?? TimeSpan.FromSeconds(60)),
        };
    }

    private static long Milliseconds(BoardFixture f, int seconds) => f.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeMilliseconds();
}
