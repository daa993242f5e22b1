namespace Blackwall.Client.Notifications;

/// <summary>A way to reach people, and how it goes.</summary>
public sealed record NotificationChannel(string Name, bool Used, long Sent, long Failed, string? Fault);
