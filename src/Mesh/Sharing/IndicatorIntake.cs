using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Indicators.Wire;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// Judges messages of others before they count and before they are passed on: size, form, time, whether they were seen, signature, admission, quota, and only then
/// state. What every sensor must refuse costs whoever sent it; what only we refuse (late, seen, over a quota that is ours) costs nobody.
/// </summary>
internal sealed class IndicatorIntake(SharingOptions options, TrustEngine trust, AdmissionDesk admission, RecentMessages recent, ShareCounts counts, Lock gate, PeerId self)
{
    /// <summary>How far a clock may be ahead of ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    private readonly ReplayWindow _replays = new();
    private readonly AuthorQuota _quota = new(options.MessagesPerHour);

    /// <summary>An author signed two messages with one counter. Called outside of the lock.</summary>
    public Action<EquivocationProof>? Equivocated { get; set; }

    /// <summary>The author of a message has not done the work of its identity. Called outside of the lock.</summary>
    public Action<PeerId>? Unproven { get; set; }

    /// <summary>Whether a message of our own can have this epoch, number and time.</summary>
    public Func<IndicatorMessage, bool>? IsOurs { get; set; }

    /// <summary>A message came with our own signature that we did not make. Called outside of the lock.</summary>
    public Action? Impersonated { get; set; }

    /// <summary>A member signed a message at this time by its clock. Called outside of the lock.</summary>
    public Action<PeerId, DateTimeOffset>? MemberSigned { get; set; }

    /// <param name="bytes">The message.</param>
    /// <param name="via">Who sent it to us; null: it was asked for, and its author is not here.</param>
    /// <param name="now">The time.</param>
    public async ValueTask<Validation> JudgeAsync(ReadOnlyMemory<byte> bytes, PeerId? via, DateTimeOffset now)
    {
        if (IndicatorCodec.TryDecode(bytes.ToArray(), out IndicatorFault fault) is not { } signed)
        {
            return Answer(fault is IndicatorFault.TooLong ? ShareCount.TooLong : ShareCount.Malformed, Validation.Reject);
        }

        IndicatorMessage message = signed.Message;
        if (message.Author == self)
        {
            if (IsOurs?.Invoke(message) == false && signed.Verify(options.Mesh))
            {
                Impersonated?.Invoke();
            }

            return Answer(ShareCount.Duplicate, Validation.Ignore);
        }

        if (LookAtTime(message, now) is { } untimely)
        {
            if (message.Created > now && options.Members.Contains(message.Author) && signed.Verify(options.Mesh))
            {
                MemberSigned?.Invoke(message.Author, message.Created);
            }

            return untimely;
        }

        ulong fingerprint = signed.Fingerprint;
        bool isSilenced;
        lock (gate)
        {
            switch (_replays.Look(message.Author, message.Epoch, message.Counter, fingerprint))
            {
                case ReplayResult.Duplicate:
                    return Answer(ShareCount.Duplicate, Validation.Ignore);
                case ReplayResult.Stale:
                    return Answer(ShareCount.Replayed, Validation.Ignore);
            }

            isSilenced = trust.Reputation.Find(message.Author)?.IsSilenced(now) == true;
        }

        if (isSilenced)
        {
            return Answer(ShareCount.Silenced, Validation.Ignore);
        }

        if (!signed.Verify(options.Mesh))
        {
            return Answer(ShareCount.BadSignature, Validation.Reject);
        }

        if (!options.Members.Contains(message.Author))
        {
            switch (await admission.AskAsync(message.Author, message.ProofPeriod, message.ProofNonce, now).ConfigureAwait(false))
            {
                case AdmissionResult.NoProof:
                    Unproven?.Invoke(message.Author);
                    return Answer(ShareCount.NoProof, Validation.Reject);
                case AdmissionResult.WrongPeriod:
                    Unproven?.Invoke(message.Author);
                    return Answer(ShareCount.NoProof, Validation.Ignore);
                case AdmissionResult.TooMany:
                    return Answer(ShareCount.NotAdmitted, Validation.Ignore);
            }
        }

        EquivocationProof? proof;
        Validation answer;
        lock (gate)
        {
            answer = Take(signed, fingerprint, via, now, out proof);
        }

        if (proof is not null)
        {
            Equivocated?.Invoke(proof);
        }

        return answer;
    }

    private Validation? LookAtTime(IndicatorMessage message, DateTimeOffset now)
    {
        if (message.LastSeen > message.Created + Skew)
        {
            return Answer(ShareCount.Malformed, Validation.Reject);
        }

        if (message.Created > now + Skew)
        {
            return Answer(ShareCount.FromTheFuture, Validation.Ignore);
        }

        // What is older than the window of votes weighs nothing, so that what is forgotten of replays harms nothing.
        return message.Expires <= now || now - message.Created >= options.Consensus.Window ? Answer(ShareCount.Expired, Validation.Ignore) : null;
    }

    private Validation Take(SignedIndicator signed, ulong fingerprint, PeerId? via, DateTimeOffset now, out EquivocationProof? proof)
    {
        proof = null;
        IndicatorMessage message = signed.Message;
        switch (_replays.Look(message.Author, message.Epoch, message.Counter, fingerprint))
        {
            case ReplayResult.Duplicate:
                return Answer(ShareCount.Duplicate, Validation.Ignore);
            case ReplayResult.Stale:
                return Answer(ShareCount.Replayed, Validation.Ignore);
            case ReplayResult.Conflict:
                if (recent.Find(message) is { } first)
                {
                    proof = new EquivocationProof(message.Author, first, signed);
                    trust.Punish(message.Author, "equivocation", now);
                }

                return Answer(ShareCount.Equivocated, Validation.Ignore);
        }

        if (!_quota.TryTake(message.Author, message.Created))
        {
            // Only what comes as it is said tells of abuse: old messages come many at once to who was away.
            bool isAbuse = via is not null && (now - message.Created).Duration() <= Skew && _quota.IsAbuse(message.Author, message.Created, message.Counter);
            if (isAbuse)
            {
                trust.Punish(message.Author, "quota", now);
            }

            // A peer that passes it on may have seen less of its author than we have.
            return Answer(ShareCount.OverQuota, isAbuse && via == message.Author ? Validation.Reject : Validation.Ignore);
        }

        _replays.Take(message.Author, message.Epoch, message.Counter, fingerprint);
        PeerStanding author = trust.Reputation.Meet(message.Author, now);
        recent.Add(signed);
        switch (trust.Apply(message, now))
        {
            case TrustOutcome.Protected:
                return Answer(ShareCount.Protected, Validation.Reject);
            case TrustOutcome.GuardedHere:
                return Answer(ShareCount.GuardedHere, Validation.Accept);
            case TrustOutcome.NoRoom:
                return Answer(ShareCount.NoRoom, Validation.Accept);
            case TrustOutcome.Superseded:
                return Answer(ShareCount.Superseded, Validation.Ignore);
            case TrustOutcome.Withdrawn:
                return Answer(ShareCount.Withdrawn, Validation.Accept);
            case TrustOutcome.Silenced:
                return Answer(ShareCount.Silenced, Validation.Ignore);
            default:
                author.LastSeen = now;
                return Answer(ShareCount.Accepted, Validation.Accept);
        }
    }

    private Validation Answer(ShareCount what, Validation validation)
    {
        counts.Add(what);
        return validation;
    }
}
