using System.Text.Json.Serialization.Metadata;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Guard;

/// <summary>What nothing automatic may touch: own addresses, gateways, resolvers, administrators.</summary>
internal sealed class GuardFeature : IFeature
{
    public string Name => "guard";

    public StartPhase Phase => StartPhase.Guard;

    public int FirstLogId => 2100;

    public IReadOnlyList<IConfigSection> Sections => [.. GuardMemoryOptions.Declare()];

    public IJsonTypeInfoResolver Json => GuardJson.Default;

    public IReadOnlyList<EventType> Events => [GuardEvents.Changed];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddOptions<GuardOptions>();
        services.AddSingleton<IOwnAddresses, InterfaceAddresses>();
        services.AddSingleton<ManagementPeers>();
        services.AddSingleton<IManagementClients>(s => s.GetRequiredService<ManagementPeers>());
        services.AddSingleton<GuardWorker>();
        services.AddHostedService(s => s.GetRequiredService<GuardWorker>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<GuardWorker>());
    }
}
