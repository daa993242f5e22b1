namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>Capability flags of client and server.</summary>
[Flags]
internal enum Capabilities : uint
{
    None = 0,
    FoundRows = 1 << 1,
    ConnectWithDatabase = 1 << 3,
    Compress = 1 << 5,
    LocalFiles = 1 << 7,
    Protocol41 = 1 << 9,
    Tls = 1 << 11,
    SecureConnection = 1 << 15,
    MultiStatements = 1 << 16,
    MultiResults = 1 << 17,
    PluginAuthentication = 1 << 19,
    ConnectAttributes = 1 << 20,
    CountedAuthenticationData = 1 << 21,
    SessionTrack = 1 << 23,
    DeprecateEof = 1 << 24,
    OptionalResultMetadata = 1 << 25,
    QueryAttributes = 1 << 27,

    /// <summary>What a server of version 8.0 offers with TLS set up: 0xDFFFFFFF.</summary>
    Server = 0xDFFFFFFF,
}
