namespace Blackwall.Client.Notifications;

/// <summary>/notifications.</summary>
public readonly struct NotificationsApi(ApplianceClient client)
{
    public Task<Answer<NotificationList>> ListAsync(CancellationToken cancellation) => client.ReadAsync("notifications", ClientJson.Default.NotificationList, cancellation);

    /// <summary>Sends a test by every channel that is configured.</summary>
    public Task<Answer<NotificationList>> TestAsync(CancellationToken cancellation) => client.SendAsync(HttpMethod.Post, "notifications/test", ClientJson.Default.NotificationList, cancellation);
}
