using System.Net.Sockets;
using System.Security.Cryptography;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Pacing;

/// <summary>All scanners that are held.</summary>
internal sealed class HeldConnections(TimerWheel wheel, TimeSpan pause)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Holds a connection from now on; the socket is its own.</summary>
    /// <param name="end">Called once when it ended.</param>
    public void Hold(Socket socket, bool isHttp, ISessionLog log, Action end)
    {
        socket.Blocking = false;
        Interlocked.Increment(ref _count);
        wheel.Add(new HeldConnection(socket, isHttp, this, log, end), TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, Math.Max(2, (int)pause.TotalMilliseconds))));
    }

    internal void Wait(HeldConnection held) => wheel.Add(held, pause * (0.75 + (RandomNumberGenerator.GetInt32(1000) / 2000.0)));

    internal void Forget() => Interlocked.Decrement(ref _count);
}
