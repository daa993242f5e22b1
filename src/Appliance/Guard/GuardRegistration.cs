using Blackwall.Pipeline;

namespace Blackwall.Guard;

public static class GuardRegistration
{
    public static IServiceCollection AddGuard(this IServiceCollection services)
    {
        services.AddOptions<GuardOptions>();
        services.AddSingleton<IOwnAddresses, InterfaceAddresses>();
        services.AddSingleton<ManagementPeers>();
        services.AddSingleton<IManagementClients>(s => s.GetRequiredService<ManagementPeers>());
        services.AddSingleton<GuardWorker>();
        services.AddHostedService(s => s.GetRequiredService<GuardWorker>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<GuardWorker>());
        return services;
    }
}
