using Blackwall.Pipeline.Model;

namespace Blackwall.Inspection;

/// <summary>Which source met which rule lately. Forgets; one owner.</summary>
internal sealed class RecentHits(ulong window)
{
    private const int Size = 16_384;

    private readonly (Address Source, int Rule, ulong Time)[] _hits = new (Address, int, ulong)[Size];

    /// <summary>True: not within the window. Notes it.</summary>
    public bool IsNews(Address source, int rule, ulong time)
    {
        ref (Address Source, int Rule, ulong Time) place = ref _hits[HashCode.Combine(source, rule) & (Size - 1)];
        if (place.Time != 0 && place.Source == source && place.Rule == rule && time - Math.Min(time, place.Time) < window)
        {
            return false;
        }

        place = (source, rule, Math.Max(1, time));
        return true;
    }
}
