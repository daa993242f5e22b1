using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Policy;

/// <summary>From a decision's words to the kernel's.</summary>
internal static class PolicyConversion
{
    private static readonly byte OperatorRank = Precedence.Rank(Origin.Operator, Verdict.RateLimit);

    /// <param name="verdict">Verdict of a decision.</param>
    /// <param name="rank"><see cref="Decision.Rank"/>: what the guard lets pass is looked at, what the operator allows is not.</param>
    public static PolicyAction ToAction(Verdict verdict, byte rank) => verdict switch
    {
        Verdict.Pass => rank == 0 ? PolicyAction.Guard : PolicyAction.Allow,

        // What detection limits, others may have caused; who completes his handshakes is served as if nothing was. The operator means what he says.
        Verdict.RateLimit => rank <= OperatorRank ? PolicyAction.RateLimit : PolicyAction.Challenge,
        Verdict.RedirectToTarpit => PolicyAction.Redirect,
        _ => PolicyAction.Drop,
    };

    public static Verdict ToVerdict(PolicyAction action) => action switch
    {
        PolicyAction.Allow or PolicyAction.Guard => Verdict.Pass,
        PolicyAction.RateLimit or PolicyAction.Challenge => Verdict.RateLimit,
        PolicyAction.Redirect => Verdict.RedirectToTarpit,
        _ => Verdict.Drop,
    };

    /// <param name="entry">Entry of the board.</param>
    /// <param name="clock">Wall clock and boot clock at one moment.</param>
    /// <param name="later">Key of the record of what holds afterwards; 0: nothing does.</param>
    public static PolicyValue ToValue(in PolicyEntry entry, in ClockPair clock, uint later = 0) => new()
    {
        Action = ToAction(entry.Verdict, entry.Rank),
        Rank = entry.Rank,
        DecisionId = (ulong)entry.DecisionId,
        ExpiryNanoseconds = ToBoot(entry.ExpiryUnixMilliseconds, in clock),
        Later = later,
    };

    /// <summary>At most <see cref="LaterValue.Spans"/> are kept.</summary>
    public static LaterValue ToLater(ReadOnlySpan<PolicySpan> spans, in ClockPair clock)
    {
        LaterValue value = default;
        for (int i = 0; i < Math.Min(spans.Length, LaterValue.Spans); i++)
        {
            value.Span[i] = new SpanValue
            {
                Action = ToAction(spans[i].Verdict, spans[i].Rank),
                Rank = spans[i].Rank,
                DecisionId = (ulong)spans[i].DecisionId,
                ExpiryNanoseconds = ToBoot(spans[i].ExpiryUnixMilliseconds, in clock),
                Used = 1,
            };
        }

        return value;
    }

    /// <summary>Puts the span that holds at a time into a value whose first one has ended. False: all have ended.</summary>
    public static bool TryResolve(ref PolicyValue value, in LaterValue later, ulong bootNanoseconds)
    {
        foreach (ref readonly SpanValue span in (ReadOnlySpan<SpanValue>)later.Span)
        {
            if (span.Used != 0 && (span.ExpiryNanoseconds == 0 || bootNanoseconds < span.ExpiryNanoseconds))
            {
                value.Action = span.Action;
                value.Rank = span.Rank;
                value.DecisionId = span.DecisionId;
                value.ExpiryNanoseconds = span.ExpiryNanoseconds;
                return true;
            }
        }

        return false;
    }

    /// <summary>All that an entry says from a moment on, as the kernel writes it.</summary>
    public static void Unroll(in PolicyEntry entry, in ClockPair clock, List<SpanValue> into)
    {
        PolicyValue first = ToValue(in entry, in clock);
        Add(into, new SpanValue { Action = first.Action, Rank = first.Rank, DecisionId = first.DecisionId, ExpiryNanoseconds = first.ExpiryNanoseconds, Used = 1 }, clock.BootNanoseconds);
        LaterValue later = ToLater(entry.Later, in clock);
        foreach (ref readonly SpanValue span in (ReadOnlySpan<SpanValue>)later.Span)
        {
            Add(into, in span, clock.BootNanoseconds);
        }
    }

    /// <summary>Adds a span that has not ended.</summary>
    public static void Add(List<SpanValue> into, in SpanValue span, ulong bootNanoseconds)
    {
        if (span.Used != 0 && (span.ExpiryNanoseconds == 0 || bootNanoseconds < span.ExpiryNanoseconds))
        {
            into.Add(span);
        }
    }

    /// <summary>Whether two spans say the same, with ends that the rounding of clocks may part.</summary>
    public static bool AreSame(in SpanValue one, in SpanValue other)
    {
        const ulong rounding = 50_000_000;
        ulong apart = Math.Max(one.ExpiryNanoseconds, other.ExpiryNanoseconds) - Math.Min(one.ExpiryNanoseconds, other.ExpiryNanoseconds);
        return one.Action == other.Action && one.DecisionId == other.DecisionId && one.Rank == other.Rank
            && (one.ExpiryNanoseconds == 0) == (other.ExpiryNanoseconds == 0) && apart <= rounding;
    }

    /// <param name="value">As the kernel holds it.</param>
    /// <param name="clock">Wall clock and boot clock at one moment.</param>
    public static KernelEntry ToEntry(in PolicyValue value, ClockPair clock) => new(
        ToVerdict(value.Action),
        (long)value.DecisionId,
        value.ExpiryNanoseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(clock.ToUnixMilliseconds(value.ExpiryNanoseconds)),
        value.Hits,
        value.LastHitNanoseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(clock.ToUnixMilliseconds(value.LastHitNanoseconds)));

    private static ulong ToBoot(long unixMilliseconds, in ClockPair clock) => unixMilliseconds == long.MaxValue ? 0 : clock.ToBoot(unixMilliseconds);
}
