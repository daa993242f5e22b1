using System.Collections.Frozen;

namespace Blackwall.Classification;

/// <summary>
/// Every word that can stand in a question to a model. What detection says in other words is left out, so that no text from outside, and no name that
/// somebody adds later without thinking of this, can get there.
/// </summary>
internal static class CaseWords
{
    public const string Suspicion = "suspicionThousandths";
    public const string Age = "secondsKnown";
    public const string Proven = "addressProven";
    public const string Uses = "ordinaryUses";
    public const string NetworkSources = "networkSources";
    public const string NetworkPorts = "networkPortsInVain";
    public const string LoginPort = "loginPort";
    public const string Limited = "rateLimited";

    /// <summary>What the embedded model says, where it looks.</summary>
    public const string Embedded = "embeddedPercent";

    /// <summary>Evidence that is none of the kinds below.</summary>
    public const string OtherEvidence = "other";

    /// <summary>What detection counts of a source, as it names it.</summary>
    public static readonly FrozenSet<string> Parts = FrozenSet.Create(
        StringComparer.Ordinal,
        "portsInVainInAMinute",
        "hostsInVainInAMinute",
        "portsInVainInAnHour",
        "portsInVainInADay",
        "hostsInVainInADay",
        "packetsWithImpossibleFlags",
        "requestTargets",
        "failedLoginsInADay",
        "refusedLoginsInADay",
        "loginPortsOpenedForNothing");

    /// <summary>Kinds of evidence about a source.</summary>
    public static readonly FrozenSet<string> Evidence = FrozenSet.Create(
        StringComparer.Ordinal,
        "port-scan",
        "slow-port-scan",
        "stealth-scan",
        "distributed-scan",
        "ping-sweep",
        "syn-flood",
        "udp-flood",
        "icmp-flood",
        "brute-force",
        "login-knock",
        "http-probe",
        "dpi-rule",
        "cleartext-entropy",
        "fingerprint",
        "tarpit-login",
        "tarpit-intrusion",
        "tarpit-exploit",
        "tarpit-injection",
        "tarpit-agent",
        "canary-used");

    /// <summary>What the fingerprint database says of clients.</summary>
    public static readonly FrozenSet<string> Clients = FrozenSet.Create(StringComparer.Ordinal, "browser", "library", "tool", "scanner", "malware");

    /// <summary>Whether a number only says how long something is known, so that two like sources differ in it.</summary>
    public static bool IsTime(string name) => string.Equals(name, Age, StringComparison.Ordinal) || name.EndsWith(".seconds", StringComparison.Ordinal);
}
