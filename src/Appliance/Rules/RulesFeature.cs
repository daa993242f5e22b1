using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blackwall.Rules;

/// <summary>The operator's rules: of the configuration and over the API.</summary>
internal sealed class RulesFeature : IFeature
{
    public string Name => "rules";

    public StartPhase Phase => StartPhase.Rules;

    public int FirstLogId => 2200;

    public IReadOnlyList<IConfigSection> Sections => [.. RuleOptions.Declare()];

    public IReadOnlyList<string> Conflicts(ApplianceConfig config) =>
        config.Get<NetworkOptions>().WhenSilent == Silence.Closed && config.Get<RuleOptions>().Allowlist.Count == 0
            ? ["network.when_silent = closed refuses every new client while the appliance is dead, its owner's too; put the addresses that you manage it from in rules.allowlist."]
            : [];

    public IReadOnlyList<ConfigFinding> CheckFiles(ApplianceConfig config)
    {
        List<ConfigFinding> findings = [];
        foreach (string path in config.Get<RuleOptions>().BlocklistFiles)
        {
            ListFile file = new(path, config.Get<BoardOptions>().MaxDecisions);
            if (file.TryRead())
            {
                findings.Add(new ConfigFinding(string.Create(CultureInfo.InvariantCulture, $"Read {path}: {file.Scopes!.Count} addresses and prefixes."), IsError: false));
            }

            findings.AddRange(file.Faults.Select(fault => new ConfigFinding($"{fault.Where}: {fault.Error}", IsError: true)));
        }

        return findings;
    }

    public IJsonTypeInfoResolver Json => RuleJson.Default;

    public IReadOnlyList<Scope> Scopes => [RuleScopes.Read, RuleScopes.Write];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<ConfiguredRules>();
        services.AddHostedService(s => s.GetRequiredService<ConfiguredRules>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<ConfiguredRules>());
        services.AddSingleton<IReloadable>(s => s.GetRequiredService<ConfiguredRules>());
    }

    public void AddToReplay(ReplayPlan plan, ApplianceConfig config) => plan.Rules.Add(board =>
    {
        using ConfiguredRules rules = new(
            board,
            Options.Create(config.Get<RuleOptions>()),
            Options.Create(config.Get<BoardOptions>()),
            TimeProvider.System,
            NullLogger<ConfiguredRules>.Instance);
        rules.Apply();
    });

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapRules();
}
