using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>Who may ask what a sensor knows: strangers within places and bytes, members always.</summary>
public sealed class SyncGateTests
{
    private static readonly DateTimeOffset Now = IntakeFixture.Now;
    private readonly PeerPlaces _places = new(new NetworkTable());
    private readonly PeerId _member = SimNetwork.IdOf(1000);
    private readonly SyncGate _gate;

    public SyncGateTests() => _gate = new SyncGate(new SharingOptions { Folder = "", Members = new HashSet<PeerId> { _member } }, _places);

    [Fact]
    public void A_network_of_strangers_holds_two_places_all_strangers_sixteen_and_members_are_let_in()
    {
        for (int i = 0; i < 40; i++)
        {
            _places.Met(SimNetwork.IdOf(i), new IPAddress([9, (byte)(i / 4), 1, (byte)i]));
        }

        bool[] entered = [.. Enumerable.Range(0, 40).Select(i => _gate.TryEnter(SimNetwork.IdOf(i)))];
        Assert.Equal([true, true, false, false], entered[..4]);
        Assert.Equal(SyncGate.Strangers, entered.Count(one => one));
        Assert.True(_gate.TryEnter(_member));
        _gate.Leave(_member);
        Assert.False(_gate.TryEnter(SimNetwork.IdOf(39)));
        _gate.Leave(SimNetwork.IdOf(0));
        Assert.True(_gate.TryEnter(SimNetwork.IdOf(39)));
    }

    [Fact]
    public void A_stranger_gets_a_whole_answer_in_ten_minutes_and_what_is_new_in_between()
    {
        PeerId peer = SimNetwork.IdOf(1);
        DateTimeOffset all = Now.AddDays(-1);
        Assert.Equal(all, _gate.Since(peer, all, Now));
        Assert.Equal(Now - PeerSync.LookBack, _gate.Since(peer, all, Now.AddMinutes(1)));
        Assert.Equal(Now.AddSeconds(50), _gate.Since(peer, Now.AddSeconds(50), Now.AddMinutes(1)));
        Assert.Equal(all, _gate.Since(_member, all, Now));
        Assert.Equal(all, _gate.Since(_member, all, Now));
        Assert.Equal(all, _gate.Since(peer, all, Now.AddMinutes(11)));
    }

    [Fact]
    public void Bytes_beyond_the_first_256_KiB_wait_for_64_kB_a_second()
    {
        PeerId peer = SimNetwork.IdOf(1);
        Assert.Equal(TimeSpan.Zero, _gate.Pace(peer, 256 * 1024, Now));
        Assert.Equal(TimeSpan.FromSeconds(1), _gate.Pace(peer, 64_000, Now));
        Assert.Equal(TimeSpan.Zero, _gate.Pace(SimNetwork.IdOf(2), 64_000, Now));
        Assert.Equal(TimeSpan.Zero, _gate.Pace(peer, 64_000, Now.AddSeconds(3)));
    }
}
