using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>An address as a key.</summary>
internal readonly record struct AddressKey(Address Address) : IHashed
{
    public ulong Hash(ulong seed) => Mixer.Mix(Address, seed);
}
