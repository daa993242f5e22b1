using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>What is read of a peer that sends without end.</summary>
public sealed class PaceTests
{
    private const int Rate = 64_000;
    private const int Rpc = 10_000;
    private readonly FakeTimeProvider _time = new();
    private readonly InboundPaces _paces;

    public PaceTests() => _paces = new InboundPaces(GossipOptions.Hardened with { BytesPerSecond = Rate }, _time);

    [Fact]
    public void A_flood_is_read_at_its_rate_and_is_abuse_every_ten_seconds_while_others_do_not_wait()
    {
        PeerId flooder = TestPeers.Id(1);
        PeerId other = TestPeers.Id(2);
        long read = 0;
        int abuses = 0;
        TimeSpan began = _time.GetElapsedTime(0);
        while (_time.GetElapsedTime(0) - began < TimeSpan.FromMinutes(2))
        {
            TimeSpan wait = _paces.Take(flooder, Rpc, out bool isAbuse);
            read += Rpc;
            abuses += isAbuse ? 1 : 0;
            Assert.Equal(TimeSpan.Zero, _paces.Take(other, 100, out bool isOthers));
            Assert.False(isOthers);
            _time.Advance(wait);
        }

        // What may come at once, and two minutes.
        Assert.InRange(read, 120 * Rate, (120 * Rate) + (256 * 1024) + (2 * Rpc));
        Assert.InRange(abuses, 10, 12);
    }

    [Fact]
    public void A_new_connection_gives_nothing_anew_and_a_pause_gives_it_back()
    {
        PeerId peer = TestPeers.Id(1);
        Assert.Equal(TimeSpan.Zero, _paces.Take(peer, 256 * 1024, out _));
        _paces.Trim();
        Assert.Equal(TimeSpan.FromSeconds(1), _paces.Take(peer, Rate, out _));
        _time.Advance(TimeSpan.FromSeconds(10));
        _paces.Trim();
        Assert.Equal(TimeSpan.Zero, _paces.Take(peer, 256 * 1024, out _));
    }
}
