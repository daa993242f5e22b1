using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Http;
using Blackwall.Tarpit.Http.Face;

namespace Blackwall.Tarpit.Tests.Http;

/// <summary>A web server alone, with a persona of one's choice behind it, believed to be at port 80.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpService _service;
    private readonly Task _run;

    public RunningServer(IHttpPersona persona, long mostOfOne = 1 << 20)
    {
        _service = new HttpService(new HttpServer(ServerFace.Ubuntu2404, persona, new BodyReader(mostOfOne), TimeProvider.System));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
        _run = AcceptAsync();
    }

    public MemoryRecorder Records { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Sends and reads until the server ends, or until what is expected is there.</summary>
    public async Task<(byte[] Answer, bool IsClosed)> TalkAsync(byte[] request, Func<byte[], bool> isWhole, CancellationToken cancellation)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), cancellation);
        await socket.SendAsync(request, cancellation);
        using MemoryStream answer = new();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (!isWhole(answer.ToArray()))
            {
                int got = await socket.ReceiveAsync(buffer, cancellation);
                if (got == 0)
                {
                    return (answer.ToArray(), true);
                }

                answer.Write(buffer, 0, got);
            }
        }
        catch (SocketException)
        {
            return (answer.ToArray(), true);
        }

        return (answer.ToArray(), false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stop.Token);
                _ = Task.Run(async () =>
                {
                    using Peer peer = new(new SocketWire(socket), (IPEndPoint)socket.RemoteEndPoint!, new IPEndPoint(IPAddress.Parse("192.0.2.22"), 80));
                    await _service.ServeAsync(peer, Records.BeginSession(), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                });
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
