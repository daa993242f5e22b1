namespace Blackwall.Changes;

/// <summary>How far a change has come, as it is stored: written at every step. Times are milliseconds since 1970.</summary>
internal sealed record SavedCourse(int State, long? Deadline, long? Ended, string? Outcome, int ModeBefore, IReadOnlyList<SavedRule> Replaced)
{
    public static SavedCourse Of(PolicyChange change) => new(
        (int)change.State,
        change.Deadline?.ToUnixTimeMilliseconds(),
        change.Ended?.ToUnixTimeMilliseconds(),
        change.Outcome,
        (int)change.ModeBefore,

        // Only an open change can still go back to it.
        change.IsOpen ? [.. change.Replaced.Select(SavedRule.Of)] : []);
}
