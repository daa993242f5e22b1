using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Kernel.Tapping;

/// <summary>
/// One thread that reads a packet socket and the ring of dropped frames. While nothing is watched there is no socket, and packets cost what they
/// cost without a tap.
/// </summary>
internal sealed class PacketTap(KernelService kernel, string interfaceName, BootClock clock, TimeProvider time, ILogger<PacketTap> log) : IPacketTap, IDisposable
{
    private const int PollMilliseconds = 50;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<Prefix> _watched = [];
    private readonly AutoResetEvent _wake = new(false);
    private IPacketReceiver? _taker;
    private TapFilter? _filter;
    private MappedRing? _dropped;
    private MappedArray? _capturing;
    private PacketSocket? _socket;
    private Thread? _thread;
    private string? _fault;
    private uint _bound;
    private int _megabytes;
    private long _lost;
    private bool _unprotected;
    private volatile bool _stopping;

    public bool Available => true;

    public string? Fault => Volatile.Read(ref _fault);

    public long Lost => Interlocked.Read(ref _lost);

    public void Open(IPacketReceiver taker, int ringMegabytes)
    {
        lock (_lock)
        {
            (_taker, _megabytes) = (taker, ringMegabytes);
            try
            {
                _filter = TapFilter.Load();
                (_dropped, _capturing) = kernel.OpenDroppedFrames();

                // A process that was killed may have left it asking.
                _capturing.Write(0, 0);
                _thread = new Thread(Run) { IsBackground = true, Name = "packet tap" };
                _thread.Start();
            }
            catch (KernelException failure)
            {
                Fail(failure.Message);
            }
        }
    }

    public void Protect(GuardSet guard, IReadOnlyList<ushort> ownPorts)
    {
        lock (_lock)
        {
            _unprotected = _filter?.TryProtect(guard, ownPorts) == false;
            if (_unprotected)
            {
                Fail("There are more guarded addresses than the capture filter holds, so nothing is captured.");
                foreach (Prefix scope in _watched.ToArray())
                {
                    UnwatchLocked(scope);
                }
            }
        }
    }

    public bool TryWatch(Prefix scope, TapTerms terms)
    {
        lock (_lock)
        {
            if (_filter is null || _thread is null || _unprotected || !_filter.TryWatch(scope, terms))
            {
                return false;
            }

            _watched.Add(scope);
        }

        _wake.Set();
        return true;
    }

    public void Unwatch(Prefix scope)
    {
        lock (_lock)
        {
            UnwatchLocked(scope);
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread?.Join();
        _capturing?.Write(0, 0);
        _capturing?.Dispose();
        _dropped?.Dispose();
        _filter?.Dispose();
        _wake.Dispose();
    }

    private void UnwatchLocked(Prefix scope)
    {
        if (_watched.Remove(scope) && _filter is not null)
        {
            Interlocked.Add(ref _lost, _filter.Unwatch(scope));
        }
    }

    private bool Watching()
    {
        lock (_lock)
        {
            return _watched.Count > 0;
        }
    }

    private void Run()
    {
        long lastLook = time.GetTimestamp();
        while (!_stopping)
        {
            if (!Watching())
            {
                Rest();
                _wake.WaitOne();
                continue;
            }

            if (_socket is null && !TryOpenSocket())
            {
                _wake.WaitOne(Retry);
                continue;
            }

            _socket!.Wait(PollMilliseconds);
            Drain();
            if (time.GetElapsedTime(lastLook) >= Retry)
            {
                lastLook = time.GetTimestamp();
                FollowInterface();
            }
        }

        Rest();
    }

    private void Drain()
    {
        Sink sink = new(_taker!, clock);
        _socket?.Drain(ref sink);
        _dropped?.Drain(ref sink);
        Interlocked.Add(ref _lost, _socket?.Lost() ?? 0);
        _taker!.Rest();
    }

    private bool TryOpenSocket()
    {
        try
        {
            _bound = BpfSyscall.InterfaceIndex(interfaceName);
            if (_bound == 0)
            {
                // Index 0 would be every interface.
                throw new KernelException($"There is no interface {interfaceName}.");
            }

            _socket = PacketSocket.Open(_filter!.Program, _bound, _megabytes);
            _capturing?.Write(0, 1);
            Volatile.Write(ref _fault, null);
            return true;
        }
        catch (KernelException failure)
        {
            Fail(failure.Message);
            return false;
        }
    }

    // What waits is taken first: it is of sources that were watched until now.
    private void Rest()
    {
        if (_socket is null)
        {
            return;
        }

        Drain();
        _capturing?.Write(0, 0);
        _socket.Dispose();
        _socket = null;
    }

    // An interface that went and came back has another index.
    private void FollowInterface()
    {
        uint now = BpfSyscall.InterfaceIndex(interfaceName);
        if (now == _bound)
        {
            return;
        }

        _socket!.Dispose();
        _socket = null;
        _bound = now;
    }

    private void Fail(string why)
    {
        if (!string.Equals(Interlocked.Exchange(ref _fault, why), why, StringComparison.Ordinal))
        {
            KernelLog.CannotTap(log, why);
        }
    }

    private readonly struct Sink(IPacketReceiver taker, BootClock clock) : PacketSocket.ISink, MappedRing.ISink
    {
        public void OnFrame(long unixNanoseconds, int length, bool outgoing, ReadOnlySpan<byte> frame) =>
            taker.OnPacket(new TappedPacket(unixNanoseconds, length, outgoing, DroppedBy: 0), frame);

        public void OnRecord(ReadOnlySpan<byte> record)
        {
            if (record.Length != Unsafe.SizeOf<DroppedFrame>())
            {
                return;
            }

            ref readonly DroppedFrame dropped = ref MemoryMarshal.AsRef<DroppedFrame>(record);
            int kept = (int)Math.Min(dropped.DataLength, DroppedFrame.MaxBytes);
            ReadOnlySpan<byte> data = record.Slice(record.Length - DroppedFrame.MaxBytes, kept);
            long time = (clock.ToDate(dropped.TimeNanoseconds).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TimeSpan.NanosecondsPerTick;
            taker.OnPacket(new TappedPacket(time, (int)dropped.FrameLength, Outgoing: false, (long)dropped.DecisionId), data);
        }
    }
}
