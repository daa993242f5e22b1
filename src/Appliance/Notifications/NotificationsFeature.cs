using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Notifications;

/// <summary>People are told of decisions, faults and changes.</summary>
internal sealed class NotificationsFeature : IFeature
{
    public string Name => "notifications";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 3600;

    public IReadOnlyList<IConfigSection> Sections => NotifyOptions.Declare();

    public IJsonTypeInfoResolver Json => NotifyJson.Default;

    public IReadOnlyList<Scope> Scopes => [NotifyScopes.Read, NotifyScopes.Write];

    public IReadOnlyList<Metric> Metrics => NotifyMetrics.All;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<INotifier, WebhookNotifier>();
        services.AddSingleton<INotifier, SyslogNotifier>();
        services.AddSingleton<INotifier, MailNotifier>();
        services.AddSingleton<NotificationDesk>();
        services.AddHostedService(s => s.GetRequiredService<NotificationDesk>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<NotificationDesk>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<NotificationDesk>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapNotifications();
}
