using System.Net;

namespace Blackwall.Mesh.Libp2p.Kad;

/// <summary>How we take part in a Kademlia, and what it may cost.</summary>
public sealed record KadOptions
{
    /// <summary>The protocol; one of one's own, so that nobody joins the public network by mistake.</summary>
    public string Protocol { get; init; } = "/blackwall/kad/1.0.0";

    /// <summary>Answers others. A client asks only, and does not tell that it knows the protocol.</summary>
    public bool Server { get; init; } = true;

    /// <summary>k: peers of a bucket, and of an answer.</summary>
    public int BucketSize { get; init; } = 20;

    /// <summary>Requests of a search at once.</summary>
    public int Alpha { get; init; } = 10;

    /// <summary>Ways of a search that share no peer: an attacker on one of them does not see the others.</summary>
    public int DisjointPaths { get; init; } = 2;

    /// <summary>Peers that one search asks at most.</summary>
    public int SearchPeers { get; init; } = 200;

    /// <summary>Peers of one IPv4 /24 or IPv6 /48 in the table.</summary>
    public int PerSubnet { get; init; } = 2;

    /// <summary>Peers of one IPv4 /24 or IPv6 /48 in a bucket.</summary>
    public int PerSubnetInBucket { get; init; } = 1;

    /// <summary>Peers of one operator's networks in the table; see <see cref="NetworkOf"/>.</summary>
    public int PerNetwork { get; init; } = 5;

    /// <summary>Which operator an address belongs to, such as its AS number; null: the IPv4 /16 or IPv6 /32 stands for it.</summary>
    public Func<IPAddress, long?>? NetworkOf { get; init; }

    /// <summary>Loopback and private addresses are not counted: a laboratory, a local network.</summary>
    public bool PrivateExempt { get; init; } = true;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stream may be silent between requests.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests answered for one peer, a second; ten times as many at once.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>How often our neighbourhood is looked up anew.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Values kept for others.</summary>
    public int Values { get; init; } = 4_096;

    /// <summary>Of those, values that one peer put.</summary>
    public int ValuesPerPeer { get; init; } = 64;

    /// <summary>Values that the peers of one IPv4 /24 or IPv6 /48 put.</summary>
    public int ValuesPerSubnet { get; init; } = 512;

    public TimeSpan ValueLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Keys of which providers are kept.</summary>
    public int ProviderKeys { get; init; } = 4_096;

    /// <summary>Providers of one key.</summary>
    public int ProvidersPerKey { get; init; } = 64;

    /// <summary>Keys that one peer provides.</summary>
    public int KeysPerProvider { get; init; } = 256;

    /// <summary>Keys that the peers of one IPv4 /24 or IPv6 /48 provide, in all.</summary>
    public int KeysPerSubnet { get; init; } = 1_024;

    public TimeSpan ProviderLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Judges values beyond their size and name space; null: any value, and only who put it replaces it.</summary>
    public IValueValidator? Validator { get; init; }
}
