using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Http;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Runtime;

/// <summary>Everything that answers, put together from settings and identity.</summary>
internal sealed class TarpitRuntime : IDisposable
{
    private readonly HostKeys _hostKeys;
    private readonly PortServices _services;
    private readonly FrontDoor _door;
    private readonly WebServer _web;

    /// <param name="decoy">Connects to the operator's own decoy; null: nobody can.</param>
    public TarpitRuntime(TarpitSettings settings, TarpitIdentity identity, IRecorder recorder, IOriginalDestinations destinations, TimeProvider time, Func<CancellationToken, ValueTask<Stream>>? decoy = null)
    {
        Machine = new Machine(identity.Seed, identity.Installed, time);
        Website = new Website(Machine);
        Visitors = new Visitors(Machine, settings);
        _hostKeys = new HostKeys(identity.Rsa, identity.Ecdsa, identity.Ed25519);
        SshServer server = new(
            SshPersona.All.FirstOrDefault(persona => string.Equals(persona.Name, settings.Persona, StringComparison.Ordinal)) ?? SshPersona.Ubuntu2404,
            _hostKeys,
            new SshSettings { KeyboardInteractive = settings.KeyboardInteractive, Idle = TimeSpan.FromSeconds(settings.IdleSeconds), DelayScale = settings.DelayScale },
            new AcceptPolicy(settings, [.. Machine.LoginUsers]),
            new AuthDelay(identity.Seed, settings.DelayScale),
            Visitors.LogIn,
            time);
        _services = new PortServices(settings, Machine, Website);
        _web = new WebServer(Website, settings, identity, new AcceptPolicy(settings, [.. Website.Users.Select(user => user.Login)]), time, settings.HasDecoy ? decoy : null);
        Limits = new ConnectionLimits(settings.MaxConnections, settings.MaxConnectionsPerAddress);
        _door = new FrontDoor(
            new FrontDoorSettings { ProxySources = settings.ProxySources.Select(IPAddress.Parse).ToHashSet() },
            new Detection.Directory(new SshService(server), _web.Http, [.. _web.Services, .. _services.All]),
            destinations,
            recorder,
            Limits,
            time);
    }

    public Machine Machine { get; }

    /// <summary>What HTTP shows and MySQL holds.</summary>
    public Website Website { get; }

    public Visitors Visitors { get; }

    public ConnectionLimits Limits { get; }

    /// <summary>Serves all listeners until the token ends it.</summary>
    public Task RunAsync(IReadOnlyList<Socket> listeners, CancellationToken cancellation) =>
        Task.WhenAll(listeners.Select(listener => _door.AcceptAsync(listener, cancellation)));

    public void Dispose()
    {
        _services.Dispose();
        _hostKeys.Dispose();
        _web.Dispose();
    }
}
