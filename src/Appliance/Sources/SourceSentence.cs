using System.Globalization;
using System.Text;
using Blackwall.Api.Contracts;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>Says to a person why packets of an address meet what they meet.</summary>
internal static class SourceSentence
{
    /// <param name="source">The address.</param>
    /// <param name="mode">How strictly the wall acts.</param>
    /// <param name="guard">What guards the address.</param>
    /// <param name="decision">The decision that wins.</param>
    /// <param name="held">What a packet from there meets in the kernel.</param>
    public static string Write(Address source, EnforcementMode mode, GuardBody? guard, DecisionBody? decision, KernelEntryBody? held)
    {
        string address = $"{source}";
        string protection = guard is null
            ? ""
            : string.Equals(guard.Scope, address, StringComparison.Ordinal) ? $"it is guarded as {guard.Why}" : $"it lies in {guard.Scope}, which is guarded as {guard.Why}";
        if (decision is null)
        {
            return guard is null
                ? $"{address} passes: nothing is decided about it."
                : $"{address} passes: nothing is decided about it, and nothing can block it, for {protection}.";
        }

        if (string.Equals(decision.Origin, Words.For(Origin.Guard), StringComparison.Ordinal))
        {
            return $"{address} passes whatever else is decided: {protection}.";
        }

        bool acts = mode == EnforcementMode.Enforce;
        StringBuilder text = new($"{address} {Fate(decision.Verdict, acts)} by decision {decision.Id.ToString(CultureInfo.InvariantCulture)} ({By(decision)})");
        if (!string.Equals(decision.Scope, address, StringComparison.Ordinal))
        {
            text.Append(" over ").Append(decision.Scope);
        }

        text.Append(decision.Expiry is { } end ? $" until {Time(end)}" : " until somebody lifts it");
        text.Append(": ").Append(Reason(decision)).Append('.');
        if (guard is not null)
        {
            text.Append(" It could not be blocked, for ").Append(protection).Append('.');
        }

        return text.Append(Kernel(mode, decision, held)).ToString();
    }

    private static string Fate(string verdict, bool acts) => (Words.Verdicts[verdict], acts) switch
    {
        (Verdict.Pass, _) => "is let in",
        (Verdict.RateLimit, true) => "is rate-limited",
        (Verdict.RateLimit, false) => "would be rate-limited",
        (Verdict.RedirectToTarpit, true) => "is redirected to the tarpit",
        (Verdict.RedirectToTarpit, false) => "would be redirected to the tarpit",
        (_, true) => "is dropped",
        _ => "would be dropped",
    };

    private static string By(DecisionBody decision) => Words.Origins[decision.Origin] switch
    {
        Origin.Operator => $"rule of {decision.Actor}",
        Origin.Feed => $"feed {decision.Owner}",
        Origin.Mesh => "mesh",
        _ => "automatic",
    };

    // What was seen says more than the word for it.
    private static string Reason(DecisionBody decision) =>
        ((decision.Evidence is [.., var last] ? last.Detail : null) ?? decision.Comment) is { Length: > 0 } told
            ? $"{decision.Reason}, {told.TrimEnd('.')}"
            : decision.Reason;

    private static string Kernel(EnforcementMode mode, DecisionBody decision, KernelEntryBody? held) => (mode, held) switch
    {
        (EnforcementMode.Off, _) => " The wall is off.",
        (_, null) => " The kernel does not hold it yet.",
        _ when held.DecisionId != decision.Id => " The kernel does not hold it yet.",
        (EnforcementMode.Observe, { Hits: > 0 }) => $" The wall only observes; {Met(held)}.",
        (EnforcementMode.Observe, _) => " The wall only observes, and no packets matched yet.",
        (_, { Hits: > 0 }) => $" In the kernel {Met(held)}.",
        _ => " No packets matched since the policy was last built.",
    };

    private static string Met(KernelEntryBody held) =>
        string.Create(CultureInfo.InvariantCulture, $"{held.Hits} {(held.Hits == 1 ? "packet" : "packets")} met it{(held.LastHit is { } last ? $", the last at {Time(last)}" : "")}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
