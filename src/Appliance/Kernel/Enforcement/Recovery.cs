using Blackwall.Pipeline;

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
            if (OriginOf(entry) is not { } origin)
            {
                continue;
            }

            TimeSpan? ttl = entry.ExpiryUnixMilliseconds == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(entry.ExpiryUnixMilliseconds) - now;

            // Whatever was in force had its proof when it was decided.
            Evidence proof = new(0, entry.Scope.Network, Reason, EvidenceClass.Handshake, 1, now, "the kernel held this decision when its record was lost");
            PublishResult result = board.Publish(new DecisionRequest(entry.Scope, entry.Verdict, origin, Reason, 1, ttl, origin == Origin.Operator ? [] : [proof], "taken back from the standing wall", Actor));
            restored += result.Decision is null ? 0 : 1;
        }

        return restored;
    }

    // The inverse of Decision.Rank; the guard set is made anew by each process.
    private static Origin? OriginOf(PolicyEntry entry) => entry.Rank switch
    {
        1 or 2 => Origin.Operator,
        3 => Origin.Local,
        4 => Origin.Model,
        5 => Origin.Mesh,
        6 => Origin.Feed,
        _ => null,
    };
}
