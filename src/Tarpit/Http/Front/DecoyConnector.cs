
namespace Blackwall.Tarpit.Http.Front;

/// <summary>The operator's own decoy: the host connects to the one address that the operator named, and only bytes come and go.</summary>
/// <param name="connect">A connection of the host's.</param>
internal sealed class DecoyConnector(Func<CancellationToken, ValueTask<Stream>> connect)
{
    public const string Cluster = "decoy";

    private const int MostConnections = 64;
    private const int LongestHead = 64;

    /// <summary>A client whose only way out is the host's connection: it has no names to resolve, no proxy and no cookies, and follows nothing.</summary>
    public HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        ConnectCallback = (_, cancellation) => connect(cancellation),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        MaxConnectionsPerServer = MostConnections,
        MaxResponseHeadersLength = LongestHead,
        ActivityHeadersPropagator = null,
    };
}
