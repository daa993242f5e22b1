using Blackwall.Events;
using Blackwall.Kernel;

namespace Blackwall.Health;

/// <summary>What the appliance tells of itself.</summary>
internal static class HealthEvents
{
    public static readonly EventType<WallStatus, WallBody> Status = EventType.For<WallStatus, WallBody>("status", WallBody.From, HealthJson.Default.WallBody);
    public static readonly EventType<HealthEventBody, HealthEventBody> Fault = EventType.For("health", HealthJson.Default.HealthEventBody);
}
