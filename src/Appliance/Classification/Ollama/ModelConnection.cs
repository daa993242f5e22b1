namespace Blackwall.Classification.Ollama;

/// <summary>How a model server is connected to: directly, to nowhere else, with little patience.</summary>
internal static class ModelConnection
{
    private const int MaxHeaderKilobytes = 16;
    private const int MostConnections = 2;
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    /// <param name="endpoint">Of the server.</param>
    /// <param name="guard">What looks at answers.</param>
    public static HttpClient To(Uri endpoint, Func<HttpMessageHandler, DelegatingHandler> guard)
    {
        SocketsHttpHandler sockets = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = s_connect,
            MaxConnectionsPerServer = MostConnections,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        return new HttpClient(guard(sockets)) { BaseAddress = endpoint, Timeout = Timeout.InfiniteTimeSpan };
    }
}
