using Blackwall;
using Blackwall.Api;
using Blackwall.Audit;
using Blackwall.Behavior;
using Blackwall.Capture;
using Blackwall.Changes;
using Blackwall.Config;
using Blackwall.Ctl;
using Blackwall.Fingerprints;
using Blackwall.Guard;
using Blackwall.Inspection;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Mesh.Peer;
using Blackwall.Replay;
using Blackwall.Rules;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

if (args is ["ctl", .. string[] asked])
{
    return await CtlTool.RunAsync(asked, Console.Out, Console.Error, Console.IsInputRedirected ? null : Console.In, CancellationToken.None);
}

if (args is ["mesh", .. string[] meshed])
{
    return await MeshCommand.RunAsync(meshed, StandardOutput.Open(), Console.Error);
}

if (args is ["off", .. string[] taken])
{
    return OffCommand.Run(taken, Console.Out, Console.Error);
}

if (args is ["replay", .. string[] rest])
{
    return ReplayCommand.Run(rest, Environment.GetEnvironmentVariables(), Console.OpenStandardOutput(), Console.Error);
}

if (CommandLine.TryParse(args, out string? misunderstood) is not { } line)
{
    return Startup.Refuse(Startup.BadUsage, [misunderstood!, CommandLine.Usage]);
}

if (ApplianceConfig.TryLoad(line, Environment.GetEnvironmentVariables(), Sections.All(), out IReadOnlyList<string> errors) is not { } config)
{
    return Startup.Refuse(Startup.BadConfig, errors);
}

if (Startup.Conflicts(config) is { Count: > 0 } conflicts)
{
    return Startup.Refuse(Startup.BadConfig, conflicts);
}

if (line.Verb is "check-config")
{
    Console.WriteLine("The configuration is in order; nothing was started.");
    return 0;
}

ProcessUser.KeepFilesPrivate();
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = Startup.HostArguments(args) });
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
Startup.QuietUntilStarted(builder.Logging);
builder.Services.AddSingleton(TimeProvider.System);
config.Register(builder.Services);
bool guarding = config.Get<NetworkOptions>().Mode != EnforcementMode.Off;

// Hosted parts start in this order: what is restored comes before what is guarded, that before what is configured, all before the first request.
builder.Services.AddStorage();
builder.Services.AddBoard();
builder.Services.AddGuard();
builder.Services.AddRules();
builder.Services.AddFingerprints();
builder.Services.AddChanges(new ModeAtStart(config.Get<NetworkOptions>().Mode, config.Names("network.mode")));
if (guarding)
{
    builder.Services.AddKernel(Startup.StateFolder, Startup.StoreWasLost, Startup.Mode);
    builder.Services.AddDetection(Startup.HasTarpit);
    builder.Services.AddDetectionMemory();
    builder.Services.AddFingerprintStage();
    builder.Services.AddInspection();
}
else
{
    builder.Services.AddNoWall();
}

builder.Services.AddCapture(Startup.CaptureSite);
builder.Services.AddAudit();
builder.Services.AddApi();

WebApplication app = builder.Build();
using StateLock? state = StateLock.TryTake(app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.StateFolder, out string? inUse);
if (state is null)
{
    return Startup.Refuse(Startup.NoState, [inUse!]);
}

app.MapApi();
using IDisposable? handOver = guarding ? app.UseHandOver() : null;
return await Startup.RunAsync(app);
