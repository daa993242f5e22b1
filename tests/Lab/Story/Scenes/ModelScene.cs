using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Blackwall.Client.Classification;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// A model server that fails in every way there is. Sources that anybody could have forged become suspicious; while the server fails nothing is said of them and
/// nothing follows, and when it answers again each gets an opinion and a limit of some minutes.
/// </summary>
/// <param name="guest">Number of the guest that the packets come from.</param>
public sealed class ModelScene(int guest) : IScene
{
    private const int Ports = 30;
    private const int FramesPerSecond = 200;
    private const byte Syn = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    public string Title => "A language model whose server fails in every way (scripted server)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, network) = (play.Stage, play.Stage.Network);
        var host = await network.AddGuestAsync(guest);
        await using var server = new ModelServer(socket: network.Edge.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        var configuration = await File.ReadAllTextAsync(stage.Appliance.ConfigurationFile, cancellation);
        await ConfigureAsync($"{configuration}\n[ai]\nmode = \"advise\"\nendpoint = \"{server.Endpoint}\"\ntimeout_seconds = 1\nbatch_seconds = 0\ncache_minutes = 0\nbreaker_seconds = 5\ntokens_per_minute = 1000000\n");
        List<string> silent = [], acted = [], lost = [];
        var faults = Enum.GetValues<ModelFault>().Where(fault => fault != ModelFault.None).ToList();
        play.Narrator.Say($"{faults.Count} ways to fail, one after the other");
        foreach (var fault in faults)
        {
            var source = IPAddress.Parse($"45.77.{(int)fault}.9");
            var before = (await StatusAsync()).Failures;
            server.Fault = fault;
            await ScanAsync(source);
            if (!await ComesAsync(async () => (await StatusAsync()).Failures > before))
            {
                silent.Add($"{fault}");
            }

            if (await OpinionAsync(source) is not null || (await stage.Api.DecisionsAsync(source, cancellation)).Any(d => d.Origin is "model"))
            {
                acted.Add($"{fault}");
            }

            // The positive control: the same source, and a server that answers.
            server.Fault = ModelFault.None;
            if (!await ComesAsync(async () => await OpinionAsync(source) is { Effect: "limited" }))
            {
                lost.Add($"{fault}");
            }
        }

        play.Facts.Is(Title, "faults that were not counted", "none", Names(silent));
        play.Facts.Is(Title, "faults from which an opinion or a decision followed", "none", Names(acted));
        play.Facts.Is(Title, "faults after which the source got no opinion from the same server", "none", Names(lost));
        var decisions = (await stage.Api.DecisionsAsync(null, cancellation)).Where(d => d.Origin is "model").ToList();
        play.Facts.Some(Title, "limits that the model asked for", decisions.Count);
        play.Facts.None(Title, "of them harder than a limit, or without an end", decisions.Count(d => d.Verdict is not "rate-limit"));
        var told = string.Join('\n', server.Requests);
        play.Facts.None(Title, "questions that name an address", faults.Count(fault => told.Contains($"45.77.{(int)fault}.9", StringComparison.Ordinal)));
        await ConfigureAsync(configuration);
        play.Facts.Is(Title, "the model afterwards", "off", (await StatusAsync()).State);

        async Task ConfigureAsync(string text)
        {
            await File.WriteAllTextAsync(stage.Appliance.ConfigurationFile, text, cancellation);
            var answer = await stage.Api.Client.Settings.ReloadAsync(cancellation);
            play.Facts.Is(Title, "reload of the configuration", "taken", answer.Failure?.Sentence ?? "taken");
        }

        async Task<ModelStatus> StatusAsync() =>
            (await stage.Api.Client.Model.ReadAsync(cancellation)).Value ?? throw new InvalidOperationException("/model gives no answer.");

        async Task<Opinion?> OpinionAsync(IPAddress source) =>
            (await stage.Api.Client.Model.OpinionsAsync("limit=1000", cancellation)).Value?.Items.FirstOrDefault(opinion => string.Equals(opinion.Source, $"{source}", StringComparison.Ordinal));

        async Task ScanAsync(IPAddress source)
        {
            var router = PhysicalAddress.Parse(LabNetwork.RouterMac);
            var file = stage.Run.File($"model-{source}.pcap");
            await PcapFile.WriteAsync(
                file,
                [.. Enumerable.Range(1, Ports).Select(port => ForgedFrame.Tcp(router, new IPEndPoint(source, 40_000 + port), new IPEndPoint(network.Server.Addresses4[0], port), Syn, (uint)port, 0))],
                cancellation);
            await host.Network.TryAsync(["tcpreplay", "-q", "--pps", $"{FramesPerSecond}", "-i", LabHost.Interface, file], s_patience, cancellation);
        }
    }

    private static string Names(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private static async Task<bool> ComesAsync(Func<Task<bool>> isThere)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isThere())
        {
            if (TimeProvider.System.GetElapsedTime(began) > s_patience)
            {
                return false;
            }

            await Task.Delay(s_step, TimeProvider.System);
        }

        return true;
    }
}
