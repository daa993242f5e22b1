using Blackwall.Behavior.Memory;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Outbound;

/// <summary>An inside host and the outside service that it talks to.</summary>
internal readonly record struct PairKey(Address Inside, Address Outside, ushort Port, byte Protocol) : IHashed
{
    public ulong Hash(ulong seed) => Mixer.Mix(Inside, seed) ^ Mixer.Mix(Outside, seed + 1 + Port + ((ulong)Protocol << 16));
}
