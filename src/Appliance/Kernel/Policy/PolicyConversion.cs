using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Kernel.Policy;

/// <summary>From a decision's words to the kernel's.</summary>
internal static class PolicyConversion
{
    public static PolicyAction ToAction(Verdict verdict) => verdict switch
    {
        Verdict.Pass => PolicyAction.Allow,
        Verdict.RateLimit => PolicyAction.RateLimit,
        Verdict.RedirectToTarpit => PolicyAction.Redirect,
        _ => PolicyAction.Drop,
    };

    public static Verdict ToVerdict(PolicyAction action) => action switch
    {
        PolicyAction.Allow => Verdict.Pass,
        PolicyAction.RateLimit => Verdict.RateLimit,
        PolicyAction.Redirect => Verdict.RedirectToTarpit,
        _ => Verdict.Drop,
    };

    /// <param name="entry">Entry of the board.</param>
    /// <param name="clock">Wall clock and boot clock at one moment.</param>
    public static PolicyValue ToValue(in PolicyEntry entry, in ClockPair clock) => new()
    {
        Action = ToAction(entry.Verdict),
        Rank = entry.Rank,
        DecisionId = (ulong)entry.DecisionId,
        ExpiryNanoseconds = entry.ExpiryUnixMilliseconds == long.MaxValue ? 0 : clock.ToBoot(entry.ExpiryUnixMilliseconds),
    };

    /// <param name="value">As the kernel holds it.</param>
    /// <param name="clock">Wall clock and boot clock at one moment.</param>
    public static KernelEntry ToEntry(in PolicyValue value, ClockPair clock) => new(
        ToVerdict(value.Action),
        (long)value.DecisionId,
        value.ExpiryNanoseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(clock.ToUnixMilliseconds(value.ExpiryNanoseconds)),
        value.Hits,
        value.LastHitNanoseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(clock.ToUnixMilliseconds(value.LastHitNanoseconds)));
}
