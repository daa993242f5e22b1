namespace Blackwall.Client.Status;

/// <summary>Packets that met one end; "would" while observing.</summary>
public sealed record Counter(string Reason, long Packets, long Bytes, long WouldPackets, long WouldBytes);
