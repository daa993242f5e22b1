using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;
using Blackwall.Mesh.Sharing;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>Torn files, restarts, and a clock that is set back.</summary>
public sealed class CrashTests : IDisposable
{
    private static readonly DateTimeOffset Now = IntakeFixture.Now;
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-mesh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    [Fact]
    public void Counters_grow_over_restarts_torn_files_and_a_clock_that_is_set_back()
    {
        List<(ulong Epoch, ulong Counter)> used = [];
        List<ulong> above = [];
        DateTimeOffset now = Now;
        for (int start = 0; start < 4; start++)
        {
            MessageCounter counter = new(PathOf("counter.state"), now);
            Assert.Equal(start == 3, counter.Problem is not null);
            above.Add(counter.SeqnoAbove);
            for (int i = 0; i < 300; i++)
            {
                used.Add((counter.Epoch, counter.Next()));
            }

            now = now.AddHours(-1);
            if (start == 2)
            {
                File.WriteAllBytes(PathOf("counter.state"), File.ReadAllBytes(PathOf("counter.state"))[..20]);
            }
        }

        Assert.Equal(used.Order(), used);
        Assert.Equal(used.Count, used.Distinct().Count());
        Assert.Equal(above.Order(), above);
        Assert.True(above[3] > (ulong)(Now - DateTimeOffset.UnixEpoch).Ticks * 100);
        Assert.True(File.Exists(PathOf("counter.state.damaged")));
    }

    [Fact]
    public void Reputation_survives_a_torn_file_by_the_one_before_it_and_the_damaged_one_is_kept()
    {
        PeerId peer = SimNetwork.IdOf(1);
        ReputationBook book = new();
        book.Meet(peer, Now.AddDays(-40)).Confirm(5, Now);
        ReputationFile file = new(PathOf("reputation.state"));
        file.Save(book, new Dictionary<PeerId, string> { [peer] = "1.2.3.4" });
        book.Find(peer)!.Banned = true;
        file.Save(book, new Dictionary<PeerId, string>());
        File.WriteAllBytes(PathOf("reputation.state"), File.ReadAllBytes(PathOf("reputation.state"))[..60]);

        ReputationBook restored = new();
        Dictionary<PeerId, string> addresses = [];
        ReputationFile again = new(PathOf("reputation.state"));
        again.Load(restored, addresses, Now);
        Assert.Equal((5.0, 1, Now.AddDays(-40)), (restored.Find(peer)!.For, restored.Find(peer)!.Confirmed, restored.Find(peer)!.FirstSeen));
        Assert.Equal("1.2.3.4", addresses[peer]);
        Assert.Contains("reputation.state.damaged", again.Problem, StringComparison.Ordinal);
        Assert.Equal(60, new FileInfo(PathOf("reputation.state.damaged")).Length);

        // With both torn nothing is known, and that is said too.
        File.WriteAllText(PathOf("reputation.state"), "torn");
        File.WriteAllText(PathOf("reputation.state.previous"), "torn");
        ReputationBook empty = new();
        again.Load(empty, [], Now);
        Assert.Equal(0, empty.Count);
        Assert.Contains("learnt anew", again.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_set_back_an_hour_makes_nobody_better_or_worse()
    {
        PeerStanding peer = new(SimNetwork.IdOf(2), Now.AddDays(-40));
        for (int i = 0; i < 10; i++)
        {
            peer.Confirm(1, Now);
        }

        double score = peer.Score(Now);
        Assert.Equal(score, peer.Score(Now.AddHours(-1)));
        Assert.Equal(score, peer.Score(Now), 2);
        Assert.InRange(peer.Score(Now.AddDays(30)), 0.01, score - 0.01);
    }

    [Fact]
    public void A_torn_outbox_is_told_of_and_kept_and_the_one_before_it_is_said_again()
    {
        using IntakeFixture door = new();
        Outbox outbox = new(PathOf("outbox.state"), Now);
        outbox.Add(SignedIndicator.Sign(door.Message("1.2.3.4"), door.Key, "blackwall"));
        outbox.Save();
        outbox.Add(SignedIndicator.Sign(door.Message("1.2.3.5"), door.Key, "blackwall"));
        outbox.Save();
        byte[] whole = File.ReadAllBytes(PathOf("outbox.state"));
        File.WriteAllBytes(PathOf("outbox.state"), whole[..^40]);
        Outbox again = new(PathOf("outbox.state"), Now);
        Assert.Equal("1.2.3.4", Assert.Single(again.All).Message.Value.Text);
        Assert.Equal($"{PathOf("outbox.state")}: it is damaged and kept as {PathOf("outbox.state.damaged")}; the state before it is used.", again.Problem);
        Assert.Equal(whole[..^40], File.ReadAllBytes(PathOf("outbox.state.damaged")));
    }

    [Fact]
    public void The_outbox_comes_back_with_what_nobody_has_heard_and_without_what_is_over()
    {
        using IntakeFixture door = new();
        Outbox outbox = new(PathOf("outbox.state"), Now);
        SignedIndicator heard = SignedIndicator.Sign(door.Message("1.2.3.4"), door.Key, "blackwall");
        SignedIndicator waiting = SignedIndicator.Sign(door.Message("1.2.3.5"), door.Key, "blackwall");
        SignedIndicator brief = SignedIndicator.Sign(door.Message("1.2.3.6") with { TimeToLive = TimeSpan.FromMinutes(1) }, door.Key, "blackwall");
        outbox.Add(heard);
        outbox.Add(waiting);
        outbox.Add(brief);
        outbox.Published(heard, [SimNetwork.IdOf(7), SimNetwork.IdOf(8)]);
        outbox.Given(SimNetwork.IdOf(8), Now.AddDays(-1));
        outbox.Given(SimNetwork.IdOf(9), Now.AddDays(1));
        Assert.Equal([("1.2.3.6", false, 1), ("1.2.3.5", false, 1), ("1.2.3.4", true, 2)], outbox.Own.Select(own => (own.Message.Value.Text, own.IsPublished, own.Peers)));
        outbox.Save();
        Outbox again = new(PathOf("outbox.state"), Now.AddMinutes(5));
        Assert.Equal(["1.2.3.4", "1.2.3.5"], again.All.Select(signed => signed.Message.Value.Text));
        Assert.Equal("1.2.3.5", Assert.Single(again.Unpublished).Message.Value.Text);
        Assert.True(Assert.Single(again.Unpublished).Verify("blackwall"));
    }
}
