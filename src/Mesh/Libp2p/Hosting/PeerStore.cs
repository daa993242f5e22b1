using System.Text.Json;
using System.Text.Json.Serialization;
using Blackwall.Mesh.Libp2p.Identity;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>
/// Where peers were reached, to find the mesh again after a restart. Bounded; the peer that was not met for the longest time goes first. It holds nothing
/// that cannot be learnt anew, so a damaged file is put aside and told of, and never stops the start.
/// </summary>
public sealed partial class PeerStore
{
    private const int MaxFile = 16 * 1024 * 1024;
    private readonly Lock _sync = new();
    private readonly string? _path;
    private readonly int _maxPeers;
    private readonly int _maxAddresses;
    private readonly MeshCounters _counters;
    private readonly LinkedList<PeerAddresses> _order = [];
    private readonly Dictionary<PeerId, LinkedListNode<PeerAddresses>> _peers = [];

    /// <param name="path">Where it is kept; null: in memory alone.</param>
    /// <param name="counters">Told of peers that were put out.</param>
    public PeerStore(string? path, MeshCounters counters, int maxPeers = 4096, int maxAddresses = 8)
    {
        (_path, _counters, _maxPeers, _maxAddresses) = (path, counters, maxPeers, maxAddresses);
        if (path is not null && File.Exists(path))
        {
            Problem = Load(path);
        }
    }

    /// <summary>What was wrong with the file, for a log; null where nothing was.</summary>
    public string? Problem { get; }

    /// <summary>The peers, the one met last first.</summary>
    public IReadOnlyList<PeerAddresses> Peers
    {
        get
        {
            lock (_sync)
            {
                return [.. _order];
            }
        }
    }

    /// <summary>Remembers that a peer was met at an address; the address met last comes first.</summary>
    public void Met(PeerId peer, Multiaddr address)
    {
        address = address.WithoutPeer();
        lock (_sync)
        {
            IReadOnlyList<Multiaddr> before = [];
            if (_peers.Remove(peer, out LinkedListNode<PeerAddresses>? known))
            {
                _order.Remove(known);
                before = known.Value.Addresses;
            }

            _peers[peer] = _order.AddFirst(new PeerAddresses(peer, [address, .. before.Where(other => !other.Equals(address)).Take(_maxAddresses - 1)]));
            if (_peers.Count > _maxPeers)
            {
                _counters.Count(MeshLoss.PeerForgotten);
                _peers.Remove(_order.Last!.Value.Id);
                _order.RemoveLast();
            }
        }
    }

    /// <summary>Writes the file, whole or not at all. Throws <see cref="MeshException"/>.</summary>
    public void Save()
    {
        if (_path is null)
        {
            return;
        }

        var entries = Peers.Select(peer => new Entry(peer.Id.ToString(), [.. peer.Addresses.Select(address => address.ToString())])).ToList();
        try
        {
            DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(entries, Json.Default.ListEntry));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"The peer store {_path} cannot be written: {exception.Message}", exception);
        }
    }

    private string? Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFile)
            {
                return PutAside(path, "it is far too long");
            }

            foreach (Entry entry in (JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.ListEntry) ?? []).AsEnumerable().Reverse())
            {
                if (entry is not { Id: not null, Addresses: not null } || !PeerId.TryParse(entry.Id, out PeerId? id))
                {
                    return PutAside(path, "a peer in it has no valid id or no addresses");
                }

                foreach (string text in entry.Addresses.Take(_maxAddresses).Reverse())
                {
                    if (!Multiaddr.TryParse(text, out Multiaddr? address))
                    {
                        return PutAside(path, $"'{text}' in it is no multiaddr");
                    }

                    Met(id, address);
                }
            }

            return null;
        }
        catch (JsonException exception)
        {
            return PutAside(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"The peer store {path} cannot be read: {exception.Message}";
        }
    }

    private static string PutAside(string path, string reason)
    {
        string copy = path + ".damaged";
        for (int number = 2; File.Exists(copy); number++)
        {
            copy = $"{path}.damaged{number}";
        }

        File.Move(path, copy);
        return $"The peer store {path} is damaged ({reason}). It is kept as {copy}; peers are learnt anew.";
    }

    private sealed record Entry(string Id, string[] Addresses);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(List<Entry>))]
    private sealed partial class Json : JsonSerializerContext;
}
