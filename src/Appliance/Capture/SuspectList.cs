using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Capture;

/// <summary>
/// Sources that did something odd and about which nothing is decided yet: their last packets are kept in memory, so that a capture begins before
/// its decision. Bounded; the one that was odd longest ago makes room. Not thread-safe: the book locks.
/// </summary>
internal sealed class SuspectList(IPacketTap tap, CaptureOptions options)
{
    /// <summary>Sources at a time.</summary>
    public const int Most = 128;

    private const int Packets = 128;
    private const int BytesEach = 256;
    private const int PacketsPerSecond = 200;

    /// <summary>The shortest time for which a suspect keeps its place: many new suspects at once must not push all others out.</summary>
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Address, (PacketRing Ring, DateTimeOffset LastOdd)> _suspects = [];

    /// <summary>Suspects that had to make room for others, and others that found none.</summary>
    public long Displaced { get; private set; }

    public int Count => _suspects.Count;

    private TimeSpan Patience => TimeSpan.FromSeconds(Math.Max(10, options.SecondsBefore * 2));

    public void Suspect(Address source, DateTimeOffset now)
    {
        PacketRing? ring = null;
        if (_suspects.TryGetValue(source, out (PacketRing Ring, DateTimeOffset LastOdd) known))
        {
            ring = known.Ring;
        }
        else if (_suspects.Count >= Most)
        {
            Displaced++;
            (Address oldest, (PacketRing Ring, DateTimeOffset LastOdd) last) = _suspects.MinBy(pair => pair.Value.LastOdd);
            if (now - last.LastOdd < Respite)
            {
                return;
            }

            Forget(oldest);
            ring = last.Ring;
            ring.Clear();
        }

        if (tap.TryWatch(Prefix.Host(source), new TapTerms(Patience * 2, PacketsPerSecond, BytesEach)))
        {
            _suspects[source] = (ring ?? new PacketRing(Packets, BytesEach), now);
        }
    }

    public void Add(Address source, in TappedPacket packet, ReadOnlySpan<byte> frame)
    {
        if (_suspects.TryGetValue(source, out (PacketRing Ring, DateTimeOffset LastOdd) known))
        {
            known.Ring.Add(in packet, frame);
        }
    }

    /// <summary>Takes out what is kept of a source, which is no suspect from now on; null: nothing is kept.</summary>
    public PacketRing? Remove(Prefix scope) => scope.IsHost && _suspects.Remove(scope.Network, out (PacketRing Ring, DateTimeOffset LastOdd) known) ? known.Ring : null;

    /// <summary>Forgets suspects inside a scope that is captured as a whole.</summary>
    public void ForgetWithin(Prefix scope)
    {
        foreach (Address source in _suspects.Keys.Where(scope.Contains).ToArray())
        {
            Forget(source);
        }
    }

    /// <summary>Forgets suspects that have not done anything odd for a while.</summary>
    public void Prune(DateTimeOffset now)
    {
        foreach (Address source in _suspects.Where(pair => now - pair.Value.LastOdd > Patience).Select(pair => pair.Key).ToArray())
        {
            Forget(source);
        }
    }

    private void Forget(Address source)
    {
        _suspects.Remove(source);
        tap.Unwatch(Prefix.Host(source));
    }
}
