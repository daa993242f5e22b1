namespace Blackwall.Tarpit.Detection;

/// <summary>What one connection has of the <see cref="SharedMemory"/>. All of it goes back when the connection ends. Thread-safe.</summary>
internal sealed class PeerMemory(SharedMemory shared)
{
    private readonly Lock _lock = new();
    private long _taken;
    private bool _hasEnded;

    /// <summary>False: there is no room; what the peer is sending is refused as its server refuses without memory.</summary>
    public bool TryTake(long bytes)
    {
        lock (_lock)
        {
            if (_hasEnded || bytes > shared.MostOfOne - _taken || !shared.TryTake(bytes))
            {
                return false;
            }

            _taken += bytes;
            return true;
        }
    }

    public void Return(long bytes)
    {
        lock (_lock)
        {
            bytes = Math.Min(bytes, _taken);
            _taken -= bytes;
            shared.Return(bytes);
        }
    }

    /// <summary>What was sent is dealt with, all of it.</summary>
    public void ReturnAll() => Return(long.MaxValue);

    /// <summary>Gives all back; nothing more is given.</summary>
    public void End()
    {
        lock (_lock)
        {
            shared.Return(_taken);
            (_taken, _hasEnded) = (0, true);
        }
    }
}
