using System.Numerics;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>The flow on which an HTTP request came. Ports in host order.</summary>
internal readonly record struct RequestKey(Address Source, ushort RemotePort, ushort LocalPort) : IHashed
{
    public ulong Hash(ulong seed) => Mixer.Mix(Source, BitOperations.RotateLeft(seed, 17) ^ ((uint)RemotePort << 16 | LocalPort));
}
