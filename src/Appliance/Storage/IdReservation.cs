namespace Blackwall.Storage;

/// <summary>
/// Keeps numbers from being given twice. A block of them is reserved in the store before the first is given, so that a crash leaves a gap and no
/// doubt. Where the store refuses, numbers go on from the time, far above every block. Its rider owns it.
/// </summary>
/// <param name="name">What is counted, as in the table high_water.</param>
/// <param name="last">The number given last.</param>
/// <param name="skip">Goes on at a number, or above what was given already.</param>
/// <param name="time">For numbers that no earlier process gave.</param>
/// <param name="block">More than can be given between two writes of the store.</param>
internal sealed class IdReservation(string name, Func<long> last, Action<long> skip, TimeProvider time, long block)
{
    private long _reserved;
    private long _pending;
    private bool _skipped;

    /// <summary>Up to here an earlier process may have given numbers.</summary>
    public static long Read(StoreTransaction store, string name)
    {
        using Statement read = new(store.Connection, "SELECT value FROM high_water WHERE name = ?");
        read.Bind(0, name);
        return read.Step() ? read.Int64(0) : 0;
    }

    /// <summary>Reserves the next block in the open transaction when less than half a block is left, and marks what was given.</summary>
    public void Seal(StoreTransaction transaction)
    {
        long given = last();
        _pending = given + (block / 2) > _reserved ? given + block : 0;
        using Statement mark = new(transaction.Connection, "INSERT INTO high_water (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = max(value, ?2)");
        mark.Bind(0, name).Bind(1, Math.Max(given, _pending)).Step();
    }

    /// <summary>The transaction is in the store.</summary>
    public void Written()
    {
        if (_pending > 0)
        {
            (_reserved, _pending, _skipped) = (_pending, 0, false);
        }
    }

    /// <summary>The store refused: before the block is used up, numbering jumps to a range that no other run uses.</summary>
    public void Refused()
    {
        _pending = 0;
        if (!_skipped && last() + (block / 4) > _reserved)
        {
            SkipToTime();
        }
    }

    /// <summary>From here on numbers are in a range that no earlier run used: 1,024 for each millisecond since 1970.</summary>
    public void SkipToTime()
    {
        skip(time.GetUtcNow().ToUnixTimeMilliseconds() << 10);
        _skipped = true;
    }

    /// <summary>What was reserved above the last number is given back.</summary>
    public void GiveBack(StoreTransaction transaction)
    {
        using Statement set = new(transaction.Connection, "UPDATE high_water SET value = ?2 WHERE name = ?1");
        set.Bind(0, name).Bind(1, last()).Step();
    }
}
