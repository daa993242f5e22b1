using Blackwall.Kernel;

namespace Blackwall.Standby;

public static class StandbyRegistration
{
    /// <summary>For mode "off": no kernel program is loaded.</summary>
    public static IServiceCollection AddNoWall(this IServiceCollection services)
    {
        services.AddSingleton<NoWall>();
        services.AddSingleton<IWall>(s => s.GetRequiredService<NoWall>());
        services.AddHostedService(s => s.GetRequiredService<NoWall>());
        return services;
    }
}
