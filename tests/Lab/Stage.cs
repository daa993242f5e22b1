using Blackwall.Lab.Edge;
using Blackwall.Lab.Honest;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab;

/// <summary>Everything a scene needs, built and running: the network, the servers, the appliance. Disposing leaves nothing.</summary>
public sealed class Stage : IAsyncDisposable
{
    private readonly RunFolder _run;
    private ProtectedServer? _server;
    private TarpitStandIn? _tarpit;

    private Stage(RunFolder run, LabNetwork network)
    {
        _run = run;
        Network = network;
        Appliance = new Appliance(network, run);
    }

    public RunFolder Run => _run;

    public LabNetwork Network { get; }

    public Appliance Appliance { get; }

    public ApplianceApi Api => Appliance.Api;

    public TarpitStandIn Tarpit => _tarpit!;

    /// <summary>Builds network and servers; the appliance is not started yet.</summary>
    public static async Task<Stage> BuildAsync(CancellationToken cancellation)
    {
        await LabCleaner.RemoveAbandonedAsync();
        await LabCleaner.MountBpfFileSystemAsync();
        var run = RunFolder.Create();
        Stage? stage = null;
        try
        {
            stage = new Stage(run, await LabNetwork.BuildAsync(run));
            stage._server = await ProtectedServer.StartAsync(stage.Network.Server, run, cancellation);
            stage._tarpit = TarpitStandIn.Start(stage.Network.Edge);
            return stage;
        }
        catch
        {
            if (stage is null)
            {
                run.Dispose();
            }
            else
            {
                await stage.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Honest users start working; dispose the answer to send them home.</summary>
    public HonestWorkload StartHonestWork() => HonestWorkload.Start(Network.Client, Network.Server, _run);

    public async ValueTask DisposeAsync()
    {
        await Appliance.DisposeAsync();
        _tarpit?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Network.DisposeAsync();
        _run.Dispose();
    }
}
