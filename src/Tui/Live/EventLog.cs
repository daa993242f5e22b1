namespace Blackwall.Tui.Live;

/// <summary>The last events, newest last; older ones make room and are counted.</summary>
internal sealed class EventLog
{
    public const int Capacity = 5_000;

    private readonly EventRow?[] _ring = new EventRow?[Capacity];

    /// <summary>How many were ever added.</summary>
    public long Total { get; private set; }

    public int Count => (int)Math.Min(Total, Capacity);

    /// <summary>Events that made room for newer ones.</summary>
    public long Forgotten => Total - Count;

    /// <summary>0 is the newest.</summary>
    public EventRow this[int age] => _ring[(Total - 1 - age) % Capacity]!;

    public void Add(EventRow happening) => _ring[Total++ % Capacity] = happening;
}
