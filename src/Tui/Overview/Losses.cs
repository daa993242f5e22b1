using Blackwall.Client.Status;

namespace Blackwall.Tui.Overview;

/// <summary>What got lost anywhere: in the kernel programs, and in the parts of the appliance by the names of their counters.</summary>
internal static class Losses
{
    // The words with which the appliance's parts count what did not fit or did not arrive.
    private static readonly string[] Words = ["lost", "missed", "dropped", "overflow", "evict", "truncat", "discard", "unreadable", "failed", "forgot"];

    /// <summary>Those that are not 0, most first.</summary>
    public static IReadOnlyList<(string Name, long Count)> Of(Stats stats) =>
    [
        .. stats.Losses.Select(loss => ($"kernel {loss.Key}", loss.Value))
            .Concat(stats.Parts.SelectMany(part => part.Value
                .Where(counter => Words.Any(word => counter.Key.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Select(counter => ($"{part.Key} {counter.Key}", counter.Value))))
            .Where(loss => loss.Value > 0)
            .OrderByDescending(loss => loss.Value)
            .ThenBy(loss => loss.Item1, StringComparer.Ordinal),
    ];
}
