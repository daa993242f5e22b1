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
    private static readonly TimeSpan QuestionPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SyncPatience = TimeSpan.FromSeconds(20);

    /// <summary>What a peer of our part of the topic is asked for.</summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromMinutes(2);

    private readonly SyncGate _gate = new(options, desk.Places);
    private readonly ConcurrentDictionary<(PeerId Peer, TimeSpan Back), DateTimeOffset> _synced = new();

    /// <summary>A member asked, and its clock is so far ahead of ours.</summary>
    public Action<PeerId, TimeSpan>? MemberAsked { get; set; }

    /// <summary>Asks a peer that we met for all that still counts.</summary>
    public Task AskAllAsync(PeerId peer, CancellationToken stop) => AskAsync(peer, SyncAgain, options.Consensus.Window, stop);

    /// <summary>Asks a peer of our part of the topic for what was said just before it was in it.</summary>
    public Task AskLastAsync(PeerId peer, CancellationToken stop) => AskAsync(peer, LookAgain, LookBack, stop);

    /// <summary>Answers a peer that asks.</summary>
    public async Task GiveAsync(IMeshStream stream, CancellationToken cancellation)
    {
        PeerId peer = stream.Remote;
        if (!_gate.TryEnter(peer))
        {
            throw new InvalidDataException("Too many ask for messages.");
        }

        try
        {
            using var patience = new CancellationTokenSource(AnswerPatience, time);
            using var question = new CancellationTokenSource(QuestionPatience, time);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
            using var silent = CancellationTokenSource.CreateLinkedTokenSource(late.Token, question.Token);
            DateTimeOffset asked = await SyncProtocol.ReadQuestionAsync(stream, silent.Token).ConfigureAwait(false);
            DateTimeOffset now = time.GetUtcNow();
            if (options.Members.Contains(peer))
            {
                MemberAsked?.Invoke(peer, AheadBy(asked, now));
            }

            await SyncProtocol.GiveAsync(
                stream,
                desk.Recent(_gate.Since(peer, asked, now), peer, now),
                bytes => _gate.Pace(peer, bytes, time.GetUtcNow()) is { Ticks: > 0 } wait ? Task.Delay(wait, time, late.Token) : Task.CompletedTask,
                late.Token).ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave(peer);
        }
    }

    // Sensors ask for what was said since the window of votes, or since a moment ago, by their own clocks.
    private TimeSpan AheadBy(DateTimeOffset asked, DateTimeOffset now)
    {
        TimeSpan all = asked + options.Consensus.Window - now;
        TimeSpan last = asked + LookBack - now;
        return all.Duration() < last.Duration() ? all : last;
    }

    /// <summary>Forgets whom we asked long ago.</summary>
    public void Trim(DateTimeOffset now)
    {
        _gate.Trim(now);
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
