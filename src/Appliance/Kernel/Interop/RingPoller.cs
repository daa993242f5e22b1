namespace Blackwall.Kernel.Interop;

/// <summary>Waits for rings and for a wake-up of our own, by poll(2).</summary>
internal sealed unsafe class RingPoller : IDisposable
{
    private readonly Libc.PollFd[] _all;
    private readonly int _wake;

    public RingPoller(IReadOnlyList<MappedRing> rings)
    {
        _wake = Libc.eventfd(0, 0);
        _all = new Libc.PollFd[rings.Count + 1];
        _all[0] = new Libc.PollFd { Fd = _wake, Events = Libc.PollIn };
        for (int i = 0; i < rings.Count; i++)
        {
            _all[i + 1] = new Libc.PollFd { Fd = rings[i].Fd, Events = Libc.PollIn };
        }
    }

    /// <summary>Sleeps, unless woken by <see cref="Wake"/>; rings do not wake it.</summary>
    public void Pause(int milliseconds) => Poll(1, milliseconds);

    /// <summary>Sleeps until a ring has something, or woken.</summary>
    public void Wait(int milliseconds) => Poll(_all.Length, milliseconds);

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.write(_wake, &one, sizeof(ulong));
    }

    public void Dispose() => _ = Libc.close(_wake);

    private void Poll(int count, int milliseconds)
    {
        fixed (Libc.PollFd* fds = _all)
        {
            _ = Libc.poll(fds, (nuint)count, milliseconds);
        }
    }
}
