namespace Blackwall.Kernel.Abi;

/// <summary>What a payload sample holds.</summary>
public enum SampleKind : byte
{
    None = 0,
    Tls = 1,
    Quic = 2,
    Http = 3,
    Dns = 4,
    Ssh = 5,
    Dtls = 6,

    /// <summary>Headers of a SYN; <see cref="SampleHeader.SynTcp"/>.</summary>
    Syn = 7,
}
