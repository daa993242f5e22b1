using System.Buffers.Binary;
using System.Net.Security;

namespace Blackwall.Tarpit.Http.Tls;

/// <summary>What a ClientHello (RFC 8446 §4.1.2) offers that the web server's answer depends on. Pure; bytes that end early offer what is there.</summary>
internal static class ClientOffer
{
    private const int RandomBytes = 32;
    private const int VersionBytes = 2;
    private const int HeadBytes = 9;

    // HIGH:!aNULL of OpenSSL 3.0, as far as the runtime offers it: no finite-field key exchange.
    private static readonly TlsCipherSuite[] Served =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CCM_8, TlsCipherSuite.TLS_RSA_WITH_AES_256_CCM, TlsCipherSuite.TLS_RSA_WITH_ARIA_256_GCM_SHA384, TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_CCM_8, TlsCipherSuite.TLS_RSA_WITH_AES_128_CCM, TlsCipherSuite.TLS_RSA_WITH_ARIA_128_GCM_SHA256, TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256, TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA256, TlsCipherSuite.TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_CAMELLIA_256_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_CAMELLIA_128_CBC_SHA,
    ];

    /// <summary>The suites that the server has, those of the client's offer first and in its order: mod_ssl leaves the choice to the client.</summary>
    /// <param name="hello">From the first byte of the record on.</param>
    public static IReadOnlyList<TlsCipherSuite> Suites(ReadOnlySpan<byte> hello)
    {
        List<TlsCipherSuite> both = [];
        int at = HeadBytes + VersionBytes + RandomBytes;
        if (hello.Length > at && (at += 1 + hello[at]) + VersionBytes <= hello.Length)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(hello[at..]);
            ReadOnlySpan<byte> offered = hello[(at + VersionBytes)..];
            for (offered = offered[..Math.Min(length, offered.Length)]; offered.Length >= VersionBytes; offered = offered[VersionBytes..])
            {
                TlsCipherSuite suite = (TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(offered);
                if (Served.Contains(suite) && !both.Contains(suite))
                {
                    both.Add(suite);
                }
            }
        }

        // The runtime takes the suites for what versions there are: a list without those of a version refuses it.
        both.AddRange(Served.Except(both));
        return both;
    }

    /// <summary>Whether the client offers HTTP/1.1 by ALPN (RFC 7301); to another offer the server answers as if there were none.</summary>
    public static bool HasHttp(ReadOnlySpan<byte> hello) => hello.IndexOf("\u0008http/1.1"u8) >= 0;
}
