namespace Blackwall.Capture;

/// <summary>What captures have to know of the machine.</summary>
/// <param name="Interface">Where packets are seen.</param>
/// <param name="ApiPort">Never captured.</param>
public sealed record CaptureSite(string Interface, ushort ApiPort);
