using System.Buffers;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Peer;

/// <summary>Sends back what comes, until the other side closes its way: shows that streams carry bytes unharmed.</summary>
internal static class EchoProtocol
{
    public const string Name = "/blackwall/echo/1.0.0";
    private const int Piece = 16 * 1024;

    public static async Task AnswerAsync(IMeshStream stream, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
