using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Maps;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Tapping;

/// <summary>The packet socket's filter, loaded, with the tables that it asks. Changes need no new filter.</summary>
internal sealed class TapFilter : IDisposable
{
    private const int V4Bits = 96;

    private readonly BpfObject _object;
    private readonly BpfMap<RawAddress, CaptureValue> _hosts;
    private readonly BpfMap<Prefix6Key, CaptureValue> _sources;
    private readonly BpfMap<uint, uint> _counts;
    private readonly HashSet<Prefix> _watchedHosts = [];
    private readonly HashSet<Prefix> _watchedPrefixes = [];
    private readonly BpfMap<Prefix6Key, byte> _guarded;
    private readonly BpfMap<RawAddress, byte> _own;
    private readonly BpfMap<ushort, byte> _ports;
    private HashSet<Prefix> _lastGuarded = [];
    private HashSet<Address> _lastOwn = [];

    private TapFilter(BpfObject loaded)
    {
        _object = loaded;
        Program = loaded.ProgramHandle("capture");
        _hosts = new(loaded.MapHandle("CAPTURE_HOSTS"), "CAPTURE_HOSTS");
        _counts = new(loaded.MapHandle("CAPTURE_COUNTS"), "CAPTURE_COUNTS");
        _sources = new(loaded.MapHandle("CAPTURE_SOURCES"), "CAPTURE_SOURCES");
        _guarded = new(loaded.MapHandle("CAPTURE_GUARDED"), "CAPTURE_GUARDED");
        _own = new(loaded.MapHandle("CAPTURE_OWN"), "CAPTURE_OWN");
        _ports = new(loaded.MapHandle("CAPTURE_PORTS"), "CAPTURE_PORTS");
    }

    public SafeFileHandle Program { get; }

    /// <exception cref="KernelException">The kernel refuses it.</exception>
    public static TapFilter Load()
    {
        BpfObject filter = BpfObject.Open(Path.Combine(new LoadOptions().ObjectFolder, "capture.bpf.o"));
        try
        {
            int result = filter.TryLoad(out string log);
            return result >= 0 ? new TapFilter(filter) : throw new KernelException($"The capture filter cannot be loaded: {log.Trim()}", -result);
        }
        catch
        {
            filter.Dispose();
            throw;
        }
    }

    public bool TryWatch(Prefix scope, TapTerms terms)
    {
        ulong interval = 1_000_000_000ul / (ulong)Math.Max(1, terms.PacketsPerSecond);
        CaptureValue value = new()
        {
            IntervalNanoseconds = interval,
            BurstNanoseconds = interval * (ulong)terms.PacketsPerSecond,
            ExpiryNanoseconds = BpfSyscall.BootNanoseconds() + (ulong)terms.For.TotalNanoseconds,
            Snap = (uint)terms.SnapLength,
        };
        bool isThere = scope.IsHost ? _hosts.TrySet(RawAddress.From(scope.Network), in value) : _sources.TrySet(Key(scope), in value);
        if (isThere)
        {
            (scope.IsHost ? _watchedHosts : _watchedPrefixes).Add(scope);
            Count();
        }

        return isThere;
    }

    /// <summary>Forgets a source; gives how many of its packets came faster than its rate.</summary>
    public long Unwatch(Prefix scope)
    {
        long held;
        if (scope.IsHost)
        {
            RawAddress host = RawAddress.From(scope.Network);
            held = _hosts.TryGet(in host, out CaptureValue value) ? (long)value.Held : 0;
            _hosts.Remove(in host);
            _watchedHosts.Remove(scope);
        }
        else
        {
            Prefix6Key key = Key(scope);
            held = _sources.TryGet(in key, out CaptureValue value) ? (long)value.Held : 0;
            _sources.Remove(in key);
            _watchedPrefixes.Remove(scope);
        }

        Count();
        return held;
    }

    /// <summary>False: there is more to protect than the tables hold; then nothing may be watched.</summary>
    public bool TryProtect(GuardSet guard, IReadOnlyList<ushort> ownPorts)
    {
        // Own addresses are what never passes and is not guarded on every machine alike; they are one end of most captures.
        HashSet<Address> own = [.. guard.Entries.Where(e => !e.Pass && e.Scope.IsHost && GuardSet.Empty.Overlapping(e.Scope) is null).Select(e => e.Scope.Network)];
        HashSet<Prefix> guarded = [.. guard.Entries.Select(e => e.Scope).Where(s => !s.IsHost || !own.Contains(s.Network))];
        bool all = true;
        foreach (Prefix scope in guarded.Except(_lastGuarded))
        {
            all &= _guarded.TrySet(Key(scope), 1);
        }

        foreach (Address address in own.Except(_lastOwn))
        {
            all &= _own.TrySet(RawAddress.From(address), 1);
        }

        foreach (ushort port in ownPorts)
        {
            all &= _ports.TrySet(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port), 1);
        }

        foreach (Prefix scope in _lastGuarded.Except(guarded))
        {
            _guarded.Remove(Key(scope));
        }

        foreach (Address address in _lastOwn.Except(own))
        {
            _own.Remove(RawAddress.From(address));
        }

        (_lastGuarded, _lastOwn) = (guarded, own);
        return all;
    }

    public void Dispose() => _object.Dispose();

    private void Count()
    {
        _counts.Set(0u, (uint)_watchedHosts.Count);
        _counts.Set(1u, (uint)_watchedPrefixes.Count);
    }

    private static Prefix6Key Key(Prefix scope) => new() { Length = (uint)(scope.Length + (scope.IsV4 ? V4Bits : 0)), Address = RawAddress.From(scope.Network) };
}
