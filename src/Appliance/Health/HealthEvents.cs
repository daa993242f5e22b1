using System.Text.Json;
using Blackwall.Events;
using Blackwall.Kernel;

namespace Blackwall.Health;

/// <summary>What the appliance tells of itself.</summary>
internal static class HealthEvents
{
    public static readonly EventType Status = EventType.For<WallStatus>("status", status => JsonSerializer.SerializeToUtf8Bytes(WallBody.Of(status), HealthJson.Default.WallBody));
}
