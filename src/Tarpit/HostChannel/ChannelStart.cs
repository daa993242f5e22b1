namespace Blackwall.Tarpit.HostChannel;

/// <summary>What the process needs to begin.</summary>
public sealed record ChannelStart(TarpitSettings Settings, TarpitIdentity Identity);
