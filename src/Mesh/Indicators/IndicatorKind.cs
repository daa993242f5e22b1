namespace Blackwall.Mesh.Indicators;

/// <summary>What an indicator names. The numbers go over the wire and never change.</summary>
public enum IndicatorKind
{
    /// <summary>An IPv4 address.</summary>
    Ipv4 = 1,

    /// <summary>An IPv6 address that is no mapped IPv4 address.</summary>
    Ipv6 = 2,

    /// <summary>An IPv4 prefix of /24 to /31.</summary>
    Prefix4 = 3,

    /// <summary>An IPv6 prefix of /48 to /127.</summary>
    Prefix6 = 4,

    /// <summary>JA4 of a TLS or QUIC client.</summary>
    Ja4 = 5,

    /// <summary>HASSH of an SSH client: an MD5 in hexadecimal.</summary>
    Hassh = 6,

    /// <summary>A domain name in its ASCII form.</summary>
    Domain = 7,

    /// <summary>An http or https URL without user, port of its scheme or fragment.</summary>
    Url = 8,

    /// <summary>SHA-256 of a file.</summary>
    Sha256 = 9,
}
