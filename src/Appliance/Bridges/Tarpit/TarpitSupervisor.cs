using System.Net;
using System.Net.Sockets;
using Blackwall.Api;
using Blackwall.Bridges.Tarpit.Improvisation;
using Blackwall.Kernel;
using Blackwall.Kernel.Confinement;
using Blackwall.Pipeline.Ports;
using Blackwall.Sessions;
using Blackwall.Tarpit;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.Runtime;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit;

/// <summary>Keeps the tarpit running: opens its listeners, starts its process, hears it, and starts it again when it ends.</summary>
internal sealed class TarpitSupervisor(
    IOptions<TarpitOptions> options,
    IOptions<KernelOptions> kernel,
    IOptions<ApiOptions> api,
    TarpitIdentityFile identityFile,
    VisitorArchive visitors,
    TarpitTranslator translator,
    SessionArchive archive,
    ImprovisationDesk improvisations,
    IWall wall,
    TimeProvider time,
    ILogger<TarpitSupervisor> log) : BackgroundService, IStatsSource, IHealthSource
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    // How long the first start may take before its absence is a fault.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(15);

    private TarpitLink? _link;
    private ConfinedProcess? _process;
    private TarpitDatagrams? _datagrams;
    private readonly long _began = time.GetTimestamp();
    private string? _fault;
    private long _restarts;
    private long _rejected;

    public string Name => "tarpit";

    /// <summary>The wall stands without it.</summary>
    public bool Ready => true;

    /// <summary>Whether the process has said that it serves.</summary>
    public bool IsServing => _link is { IsReady: true };

    public string? Fault => _fault ?? (!IsServing ? time.GetElapsedTime(_began) < LongestStart ? null : "The tarpit does not serve yet." : options.Value.Isolation == TarpitIsolation.None
        ? "The tarpit runs inside the appliance (tarpit.isolation = \"none\"): whoever breaks out of it has the appliance. Use \"process\" but for debugging." : improvisations.Fault);

    /// <summary>Process id; 0: none runs.</summary>
    public int ProcessId => _process is { Ended.IsCompleted: false } process ? process.Id : 0;

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["open"] = _link?.Counters.Open ?? 0,
        ["refused"] = _link?.Counters.Refused ?? 0,
        ["lost"] = _link?.Counters.Lost ?? 0,
        ["rejected"] = _rejected + (_link?.Rejected ?? 0),
        ["visitorBytes"] = visitors.Bytes,
        ["visitorsLost"] = visitors.Lost,
        ["restarts"] = Interlocked.Read(ref _restarts),
        ["datagramsDropped"] = _datagrams?.Dropped ?? 0,
        ["datagramsShortened"] = _datagrams?.Shortened ?? 0,
        ["improvised"] = improvisations.Answered,
        ["improvisedAgain"] = improvisations.GivenAgain,
        ["improvisedFailed"] = improvisations.Failed,
        ["improvisedRefused"] = improvisations.Refused,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = FirstPause;
        List<Socket> listeners = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            try
            {
                if (listeners.Count == 0)
                {
                    listeners = TarpitListeners.Open(kernel.Value, options.Value.ListenPoints);
                }

                _datagrams ??= new TarpitDatagrams(options.Value.DatagramPoints, time);

                int code = await ServeAsync(listeners, stoppingToken);
                pause = time.GetElapsedTime(started) > Stable ? FirstPause : pause;
                TarpitLog.Ended(log, code, pause.TotalSeconds);
                _fault = $"The tarpit's process ended with {code} and is started again.";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
            {
                _fault = $"The tarpit cannot start: {e.Message}";
                TarpitLog.NotStarted(log, e.Message);
            }

            Interlocked.Increment(ref _restarts);
            translator.EndAll();
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        translator.EndAll();
        _datagrams?.Dispose();
        listeners.ForEach(listener => listener.Dispose());
    }

    private async Task<int> ServeAsync(List<Socket> listeners, CancellationToken stopping)
    {
        if (options.Value.DecoyPoint is { } decoy && decoy.Port == api.Value.Listen.Port && (IPAddress.IsLoopback(decoy.Address) || decoy.Address.Equals(api.Value.ListenAddress)))
        {
            throw new IOException($"tarpit.decoy is {decoy}, where the appliance's own API listens.");
        }

        TarpitIdentity identity = identityFile.ReadOrCreate();
        if (options.Value.Isolation == TarpitIsolation.None)
        {
            return await ServeInsideAsync(listeners, identity, stopping);
        }

        using ConfinedProcess process = await StartAsync(listeners);
        _process = process;
        try
        {
            TarpitLog.Serves(log, string.Join(", ", listeners.Select(listener => listener.LocalEndPoint)), process.Id);
            await HearAsync(process.Channel, identity, stopping);
        }
        finally
        {
            process.Kill();
            _process = null;
        }

        return await process.Ended;
    }

    private async Task<ConfinedProcess> StartAsync(List<Socket> listeners)
    {
        IReadOnlyList<string> arguments = TarpitVerb.Arguments(options.Value, listeners.Count);
        if (Environment.GetEnvironmentVariable(ConfinedLauncher.Variable) is { Length: > 0 } launcher)
        {
            return await ConfinedProcess.LaunchAsync(launcher, arguments, listeners);
        }

        if (ProcessUser.Id != 0)
        {
            throw new IOException("only root can isolate it; run the appliance as root or as the service of its package, or set tarpit.enabled to false.");
        }

        (string path, IReadOnlyList<string> before) = ConfinedStart.Again(typeof(TarpitSupervisor).Assembly.Location);
        return await ConfinedProcess.StartAsync(path, [.. before, .. arguments], ConfinedStart.Environments((long)options.Value.MemoryMegabytes << 20), listeners);
    }

    private async Task HearAsync(Socket channel, TarpitIdentity identity, CancellationToken stopping)
    {
        using VisitorChannel visiting = new(visitors, async (message, token) => await channel.SendAsync(message, SocketFlags.None, token));
        using TarpitLink link = new(channel, wall, archive, translator, time, (long)options.Value.MaxFileMegabytes << 20, options.Value.DecoyPoint, improvisations) { Datagrams = _datagrams, Visitors = visiting };
        try
        {
            _link = link;
            await link.StartAsync(new ChannelStart(options.Value.ToSettings() with { Improvises = improvisations.Options.Enabled, ImproviseMilliseconds = improvisations.Options.AnswerMilliseconds }, identity), stopping);
            await visiting.SendKeysAsync(stopping);
            _fault = null;
            _datagrams?.Attach(async (message, token) => await channel.SendAsync(message, SocketFlags.None, token));
            if (!await link.RunAsync(stopping))
            {
                TarpitLog.NoMessage(log);
            }
        }
        catch (SocketException)
        {
            // The process ended in the middle of a message.
        }
        finally
        {
            _datagrams?.Attach(null);
            _rejected += link.Rejected;
            _link = null;
        }
    }

    private async Task<int> ServeInsideAsync(List<Socket> listeners, TarpitIdentity identity, CancellationToken stopping)
    {
        (Socket ours, Socket theirs) = ConfinedProcess.MakeChannel();
        using (ours)
        using (theirs)
        {
            Task<int> tarpit = TarpitProcess.RunAsync(theirs, listeners, () => { }, time);
            try
            {
                await HearAsync(ours, identity, stopping);
            }
            finally
            {
                ours.Dispose();
                await tarpit;
            }

            return 0;
        }
    }
}
