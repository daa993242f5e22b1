using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

using PublicKey = Blackwall.Mesh.Libp2p.Keys.PublicKey;

namespace Blackwall.Mesh.Libp2p.Quic;

/// <summary>Accepts a TLS certificate exactly when it proves an identity, and the expected one where one is.</summary>
internal sealed class CertificateJudge(PeerId? expected, TimeProvider time)
{
    public PublicKey? Key { get; private set; }

    public string? Error { get; private set; }

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 presented)
        {
            Error = "the peer has no certificate";
            return false;
        }

        // The chain may hold the certificate itself and nothing else.
        if (chain is { ChainPolicy.ExtraStore.Count: > 1 })
        {
            Error = "the peer presents more than one certificate";
            return false;
        }

        Key = PeerCertificate.TryRead(presented, time, out string? error);
        Error = error;
        if (Key is not null && expected is not null && PeerId.From(Key) is var proven && proven != expected)
        {
            Error = $"the peer is {proven}, not {expected}";
            Key = null;
        }

        return Key is not null;
    }
}
