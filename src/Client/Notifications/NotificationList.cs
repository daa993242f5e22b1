namespace Blackwall.Client.Notifications;

/// <summary>Every way to reach people.</summary>
public sealed record NotificationList(IReadOnlyList<NotificationChannel> Items);
