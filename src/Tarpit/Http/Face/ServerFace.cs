namespace Blackwall.Tarpit.Http.Face;

/// <summary>Which web server it is.</summary>
/// <param name="Software">The Server field: "Apache/2.4.58 (Ubuntu)".</param>
/// <param name="Name">What it calls itself where the request names no host.</param>
internal sealed record ServerFace(string Software, string Name)
{
    /// <summary>Ubuntu 24.04, where the name of the machine leads to 127.0.1.1.</summary>
    public static ServerFace Ubuntu2404 { get; } = new("Apache/2.4.58 (Ubuntu)", "127.0.1.1");

    /// <summary>Seconds that an idle connection is kept.</summary>
    public int KeepAliveSeconds { get; init; } = 5;

    /// <summary>Requests of a connection.</summary>
    public int MostRequests { get; init; } = 100;

    /// <summary>Seconds for the head of a request.</summary>
    public int HeadSeconds { get; init; } = 20;
}
