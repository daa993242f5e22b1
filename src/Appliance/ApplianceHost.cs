using System.Diagnostics.Metrics;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Logging;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall;

/// <summary>Puts an appliance together from a list of features.</summary>
internal static class ApplianceHost
{
    /// <summary>One verb of the command line, to its end. Returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<IFeature> features)
    {
        if (args is ["--help" or "-h" or "help"])
        {
            Console.Out.WriteLine(Usage(features));
            return 0;
        }

        if (args is [string verb, .. string[] rest] && features.SelectMany(feature => feature.Verbs).FirstOrDefault(known => string.Equals(known.Name, verb, StringComparison.Ordinal)) is { } found)
        {
            return await found.RunAsync(rest);
        }

        if (CommandLine.TryParse(args, out string? misunderstood) is not { } line)
        {
            return Startup.Refuse(Startup.BadUsage, [misunderstood!, Usage(features)]);
        }

        if (new ConfigReader(line, features).TryRead(out IReadOnlyList<string> errors) is not { } config)
        {
            return Startup.Refuse(Startup.BadConfig, errors);
        }

        if (line.Verb is "check-config")
        {
            return ConfigCheck.Report(config, features, Console.Out, Console.Error);
        }

        ProcessUser.KeepFilesPrivate();
        await using WebApplication app = Build(args, config, features);
        using StateLock? state = StateLock.TryTake(app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.StateFolder, out string? inUse);
        if (state is null)
        {
            return Startup.Refuse(Startup.NoState, [inUse!]);
        }

        using IDisposable? handOver = Guards(config) ? app.UseHandOver() : null;
        return await Startup.RunAsync(app);
    }

    /// <summary>The host with every service and endpoint of the features; nothing runs yet.</summary>
    public static WebApplication Build(string[] args, ApplianceConfig config, IReadOnlyList<IFeature> features)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = Startup.HostArguments(args) });
        builder.Logging.UseFormat(config.Get<LogOptions>());
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        Startup.QuietUntilStarted(builder.Logging);
        IServiceCollection services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        config.Register(services);
        services.AddSingleton(new ConfigReader(config.Line, features));
        services.AddSingleton(FeatureList.Migrations(features));
        services.AddSingleton(new MetricList(features.SelectMany(feature => feature.Metrics)));
        services.AddMetrics();
        services.AddSingleton(s => s.GetRequiredService<IMeterFactory>().Create("Blackwall"));
        services.AddSingleton(new ScopeRegistry(features.SelectMany(feature => feature.Scopes)));
        services.AddSingleton(s => Words(features, s.GetRequiredService<ScopeRegistry>()));
        services.ConfigureHttpJsonOptions(json => JsonBodies.Configure(json.SerializerOptions, features.Select(feature => feature.Json)));

        // Hosted services start in the order in which they are added, so the phases are kept whatever the order of the list.
        foreach (IFeature feature in features.OrderBy(feature => feature.Phase))
        {
            feature.AddServices(services, config);
            if (Guards(config))
            {
                feature.AddStages(services);
            }
        }

        WebApplication app = builder.Build();
        app.UseApi();
        RouteGroupBuilder api = app.MapApi();
        foreach (IFeature feature in features)
        {
            feature.MapEndpoints(api);
            feature.MapRoot(app);
        }

        return app;
    }

    private static bool Guards(ApplianceConfig config) => config.Get<NetworkOptions>().Mode != EnforcementMode.Off;

    private static WordRegistry Words(IReadOnlyList<IFeature> features, ScopeRegistry scopes) => new(features.SelectMany(feature => feature.Words).Concat(
    [
        KeyValuePair.Create<string, IReadOnlyCollection<string>>(WordLists.Scope, scopes.Words),
        KeyValuePair.Create<string, IReadOnlyCollection<string>>(WordLists.Role, ScopeRegistry.Roles),
        KeyValuePair.Create<string, IReadOnlyCollection<string>>(WordLists.EventKind, [.. features.SelectMany(feature => feature.Events).Select(kind => kind.Name)]),
    ]));

    private static string Usage(IReadOnlyList<IFeature> features) =>
        string.Join('\n', features.SelectMany(feature => feature.Verbs).Select(verb => $"       blackwall-appliance {verb.Usage}").Prepend(CommandLine.Usage));
}
