namespace Blackwall.Mesh.Libp2p.Kad.Wire;

/// <summary>A value under its key.</summary>
/// <param name="TimeReceived">RFC 3339, as told; empty: not told. Nobody vouches for it.</param>
internal sealed record KadRecord(byte[] Key, byte[] Value, string TimeReceived = "");
