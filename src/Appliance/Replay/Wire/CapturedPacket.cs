namespace Blackwall.Replay.Wire;

/// <summary>A packet as it lies in the capture.</summary>
public readonly ref struct CapturedPacket
{
    /// <summary>Nanoseconds since 1970; what lies before or beyond ends at 0 or <see cref="ulong.MaxValue"/>.</summary>
    public ulong Nanoseconds { get; init; }

    /// <summary>Number of the link type (LINKTYPE_*).</summary>
    public uint LinkType { get; init; }

    /// <summary>Bytes on the wire; never less than what was captured.</summary>
    public long OriginalLength { get; init; }

    /// <summary>From the link header on.</summary>
    public ReadOnlySpan<byte> Data { get; init; }
}
