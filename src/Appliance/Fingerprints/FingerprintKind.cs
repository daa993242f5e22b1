namespace Blackwall.Fingerprints;

/// <summary>What a fingerprint is taken of.</summary>
public enum FingerprintKind
{
    /// <summary>JA4 of a TLS, QUIC or DTLS client.</summary>
    Ja4,

    /// <summary>HASSH of an SSH client: MD5 over the algorithms that it offers.</summary>
    Hassh,

    /// <summary>The identification line of an SSH client (RFC 4253 §4.2).</summary>
    SshBanner,

    /// <summary>The SYN of a TCP client, as <see cref="SynPrint"/> writes it. Anybody can send one in the name of another.</summary>
    TcpSyn,
}
