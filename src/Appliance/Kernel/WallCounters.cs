using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>Packets and bytes by reason, and what was lost inside.</summary>
public sealed record WallCounters(IReadOnlyList<WallCounters.Row> Reasons, IReadOnlyList<WallCounters.Loss> Losses)
{
    /// <summary>What happened, and what would have happened while observing.</summary>
    public readonly record struct Row(Reason Reason, ulong Packets, ulong Bytes, ulong WouldPackets, ulong WouldBytes);

    public readonly record struct Loss(LossKind Kind, ulong Count);

    /// <summary>Both together; row by row, as both have the same rows.</summary>
    public WallCounters Plus(WallCounters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new WallCounters(
            [.. Reasons.Zip(other.Reasons, (a, b) => new Row(a.Reason, a.Packets + b.Packets, a.Bytes + b.Bytes, a.WouldPackets + b.WouldPackets, a.WouldBytes + b.WouldBytes))],
            [.. Losses.Zip(other.Losses, (a, b) => new Loss(a.Kind, a.Count + b.Count))]);
    }
}
