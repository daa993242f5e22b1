using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>The streams of a connection that a redirection opened (/dev/tcp).</summary>
internal sealed class ConnectionIo(WireStream stream) : IProgramIo
{
    private static readonly Dictionary<string, string> s_none = new(StringComparer.Ordinal);

    public Terminal? Terminal => null;

    public IReadOnlyDictionary<string, string> Environment => s_none;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation);
        }
        catch (IOException)
        {
            // It was closed here, or there.
            return 0;
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => stream.WriteAsync(bytes, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(bytes, cancellation);

    public void Close() => stream.Dispose();
}
