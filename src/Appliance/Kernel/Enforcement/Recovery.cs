using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Enforcement;

/// <summary>
/// Puts decisions back on the board that only the kernel still knows, after the store was lost. Without this a restart would take the standing
/// wall down: an empty board is an empty policy.
/// </summary>
internal static class Recovery
{
    private const string Reason = "recovered";
    private const string Actor = "recovery";

    /// <summary>Returns how many were taken back. What the board refuses, the guard set above all, stays away.</summary>
    public static int Restore(IEnumerable<PolicyEntry> entries, VerdictBoard board, DateTimeOffset now)
    {
        int restored = 0;
        foreach (PolicyEntry entry in entries)
        {
            restored += Restore(entry.Scope, new PolicySpan(entry.DecisionId, entry.ExpiryUnixMilliseconds, entry.Verdict, entry.Rank), board, now);
            foreach (PolicySpan later in entry.Later)
            {
                restored += Restore(entry.Scope, later, board, now);
            }
        }

        return restored;
    }

    private static int Restore(Prefix scope, in PolicySpan span, VerdictBoard board, DateTimeOffset now)
    {
        // The guard set is made anew by each process.
        if (OriginRules.OfRank(span.Rank) is not { } origin || !OriginRules.For(origin).IsStored)
        {
            return 0;
        }

        TimeSpan? ttl = span.ExpiryUnixMilliseconds == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(span.ExpiryUnixMilliseconds) - now;

        // What was in force had its proof when it was decided.
        Evidence proof = Evidence.Create(scope.Network, Reason, EvidenceClass.Handshake, 1, now, new EvidenceFacts(CommonFindings.HeldByKernel));
        PublishResult result = board.Publish(new DecisionRequest(scope, span.Verdict, origin, Reason, 1, ttl, origin == Origin.Operator ? [] : [proof], "taken back from the standing wall", Actor)
        {
            Owner = origin switch { Origin.Operator => ClaimOwner.Operator, Origin.Local => ClaimOwner.Appliance, _ => Actor },
        });
        return result.Decision is null ? 0 : 1;
    }
}
