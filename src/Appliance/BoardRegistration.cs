using Blackwall.Kernel;
using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall;

/// <summary>The pipeline itself knows nothing of hosts and services.</summary>
public static class BoardRegistration
{
    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddSingleton<IBootTime, SystemBootTime>();
        services.AddSingleton(s => new SteadyClock(s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IBootTime>()));
        services.AddSingleton(s => new VerdictBoard(
            Options(s),
            s.GetRequiredService<TimeProvider>(),
            s.GetServices<IDecisionObserver>(),
            s.GetRequiredService<SteadyClock>()));
        services.AddSingleton<IDecisionSink>(s => s.GetRequiredService<VerdictBoard>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<VerdictBoard>());
        services.AddHostedService<ExpiryWorker>();
        return services;
    }

    private static BoardOptions Options(IServiceProvider services)
    {
        BoardOptions board = services.GetRequiredService<IOptions<BoardOptions>>().Value;
        KernelOptions kernel = services.GetRequiredService<IOptions<KernelOptions>>().Value;
        (board.CanRedirect4, board.CanRedirect6) = (kernel.TarpitAddress4 is not null, kernel.TarpitAddress6 is not null);
        return board;
    }
}
