using System.Numerics;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Adds up what distinct requests of a source weigh. The same request again weighs nothing: a person's bookmark is no probe. A source that asks for
/// hundreds of things of which the server has none is looking for what is there.
/// </summary>
internal sealed class HttpProbeDetector(DetectionOptions options, Judge judge) : SourceDetector
{
    private const ulong Second = 1_000_000_000;
    private const uint ManyTargetsBonus = 250;
    private const byte FewMissing = 4;

    // Of 64 bits: about 130 targets, which beside the other counts only tells many from a few that are asked for again and again.
    private const int ManyOwnTargets = 56;

    // Several strong rules at once are no accident: from here on one request is enough. 1 - (1 - 0.9) * (1 - 0.9) = 0.99.
    private const double Unmistakable = 0.985;

    private ulong Window => (ulong)options.HttpProbeWindowSeconds * Second;

    private uint Enough => (uint)Math.Round(options.HttpProbeScore * 1000);

    public override void OnSign(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
        if (sign.Kind == SignKind.Request)
        {
            OnRequest(subject, in sign, now, findings);
        }
    }

    /// <param name="subject">The source; one of its flows is established.</param>
    /// <param name="sign">Its request.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="findings">Where results go.</param>
    private void OnRequest(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
        // Most clients never ask for anything odd and need no record.
        if (sign.Weight <= 0 && !subject.IsWatched)
        {
            return;
        }

        ref Watch watch = ref subject.Watch;
        Advance(ref watch, now);
        watch.Requests = Next(watch.Requests);
        bool isLed = sign.Class == EvidenceClass.Spoofable;
        watch.LedRequests = isLed ? Next(watch.LedRequests) : watch.LedRequests;
        bool isNew = watch.Targets.Add(sign.Thing, now);
        if (!isLed)
        {
            watch.OwnTargets |= 1UL << (int)((sign.Thing * 0x9E3779B1) >> 26);
        }

        if (!isNew || sign.Weight <= 0)
        {
            return;
        }

        int targets = watch.Targets.Count;
        uint bonus = targets >= options.HttpDistinctTargets ? ManyTargetsBonus : 0;
        if (isLed)
        {
            // Another site may have made a browser send it: told, and a limit at most.
            watch.LedScore += (uint)Math.Round(sign.Weight * 1000);
            uint led = watch.LedScore + watch.ProbeScore + watch.PreviousProbeScore + bonus;
            if (led >= Enough && Judge.IsRipe(ref watch, EvidenceKind.HttpProbe, now))
            {
                EvidenceFacts told = new(Findings.ProbingRequests) { LedByOthers = true, Targets = targets, SpanMilliseconds = watch.Targets.MillisecondsSince(now) };
                judge.Report(subject, EvidenceKind.HttpProbe, EvidenceClass.Spoofable, Math.Min(1, led / 2000.0), told, now, findings);
            }

            return;
        }

        // One request never blocks somebody's user, and it takes twice as much to.
        bool isUser = judge.HasStanding(in subject.Profile, now);
        watch.ProbeScore += sign.Weight >= Unmistakable && !isUser ? Enough : (uint)Math.Round(sign.Weight * 1000);
        watch.ProbeCount = Next(watch.ProbeCount);
        uint score = watch.ProbeScore + watch.PreviousProbeScore + bonus;
        int count = watch.ProbeCount + watch.PreviousProbeCount;
        if (score >= (isUser ? 2 * Enough : Enough) && (count > 1 || !isUser) && Judge.IsRipe(ref watch, EvidenceKind.HttpProbe, now, founded: true))
        {
            EvidenceFacts facts = new(Findings.ProbingRequests) { Requests = count, Targets = targets, SpanMilliseconds = watch.Targets.MillisecondsSince(now) };
            judge.Report(subject, EvidenceKind.HttpProbe, EvidenceClass.Application, Math.Min(1, score / 2000.0), facts, now, findings);
        }
    }

    /// <summary>
    /// The server does not have what was asked for. Which request an answer belongs to is not told: as many as another site may have led a browser
    /// to are taken for theirs.
    /// </summary>
    public override void OnMissing(Subject subject, ulong now, IFindings findings)
    {
        // Everybody misses an icon.
        ref Profile profile = ref subject.Profile;
        if (!subject.IsWatched && profile.Missing < FewMissing)
        {
            profile.Missing++;
            return;
        }

        ref Watch watch = ref subject.Watch;
        Advance(ref watch, now);
        watch.Missing = Next(watch.Missing);
        int missing = watch.Missing + watch.PreviousMissing;
        int requests = watch.Requests + watch.PreviousRequests;
        int led = watch.LedRequests + watch.PreviousLedRequests;
        bool isOwn = BitOperations.PopCount(watch.OwnTargets | watch.PreviousOwnTargets) >= ManyOwnTargets;
        if (!(isOwn && Consider(subject, missing - led, requests - led, EvidenceClass.Application, now, findings)) && led > 0)
        {
            Consider(subject, missing, requests, EvidenceClass.Spoofable, now, findings);
        }
    }

    // True: so many in vain are no accident.
    private bool Consider(Subject subject, int missing, int requests, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        requests = Math.Max(missing, requests);
        int targets = watch.Targets.Count;
        if (Math.Min(missing, targets) < options.HttpMissingTargets || missing * 20 < requests * 19)
        {
            return false;
        }

        if (Judge.IsRipe(ref watch, EvidenceKind.HttpProbe, evidenceClass, now))
        {
            // A crawler after a move of the site misses much too, but takes its time.
            EvidenceFacts facts = new(Findings.RequestsInVain)
            {
                Targets = targets,
                SpanMilliseconds = watch.Targets.MillisecondsSince(now),
                Missed = missing,
                Requests = requests,
                LedByOthers = evidenceClass == EvidenceClass.Spoofable ? true : null,
            };
            judge.Report(subject, EvidenceKind.HttpProbe, evidenceClass, 0.7, facts, now, findings);
        }

        return true;
    }

    private void Advance(ref Watch watch, ulong now)
    {
        int halves = watch.Targets.Advance(now, Window);
        if (halves > 0)
        {
            bool isNext = halves == 1;
            watch.PreviousProbeScore = isNext ? watch.ProbeScore : 0;
            watch.PreviousProbeCount = isNext ? watch.ProbeCount : (ushort)0;
            watch.PreviousRequests = isNext ? watch.Requests : (ushort)0;
            watch.PreviousLedRequests = isNext ? watch.LedRequests : (ushort)0;
            watch.PreviousMissing = isNext ? watch.Missing : (ushort)0;
            (watch.ProbeScore, watch.LedScore, watch.ProbeCount, watch.Requests, watch.Missing) = (0, 0, 0, 0, 0);
            watch.PreviousOwnTargets = isNext ? watch.OwnTargets : 0;
            (watch.LedRequests, watch.OwnTargets) = (0, 0);
        }
    }

    private static ushort Next(ushort number) => (ushort)Math.Min(number + 1, ushort.MaxValue);
}
