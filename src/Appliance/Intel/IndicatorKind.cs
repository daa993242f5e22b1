namespace Blackwall.Intel;

/// <summary>What an indicator names. The numbers are stored.</summary>
internal enum IndicatorKind
{
    /// <summary>An IPv4 address or prefix.</summary>
    Ipv4 = 1,

    /// <summary>An IPv6 address or prefix.</summary>
    Ipv6 = 2,

    Domain = 3,

    Url = 4,

    /// <summary>SHA-256 of a file, lower case hexadecimal.</summary>
    Sha256 = 5,

    /// <summary>JA4 of a TLS or QUIC client.</summary>
    Ja4 = 6,

    /// <summary>HASSH of an SSH client.</summary>
    Hassh = 7,
}
