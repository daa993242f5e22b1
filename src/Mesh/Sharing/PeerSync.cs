using System.Collections.Concurrent;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;

namespace Blackwall.Mesh.Sharing;

/// <summary>Asks peers for what was said before we met them, and answers those who ask us.</summary>
internal sealed class PeerSync(MeshHost host, GossipService gossip, TrustDesk desk, SharingOptions options, TimeProvider time)
{
    private static readonly TimeSpan SyncAgain = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookBack = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SyncPatience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(PeerId Peer, TimeSpan Back), DateTimeOffset> _synced = new();

    /// <summary>Asks a peer that we met for all that still counts.</summary>
    public Task AskAllAsync(PeerId peer, CancellationToken stop) => AskAsync(peer, SyncAgain, options.Consensus.Window, stop);

    /// <summary>Asks a peer of our part of the topic for what was said just before it was in it.</summary>
    public Task AskLastAsync(PeerId peer, CancellationToken stop) => AskAsync(peer, LookAgain, LookBack, stop);

    /// <summary>Answers a peer that asks.</summary>
    public Task GiveAsync(IMeshStream stream, CancellationToken cancellation) => SyncProtocol.GiveAsync(stream, after => desk.Recent(after, stream.Remote, time.GetUtcNow()), cancellation);

    /// <summary>Forgets whom we asked long ago.</summary>
    public void Trim(DateTimeOffset now)
    {
        foreach ((PeerId, TimeSpan) old in _synced.Where(pair => now - pair.Value > SyncAgain).Select(pair => pair.Key))
        {
            _synced.TryRemove(old, out _);
        }
    }

    private async Task AskAsync(PeerId peer, TimeSpan again, TimeSpan back, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (host.Info(peer)?.Protocols.Contains(options.SyncProtocol, StringComparer.Ordinal) != true || (_synced.TryGetValue((peer, back), out DateTimeOffset at) && now - at < again))
        {
            return;
        }

        _synced[(peer, back)] = now;
        try
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            late.CancelAfter(SyncPatience);
            await using IMeshStream stream = await host.OpenAsync(peer, [options.SyncProtocol], late.Token).ConfigureAwait(false);
            await foreach (ReadOnlyMemory<byte> message in SyncProtocol.TakeAsync(stream, now - back, late.Token).ConfigureAwait(false))
            {
                if (await desk.Intake.JudgeAsync(message, via: null, time.GetUtcNow()).ConfigureAwait(false) is Validation.Accept)
                {
                    // Seen already, it would not be passed on when it comes by gossip, so it is passed on now; its author's own signature is inside.
                    desk.Counts.Add(ShareCount.Synced);
                    await gossip.PublishAsync(options.IndicatorTopic, message, late.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            // The next peer is asked, and this one again later.
            _synced.TryRemove((peer, back), out _);
        }
    }
}
