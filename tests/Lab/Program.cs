using System.Runtime.InteropServices;
using System.Text.Json;
using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Story;
using Blackwall.Lab.Story.Scenes;
using Blackwall.Lab.Tools;

if (LabOptions.Parse(args, out var mistake) is not { } options)
{
    await Console.Error.WriteLineAsync(mistake);
    return 2;
}

if (!Environment.IsPrivilegedProcess)
{
    await Console.Error.WriteLineAsync("The lab needs root: it makes network namespaces and loads kernel programs.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var narrator = new Narrator(options.Json ? Console.Error : Console.Out);
var facts = new FactBook(narrator);
string? ended = null;
try
{
    await PlayAsync();
}
catch (OperationCanceledException)
{
    ended = "broken off: stopped by a signal, or the time was over";
}
catch (Exception e) when (e is ToolFailedException or IOException or HttpRequestException)
{
    ended = e.Message;
}

narrator.Table(facts.All);
if (ended is not null)
{
    narrator.Say(ended);
}

var ok = ended is null && facts.AllHold;
if (options.Json)
{
    Console.WriteLine(JsonSerializer.Serialize(new FactReport(ok, ended, facts.All), FactJson.Default.FactReport));
}

return ok ? 0 : 1;

async Task PlayAsync()
{
    narrator.Chapter("The network is built");
    narrator.Say("attackers 203.0.113.0/24 and 198.51.100.0/24, client 192.0.2.10 ── router ── edge with Blackwall ── server 10.20.0.10");
    var settings = new ApplianceSettings();
    await using var stage = await Stage.BuildAsync(stop.Token);
    var scenes = Scenario.Scenes(settings, options.Transcripts);
    if (options.Keep)
    {
        // The last scene takes the wall down; who wants to look at it wants it standing.
        scenes = [.. scenes.SkipLast(1)];
    }

    scenes = [.. Scenario.Named(scenes, options.Only)];
    if (scenes.Count == 0)
    {
        narrator.Say($"No scene's title has \"{options.Only}\" in it.");
        ended = "Nothing was played.";
        return;
    }

    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.SecondsLimit), TimeProvider.System);
    using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, limit.Token);
    await new Storyteller(stage, facts, narrator).TellAsync(settings, scenes, options.Offload, options.Only.Length == 0, either.Token);
    if (options.Keep)
    {
        await KeepAsync(stage);
    }
}

async Task KeepAsync(Stage stage)
{
    narrator.Table(facts.All);
    narrator.Say("Everything is left running; Ctrl-C takes it down.");
    narrator.Say($"API:       {ApplianceApi.Address}/api/v1 on the edge's loopback");
    narrator.Say($"admin key: {stage.Appliance.AdminKeyFile}");
    narrator.Say($"example:   nsenter --net={stage.Network.Edge.FilePath} curl -H \"Authorization: Bearer $(cat {stage.Appliance.AdminKeyFile})\" {ApplianceApi.Address}/api/v1/decisions");
    narrator.Say($"attacker:  nsenter --net={stage.Network.Attacker.Network.FilePath} nmap -sS -Pn {stage.Network.Server.Addresses4[0]}");
    try
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
    }
    catch (OperationCanceledException)
    {
        narrator.Say("taking everything down");
    }
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // We end ourselves, after cleaning up.
    stop.Cancel();
}
