using System.Net.Security;
using Blackwall.Tarpit.Http.Tls;
using Xunit;

namespace Blackwall.Tarpit.Tests.Http;

public sealed class ClientOfferTests
{
    private static byte[] Hello(ReadOnlySpan<byte> suites, string tail) =>
    [
        0x16, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3, .. new byte[32], 2, 7, 7, (byte)(suites.Length >> 8), (byte)suites.Length, .. suites, .. System.Text.Encoding.Latin1.GetBytes(tail),
    ];

    [Fact]
    public void The_client_chooses_among_what_the_server_has()
    {
        byte[] hello = Hello([0x0a, 0x0a, 0xc0, 0x2f, 0x13, 0x02, 0xc0, 0x30, 0xc0, 0x2f], "\u0001\0");
        Assert.Equal([TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384], ClientOffer.Suites(hello).Take(3));
    }

    [Fact]
    public void An_offer_that_is_cut_anywhere_is_no_fault()
    {
        byte[] hello = Hello([0x13, 0x01, 0xc0, 0x30], "\u0001\0");
        for (int length = 0; length < hello.Length; length++)
        {
            Assert.Contains(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ClientOffer.Suites(hello.AsSpan(0, length)));
            Assert.Contains(TlsCipherSuite.TLS_AES_128_GCM_SHA256, ClientOffer.Suites(hello.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Only_an_offer_of_http_gets_an_answer_by_alpn()
    {
        Assert.True(ClientOffer.HasHttp(Hello([0x13, 0x01], "\u0002h2\u0008http/1.1")));
        Assert.False(ClientOffer.HasHttp(Hello([0x13, 0x01], "\u0002h2")));
    }
}
