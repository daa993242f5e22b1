using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Guard;

/// <summary>
/// Addresses from which somebody administered this machine: sessions of root or of users who may become root, and calls of the API with a key
/// that may change something. They stay guarded for weeks after they left, also over restarts. Bounded. Thread-safe.
/// </summary>
internal sealed class ManagementPeers(
    SnapshotStore store,
    IOptions<GuardMemoryOptions> options,
    TimeProvider time,
    ILogger<ManagementPeers> log) : IManagementClients
{
    public const string File = "guard.state";

    private const long MostBytes = 1 << 20;

    // A session that goes on is written this seldom.
    private static readonly TimeSpan WriteEvery = TimeSpan.FromHours(1);

    // A peer that is not remembered is one for this long, so that a client that asks now and then stays guarded in between.
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<Address, ManagementPeer> _peers = [];
    private long _written = long.MinValue;
    private (long UnixMilliseconds, long Timestamp)? _clocks;
    private bool _restored;

    /// <summary>Raised when an address is seen that was not guarded.</summary>
    public event EventHandler? Added;

    /// <summary>Why the peers could not be stored; null: they were.</summary>
    public string? Fault { get; private set; }

    public void Seen(Address client) => Seen(client, "API");

    /// <param name="peer">The other end of the session.</param>
    /// <param name="way">"SSH", "login" or "API".</param>
    public void Seen(Address peer, string way)
    {
        // Not over IP, or from this machine: guarded already.
        if (peer == Address.None || GuardSet.Empty.Overlapping(Prefix.Host(peer)) is not null)
        {
            return;
        }

        bool added;
        lock (_lock)
        {
            Restore();
            long now = Now();
            added = !_peers.ContainsKey(peer);
            if (added && _peers.Count >= options.Value.MaxPeers)
            {
                _peers.Remove(_peers.MinBy(pair => pair.Value.LastSeenUnixMilliseconds).Key);
            }

            _peers[peer] = new ManagementPeer(peer, way, now);
            if (added || now - _written >= WriteEvery.TotalMilliseconds || now < _written)
            {
                Write(now);
            }
        }

        if (added)
        {
            Added?.Invoke(this, EventArgs.Empty);
        }
    }

    public IReadOnlyList<ManagementPeer> Current()
    {
        lock (_lock)
        {
            Restore();
            double memory = Math.Max(TimeSpan.FromDays(options.Value.RememberDays).TotalMilliseconds, Least.TotalMilliseconds);
            long now = Now();
            foreach (ManagementPeer peer in _peers.Values.Where(peer => now - peer.LastSeenUnixMilliseconds > memory).ToArray())
            {
                _peers.Remove(peer.Address);
            }

            return [.. _peers.Values];
        }
    }

    // A wall clock that was set forward by a year must not expire all peers: the step is added to their last-seen times.
    private long Now()
    {
        (long UnixMilliseconds, long Timestamp) now = (time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());
        if (_clocks is { } before)
        {
            long jump = now.UnixMilliseconds - before.UnixMilliseconds - (long)time.GetElapsedTime(before.Timestamp, now.Timestamp).TotalMilliseconds;
            if (Math.Abs(jump) > Least.TotalMilliseconds / 10)
            {
                foreach (ManagementPeer peer in _peers.Values.ToArray())
                {
                    _peers[peer.Address] = peer with { LastSeenUnixMilliseconds = Math.Min(peer.LastSeenUnixMilliseconds + jump, now.UnixMilliseconds) };
                }

                _written = long.MinValue;
            }
        }

        _clocks = now;
        return now.UnixMilliseconds;
    }

    private void Restore()
    {
        if (_restored)
        {
            return;
        }

        _restored = true;
        byte[]? content = store.Read(File, MostBytes, out string? damage);
        if (damage is not null)
        {
            GuardLog.Forgotten(log, damage);
        }

        foreach (ManagementPeer peer in ManagementPeerText.Read(content ?? []).OrderByDescending(peer => peer.LastSeenUnixMilliseconds).Take(options.Value.MaxPeers))
        {
            _peers[peer.Address] = peer;
        }
    }

    private void Write(long now)
    {
        _written = now;
        try
        {
            store.Write(File, ManagementPeerText.Write(_peers.Values));
            Fault = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They stay guarded in this process; the next one may not know them.
            Fault = $"Who administered this machine cannot be stored: {failure.Message}";
        }
    }
}
