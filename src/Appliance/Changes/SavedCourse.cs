namespace Blackwall.Changes;

/// <summary>How far a change has come, as it is stored: written at every step. Times are milliseconds since 1970, but Ends: of the board's clock.</summary>
internal sealed record SavedCourse(int State, long? Deadline, long? Ends, long? Ended, string? Outcome, int ModeBefore, IReadOnlyList<SavedRule> Replaced)
{
    public static SavedCourse From(PolicyChange change) => new(
        (int)change.State,
        change.Deadline?.ToUnixTimeMilliseconds(),
        change.Deadline is null ? null : change.Ends,
        change.Ended?.ToUnixTimeMilliseconds(),
        change.Outcome,
        (int)change.ModeBefore,

        // Only an open change can still go back to it.
        change.IsOpen ? [.. change.Replaced.Select(SavedRule.From)] : []);
}
