using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Enforcement;
using Blackwall.Kernel.Events;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Maps;
using Blackwall.Kernel.Policy;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>
/// The real programs over frames that no interface carries, in a time that the caller sets. One thread, which stays on the CPU where it made
/// the wall: some limits are per CPU, and two runs shall meet the same ones.
/// </summary>
internal sealed class VirtualWall : IPolicyTarget, IDisposable
{
    /// <summary>What a linear frame may hold in a test run: a page less head and tail room.</summary>
    private const int LinearBytes = 3_400;

    /// <summary>An IP packet of the largest size with its Ethernet header and two tags.</summary>
    private const int LongestBytes = 65_535 + 22;

    private readonly KernelPrograms _programs;
    private readonly PolicyWriter _policy;
    private readonly MappedArray _clock;
    private readonly KernelEventPump _pump;
    private readonly ReasonWatch _reasons;
    private readonly WallSettings _settings;
    private ulong _now = 1;

    /// <exception cref="KernelException">The programs cannot be loaded; the message says what to do.</exception>
    public VirtualWall(WallSettings settings, IKernelEventSink sink)
    {
        CpuAffinity.StayHere();
        _settings = settings;
        _programs = KernelPrograms.Load(new LoadOptions
        {
            VirtualClock = true,

            // Captures are cut, and many were taken before the device computed the sums.
            Checksums = Checksums.Any,
            ChallengeKey = (0x6c6c6177_6b63616c, 0x72657061_6c790001),
            TableSizes = settings.TableSizes,
            LogFolder = settings.LogFolder,
        });
        _policy = new PolicyWriter(_programs, () => new ClockPair((long)(_now / 1_000_000), _now));
        _clock = _programs.Mapped("CLOCK");
        _pump = new KernelEventPump(_programs, sink);
        _reasons = new ReasonWatch(_programs.Map("COUNTERS"));
        Now = _now;
    }

    /// <summary>Nanoseconds since 1970, which the programs take for their boot clock. Never 0, which means "never" to them.</summary>
    public ulong Now
    {
        get => _now;
        set
        {
            _now = Math.Max(1, value);
            _clock.Write(0, _now);
        }
    }

    /// <summary>Longest frame that <see cref="Ingress"/> takes, in bytes.</summary>
    public int LongestIngress => _programs.TakesFrags ? LongestBytes : LinearBytes;

    /// <summary>Longest frame that <see cref="Egress"/> takes, in bytes.</summary>
    public static int LongestEgress => LinearBytes;

    /// <summary>A frame from outside, 14 bytes or more; true: it goes on to the network stack.</summary>
    public bool Ingress(ReadOnlySpan<byte> frame)
    {
        const int xdpPass = 2;
        return BpfProgram.Run(_programs.Ingress, frame, []).Code == xdpPass;
    }

    /// <summary>A frame from inside, 14 bytes or more.</summary>
    public void Egress(ReadOnlySpan<byte> frame) => BpfProgram.Run(_programs.Egress, frame, []);

    /// <summary>Hands on all events that wait.</summary>
    public void Drain() => _pump.DrainOnce();

    /// <summary>What the last ingress frame was counted as. A system call: only where somebody wants to know.</summary>
    public Reason? LastReason() => _reasons.Moved();

    public WallCounters ReadCounters() => _programs.Counters.Read();

    public void Replace(BoardSnapshot snapshot)
    {
        using PolicyGeneration? retired = _policy.Replace(snapshot.Entries.Span, _settings);
        _policy.ClearInactive();
    }

    public bool TryApply(Prefix scope, PolicyEntry? entry) => _policy.TryApply(scope, entry);

    public bool OnTrial => _policy.OnTrial;

    public bool Holds(Prefix scope, PolicyEntry? entry) => _policy.Holds(scope, entry);

    public bool List(List<Prefix> into, int max) => _policy.List(into, max);

    public void Dispose()
    {
        _pump.Dispose();
        _clock.Dispose();
        _policy.Dispose();
        _programs.Dispose();
    }
}
