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
    private Task<Database>? _database;

    private Stage(RunFolder run, LabNetwork network)
    {
        _run = run;
        Network = network;
        Appliance = new Appliance(network.Edge, run);
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

    /// <summary>The protected server's database, which takes some seconds to begin: only who needs it waits for it.</summary>
    public Task<Database> StartDatabaseAsync(CancellationToken cancellation)
    {
        lock (_run)
        {
            return _database ??= Database.StartAsync(Network.Server, _run, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Appliance.DisposeAsync();
        _tarpit?.Dispose();
        if (_database is { IsCompletedSuccessfully: true })
        {
            await (await _database).DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Network.DisposeAsync();
        _run.Dispose();
    }
}
