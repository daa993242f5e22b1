using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Storage;

namespace Blackwall.Changes;

public static class ChangesRegistration
{
    /// <summary>Changes with shadow, trial and confirmation. Register it after the storage and before the wall.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services, ModeAtStart configured)
    {
        services.AddSingleton<ChangeStore>();
        services.AddSingleton<ShadowWatch>();
        services.AddSingleton<IStage>(s => s.GetRequiredService<ShadowWatch>());
        services.AddSingleton(s => new ChangeBook(
            configured,
            s.GetRequiredService<ChangeStore>(),
            s.GetRequiredService<ShadowWatch>(),
            s.GetRequiredService<VerdictBoard>(),
            s.GetRequiredService<IPolicyTrial>(),
            s.GetRequiredService<StoreQueue>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<ChangeBook>>()));
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<ChangeBook>());
        services.AddSingleton<IStartMode>(s => s.GetRequiredService<ChangeBook>());
        services.AddHostedService(s => s.GetRequiredService<ChangeBook>());
        services.AddHostedService<ObserveReport>();
        return services;
    }
}
