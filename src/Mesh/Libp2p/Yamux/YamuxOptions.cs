namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>What a connection may cost.</summary>
public sealed record YamuxOptions
{
    /// <summary>Streams that the other side may have open at once.</summary>
    public int MaxInboundStreams { get; init; } = 1000;

    /// <summary>Streams that we opened and the other side did not yet acknowledge.</summary>
    public int MaxUnacknowledged { get; init; } = 256;

    /// <summary>Bytes received and not read yet, over all streams; above, nothing more is taken from the socket.</summary>
    public int MaxBuffered { get; init; } = 1024 * 1024;

    /// <summary>Bytes that wait to be sent; above, writers wait.</summary>
    public int MaxPending { get; init; } = 256 * 1024;

    /// <summary>Answers to pings that wait to be sent; more pings are not answered.</summary>
    public int MaxPingAnswers { get; init; } = 32;

    /// <summary>Frames without data, a second on average, with ten times that at once; who sends more is disconnected.</summary>
    public int ControlFramesPerSecond { get; init; } = 5000;

    /// <summary>Silence after which the other side is asked whether it lives.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer to that, or the taking of what we send, may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a full connection waits for a handler to read before the fullest stream is reset.</summary>
    public TimeSpan ReadPatience { get; init; } = TimeSpan.FromSeconds(5);
}
