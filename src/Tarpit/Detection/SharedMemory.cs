namespace Blackwall.Tarpit.Detection;

/// <summary>
/// Bytes of what peers are in the middle of sending (mails, bodies, packets, values), of all connections together: far below what the process may have,
/// since each is copied a few times before it is dealt with. Thread-safe.
/// </summary>
/// <param name="most">Bytes of all connections.</param>
/// <param name="mostOfOne">Bytes of one connection.</param>
internal sealed class SharedMemory(long most, long mostOfOne)
{
    private long _used;

    /// <summary>Without a limit.</summary>
    public static SharedMemory Unlimited => new(long.MaxValue, long.MaxValue);

    /// <summary>Bytes taken now.</summary>
    public long Used => Interlocked.Read(ref _used);

    public long MostOfOne => mostOfOne;

    /// <summary>False: there is no room, and nothing is taken.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes <= most && Interlocked.Add(ref _used, bytes) <= most)
        {
            return true;
        }

        if (bytes <= most)
        {
            Interlocked.Add(ref _used, -bytes);
        }

        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
