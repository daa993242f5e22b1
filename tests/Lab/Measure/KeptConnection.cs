using System.Net.Sockets;

namespace Blackwall.Lab.Measure;

/// <summary>An HTTP connection that stays open and is used over and over: it notices when somebody else cuts it.</summary>
public sealed class KeptConnection(Socket socket) : IDisposable
{
    private static readonly byte[] s_request = "HEAD / HTTP/1.1\r\nHost: example.org\r\n\r\n"u8.ToArray();
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>False: the connection is gone, or no answer came in time.</summary>
    public async Task<bool> AskAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await socket.SendAsync(s_request, either.Token);
            var length = 0;
            while (!_buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                var read = length < _buffer.Length ? await socket.ReceiveAsync(_buffer.AsMemory(length), either.Token) : 0;
                if (read == 0)
                {
                    return false;
                }

                length += read;
            }

            return _buffer.AsSpan().StartsWith("HTTP/1.1 "u8);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    public void Dispose() => socket.Dispose();
}
