using Blackwall.Mesh.Libp2p.Mdns.Wire;

namespace Blackwall.Mesh.Libp2p.Mdns;

/// <summary>Reads peers out of answers, and remembers which were told of. Without network or clock.</summary>
internal sealed class MdnsPeers(PeerId self, MdnsOptions options)
{
    private const string Prefix = "dnsaddr=";

    private readonly Dictionary<PeerId, HashSet<Multiaddr>> _told = [];

    public int Count => _told.Count;

    /// <summary>The peers of an answer that are new, or have an address that is.</summary>
    public List<PeerAddresses> Take(MdnsPacket packet)
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
                    && peer != self)
                {
                    Add(found, peer, address.WithoutPeer());
                }
            }
        }

        return [.. found.Where(peer => IsNew(peer.Key, peer.Value)).Select(peer => new PeerAddresses(peer.Key, peer.Value))];
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

    private bool IsNew(PeerId peer, List<Multiaddr> addresses)
    {
        if (_told.TryGetValue(peer, out HashSet<Multiaddr>? known) && addresses.TrueForAll(known.Contains))
        {
            return false;
        }

        // Whoever fills the memory makes us tell of peers again, and no more.
        if (_told.Count >= options.Peers && known is null)
        {
            _told.Clear();
        }

        _told[peer] = [.. addresses];
        return true;
    }
}
