using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Runtime;

namespace Blackwall.Tarpit.Tests;

/// <summary>A tarpit in this process that listens on a loopback port, believed by its peers to be at a port of one's choice.</summary>
internal sealed class RunningTarpit : IAsyncDisposable, IOriginalDestinations
{
    private static readonly Lazy<TarpitIdentity> s_identity = new(() => TarpitIdentity.Create(TimeProvider.System));

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TarpitRuntime _runtime;
    private readonly Task _run;
    private readonly ushort _seemingPort;

    public RunningTarpit(TarpitSettings? settings = null, ushort seemingPort = 22)
    {
        _seemingPort = seemingPort;
        _runtime = new TarpitRuntime(settings ?? Quick, s_identity.Value, Records, this, TimeProvider.System);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _run = _runtime.RunAsync([_listener], _stop.Token);
    }

    /// <summary>Without delays; the first password of root is right.</summary>
    public static TarpitSettings Quick { get; } = new() { AcceptAttempt = 1, DelayScale = 0, MaxConnectionsPerAddress = 4096, MaxStartups = "4096:30:4096" };

    public static TarpitIdentity Identity => s_identity.Value;

    public MemoryRecorder Records { get; } = new();

    public TarpitRuntime Runtime => _runtime;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int Port => EndPoint.Port;

    public ValueTask<IPEndPoint?> FindAsync(IPEndPoint remote, IPEndPoint local, CancellationToken cancellation) => new(new IPEndPoint(IPAddress.Parse("192.0.2.22"), _seemingPort));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run;
        _runtime.Dispose();
        _stop.Dispose();
    }
}
