using Blackwall.Behavior.Memory;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Outbound;

/// <summary>A registered domain as one source asks for it.</summary>
internal readonly record struct DnsDomain(Address Source, ulong Domain) : IHashed
{
    public ulong Hash(ulong seed) => Mixer.Mix(Source, seed) ^ (Domain * 0xD6E8FEB86659FD93);
}
