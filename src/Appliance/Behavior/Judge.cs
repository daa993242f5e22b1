using Blackwall.Pipeline;

namespace Blackwall.Behavior;

/// <summary>
/// Turns findings of the detectors into evidence, phases and requests for decisions, and holds the one rule that matters: what anybody can
/// send in another's name limits, and only a proof turns it into a block.
/// </summary>
internal sealed class Judge(DetectionOptions options, BootClock clock, Func<bool> tarpitConfigured, EvidenceCounts counts)
{
    private const string Actor = "appliance";
    private const ulong Second = 1_000_000_000;

    // A decision takes a few milliseconds to reach the kernel; events that were under way meanwhile must not count as a return.
    private const ulong EnforcementGrace = 3 * Second;
    private const uint RepeatSeconds = 60;
    private const float SuspiciousFrom = 0.5f;
    private const float CleanBelow = 0.25f;
    private const int ForcedHandshakes = 3;

    /// <summary>What is first seen in packets that anyone can forge, and counts in full once the address is proven.</summary>
    private static readonly EvidenceKind[] Provable = [EvidenceKind.PortScan, EvidenceKind.StealthScan, EvidenceKind.SlowPortScan];

    private uint _budgetMinute;
    private int _budgetUsed;

    /// <summary>Forgeable evidence that asked for no limit because the minute's budget was spent.</summary>
    public long LimitsSuppressed { get; private set; }

    /// <summary>Whether a kind was not reported of this source in the last minute; asked before a sentence is made.</summary>
    public static bool IsRipe(ref Watch watch, EvidenceKind kind, ulong now)
    {
        uint last = watch.Reported[(int)kind];
        return last == 0 || Profile.Seconds(now) - last >= RepeatSeconds;
    }

    /// <summary>Whether the source has used us like a user: others may then have an interest in forging its address.</summary>
    public bool HasStanding(in Profile profile, ulong now) =>
        profile.Uses >= options.StandingUses && IsWithin(profile.UsedSeconds, (uint)options.StandingMinutes * 60, now);

    public void Report(Subject subject, EvidenceKind kind, EvidenceClass observed, double weight, string detail, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        ref Watch watch = ref subject.Watch;
        watch.Reported[(int)kind] = Profile.Seconds(now);
        AddSuspicion(ref profile, weight, now);

        bool promoted = observed == EvidenceClass.Spoofable && EvidenceKinds.MayBlock(kind) && IsProven(in profile, ref watch, now);
        EvidenceClass evidenceClass = promoted ? EvidenceClass.Handshake : observed;
        Evidence evidence = Make(profile.Key, kind, evidenceClass, weight, promoted ? detail + "; its address is proven" : detail, now);
        Act(ref profile, kind, evidence, now, findings);
    }

    /// <summary>The source has just proven its address: what was held against it with reservation now counts.</summary>
    public void OnProof(Subject subject, string how, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        profile.ProofSeconds = Profile.Seconds(now);
        if (profile.WatchSlot == 0 || profile.CoveredUntilNanoseconds > now)
        {
            return;
        }

        ref Watch watch = ref subject.Watch;
        if (!IsProven(in profile, ref watch, now))
        {
            return;
        }

        foreach (EvidenceKind kind in Provable)
        {
            if (IsWithin(watch.Reported[(int)kind], (uint)options.ProofMinutes * 60, now))
            {
                Evidence evidence = Make(profile.Key, kind, EvidenceClass.Handshake, 0.8, Recall(kind, in watch) + how, now);
                AddSuspicion(ref profile, 0.3, now);
                Act(ref profile, kind, evidence, now, findings);
                return;
            }
        }
    }

    /// <summary>Something about an own address, which accuses nobody.</summary>
    public void ReportTarget(Address target, string detail, ulong now, IFindings findings) =>
        findings.Record(Make(target, EvidenceKind.TargetFlood, EvidenceClass.Spoofable, 0.5, detail, now));

    /// <summary>Suspicion fades by its half-life; the phase follows with hysteresis.</summary>
    public void Decay(ref Profile profile, ulong now)
    {
        uint seconds = Profile.Seconds(now);
        if (profile.Suspicion > 0 && seconds > profile.SuspicionSeconds)
        {
            profile.Suspicion *= MathF.Pow(0.5f, (seconds - profile.SuspicionSeconds) / (options.SuspicionHalfLifeMinutes * 60f));
            profile.SuspicionSeconds = seconds;
        }

        if (profile.Phase == Phase.Suspicious && profile.Suspicion < CleanBelow)
        {
            profile.Phase = Phase.New;
        }
    }

    private void Act(ref Profile profile, EvidenceKind kind, Evidence evidence, ulong now, IFindings findings)
    {
        Verdict verdict = evidence.Class == EvidenceClass.Spoofable ? Verdict.RateLimit : Response(kind);
        uint seconds = Profile.Seconds(now);
        if (verdict == Verdict.RateLimit)
        {
            if (profile.Phase is Phase.New or Phase.Trusted && profile.Suspicion >= SuspiciousFrom)
            {
                profile.Phase = Phase.Suspicious;
            }

            if (profile.LimitedUntilSeconds > seconds || !TakeBudget(seconds))
            {
                findings.Record(evidence);
                return;
            }

            profile.LimitedUntilSeconds = seconds + ((uint)options.RateLimitMinutes * 60);
        }
        else
        {
            profile.Phase = Phase.Malicious;
            profile.CoveredUntilNanoseconds = now + EnforcementGrace;
            profile.Uses = 0;
        }

        // What can be forged never escalates: it asks for its own short end. A proven attack gets the board's escalating one.
        TimeSpan? ttl = verdict == Verdict.RateLimit ? TimeSpan.FromMinutes(options.RateLimitMinutes) : null;
        double confidence = Math.Clamp(evidence.Class == EvidenceClass.Spoofable ? profile.Suspicion / 2 : profile.Suspicion, 0.1, 0.99);
        findings.Decide(new DecisionRequest(
            Prefix.Host(profile.Key), verdict, Origin.Local, evidence.Kind, Math.Round(confidence, 2), ttl, [evidence], null, Actor));
    }

    private Verdict Response(EvidenceKind kind)
    {
        AttackResponse response = kind switch
        {
            EvidenceKind.BruteForce => options.BruteForceVerdict,
            EvidenceKind.HttpProbe => options.HttpProbeVerdict,
            _ when EvidenceKinds.MayBlock(kind) => options.ScanVerdict,
            _ => AttackResponse.RateLimit,
        };
        return response switch
        {
            AttackResponse.RateLimit => Verdict.RateLimit,
            AttackResponse.Redirect => Verdict.RedirectToTarpit,
            AttackResponse.Auto when tarpitConfigured() => Verdict.RedirectToTarpit,
            _ => Verdict.Drop,
        };
    }

    // The RST to a challenge shows that the address is alive and heard us, not that it sent what we hold against it: somebody can scan in
    // the name of a live host, whose stack then answers for him. For a stranger that is a bearable risk with a short block; a source that
    // uses us is blocked only for handshakes that it completed itself on several ports without a use for any. A handshake put to use is
    // no reason to look back, but the kernel challenges nobody whose handshake it has seen, so for a stranger it backs later evidence.
    private bool IsProven(in Profile profile, ref Watch watch, ulong now)
    {
        uint window = (uint)options.ProofMinutes * 60;
        if (HasStanding(in profile, now))
        {
            return IsWithin(watch.EmptySeconds, window, now) && watch.EmptyPorts.Count >= ForcedHandshakes;
        }

        return IsWithin(profile.ProofSeconds, window, now) || IsWithin(profile.EstablishedSeconds, window, now);
    }

    private bool TakeBudget(uint seconds)
    {
        uint minute = seconds / 60;
        if (minute != _budgetMinute)
        {
            _budgetMinute = minute;
            _budgetUsed = 0;
        }

        if (_budgetUsed == options.RateLimitsPerMinute)
        {
            LimitsSuppressed++;
            return false;
        }

        _budgetUsed++;
        return true;
    }

    private void AddSuspicion(ref Profile profile, double weight, ulong now)
    {
        Decay(ref profile, now);
        profile.Suspicion = Math.Min(4, profile.Suspicion + (float)weight);
        profile.SuspicionSeconds = Profile.Seconds(now);
    }

    private Evidence Make(Address source, EvidenceKind kind, EvidenceClass evidenceClass, double weight, string detail, ulong now)
    {
        counts.Count(kind);
        return new Evidence(0, source, EvidenceKinds.Word(kind), evidenceClass, weight, clock.ToDate(now), detail);
    }

    private static bool IsWithin(uint seconds, uint window, ulong now) => seconds != 0 && (int)(Profile.Seconds(now) - seconds) <= (int)window;

    private static string Recall(EvidenceKind kind, in Watch watch) => kind switch
    {
        EvidenceKind.StealthScan => FormattableString.Invariant($"sent {watch.StealthPackets} packets with impossible TCP flags"),
        _ => Sentences.Scan(watch.ScanPorts, watch.ScanHosts, watch.ScanMilliseconds),
    };
}
