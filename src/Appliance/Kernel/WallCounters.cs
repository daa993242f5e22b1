using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>Packets and bytes by reason, and what was lost inside.</summary>
public sealed record WallCounters(IReadOnlyList<WallCounters.Row> Reasons, IReadOnlyList<WallCounters.Loss> Losses)
{
    /// <summary>What happened, and what would have happened while observing.</summary>
    public readonly record struct Row(Reason Reason, ulong Packets, ulong Bytes, ulong WouldPackets, ulong WouldBytes);

    public readonly record struct Loss(LossKind Kind, ulong Count);
}
