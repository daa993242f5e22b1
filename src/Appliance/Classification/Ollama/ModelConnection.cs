namespace Blackwall.Classification.Ollama;

/// <summary>How a model server is connected to: directly, to nowhere else, with little patience.</summary>
internal static class ModelConnection
{
    private const int MaxHeaderKilobytes = 16;
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    /// <param name="connections">At once.</param>
    public static SocketsHttpHandler Make(int connections) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = s_connect,
        MaxConnectionsPerServer = connections,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
