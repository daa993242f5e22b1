using Blackwall.Composition;

namespace Blackwall.Notifications;

/// <summary>What is counted of notifications.</summary>
internal static class NotifyMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Counter("blackwall.notifications.sent", "{notification}", "Notifications that a channel took.", "notifications", "sent"),
        Metric.Counter("blackwall.notifications.failed", "{notification}", "Notifications that were given up.", "notifications", "failed"),
        Metric.Counter("blackwall.notifications.held", "{notification}", "Notifications beyond notify.per_minute, told together.", "notifications", "held"),
    ];
}
