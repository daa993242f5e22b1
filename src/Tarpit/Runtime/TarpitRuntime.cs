using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Http;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Injection;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Runtime;

/// <summary>Everything that answers, put together from settings and identity.</summary>
internal sealed class TarpitRuntime : IDisposable
{
    private readonly HostKeys _hostKeys;
    private readonly PortServices _services;
    // As endlessh: a line in ten seconds.
    private const long LeastOfOne = 16 << 20;

    private static readonly TimeSpan s_heldPause = TimeSpan.FromSeconds(10);

    private readonly FrontDoor _door;
    private readonly SessionPacing _pacing;
    private readonly WebServer _web;

    /// <param name="store">Keeps what visitors left; null: nobody does.</param>
    /// <param name="decoy">Connects to the operator's own decoy; null: nobody can.</param>
    /// <param name="model">Says what programs print that the shell does not know; null: nobody does.</param>
    public TarpitRuntime(TarpitSettings settings, TarpitIdentity identity, IRecorder recorder, IOriginalDestinations destinations, TimeProvider time, Func<CancellationToken, ValueTask<Stream>>? decoy = null, IVisitorStore? store = null, IImprovisationSource? model = null)
    {
        identity = TarpitIdentity.Complete(identity);
        _hostKeys = new HostKeys(identity.Rsa, identity.Ecdsa, identity.Ed25519);
        Machine = new Machine(identity.Seed, identity.Installed, time) { HostKeys = [("rsa", _hostKeys.Rsa), ("ecdsa", _hostKeys.Ecdsa), ("ed25519", _hostKeys.Ed25519)] };
        Website = new Website(Machine);
        recorder = new AgentWatch(new InjectionWatch(recorder), AgentBait.Token(Machine), time);
        store ??= new NoVisitorStore();
        Visitors = new Visitors(Machine, settings, store, new Improviser(settings.Improvises ? model : null, ImprovisationLimits.For(settings), time));
        _pacing = new SessionPacing(settings.Pacing, time);
        ScannerHold scanners = new(settings.HoldScanners, new HeldConnections(_pacing.Wheel, s_heldPause));
        Startups? startups = Startups.Parse(settings.MaxStartups);
        SshServer server = new(
            SshPersona.All.FirstOrDefault(persona => string.Equals(persona.Name, settings.Persona, StringComparison.Ordinal)) ?? SshPersona.Ubuntu2404,
            _hostKeys,
            new SshSettings { KeyboardInteractive = settings.KeyboardInteractive, Idle = TimeSpan.FromSeconds(settings.IdleSeconds), DelayScale = settings.DelayScale },
            new PacedLogins(new VisitorLogins(Visitors, new AcceptPolicy(settings, [.. Machine.LoginUsers], new FoundPasswords(store, "ssh"))), _pacing, startups),
            new AuthDelay(identity.Seed, settings.DelayScale),
            time);
        _services = new PortServices(settings, Machine, Website, identity.Database!, server, _pacing, new FoundPasswords(store, "mysql"));
        Visitors.Database = _services.Database;
        _web = new WebServer(Website, settings, identity, new AcceptPolicy(settings, [.. Website.Users.Select(user => user.Login)], new FoundPasswords(store, "http")), time, settings.HasDecoy ? decoy : null, _pacing, new VisitorWebFolder(Visitors));
        Datagrams = new Dns.DnsDatagrams(_services.Dns, recorder, time);
        Limits = new ConnectionLimits(settings.MaxConnections, settings.MaxConnectionsPerAddress);
        Memory = new SharedMemory(settings.MaxBytesInProgress, Math.Max(LeastOfOne, settings.MaxFileBytes + (1 << 20)));
        _door = new FrontDoor(
            new FrontDoorSettings { ProxySources = settings.ProxySources.Select(IPAddress.Parse).ToHashSet() },
            new Detection.Directory(new SshService(server), _web.Http, [.. _web.Services, .. _services.All]),
            destinations,
            recorder,
            Limits,
            time,
            startups,
            scanners,
            Memory);
        Visitors.Connect = _door.Connect;
    }

    public Machine Machine { get; }

    /// <summary>What HTTP shows and MySQL holds.</summary>
    public Website Website { get; }

    public Visitors Visitors { get; }

    /// <summary>Ports of each service beside SSH, the usual one first.</summary>
    public IEnumerable<IReadOnlyList<ushort>> Ports => [.. _web.Services.Select(service => service.Ports), .. _services.All.Select(service => service.Ports)];

    public ConnectionLimits Limits { get; }

    /// <summary>What peers are in the middle of sending.</summary>
    public SharedMemory Memory { get; }

    /// <summary>Answers datagrams that the host received.</summary>
    public HostChannel.IDatagramService Datagrams { get; }

    /// <summary>Serves all listeners until the token ends it.</summary>
    public Task RunAsync(IReadOnlyList<Socket> listeners, CancellationToken cancellation) =>
        Task.WhenAll(listeners.Select(listener => _door.AcceptAsync(listener, cancellation)));

    public void Dispose()
    {
        _pacing.Dispose();
        _services.Dispose();
        _hostKeys.Dispose();
        _web.Dispose();
    }
}
