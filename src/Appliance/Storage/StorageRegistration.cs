using Blackwall.Pipeline;

namespace Blackwall.Storage;

public static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<Database>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<JournalInbox>();
        services.AddSingleton<IDecisionObserver>(s => s.GetRequiredService<JournalInbox>());
        services.AddSingleton<IEvidenceSink>(s => s.GetRequiredService<JournalInbox>());
        services.AddSingleton<Journal>();
        services.AddSingleton<EvidenceStore>();
        services.AddSingleton<HistoryStore>();
        services.AddHostedService(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<Journal>());
        return services;
    }
}
