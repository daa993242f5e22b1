using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Events;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Policy;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Tests.Harness;

/// <summary>The real programs, loaded with a clock that the test sets, fed frame by frame.</summary>
public sealed class KernelHarness : IDisposable
{
    public const int Drop = 1, Pass = 2, Tx = 3;

    // BW_SEEN_LINES and BW_SEEN_WAYS words in maps.h.
    private const int SynsSeenLines = 32_768, SynsSeenLineSize = 16 * sizeof(uint);

    private readonly KernelPrograms _programs;
    private readonly PolicyWriter _policy;
    private readonly MappedArray _clock;
    private readonly KernelEventPump _pump;
    private readonly ZeroedArray _synsSeen;
    private readonly Recorder _recorder = new();

    public KernelHarness()
        : this(null)
    {
    }

    internal KernelHarness(IReadOnlyDictionary<string, uint>? sizes, LinkLayer link = LinkLayer.Ethernet, Checksums checksums = Checksums.Whole)
    {
        _programs = KernelPrograms.Load(new LoadOptions
        {
            VirtualClock = true,
            LinkLayer = link,
            Checksums = checksums,
            TableSizes = sizes ?? new Dictionary<string, uint>(StringComparer.Ordinal)
            {
                ["CONN_TRACK"] = 4096, ["HALF_OPEN"] = 4096, ["ASKED"] = 4096, ["RATE_LIMIT"] = 8192, ["NAT_TABLE"] = 4096, ["NAT_REVERSE"] = 4096, ["PROVEN"] = 4096,
            },
        });
        _policy = new PolicyWriter(_programs, TimeProvider.System);
        _clock = _programs.Mapped("CLOCK");
        _pump = new KernelEventPump(_programs, _recorder);
        _synsSeen = new ZeroedArray(_programs.Map("SYNS_SEEN"), SynsSeenLines, SynsSeenLineSize);
        // Not at zero: "never" and "at boot" must differ. Decisions end by this machine's boot clock, so the virtual one starts there.
        Now = BpfSyscall.BootNanoseconds();
        Policy();
    }

    internal KernelPrograms Programs => _programs;

    internal PolicyWriter Writer => _policy;

    public WallSettings Settings { get; private set; } = Default;

    private static WallSettings Default => new() { Interface = "test", Mode = EnforcementMode.Enforce, ChallengePerSecond = 1_000_000, ChallengeBurst = 1_000_000 };

    public ulong Now
    {
        get => _clock.Words[0];
        set => _clock.Write(0, value);
    }

    public IReadOnlyList<PacketEvent> Events => _recorder.Events;

    /// <summary>Samples of payload.</summary>
    public IReadOnlyList<(SampleHeader Header, byte[] Data)> Samples => _recorder.Samples;

    /// <summary>Samples of SYNs.</summary>
    public IReadOnlyList<(SampleHeader Header, byte[] Data)> Syns => _recorder.Syns;

    /// <summary>The date, in milliseconds since 1970, that the virtual boot clock will show after this time.</summary>
    public long Date(TimeSpan ahead) => ClockPair.Now(TimeProvider.System).ToUnixMilliseconds(Now + (ulong)ahead.TotalNanoseconds);

    public void Advance(TimeSpan time) => Now += (ulong)time.TotalNanoseconds;

    public void Configure(Func<WallSettings, WallSettings> change)
    {
        Settings = change(Settings);
        _policy.Apply(Settings);
    }

    /// <summary>Replaces the whole policy.</summary>
    public void Policy(params (string Scope, Verdict Verdict)[] entries) =>
        Policy(entries.Select(e => (e.Scope, e.Verdict, long.MaxValue)).ToArray());

    public void Policy((string Scope, Verdict Verdict, long ExpiryUnixMilliseconds)[] entries)
    {
        PolicyEntry[] list = entries.Select((e, i) => new PolicyEntry(Prefix.Parse(e.Scope), i + 1, e.ExpiryUnixMilliseconds, e.Verdict, 3)).ToArray();
        _policy.Replace(list, Settings)?.Dispose();
    }

    internal void Install(params PolicyEntry[] entries) => _policy.Replace(entries, Settings)?.Dispose();

    internal bool Apply(PolicyEntry entry) => _policy.TryApply(entry.Scope, entry);

    /// <summary>Puts a policy on trial; the kernel goes back to the present one after this time.</summary>
    public void Trial(TimeSpan time, EnforcementMode mode, params (string Scope, Verdict Verdict)[] entries) =>
        _policy.BeginTrial(Entries(entries), Settings with { Mode = mode }, Date(time));

    public void Shadow(params (string Scope, Verdict Verdict)[] entries)
    {
        _policy.Shadow(Entries(entries))?.Dispose();
        _policy.ClearInactive();
    }

    /// <summary>Shows a sign of life at the virtual time.</summary>
    public void Beat()
    {
        using MappedArray heartbeat = _programs.Mapped("HEARTBEAT");
        heartbeat.Write(0, Now);
    }

    public bool Apply(string scope, Verdict? verdict)
    {
        Prefix prefix = Prefix.Parse(scope);
        return _policy.TryApply(prefix, verdict is { } v ? new PolicyEntry(prefix, 99, long.MaxValue, v, 3) : null);
    }

    /// <summary>One frame in: what became of it, and why.</summary>
    public Outcome Ingress(byte[] frame) => Run(_programs.Ingress, frame);

    public Outcome Egress(byte[] frame) => Run(_programs.Egress, frame);

    public Outcome Ingress(Frame frame) => Ingress(frame.Build());

    public Outcome Egress(Frame frame) => Egress(frame.Build());

    public ulong Count(Reason reason) => _programs.Counters.Read().Reasons.Single(r => r.Reason == reason).Packets;

    public ulong Lost(LossKind kind) => _programs.Counters.Read().Losses.Single(l => l.Kind == kind).Count;

    private static PolicyEntry[] Entries((string Scope, Verdict Verdict)[] entries) =>
        [.. entries.Select((e, i) => new PolicyEntry(Prefix.Parse(e.Scope), i + 1, long.MaxValue, e.Verdict, 3))];

    /// <summary>As freshly loaded: no flows, no buckets, no policy.</summary>
    public KernelHarness Reset()
    {
        Clear<FlowKey, Flow>("CONN_TRACK");
        Clear<FlowKey, Flow>("HALF_OPEN");
        Clear<FlowKey, Flow>("ASKED");
        Clear<FlowKey, NatValue>("NAT_TABLE");
        Clear<FlowKey, NatReverseValue>("NAT_REVERSE");
        Clear<RawAddress, ulong>("PROVEN");
        Clear<BucketKey, Bucket>("RATE_LIMIT");
        Clear<FragmentKey, FragmentValue>("FRAGMENTS");

        // Its times come round every nine minutes, so an hour does not make them old.
        _synsSeen.Clear();
        // The per-CPU buckets have no map to clear: an hour later they are full again.
        Advance(TimeSpan.FromHours(1));
        Settings = Default;
        _policy.Shadow([])?.Dispose();
        foreach (PolicyGeneration over in _policy.Revert([], Settings))
        {
            over.Dispose();
        }

        _policy.ClearInactive();

        // A drain takes a share; what a flood of an earlier test left behind is not for this one.
        while (_pump.DrainOnce() > 0)
        {
        }

        Forget();
        return this;
    }

    public int Drain() => _pump.DrainOnce();

    public void Forget()
    {
        _recorder.Events.Clear();
        _recorder.Samples.Clear();
        _recorder.Syns.Clear();
    }

    /// <summary>Shakes hands over the guarded side: SYN in, SYN-ACK out, ACK in.</summary>
    public void Handshake(string client, string server, ushort from, ushort to, uint clientIsn = 1000, uint serverIsn = 5000)
    {
        Ingress(Frame.From(client, server).TcpSegment(from, to, Frame.Syn, clientIsn));
        Egress(Frame.From(server, client).TcpSegment(to, from, Frame.Syn | Frame.Ack, serverIsn, clientIsn + 1));
        Ingress(Frame.From(client, server).TcpSegment(from, to, Frame.Ack, clientIsn + 1, serverIsn + 1));
    }

    public void Dispose()
    {
        _pump.Dispose();
        _clock.Dispose();
        _policy.Dispose();
        _programs.Dispose();
    }

    private void Clear<TKey, TValue>(string name)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        Maps.BpfMap<TKey, TValue> map = new(_programs.Map(name), name);
        foreach (KeyValuePair<TKey, TValue> pair in map.ReadAll())
        {
            map.Remove(pair.Key);
        }
    }

    private Outcome Run(Microsoft.Win32.SafeHandles.SafeFileHandle program, byte[] frame)
    {
        byte[] output = new byte[Math.Max(4096, frame.Length + 512)];
        WallCounters before = _programs.Counters.Read();
        TestRunResult result = BpfProgram.Run(program, frame, output);
        WallCounters after = _programs.Counters.Read();
        Reason? reason = null;
        bool would = false;
        for (int i = 0; i < after.Reasons.Count; i++)
        {
            if (after.Reasons[i].Packets != before.Reasons[i].Packets)
            {
                reason = after.Reasons[i].Reason;
                would = false;
            }
            else if (reason is null && after.Reasons[i].WouldPackets != before.Reasons[i].WouldPackets)
            {
                reason = after.Reasons[i].Reason;
                would = true;
            }
        }

        _pump.DrainOnce();
        return new Outcome(result.Code, reason, would, output[..result.Length]);
    }

    private sealed class Recorder : IKernelEventSink
    {
        public List<PacketEvent> Events { get; } = [];

        public List<(SampleHeader Header, byte[] Data)> Samples { get; } = [];

        public List<(SampleHeader Header, byte[] Data)> Syns { get; } = [];

        public void Observe(in PacketEvent packet) => Events.Add(packet);

        public void Observe(in SampleHeader header, ReadOnlySpan<byte> data) => (header.Kind == SampleKind.Syn ? Syns : Samples).Add((header, data.ToArray()));
    }
}
