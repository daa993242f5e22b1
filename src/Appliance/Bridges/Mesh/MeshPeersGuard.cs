using Blackwall.Mesh.Libp2p;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Mesh;

/// <summary>The peers that the operator named, and members where they were met, stay reachable: without them this sensor is alone.</summary>
internal sealed class MeshPeersGuard(IOptions<MeshOptions> options) : IGuardSource
{
    private readonly Address[] _peers = options.Value.Mode is MeshMode.Off
        ? []
        : [.. options.Value.Peers.Select(text => Multiaddr.TryParse(text, out Multiaddr? address) ? address.Ip : null).OfType<System.Net.IPAddress>().Select(Address.From).Distinct()];

    public string Why => "a configured peer or a member of the mesh";

    /// <summary>Where members were met; null: the mesh does not run yet.</summary>
    public Func<IReadOnlyList<System.Net.IPAddress>>? Members { get; set; }

    public IReadOnlyList<Address> Read() => Members?.Invoke() is { Count: > 0 } members ? [.. _peers.Concat(members.Select(Address.From)).Distinct()] : _peers;
}
