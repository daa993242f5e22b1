namespace Blackwall.Notifications;

/// <summary>Every way to reach people.</summary>
/// <param name="Items">webhook, syslog and mail.</param>
public sealed record NotificationList(IReadOnlyList<ChannelBody> Items);
