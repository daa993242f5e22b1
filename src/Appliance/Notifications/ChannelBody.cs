namespace Blackwall.Notifications;

/// <summary>A way to reach people, and how it goes.</summary>
/// <param name="Name">webhook, syslog or mail.</param>
/// <param name="Used">Whether the settings name somebody to reach.</param>
/// <param name="Sent">Notifications that were taken since the start.</param>
/// <param name="Failed">Notifications that were given up.</param>
/// <param name="Fault">Why the last one was not taken; null: it was, or there was none.</param>
public sealed record ChannelBody(string Name, bool Used, long Sent, long Failed, string? Fault);
