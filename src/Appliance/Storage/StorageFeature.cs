using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Storage;

/// <summary>The state folder: the database with its one writer, and snapshots.</summary>
internal sealed class StorageFeature : IFeature
{
    public string Name => "storage";

    public StartPhase Phase => StartPhase.Restore;

    public int FirstLogId => 2800;

    public IReadOnlyList<IConfigSection> Sections => [.. StorageSettings.Declare()];

    public IReadOnlyList<Migration> Migrations =>
    [
        Migration.Embedded(typeof(StorageFeature), 1, "decisions", former: 1),
        Migration.Embedded(typeof(StorageFeature), 2, "evidence_by_source", former: 2),
        Migration.Embedded(typeof(StorageFeature), 3, "clock", former: 31),
        Migration.Embedded(typeof(StorageFeature), 4, "forgeable", former: 32),
    ];

    public IReadOnlyList<Metric> Metrics => StorageMetrics.All;

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<Database>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<StoreQueue>();
        services.AddSingleton<JournalInbox>();
        services.AddSingleton<IDecisionObserver>(s => s.GetRequiredService<JournalInbox>());
        services.AddSingleton<IEvidenceSink>(s => s.GetRequiredService<JournalInbox>());
        services.AddSingleton<IStoreRider, BoardJournal>();
        services.AddSingleton<Journal>();
        services.AddSingleton<EvidenceStore>();
        services.AddSingleton<HistoryStore>();
        services.AddHostedService(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<Journal>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<Journal>());
    }
}
