using Blackwall.Client.Status;

namespace Blackwall.Lab.Edge;

/// <summary>The part of GET /stats that the lab counts with.</summary>
/// <param name="BoardVersion">Counts the changes of decisions.</param>
/// <param name="EnforcedVersion">The version that the kernel acts on.</param>
/// <param name="Packets">Packets by reason, enforced.</param>
/// <param name="WouldPackets">Packets by reason that observe mode only counted.</param>
/// <param name="Losses">What rings, shares and tables of the kernel programs lost, by kind.</param>
public sealed record WallStats(
    string Mode,
    string? AttachMode,
    bool Adopted,
    long BoardVersion,
    long EnforcedVersion,
    IReadOnlyDictionary<string, long> Packets,
    IReadOnlyDictionary<string, long> WouldPackets,
    IReadOnlyDictionary<string, long> Losses)
{
    public long Total => Packets.Values.Sum();

    public long Dropped => Count("drop");

    public long Redirected => Count("redirect");

    public long Limited => Count("drop-limit") + Count("tx-challenge");

    public long WouldDrop => WouldPackets.Where(p => p.Key.StartsWith("drop", StringComparison.Ordinal)).Sum(p => p.Value);

    /// <summary>Packets that met their end for a reason with this prefix.</summary>
    public long Count(string reasonPrefix) => Packets.Where(p => p.Key.StartsWith(reasonPrefix, StringComparison.Ordinal)).Sum(p => p.Value);

    /// <summary>What was counted since an earlier reading.</summary>
    public WallStats Since(WallStats earlier) => this with
    {
        Packets = Packets.ToDictionary(p => p.Key, p => p.Value - earlier.Packets.GetValueOrDefault(p.Key), StringComparer.Ordinal),
        Losses = Losses.ToDictionary(p => p.Key, p => p.Value - earlier.Losses.GetValueOrDefault(p.Key), StringComparer.Ordinal),
        WouldPackets = WouldPackets.ToDictionary(p => p.Key, p => p.Value - earlier.WouldPackets.GetValueOrDefault(p.Key), StringComparer.Ordinal),
    };

    public static WallStats Of(Stats stats) => new(
        stats.Wall.Mode,
        stats.Wall.AttachMode,
        stats.Wall.Adopted,
        stats.Parts["board"]["version"],
        stats.Parts["board"]["enforcedVersion"],
        stats.Counters.ToDictionary(row => row.Reason, row => row.Packets, StringComparer.Ordinal),
        stats.Counters.ToDictionary(row => row.Reason, row => row.WouldPackets, StringComparer.Ordinal),
        stats.Losses);
}
