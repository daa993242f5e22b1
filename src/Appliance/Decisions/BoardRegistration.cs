using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Decisions;

/// <summary>The pipeline itself knows nothing of hosts and services.</summary>
public static class BoardRegistration
{
    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddSingleton(s => new SteadyClock(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IBootTime>()));
        services.AddSingleton(s => new VerdictBoard(
            s.GetRequiredService<IOptions<BoardOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetServices<IDecisionObserver>(),
            s.GetRequiredService<SteadyClock>()));
        services.AddSingleton<IDecisionSink>(s => s.GetRequiredService<VerdictBoard>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<VerdictBoard>());
        services.AddHostedService<ExpiryWorker>();
        return services;
    }
}
