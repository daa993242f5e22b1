namespace Blackwall.Tarpit.HostChannel;

/// <summary>What the process counts.</summary>
/// <param name="Open">Connections at this moment.</param>
/// <param name="Refused">Connections over a limit, closed at once.</param>
/// <param name="Lost">Messages to the host that found no place.</param>
public sealed record ChannelCounters(int Open, long Refused, long Lost);
