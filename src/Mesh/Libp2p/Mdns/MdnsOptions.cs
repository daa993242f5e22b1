namespace Blackwall.Mesh.Libp2p.Mdns;

/// <summary>How peers on the local network are looked for.</summary>
public sealed record MdnsOptions
{
    /// <summary>The service of the public protocol; a private network has one of its own, so that strangers do not see each other.</summary>
    public string Service { get; init; } = "_p2p._udp.local";

    /// <summary>How often we ask; the first three times sooner.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The shortest time between two answers of ours to everybody.</summary>
    public TimeSpan AnswerInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Peers remembered, so that each is told of once in a while for each set of its addresses; and told of in a minute by all.</summary>
    public int Peers { get; init; } = 1_024;

    /// <summary>Addresses taken of one peer.</summary>
    public int AddressesPerPeer { get; init; } = 16;

    /// <summary>Packets looked at in a second.</summary>
    public int PacketsPerSecond { get; init; } = 500;

    /// <summary>Of those, packets of one sender.</summary>
    public int PacketsPerSender { get; init; } = 50;

    /// <summary>Peers that one sender tells of in a minute.</summary>
    public int PeersPerSender { get; init; } = 32;

    /// <summary>After this a peer is told of again although its addresses are the same: it may not have been there the first time.</summary>
    public TimeSpan TellAgain { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The service of a private network, by the fingerprint of its key.</summary>
    public static string PrivateService(string fingerprint) => $"_p2p-{fingerprint}._udp.local";
}
