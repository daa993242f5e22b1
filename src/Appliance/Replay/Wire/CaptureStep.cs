namespace Blackwall.Replay.Wire;

/// <summary>What a look at the next bytes of a capture gave.</summary>
public enum CaptureStep
{
    /// <summary>The bytes do not hold a whole record yet; give more, or the capture ends here.</summary>
    NeedMore,

    /// <summary>A record without a packet: headers, interfaces, statistics.</summary>
    Other,

    Packet,

    /// <summary>No reader can go on; <see cref="CaptureParser.Fault"/> says why.</summary>
    Damaged,
}
