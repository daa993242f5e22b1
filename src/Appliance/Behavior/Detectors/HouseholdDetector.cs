using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Guesses and probes that are shared out among the addresses of one IPv6 /64, which anybody who has one has all of. Each of them rests on a
/// handshake or payload of its own, so the /64 may be blocked; where others in it use services in the ordinary way, it is limited and told.
/// Who else could it be? A provider that gives many customers addresses of one /64.
/// </summary>
internal sealed class HouseholdDetector(DetectionOptions options, Judge judge, ulong seed) : SourceDetector
{
    private const ulong Day = 86_400_000_000_000;
    private const uint Hour = 3600;
    private const int Bits = 64;
    private const int Guesses = 0;
    private const int Probing = 1;
    private const uint RepeatSeconds = 60;

    // Of several addresses it takes twice what it takes of one: more people err there.
    private const int Factor = 2;

    private readonly BoundedTable<NetworkKey, Household> _households = new(options.MaxNetworks, seed);

    public BoundedTable<NetworkKey, Household> Table => _households;

    /// <summary>A login of the source failed; it was judged by itself before.</summary>
    public void OnFailed(Subject subject, EvidenceClass evidenceClass, ulong now, IFindings findings)
    {
        Address source = subject.Profile.Key;
        if (source.IsV4)
        {
            return;
        }

        ref Household household = ref Find(source, now);
        uint seconds = Profile.Seconds(now);
        household.Fast.Fail(seconds, (uint)options.BruteForceWindowSeconds);
        household.Slow.Fail(seconds, Hour);
        household.Day.Fail(seconds, 24 * Hour);
        household.Guessers.Add(Tag(source), now);
        LoginWindow window = household.Fast.Suspect(1) >= options.BruteForceAttempts * Factor ? household.Fast
            : household.Slow.Suspect(1) >= options.SlowBruteForceAttempts * Factor ? household.Slow
            : household.Day.Suspect(1) >= options.DayBruteForceAttempts * Factor ? household.Day : default;
        int guessers = household.Guessers.Count;
        if (window.Failed == 0 || guessers < options.DistributedScanSources || !IsRipe(ref household, Guesses, seconds))
        {
            return;
        }

        Prefix network = Prefix.Around(source, Bits);
        EvidenceFacts facts = new(Findings.NetworkLoginsTried) { Sources = guessers, Network = $"{network}", Logins = window.Failed, SpanMilliseconds = (seconds - window.Since) * 1000 };
        Report(subject, in household, EvidenceKind.BruteForce, household.Guessers, evidenceClass, facts, network, now, findings);
    }

    /// <summary>A login got in.</summary>
    public void OnGotIn(Address source, ulong now)
    {
        if (!source.IsV4)
        {
            ref Household household = ref Find(source, now);
            household.Fast.Succeed();
            household.Slow.Succeed();
            household.Day.Succeed();
        }
    }

    /// <summary>Ordinary use.</summary>
    public override void OnUse(Subject subject, ulong now)
    {
        Address source = subject.Profile.Key;
        if (!source.IsV4)
        {
            Find(source, now).Users.Add(Tag(source), now);
        }
    }

    public override void OnSign(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
        if (sign.Kind == SignKind.Request)
        {
            OnProbe(subject, in sign, now, findings);
        }
    }

    /// <summary>A request that weighs something.</summary>
    private void OnProbe(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
        Address source = subject.Profile.Key;
        if (source.IsV4 || sign.Weight <= 0 || sign.Class == EvidenceClass.Spoofable)
        {
            return;
        }

        ref Household household = ref Find(source, now);
        uint seconds = Profile.Seconds(now);
        if (household.ProbeSeconds == 0 || seconds - household.ProbeSeconds > Hour)
        {
            household.ProbeSeconds = seconds;
            household.ProbeScore = 0;
        }

        household.Probers.Add(Tag(source), now);
        if (!household.Probes.Add(sign.Thing, now))
        {
            return;
        }

        household.ProbeScore += (uint)Math.Round(sign.Weight * 1000);
        int probers = household.Probers.Count;
        if (household.ProbeScore < options.HttpProbeScore * 1000 * Factor || probers < options.DistributedScanSources || !IsRipe(ref household, Probing, seconds))
        {
            return;
        }

        Prefix network = Prefix.Around(source, Bits);
        EvidenceFacts facts = new(Findings.NetworkProbingRequests)
        {
            Sources = probers,
            Network = $"{network}",
            Requests = household.Probes.Count,
            SpanMilliseconds = (seconds - household.ProbeSeconds) * 1000,
        };
        Report(subject, in household, EvidenceKind.HttpProbe, household.Probers, EvidenceClass.Application, facts, network, now, findings);
    }

    private void Report(
        Subject subject, in Household household, EvidenceKind kind, DistinctWindow offenders, EvidenceClass evidenceClass, EvidenceFacts facts, Prefix network, ulong now, IFindings findings)
    {
        // A block would hit those who do something else there.
        bool hasOthers = household.Users.Count > 0;
        facts = hasOthers ? facts with { Users = household.Users.Count } : facts;
        judge.Report(subject, kind, hasOthers ? EvidenceClass.Spoofable : evidenceClass, Math.Min(1, 0.5 + (offenders.Count * 0.01)), facts, now, findings, scope: network);
    }

    private ref Household Find(Address source, ulong now)
    {
        ref Household household = ref _households.FindOrAdd(NetworkKey.From(source, Bits), out _);
        household.Guessers.Advance(now, 2 * Day);
        household.Probers.Advance(now, 2 * Day);
        household.Users.Advance(now, 2 * Day);
        household.Probes.Advance(now, 2 * Day);
        return ref household;
    }

    private static bool IsRipe(ref Household household, int what, uint seconds)
    {
        ref uint last = ref household.Reported[what];
        if (last != 0 && seconds - last < RepeatSeconds)
        {
            return false;
        }

        last = seconds;
        return true;
    }

    private uint Tag(Address source) => (uint)(Mixer.Mix(source, seed) >> 32);
}
