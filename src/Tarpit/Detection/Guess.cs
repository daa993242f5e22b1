namespace Blackwall.Tarpit.Detection;

/// <summary>What a peer speaks, by its first bytes.</summary>
internal enum Guess
{
    /// <summary>More bytes are needed.</summary>
    More,
    Ssh,
    Http,

    /// <summary>A TLS record with a ClientHello.</summary>
    Tls,

    /// <summary>A DNS query with its length before it (RFC 1035 §4.2.2).</summary>
    Dns,

    /// <summary>A command of the Redis serialization protocol.</summary>
    Redis,

    /// <summary>An X.224 connection request in a TPKT (RFC 1006).</summary>
    Rdp,

    /// <summary>SMB 1 or 2 over a direct TCP transport.</summary>
    Smb,
    Unknown,
}
