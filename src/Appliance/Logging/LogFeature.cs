using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Logging;

/// <summary>The log: its format, and the lines about decisions and faults.</summary>
internal sealed class LogFeature : IFeature
{
    public string Name => "log";

    public StartPhase Phase => StartPhase.Api;

    public int FirstLogId => 3400;

    public IReadOnlyList<IConfigSection> Sections => LogOptions.Declare();

    public IReadOnlyList<ConfigFinding> CheckFiles(ApplianceConfig config) =>
        config.Get<LogOptions>().BanLog is { Length: > 0 } path && !Directory.Exists(Path.GetDirectoryName(path))
            ? [new ConfigFinding($"log.ban_log: there is no folder {Path.GetDirectoryName(path)}; make it, writable for the user of the appliance (the service may write /var/log/blackwall).", IsError: true)]
            : [];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddEventReader<DecisionLog>();
        if (config.Get<LogOptions>().BanLog.Length > 0)
        {
            services.AddEventReader<BanLog>();
            services.AddSingleton<IHealthSource>(s => s.GetRequiredService<BanLog>());
        }
    }
}
