using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Keys;
using Blackwall.Api.Settings;
using Blackwall.Behavior;
using Blackwall.Bridges.Mesh;
using Blackwall.Bridges.Notices;
using Blackwall.Bridges.Setup;
using Blackwall.Bridges.Tarpit;
using Blackwall.Capture;
using Blackwall.Changes;
using Blackwall.Classification;
using Blackwall.Config;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Composition;
using Blackwall.Feeds;
using Blackwall.Fingerprints;
using Blackwall.Geography;
using Blackwall.Guard;
using Blackwall.Health;
using Blackwall.Inspection;
using Blackwall.Intel;
using Blackwall.Kernel;
using Blackwall.Licensing;
using Blackwall.Metrics;
using Blackwall.Remediation;
using Blackwall.Logging;
using Blackwall.Notifications;
using Blackwall.Replay;
using Blackwall.Rules;
using Blackwall.Service;
using Blackwall.Sessions;
using Blackwall.Siem;
using Blackwall.Sources;
using Blackwall.Storage;

namespace Blackwall;

/// <summary>Every feature of the appliance, one line each, in the order in which they start (<see cref="StartPhase"/>).</summary>
internal static class FeatureList
{
    public static IReadOnlyList<IFeature> All { get; } =
    [
        // Restore
        new StorageFeature(),
        new DecisionsFeature(),

        // Guard
        new GuardFeature(),
        new SessionsFeature(),

        // Rules
        new RulesFeature(),
        new GeographyFeature(),
        new TarpitFeature(),
        new FingerprintsFeature(),
        new LicensingFeature(),
        new ChangesFeature(),

        // Wall
        new KernelFeature(),

        // Detection
        new BehaviorFeature(),
        new InspectionFeature(),
        new ClassificationFeature(),
        new CaptureFeature(),
        new ReplayFeature(),
        new IntelFeature(),
        new RemediationFeature(),
        new FeedsFeature(),

        // Api
        new AuditFeature(),
        new KeysFeature(),
        new EventsFeature(),
        new LogFeature(),
        new NotificationsFeature(),
        new NoticesFeature(),
        new SourcesFeature(),
        new SiemFeature(),
        new HealthFeature(),
        new MetricsFeature(),
        new SettingsFeature(),
        new ApiFeature(),
        new ServiceFeature(),
        new SetupFeature(),
        new MeshFeature(),
    ];

    /// <summary>Every section of blackwall.toml, with the defaults.</summary>
    public static IReadOnlyList<IConfigSection> Sections(IReadOnlyList<IFeature> features) => [.. features.SelectMany(feature => feature.Sections)];

    /// <summary>The steps of the database of all features.</summary>
    public static MigrationPlan Migrations(IReadOnlyList<IFeature> features) =>
        new(features.SelectMany(feature => feature.Migrations.Select(step => (feature.Name, step))));
}
