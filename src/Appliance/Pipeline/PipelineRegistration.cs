using Microsoft.Extensions.Options;

namespace Blackwall.Pipeline;

public static class PipelineRegistration
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton(s => new VerdictBoard(s.GetRequiredService<IOptions<BoardOptions>>().Value, s.GetRequiredService<TimeProvider>(), s.GetServices<IDecisionObserver>()));
        services.AddSingleton<IDecisionSink>(s => s.GetRequiredService<VerdictBoard>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<VerdictBoard>());
        services.AddHostedService<ExpiryWorker>();
        return services;
    }
}
