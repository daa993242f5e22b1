namespace Blackwall.Tarpit.Recording;

/// <summary>One thing that happened in a session. Flat: what a kind does not have is null. All text is the attacker's and is not to be trusted.</summary>
/// <param name="Kind">One of <see cref="ObservationKinds"/>.</param>
public sealed record Observation(string Kind)
{
    /// <summary><see cref="Value"/> of a login that a page of another site may have made somebody's browser send.</summary>
    public const string CrossSite = "cross-site";

    /// <summary>"ssh", "http", "mysql" and so on; of a connect.</summary>
    public string? Protocol { get; init; }

    /// <summary>Address and port of the peer; of a connect.</summary>
    public string? Source { get; init; }

    /// <summary>Address and port that the peer believes to talk to; of a connect.</summary>
    public string? Destination { get; init; }

    public string? User { get; init; }

    public string? Secret { get; init; }

    /// <summary>"password", "keyboard-interactive", "publickey", "basic", "form", "json", "xmlrpc", "token" or "native"; of a request its method.</summary>
    public string? Method { get; init; }

    public bool? Success { get; init; }

    /// <summary>What was typed, asked, or announced, by kind.</summary>
    public string? Text { get; init; }

    public string? Name { get; init; }

    public string? Value { get; init; }

    /// <summary>SHA-256 in hexadecimal digits; of a file or a key.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Bytes.</summary>
    public long? Size { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    public int? Columns { get; init; }

    public int? Rows { get; init; }

    /// <summary>Status of the answer; of a request.</summary>
    public int? Status { get; init; }

    /// <summary>Number of the channel that it happened on.</summary>
    public int? Channel { get; init; }

    /// <summary>Bytes received and sent in all; of a close.</summary>
    public long? Received { get; init; }

    public long? Sent { get; init; }
}
