using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Fingerprints;

public static class FingerprintRegistration
{
    /// <summary>The database and what is remembered of sources. Needs the storage.</summary>
    public static IServiceCollection AddFingerprints(this IServiceCollection services)
    {
        services.AddSingleton<FingerprintStore>();
        services.AddSingleton(s => new FingerprintDatabase(s.GetRequiredService<FingerprintStore>()));
        services.AddHostedService(s => s.GetRequiredService<FingerprintDatabase>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<FingerprintDatabase>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<FingerprintDatabase>());
        services.AddSingleton<FingerprintBook>();
        services.AddSingleton<ISourceClients, NamedClients>();
        return services;
    }

    /// <summary>Takes fingerprints of live traffic. Needs <see cref="AddFingerprints"/> and a <see cref="BootClock"/>.</summary>
    public static IServiceCollection AddFingerprintStage(this IServiceCollection services)
    {
        services.AddSingleton(s => new FingerprintStage(
            s.GetRequiredService<FingerprintBook>(),
            s.GetRequiredService<FingerprintDatabase>(),
            s.GetRequiredService<IOptions<FingerprintOptions>>().Value,
            s.GetRequiredService<BootClock>()));
        services.AddSingleton<IStage>(s => s.GetRequiredService<FingerprintStage>());
        services.AddSingleton<IStatsSource, FingerprintCounters>();
        return services;
    }
}
