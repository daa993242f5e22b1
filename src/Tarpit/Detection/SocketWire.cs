using System.Net.Sockets;

namespace Blackwall.Tarpit.Detection;

/// <summary>A connection over the network.</summary>
internal sealed class SocketWire(Socket socket) : IWire
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => socket.SendAsync(bytes, SocketFlags.None, cancellation);

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }

        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
