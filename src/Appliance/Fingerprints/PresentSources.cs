using Blackwall.Pipeline.Model;

namespace Blackwall.Fingerprints;

/// <summary>
/// Sources that completed a handshake a moment ago: their SYNs come on a ring of their own, often after the event of the established flow. Bounded in
/// time; one owner.
/// </summary>
internal sealed class PresentSources
{
    /// <summary>Nanoseconds.</summary>
    private const ulong Window = 10_000_000_000;

    private const int Size = 4096;

    private readonly (Address Source, ulong Time)[] _sources = new (Address, ulong)[Size];

    public bool Contains(Address source, ulong time)
    {
        ref (Address Source, ulong Time) place = ref _sources[source.GetHashCode() & (Size - 1)];
        return place.Time != 0 && time - Math.Min(time, place.Time) < Window && place.Source == source;
    }

    public void Add(Address source, ulong time) => _sources[source.GetHashCode() & (Size - 1)] = (source, Math.Max(1, time));
}
