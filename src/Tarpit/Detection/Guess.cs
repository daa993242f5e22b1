namespace Blackwall.Tarpit.Detection;

/// <summary>What a peer speaks, by its first bytes.</summary>
internal enum Guess
{
    /// <summary>More bytes are needed.</summary>
    More,
    Ssh,
    Http,

    /// <summary>A ClientHello of TLS.</summary>
    Tls,
    Unknown,
}
