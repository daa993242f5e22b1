namespace Blackwall.Pipeline.Time;

/// <summary>How the board's time lies to the machine's clocks, for the next process. Milliseconds.</summary>
/// <param name="BootId">Start of the machine that the offset is good for.</param>
/// <param name="Offset">The board's time when the machine started.</param>
/// <param name="Steady">The board's time when this was written.</param>
/// <param name="Wall">The wall clock at the same moment, since 1970.</param>
public readonly record struct ClockAnchor(string BootId, long Offset, long Steady, long Wall);
