namespace Blackwall.Events;

/// <summary>What a reader gets from the log at once.</summary>
/// <param name="Events">In order; may be empty.</param>
/// <param name="Next">The reader goes on after this sequence.</param>
/// <param name="Missed">Events between where the reader was and <paramref name="Next"/> that the log does not have any more.</param>
/// <param name="IsUncertain">A process was killed in between: what it told last may be missing too.</param>
internal sealed record EventPage(IReadOnlyList<ApplianceEvent> Events, long Next, long Missed, bool IsUncertain)
{
    public bool HasGap => Missed > 0 || IsUncertain;
}
