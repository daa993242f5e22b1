using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;

namespace Blackwall.Kernel.Events;

/// <summary>
/// One thread that reads all five rings. Awake, it looks every millisecond and no event has to wake it; after a quiet while it says in WAKE that it
/// sleeps, and the first event wakes it at once.
/// </summary>
internal sealed class KernelEventPump : IDisposable
{
    private const int AwakeMilliseconds = 1;
    private const int QuietRoundsBeforeSleep = 50;
    private const int SleepMilliseconds = 1_000;

    /// <summary>Records taken from one ring before the next one has its turn.</summary>
    private const int Share = 4_096;

    private readonly MappedRing[] _rings;
    private readonly RingPoller _poller;
    private readonly MappedArray _wake;
    private readonly Thread _thread;
    private EventRouter _packets;
    private EventRouter _samples;
    private volatile bool _stopping;
    private long _rounds;

    public KernelEventPump(KernelPrograms programs, IKernelEventSink sink)
    {
        _rings = [programs.Ring("EVENTS"), programs.Ring("EGRESS_EVENTS"), programs.Ring("TLS_EVENTS"), programs.Ring("DPI_EVENTS"), programs.Ring("SYN_EVENTS")];
        _wake = programs.Mapped("WAKE");
        _poller = new RingPoller(_rings);
        _packets = new EventRouter(sink, samples: false);
        _samples = new EventRouter(sink, samples: true);
        _thread = new Thread(Run) { IsBackground = true, Name = "kernel events" };
    }

    /// <summary>Records handed on so far.</summary>
    public long Taken => Volatile.Read(ref _packets.Taken) + Volatile.Read(ref _samples.Taken);

    /// <summary>Records that no program of this version writes.</summary>
    public long Unreadable => Volatile.Read(ref _packets.Unreadable) + Volatile.Read(ref _samples.Unreadable);

    /// <summary>How often its thread looked at the rings; at least once a second.</summary>
    public long Rounds => Volatile.Read(ref _rounds);

    public void Start() => _thread.Start();

    /// <summary>Everything that waits, once. Only while the thread is not running: replays and tests.</summary>
    public int DrainOnce()
    {
        int taken = _rings[0].Drain(ref _packets, Share);
        taken += _rings[1].Drain(ref _packets, Share);
        taken += _rings[2].Drain(ref _samples, Share);
        taken += _rings[3].Drain(ref _samples, Share);
        return taken + _rings[4].Drain(ref _samples, Share);
    }

    public void Dispose()
    {
        _stopping = true;
        _poller.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        foreach (MappedRing ring in _rings)
        {
            ring.Dispose();
        }

        _wake.Dispose();
        _poller.Dispose();
    }

    private void Run()
    {
        int quiet = 0;
        while (!_stopping)
        {
            Volatile.Write(ref _rounds, _rounds + 1);
            int taken = DrainOnce();
            if (taken >= Share)
            {
                continue;
            }

            quiet = taken > 0 ? 0 : quiet + 1;
            if (quiet < QuietRoundsBeforeSleep)
            {
                _poller.Pause(AwakeMilliseconds);
                continue;
            }

            // Set the flag first, then look once more: an event in between either sees the flag or is found here.
            _wake.Write(0, 1);
            if (DrainOnce() == 0)
            {
                _poller.Wait(SleepMilliseconds);
            }

            _wake.Write(0, 0);

            // Nothing came: it sleeps again at once, and only an event keeps it awake.
            quiet = QuietRoundsBeforeSleep;
        }
    }
}
