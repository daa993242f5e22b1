using System.Net;
using Blackwall.Mesh.Libp2p.Mdns.Wire;

namespace Blackwall.Mesh.Libp2p.Mdns;

/// <summary>
/// Reads peers out of answers, and remembers which were told of. A peer is told of again when it has a new address, when it was connected and no longer is
/// (<see cref="Forget"/>), and after a while (<see cref="MdnsOptions.TellAgain"/>). Without network. One sender tells of so many peers a minute.
/// </summary>
internal sealed class MdnsPeers(PeerId self, MdnsOptions options, TimeProvider time, Func<IPAddress, IPAddress, bool>? mayTellOf = null)
{
    private const string Prefix = "dnsaddr=";

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, (HashSet<Multiaddr> Addresses, long At)> _told = [];
    private readonly SenderQuota _quota = new(options.PeersPerSender, options.Peers, TimeSpan.FromMinutes(1), time);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _told.Count;
            }
        }
    }

    /// <summary>Peers that were not told of because their sender had told of too many.</summary>
    public long OverQuota { get; private set; }

    /// <summary>The peers of an answer that are new, or have an address that is.</summary>
    public List<PeerAddresses> Add(MdnsPacket packet, IPAddress sender)
    {
        Dictionary<PeerId, List<Multiaddr>> found = [];
        foreach (MdnsRecord record in packet.Records)
        {
            // The TXT record belongs to the service by its name, in whatever section it came.
            if (record.Type != MdnsPacket.Txt || !record.Name.EndsWith("." + options.Service, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (string text in record.Texts)
            {
                if (text.StartsWith(Prefix, StringComparison.Ordinal)
                    && Multiaddr.TryParse(text[Prefix.Length..], out Multiaddr? address)
                    && address.Peer is { } peer
                    && peer != self
                    && (address.Ip is not { } ip || mayTellOf?.Invoke(ip, sender) is not false))
                {
                    Add(found, peer, address.WithoutPeer());
                }
            }
        }

        lock (_gate)
        {
            return [.. found.Where(peer => IsNew(peer.Key, peer.Value, sender)).Select(peer => new PeerAddresses(peer.Key, peer.Value))];
        }
    }

    /// <summary>The peer is gone: when it comes back it is told of again.</summary>
    public void Forget(PeerId peer)
    {
        lock (_gate)
        {
            _told.Remove(peer);
        }
    }

    private void Add(Dictionary<PeerId, List<Multiaddr>> found, PeerId peer, Multiaddr address)
    {
        if (!found.TryGetValue(peer, out List<Multiaddr>? addresses))
        {
            found.Add(peer, addresses = []);
        }

        if (addresses.Count < options.AddressesPerPeer && !addresses.Contains(address))
        {
            addresses.Add(address);
        }
    }

    private bool IsNew(PeerId peer, List<Multiaddr> addresses, IPAddress sender)
    {
        bool known = _told.TryGetValue(peer, out (HashSet<Multiaddr> Addresses, long At) told);
        if (known && addresses.TrueForAll(told.Addresses.Contains) && time.GetElapsedTime(told.At) < options.TellAgain)
        {
            return false;
        }

        if (!_quota.TryTake(sender))
        {
            OverQuota++;
            return false;
        }

        // Whoever fills the memory makes us tell of peers again, and no more.
        if (_told.Count >= options.Peers && !known)
        {
            _told.Clear();
        }

        _told[peer] = ([.. addresses], time.GetTimestamp());
        return true;
    }
}
