using Blackwall.Pipeline;

namespace Blackwall.Capture;

public static class CaptureRegistration
{
    /// <summary>Captures of flagged sources. Register it after the wall, so that it stops first.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="site">Where packets are seen, and the port of the API, which never is.</param>
    public static IServiceCollection AddCapture(this IServiceCollection services, Func<IServiceProvider, CaptureSite> site)
    {
        services.AddSingleton(site);
        services.AddSingleton<CaptureStore>();
        services.AddSingleton<CaptureFolder>();
        services.AddSingleton<CaptureInbox>();
        services.AddSingleton<IDecisionObserver>(s => s.GetRequiredService<CaptureInbox>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<CaptureInbox>());
        services.AddSingleton<IStage, SuspectStage>();
        services.AddSingleton<CaptureBook>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<CaptureBook>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<CaptureBook>());
        services.AddHostedService<CaptureWorker>();
        return services;
    }
}
