using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;
using Blackwall.Storage;
using Xunit;

namespace Blackwall.Tests.Storage;

/// <summary>A flood in forged names neither pushes out what is proven nor fills the disk.</summary>
public sealed class FloodTests
{
    private const int Forged = 100_000;
    private const int Proven = 60;

    [Fact]
    public async Task What_is_proven_survives_a_hundred_thousand_forged_sources_with_its_evidence_and_history()
    {
        await using StoreFixture f = new();
        f.Options.EvidenceRows = 2_000;
        f.Options.HistoryRows = 2_000;
        await f.StartAsync();
        List<long> blocks = [];
        List<long> evidence = [];
        for (int i = 0; i < Proven; i++)
        {
            Decision block = f.Drop($"9.1.2.{i}", Origin.Local).Decision!;
            evidence.AddRange(block.EvidenceIds);
            if (i % 2 == 0)
            {
                f.Board.Lift(block.Id, "tester", out _);
            }
            else
            {
                blocks.Add(block.Id);
            }
        }

        Assert.True(await f.FlushAsync());
        long before = new FileInfo(f.DatabasePath).Length;
        for (uint i = 0; i < Forged; i++)
        {
            Prefix source = Prefix.Host(Address.FromV4(0x20000000u + (i * 7919u)));
            Evidence seen = new(0, source.Network, "syn-flood", EvidenceClass.Spoofable, 0.5, DateTimeOffset.UnixEpoch.AddYears(60), "50 SYNs in 1 s");
            Assert.NotNull(f.Board.Publish(new DecisionRequest(source, Verdict.RateLimit, Origin.Local, "syn-flood", 0.5, TimeSpan.FromMinutes(10), [seen], null, "appliance")).Decision);
            f.Inbox.Record(f.Board.Witness(seen));
        }

        Assert.True(await f.FlushAsync());
        Assert.Equal(0, f.Inbox.Dropped);
        Assert.True(f.Inbox.Condensed > Forged);
        await f.StartAsync();

        Assert.All(blocks, id => Assert.NotNull(f.Board.Find(id)));
        Assert.Equal(Proven, (await new EvidenceStore(f.Database, f.Queue).FindAsync(evidence, StoreFixture.Cancellation)).Count);
        (IReadOnlyList<EndedDecision> ended, _) = await new HistoryStore(f.Database, f.Queue).ListAsync(new DecisionQuery(null, null, null, Verdict.Drop, long.MaxValue, 1000), StoreFixture.Cancellation);
        Assert.Equal(Proven / 2, ended.Count);
        Assert.InRange(new FileInfo(f.DatabasePath).Length - before, 0, 1 << 20);
    }

    [Fact]
    public void What_is_only_added_up_is_told_once_a_minute_and_a_proven_piece_is_never_held_back()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new();
        ForgeableShare share = new(clock);
        int kept = Enumerable.Range(0, 5_000).Count(_ => share.TryTake("syn-flood"));
        Assert.Equal(ForgeableShare.Burst, kept);
        Assert.Empty(share.TakeSummaries());
        clock.Advance(TimeSpan.FromMinutes(1));
        Evidence summary = Assert.Single(share.TakeSummaries());
        Assert.Equal(("syn-flood", EvidenceClass.Spoofable), (summary.Kind, summary.Class));
        Assert.Contains("4000 more", summary.Detail, StringComparison.Ordinal);
        Assert.Empty(share.TakeSummaries());
        Assert.Equal(60 * ForgeableShare.PerSecond, Enumerable.Range(0, 5_000).Count(_ => share.TryTake("syn-flood")));
    }

    [Fact]
    public void Rate_limits_leave_the_board_to_what_is_proven()
    {
        using Pipeline.BoardFixture f = new(new BoardOptions { MaxDecisions = 4_096 });
        int taken = Enumerable.Range(0, 4_096).Count(i => f.Automatic($"9.{i / 250}.1.{i % 250}", Origin.Local, Verdict.RateLimit, evidence: EvidenceClass.Spoofable).Refusal is null);
        Assert.Equal(1024, taken);
        Assert.Null(f.Automatic("8.8.8.8", Origin.Local).Refusal);
    }
}
