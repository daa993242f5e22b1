using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>A network as a key.</summary>
internal readonly record struct NetworkKey(Prefix Network) : IHashed
{
    public static NetworkKey From(Address address, int length) => new(Prefix.Around(address, length));

    public ulong Hash(ulong seed) => Mixer.Mix(Network.Network, seed + Network.Length);
}
