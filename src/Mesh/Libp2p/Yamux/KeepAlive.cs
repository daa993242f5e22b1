using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>Whether the other side is there: frames of it, and pings where none come. Asked by the ticking thread, told by the reading one.</summary>
internal sealed class KeepAlive(YamuxOptions options, TimeProvider time)
{
    private long _lastFrame = time.GetTimestamp();
    private long _pingSent;
    private uint _pingValue;

    public void FrameCame() => Interlocked.Exchange(ref _lastFrame, time.GetTimestamp());

    /// <summary>False: nobody asked for this answer.</summary>
    public bool TryAnswer(uint value)
    {
        if (Interlocked.Read(ref _pingSent) == 0 || value != _pingValue)
        {
            return false;
        }

        Interlocked.Exchange(ref _pingSent, 0);
        return true;
    }

    /// <summary>Whether a ping waits for too long.</summary>
    public bool IsGone => Interlocked.Read(ref _pingSent) is > 0 and var sent && time.GetElapsedTime(sent) > options.Patience;

    /// <summary>The value of a ping that is to be sent now; null: none is.</summary>
    public uint? NextPing()
    {
        if (Interlocked.Read(ref _pingSent) > 0 || time.GetElapsedTime(Interlocked.Read(ref _lastFrame)) <= options.KeepAlive)
        {
            return null;
        }

        _pingValue = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
        Interlocked.Exchange(ref _pingSent, Math.Max(1, time.GetTimestamp()));
        return _pingValue;
    }
}
