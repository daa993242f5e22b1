namespace Blackwall.Tui.Api;

/// <summary>Packets that met one end; "would" while observing.</summary>
internal sealed record Counter(string Reason, long Packets, long Bytes, long WouldPackets, long WouldBytes);
