
namespace Blackwall.Events;

/// <summary>One event.</summary>
/// <param name="Sequence">Counts up from 1.</param>
/// <param name="Time">When it was told.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">What it is about; of the type that the kind writes.</param>
/// <param name="IsForgeable">It rests on what anybody can forge.</param>
internal sealed record StreamEvent(long Sequence, DateTimeOffset Time, EventType Kind, object Subject, bool IsForgeable)
{
    /// <summary>JSON in UTF-8.</summary>
    public byte[] Data() => Kind.Write(Subject);
}
