namespace Blackwall.Events;

/// <summary>
/// Follows the event log at its own pace: a forwarder, a counter, an exchange. Registered by one line
/// (<see cref="EventReaderRegistration.AddEventReader{T}"/>); a reader that is slow or fails holds up nobody else.
/// </summary>
internal interface IEventReader
{
    /// <summary>Lower case, unique, and for ever: its place in the log is kept under it.</summary>
    string Name { get; }

    /// <summary>Whether it goes on where it was after a restart, at the oldest event the first time; else it begins with what happens from now on.</summary>
    bool IsResumed { get; }

    /// <summary>
    /// Takes the next events, at least one, or hears of a gap. Called for one page after the other; when it throws, the same page comes again
    /// after a pause. After a crash a reader that is resumed may get a few events twice, told apart by their sequence.
    /// </summary>
    Task ReadAsync(EventPage page, CancellationToken cancellation);
}
