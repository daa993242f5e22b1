using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Sharing;

/// <summary>Makes messages of drafts: rounds what is told, numbers it, and signs it with our key.</summary>
internal sealed class DraftSigner(SharingOptions options, PrivateKey key, MessageCounter counter, DateTimeOffset began)
{
    private readonly PeerId _self = PeerId.From(key.Public);

    /// <summary>Throws <see cref="MeshException"/>: the disk refuses a number.</summary>
    public SignedIndicator Sign(IndicatorDraft draft, (ulong Period, ulong Nonce) work, DateTimeOffset now) => SignedIndicator.Sign(Message(draft, work, now), key, options.Mesh);

    /// <summary>Whether a message with our signature can be ours: what was signed long after our start, and not with the epoch of this process, was signed by another.</summary>
    public bool IsOurs(IndicatorMessage message) => counter.IsUsed(message.Epoch, message.Counter) && (message.Epoch == counter.Epoch || message.Created <= began + IndicatorIntake.Skew);

    private IndicatorMessage Message(IndicatorDraft draft, (ulong Period, ulong Nonce) work, DateTimeOffset now)
    {
        DateTimeOffset created = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        DateTimeOffset last = IndicatorMessage.Round(draft.LastSeen < now ? draft.LastSeen : now);
        DateTimeOffset first = IndicatorMessage.Round(draft.FirstSeen < last ? draft.FirstSeen : last);
        TimeSpan ttl = TimeSpan.FromSeconds(Math.Clamp(Math.Floor(draft.TimeToLive.TotalSeconds), 60, IndicatorMessage.MaxTimeToLive.TotalSeconds));
        return new IndicatorMessage(
            draft.Kind, draft.Value, draft.Evidence, draft.Detector, first, last, IndicatorMessage.Step(draft.Sightings), Math.Clamp(draft.Confidence, 0, 100), ttl, _self, counter.Epoch, counter.Next(), created)
        {
            ProofPeriod = work.Period,
            ProofNonce = work.Nonce,
        };
    }
}
