using System.Diagnostics;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Blackwall.Behavior;

public static class DetectionRegistration
{
    /// <summary>
    /// Registers the pipeline with the behaviour stage and its publisher. Needs an <see cref="IDecisionSink"/>; takes a
    /// <see cref="BootClock"/> when one is registered before, and every <see cref="IEvidenceSink"/>.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="tarpitConfigured">Whether a redirect has somewhere to go; none: proven attackers are dropped.</param>
    public static IServiceCollection AddDetection(this IServiceCollection services, Func<IServiceProvider, bool>? tarpitConfigured = null)
    {
        services.AddOptions<DetectionOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => BootClock.At(provider.GetRequiredService<TimeProvider>().GetUtcNow(), MonotonicNanoseconds()));
        services.TryAddSingleton(_ => new PublishQueue());
        services.AddSingleton(provider => new BehaviorStage(
            provider.GetRequiredService<IOptions<DetectionOptions>>().Value,
            provider.GetRequiredService<BootClock>(),
            () => tarpitConfigured?.Invoke(provider) ?? false,
            provider.GetRequiredService<FalsePositiveLedger>(),
            provider.GetService<IThreatFeeds>()));
        services.AddSingleton<FalsePositiveLedger>();
        services.AddSingleton<IFalsePositives>(provider => provider.GetRequiredService<FalsePositiveLedger>());
        services.AddSingleton<IStatsSource>(provider => provider.GetRequiredService<FalsePositiveLedger>());
        services.AddSingleton<ISourceInsight>(provider => provider.GetRequiredService<BehaviorStage>());
        services.AddSingleton<IStage>(provider => provider.GetRequiredService<BehaviorStage>());
        services.AddSingleton<DecisionPipeline>();
        services.AddSingleton<IDecisionObserver, DetectionFeedback>();
        services.AddSingleton<IStatsSource, DetectionCounters>();
        services.AddHostedService<DetectionWorker>();
        return services;
    }

    /// <summary>What detection learns survives a restart. Needs <see cref="AddDetection"/> and the storage.</summary>
    public static IServiceCollection AddDetectionMemory(this IServiceCollection services)
    {
        services.AddSingleton<BehaviorKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<BehaviorKeeper>());
        services.AddSingleton<IStatsSource>(provider => provider.GetRequiredService<BehaviorKeeper>());
        services.AddSingleton<IHealthSource>(provider => provider.GetRequiredService<BehaviorKeeper>());
        return services;
    }

    // CLOCK_MONOTONIC differs from the kernel programs' CLOCK_BOOTTIME only by time spent suspended, which an appliance does not do.
    private static ulong MonotonicNanoseconds() => (ulong)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
}
