using Blackwall.Pipeline.Model;

namespace Blackwall.Remediation.CrowdSec;

/// <summary>Where each remediation component is in the list. Components that share a key are told apart by address and program. Bounded; thread-safe.</summary>
internal sealed class StreamPlaces
{
    private const int MaxReaders = 4096;
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Key, Address Address, string Program), (long Place, long Turn)> _places = [];
    private long _turn;

    /// <summary>Null: it has not asked, or so long ago that others took its place.</summary>
    public long? Find((long Key, Address Address, string Program) reader)
    {
        lock (_lock)
        {
            return _places.TryGetValue(reader, out (long Place, long Turn) known) ? known.Place : null;
        }
    }

    public void Set((long Key, Address Address, string Program) reader, long place)
    {
        lock (_lock)
        {
            if (_places.Count >= MaxReaders && !_places.ContainsKey(reader))
            {
                _places.Remove(_places.MinBy(known => known.Value.Turn).Key);
            }

            _places[reader] = (place, ++_turn);
        }
    }
}
