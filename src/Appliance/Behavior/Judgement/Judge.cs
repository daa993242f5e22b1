using System.Numerics;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Behavior.Statistics;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior.Judgement;

/// <summary>
/// Turns findings of the detectors into evidence, phases and requests for decisions, and holds the one rule that matters: the class of evidence
/// belongs to the flows that carry the offence. What anybody can send in another's name limits and is told, whoever the source is and whatever else
/// it proved: that an address answers a challenge, or shook hands elsewhere, shows that it is alive and no more.
/// </summary>
internal sealed class Judge(DetectionOptions options, BootClock clock, Func<bool> tarpitConfigured, EvidenceCounts counts, FalsePositiveLedger ledger)
{
    private const string Actor = "appliance";
    private const ulong Second = 1_000_000_000;

    // A decision takes a few milliseconds to reach the kernel; events that were under way meanwhile must not count as a return.
    private const ulong EnforcementGrace = 3 * Second;
    private const uint RepeatSeconds = 60;

    // Suspicion is held in thousandths.
    private const uint SuspiciousFrom = 500;
    private const uint CleanBelow = 250;
    private const uint MostSuspicion = 4000;
    private const uint SecondKindSeconds = 86_400;
    private const double SecondKindWeight = 0.2;
    private const int BusyUses = 50;

    /// <summary>How long a program that was seen at ordinary use counts as one of the address's clients.</summary>
    public const uint AgentWindowSeconds = 4 * 3600;

    // Kinds that can confirm another one.
    private static readonly EvidenceKind[] Confirming = [.. EvidenceKind.All.Where(kind => kind.MayBlock && kind.IsOfSource)];

    private uint _budgetMinute;
    private int _budgetUsed;

    /// <summary>Forgeable evidence that asked for no limit because the minute's budget was spent.</summary>
    public long LimitsSuppressed { get; private set; }

    /// <summary>
    /// Whether a kind was not reported of this source in the last minute; asked before a sentence is made. What can be forged must not silence
    /// what cannot, so for the latter only its like counts.
    /// </summary>
    public static bool IsRipe(ref Watch watch, EvidenceKind kind, ulong now, bool founded = false)
    {
        uint last = founded ? watch.Founded[kind.Number] : watch.Reported[kind.Number];
        return last == 0 || Profile.Seconds(now) - last >= RepeatSeconds;
    }

    /// <summary>The same, where one detector reports both what can be forged and what cannot.</summary>
    public static bool IsRipe(ref Watch watch, EvidenceKind kind, EvidenceClass observed, ulong now) =>
        IsRipe(ref watch, kind, now) || (observed != EvidenceClass.Spoofable && watch.ForgeableKinds.Contains(kind));

    /// <summary>Whether the source has used our services in the ordinary way: an attacker may then have an interest in forging its address.</summary>
    public bool HasStanding(in Profile profile, ulong now) =>
        profile.Uses >= options.StandingUses && IsWithin(profile.UsedSeconds, (uint)options.StandingMinutes * 60, now);

    /// <summary>Whether many people send from this address: what one of them does must not block the others.</summary>
    public bool IsShared(in Profile profile, ulong now) =>
        Contains(options.Proxies, profile.Key)
        || (profile.Uses >= options.StandingUses && IsWithin(profile.AgentSeconds, AgentWindowSeconds, now) && BitOperations.PopCount(profile.Agents) >= options.SharedClients);

    /// <summary>Whether the operator named the source as a monitor, which tries ports and hosts for a living.</summary>
    public bool IsMonitor(Address source) => Contains(options.Monitors, source);

    /// <summary>How many times more in vain it takes: who uses us much, or is many people behind one address, also errs more.</summary>
    public int Forbearance(in Profile profile, ulong now) => profile.Uses >= BusyUses && HasStanding(in profile, now) ? 3 : profile.Phase == Phase.Trusted ? 2 : 1;

    /// <summary>A weak sign: reported and counted against the source, but it asks for nothing.</summary>
    public void Suspect(Subject subject, EvidenceKind kind, double weight, EvidenceFacts facts, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        if (IsDamped(in profile, kind, now))
        {
            return;
        }

        subject.Watch.Reported[kind.Number] = Profile.Seconds(now);
        AddSuspicion(ref profile, weight, now);
        findings.Record(Make(profile.Key, kind, EvidenceClass.Spoofable, weight, facts, now));
        if (profile.Suspicion >= SuspiciousFrom && profile.Phase is Phase.New or Phase.Trusted)
        {
            Move(ref profile, Phase.Suspicious, facts, now, findings);
        }
    }

    /// <summary>Evidence that another stage reported already: it is counted against the source and asks for nothing.</summary>
    public void Corroborate(Subject subject, EvidenceKind kind, in Sign sign, ulong now, IFindings findings)
    {
        ref Profile profile = ref subject.Profile;
        if (IsDamped(in profile, kind, now))
        {
            return;
        }

        counts.Count(kind);
        AddSuspicion(ref profile, sign.Weight, now);
        if (sign.Class != EvidenceClass.Spoofable && sign.Weight >= SecondKindWeight)
        {
            subject.Watch.Founded[kind.Number] = Profile.Seconds(now);
        }

        if (profile.Suspicion >= SuspiciousFrom && profile.Phase is Phase.New or Phase.Trusted)
        {
            Move(ref profile, Phase.Suspicious, sign.Facts ?? new EvidenceFacts(Findings.OtherStage), now, findings);
        }
    }

    /// <param name="subject">The source.</param>
    /// <param name="kind">What was seen.</param>
    /// <param name="observed">What that proves by itself.</param>
    /// <param name="weight">0..1.</param>
    /// <param name="facts">What was measured.</param>
    /// <param name="now">Event time.</param>
    /// <param name="findings">Where results go.</param>
    /// <param name="limitSeconds">How long a limit has to last at least.</param>
    /// <param name="scope">What a decision is about; null: the source.</param>
    public void Report(
        Subject subject, EvidenceKind kind, EvidenceClass observed, double weight, EvidenceFacts facts, ulong now, IFindings findings, uint limitSeconds = 0, Prefix? scope = null)
    {
        ref Profile profile = ref subject.Profile;
        if (IsDamped(in profile, kind, now))
        {
            return;
        }

        ref Watch watch = ref subject.Watch;
        watch.Reported[kind.Number] = Profile.Seconds(now);
        watch.ForgeableKinds.Set(kind, observed == EvidenceClass.Spoofable);
        AddSuspicion(ref profile, weight, now);

        bool isShared = observed != EvidenceClass.Spoofable && IsShared(in profile, now);
        EvidenceClass evidenceClass = isShared ? EvidenceClass.Spoofable : observed;
        if (evidenceClass != EvidenceClass.Spoofable)
        {
            watch.Founded[kind.Number] = Profile.Seconds(now);
        }

        Evidence evidence = Make(profile.Key, kind, evidenceClass, weight, isShared ? facts with { SharedSource = true } : facts, now);
        Act(ref profile, ref watch, kind, evidence, scope ?? Prefix.Host(profile.Key), limitSeconds, now, findings);
    }

    /// <summary>Something about an own address, which accuses nobody.</summary>
    public void ReportTarget(Address target, EvidenceFacts facts, ulong now, IFindings findings) =>
        findings.Record(Make(target, EvidenceKind.TargetFlood, EvidenceClass.Spoofable, 0.5, facts, now));

    /// <summary>Suspicion fades by its half-life; the phase follows with hysteresis.</summary>
    public void Decay(ref Profile profile, ulong now, IFindings findings)
    {
        uint seconds = Profile.Seconds(now);
        if (profile.Suspicion > 0 && seconds > profile.SuspicionSeconds)
        {
            profile.Suspicion = (ushort)FixedPoint.Decay(profile.Suspicion, seconds - profile.SuspicionSeconds, (uint)options.SuspicionHalfLifeMinutes * 60);
            profile.SuspicionSeconds = seconds;
        }

        if (profile.Phase == Phase.Suspicious && profile.Suspicion < CleanBelow)
        {
            Move(ref profile, Phase.New, new EvidenceFacts(Findings.Faded), now, findings);
        }
    }

    /// <summary>The one place where a phase changes: each change is told with its reason.</summary>
    public void Move(ref Profile profile, Phase phase, EvidenceFacts why, ulong now, IFindings findings)
    {
        if (profile.Phase == phase)
        {
            return;
        }

        EvidenceFacts facts = why.Leading(Findings.PhaseChanged) with { From = PhaseWords.For(profile.Phase), To = PhaseWords.For(phase) };
        profile.Phase = phase;
        findings.Record(Evidence.Create(profile.Key, PhaseWords.Evidence, EvidenceClass.Spoofable, 0, clock.ToDate(now), facts));
    }

    private void Act(ref Profile profile, ref Watch watch, EvidenceKind kind, Evidence evidence, Prefix scope, uint limitSeconds, ulong now, IFindings findings)
    {
        // One weak kind is not enough to call anybody malicious: it takes a second one that does not rest on the same counting, and that nobody
        // could have forged either.
        bool isProven = evidence.Class != EvidenceClass.Spoofable && IsEnough(kind, ref watch, now);
        Verdict verdict = isProven ? Response(kind) : Verdict.RateLimit;
        uint seconds = Profile.Seconds(now);
        limitSeconds = Math.Max(limitSeconds, (uint)options.RateLimitMinutes * 60);
        if (verdict == Verdict.RateLimit)
        {
            if (profile.Phase is Phase.New or Phase.Trusted && profile.Suspicion >= SuspiciousFrom)
            {
                Move(ref profile, Phase.Suspicious, evidence.Facts!, now, findings);
            }

            if (profile.LimitedUntilSeconds > seconds || !TakeBudget(seconds))
            {
                findings.Record(evidence);
                return;
            }

            profile.LimitedUntilSeconds = seconds + limitSeconds;
        }
        else
        {
            Move(ref profile, Phase.Malicious, evidence.Facts!, now, findings);
            profile.CoveredUntilNanoseconds = now + EnforcementGrace;
            profile.Uses = 0;
        }

        // What can be forged never escalates: it asks for its own short end. A proven attack gets the board's escalating one.
        TimeSpan? ttl = verdict == Verdict.RateLimit ? TimeSpan.FromSeconds(limitSeconds) : null;
        double suspicion = profile.Suspicion / 1000.0;
        double confidence = Math.Clamp(evidence.Class == EvidenceClass.Spoofable ? suspicion / 2 : suspicion, 0.1, 0.99);
        findings.Decide(new DecisionRequest(scope, verdict, Origin.Local, evidence.Kind, Math.Round(confidence, 2), ttl, [evidence], null, Actor));
    }

    private static bool IsEnough(EvidenceKind kind, ref Watch watch, ulong now)
    {
        if (kind.IsStrong)
        {
            return true;
        }

        foreach (EvidenceKind other in Confirming)
        {
            if (!string.Equals(other.Family, kind.Family, StringComparison.Ordinal) && IsWithin(watch.Founded[other.Number], SecondKindSeconds, now))
            {
                return true;
            }
        }

        return false;
    }

    // The operator said that this is no attack when this source does it.
    private bool IsDamped(in Profile profile, EvidenceKind kind, ulong now) => ledger.Damps(profile.Key, kind, clock.ToDate(now));

    private Verdict Response(EvidenceKind kind)
    {
        AttackResponse response = kind == EvidenceKind.BruteForce ? options.BruteForceVerdict
            : kind == EvidenceKind.HttpProbe ? options.HttpProbeVerdict
            : kind.MayBlock ? options.ScanVerdict : AttackResponse.RateLimit;
        return response switch
        {
            AttackResponse.RateLimit => Verdict.RateLimit,
            AttackResponse.Redirect => Verdict.RedirectToTarpit,
            AttackResponse.Auto when tarpitConfigured() => Verdict.RedirectToTarpit,
            _ => Verdict.Drop,
        };
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
        uint seconds = Profile.Seconds(now);
        uint rest = seconds > profile.SuspicionSeconds
            ? FixedPoint.Decay(profile.Suspicion, seconds - profile.SuspicionSeconds, (uint)options.SuspicionHalfLifeMinutes * 60)
            : profile.Suspicion;
        profile.Suspicion = (ushort)Math.Min(MostSuspicion, rest + (uint)(weight * 1000));
        profile.SuspicionSeconds = seconds;
    }

    private Evidence Make(Address source, EvidenceKind kind, EvidenceClass evidenceClass, double weight, EvidenceFacts facts, ulong now)
    {
        counts.Count(kind);
        return Evidence.Create(source, kind.Name, evidenceClass, weight, clock.ToDate(now), facts);
    }

    private static bool Contains(IReadOnlyList<Prefix> prefixes, Address address)
    {
        for (int i = 0; i < prefixes.Count; i++)
        {
            if (prefixes[i].Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithin(uint seconds, uint window, ulong now) => seconds != 0 && (int)(Profile.Seconds(now) - seconds) <= (int)window;
}
