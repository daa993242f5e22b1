using Blackwall.Kernel;

namespace Blackwall.Replay;

/// <summary>The sums at the end of a replay. Nothing in it depends on the machine or the hour.</summary>
internal sealed record ReplaySummary
{
    public required long Packets { get; init; }

    public required ulong First { get; init; }

    public required ulong Last { get; init; }

    public required long Inbound { get; init; }

    public required long Outbound { get; init; }

    /// <summary>Packets of a link type that is not read, or shorter than their link header.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Packets that were cut within their headers, which nobody can judge.</summary>
    public required long CutInHeaders { get; init; }

    /// <summary>Packets that were cut behind their headers; zeros stand for what is missing.</summary>
    public required long Padded { get; init; }

    public required long Unordered { get; init; }

    public required long Flows { get; init; }

    public required long Decisions { get; init; }

    /// <summary>Pieces of evidence that asked for no decision.</summary>
    public required long Evidence { get; init; }

    /// <summary>Decisions that were asked for and refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Findings that did not fit the queue.</summary>
    public required long Lost { get; init; }

    public required WallCounters Counters { get; init; }
}
