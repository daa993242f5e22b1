namespace Blackwall.Notifications;

/// <summary>A way to reach people.</summary>
internal interface INotifier
{
    /// <summary>webhook, syslog or mail.</summary>
    string Name { get; }

    /// <summary>Whether the settings name somebody to reach.</summary>
    bool IsUsed { get; }

    /// <summary>Returns once the other side took it.</summary>
    /// <exception cref="NotifyException">It did not.</exception>
    Task SendAsync(Notification notification, CancellationToken cancellation);
}
