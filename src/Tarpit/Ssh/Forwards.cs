using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Ssh;

/// <summary>
/// Where forwarded connections end: never outside. A far host answers nothing and accepts what it is sent, which is recorded; on the machine itself
/// nothing listens that a forward could reach.
/// </summary>
internal static class Forwards
{
    private const int MostRecorded = 16;
    private const int LargestRecorded = 2048;
    private const long MostRead = 1 << 20;

    public delegate Task<ExitStatus> Endpoint(IProgramIo io, ISessionLog log, string host, int port, CancellationToken cancellation);

    public static bool IsLocal(string host) =>
        host is "localhost" or "::1" or "0.0.0.0" or "::" or "" || host.StartsWith("127.", StringComparison.Ordinal);

    /// <summary>What answers at a host and port; null: the connection fails.</summary>
    public static Endpoint? FindEndpoint(string host, uint port) => IsLocal(host) || port is 0 or > ushort.MaxValue ? null : ListenAsync;

    private static async Task<ExitStatus> ListenAsync(IProgramIo io, ISessionLog log, string host, int port, CancellationToken cancellation)
    {
        byte[] buffer = new byte[4096];
        int got;
        long total = 0;
        for (int recorded = 0; total < MostRead && (got = await io.ReadAsync(buffer, cancellation)) > 0; total += got)
        {
            if (recorded++ < MostRecorded)
            {
                log.Record(new Observation(ObservationKinds.ForwardData)
                {
                    Host = host,
                    Port = port,
                    Size = got,
                    Value = Convert.ToBase64String(buffer.AsSpan(0, Math.Min(got, LargestRecorded))),
                });
            }
        }

        return default;
    }
}
