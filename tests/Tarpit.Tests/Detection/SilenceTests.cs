using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tarpit.Tests.Detection;

/// <summary>A peer that says nothing at a port that is nobody's is waited for, and not for ever.</summary>
public sealed class SilenceTests : IOriginalDestinations, IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionLimits _limits = new(16, 16);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public SilenceTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4);
        _run = new FrontDoor(new FrontDoorSettings(), new Tarpit.Detection.Directory(new Greeter(), http: null), this, new MemoryRecorder(), _limits, _time).AcceptAsync(_listener, _stop.Token);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask<IPEndPoint?> FindAsync(IPEndPoint remote, IPEndPoint local, CancellationToken cancellation) => new(new IPEndPoint(IPAddress.Parse("192.0.2.22"), 4711));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run;
        _stop.Dispose();
    }

    [Fact]
    public async Task Who_speaks_late_is_answered()
    {
        using Socket peer = await ConnectAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        await peer.SendAsync("SSH-2.0-x\r\n"u8.ToArray(), Cancellation);
        byte[] buffer = new byte[16];
        Assert.Equal("hello", System.Text.Encoding.ASCII.GetString(buffer, 0, await peer.ReceiveAsync(buffer, Cancellation)));
    }

    [Fact]
    public async Task Who_never_speaks_is_let_go()
    {
        using Socket peer = await ConnectAsync();
        Task<int> end = peer.ReceiveAsync(new byte[1], SocketFlags.None, Cancellation).AsTask();
        while (!end.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal(0, await end);
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((IPEndPoint)_listener.LocalEndPoint!, Cancellation);
        while (_limits.Open == 0)
        {
            await Task.Yield();
        }

        return socket;
    }

    private sealed class Greeter : IService
    {
        public string Protocol => "ssh";

        public async Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation) => await peer.WriteAsync("hello"u8.ToArray(), cancellation);
    }
}
