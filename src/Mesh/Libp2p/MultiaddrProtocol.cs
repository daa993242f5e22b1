namespace Blackwall.Mesh.Libp2p;

/// <summary>The parts that a multiaddr is made of, by their codes on the wire.</summary>
public enum MultiaddrProtocol
{
    None = 0,
    Ip4 = 4,
    Tcp = 6,
    Ip6 = 41,
    Ip6Zone = 42,
    Dns = 53,
    Dns4 = 54,
    Dns6 = 55,
    DnsAddr = 56,
    Udp = 273,
    WebRtcDirect = 280,
    WebRtc = 281,
    Circuit = 290,
    Peer = 421,
    Tls = 448,
    Sni = 449,
    Noise = 454,
    Quic = 460,
    QuicV1 = 461,
    WebTransport = 465,
    CertHash = 466,
    WebSocket = 477,
    WebSocketSecure = 478,
    Http = 480,
}
