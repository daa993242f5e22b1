
namespace Blackwall.Health;

/// <summary>Packets that met one end.</summary>
/// <param name="Reason">Machine word: pass-default, drop-host, ...</param>
/// <param name="Packets">How many.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="WouldPackets">How many would have, while observing.</param>
/// <param name="WouldBytes">Their bytes.</param>
public sealed record CounterBody(string Reason, ulong Packets, ulong Bytes, ulong WouldPackets, ulong WouldBytes);
