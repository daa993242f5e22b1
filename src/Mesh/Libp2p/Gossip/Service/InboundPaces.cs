using System.Collections.Concurrent;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>
/// How many bytes a second are read of each peer's RPCs. Who sends more is read later: the window of its stream fills, and it waits. Kept over its connections, so that a new
/// one gives nothing anew.
/// </summary>
/// <param name="options">The rate, and what may come at once.</param>
/// <param name="time">The clock.</param>
internal sealed class InboundPaces(GossipOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<PeerId, (double Left, long At, long? Since)> _peers = new();

    /// <summary>Takes bytes that a peer sent. Not for two threads with the same peer.</summary>
    /// <param name="peer">Who sent them.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="isAbuse">It has sent too much for longer than <see cref="GossipOptions.PaceTime"/>; said once in that time.</param>
    /// <returns>How long to wait before more is read.</returns>
    public TimeSpan Take(PeerId peer, int bytes, out bool isAbuse)
    {
        isAbuse = false;
        if (options.BytesPerSecond == 0)
        {
            return TimeSpan.Zero;
        }

        long now = time.GetTimestamp();
        (double left, long at, long? since) = _peers.GetValueOrDefault(peer, (options.BytesAtOnce, now, null));
        left = Refilled(left, at, now) - bytes;
        if (left >= 0)
        {
            _peers[peer] = (left, now, null);
            return TimeSpan.Zero;
        }

        since ??= now;
        isAbuse = time.GetElapsedTime(since.Value, now) >= options.PaceTime;
        _peers[peer] = (left, now, isAbuse ? now : since);
        return TimeSpan.FromSeconds(-left / options.BytesPerSecond);
    }

    /// <summary>Forgets those who may send all at once again.</summary>
    public void Trim()
    {
        long now = time.GetTimestamp();
        foreach ((PeerId peer, (double left, long at, _)) in _peers)
        {
            if (Refilled(left, at, now) >= options.BytesAtOnce)
            {
                _peers.TryRemove(peer, out _);
            }
        }
    }

    private double Refilled(double left, long at, long now) => Math.Min(options.BytesAtOnce, left + (time.GetElapsedTime(at, now).TotalSeconds * options.BytesPerSecond));
}
