namespace Blackwall.Mesh.Libp2p;

/// <summary>How many streams of a protocol others may have open with us at once.</summary>
/// <param name="PerPeer">From one peer.</param>
/// <param name="Total">From all peers.</param>
public sealed record StreamLimits(int PerPeer = 16, int Total = 4096);
